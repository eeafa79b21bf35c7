//! `cache explain --path graph`: whether a program's pack would be used now, and if not, why.

use serde::Serialize;

use super::plural;
use crate::cache::pack::Payload;
use crate::cache::store::PackName;
use crate::cache::{Identity, Miss, Store};
use crate::cmd::Format;
use crate::graph::resolve::ModuleKey;
use crate::load::stale_module;
use crate::print;

#[derive(Debug, Serialize)]
struct Explained {
    entry: String,
    file: String,
    payload: Payload,
    /// `fresh`, `stale` or `miss`.
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    modules: Option<usize>,
    /// The module that makes it stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    module: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    miss: Option<Miss>,
}

/// Explains the pack of `entry`.
pub fn explain(
    store: &Store,
    entry: &ModuleKey,
    payload: Payload,
    identity: &Identity,
    format: Format,
) {
    let mut explained = Explained {
        entry: entry.as_str().to_owned(),
        file: PackName::new(entry.as_str(), payload, identity).to_string(),
        payload,
        outcome: "fresh",
        modules: None,
        module: None,
        miss: None,
    };
    match store.load_pack(entry.as_str(), payload, identity) {
        Ok(pack) => {
            explained.modules = Some(pack.len());
            if let Some((module, miss)) = stale_module(pack) {
                explained.outcome = "stale";
                explained.module = Some(module);
                explained.miss = Some(miss);
            }
        }
        Err(miss) => {
            explained.outcome = "miss";
            explained.miss = Some(miss);
        }
    }
    match format {
        Format::Json => print::json(&explained),
        Format::Table => print::line(&words(&explained)),
    }
}

fn words(explained: &Explained) -> String {
    let Explained {
        entry,
        file,
        modules,
        ..
    } = explained;
    let payload = explained.payload.name();
    let modules = modules.map_or_else(String::new, |it| {
        format!(", {}", plural(it as u64, "module", "modules"))
    });
    let head = match (&explained.miss, &explained.module) {
        (None, _) => "fresh".to_owned(),
        (Some(miss), Some(module)) => {
            format!(
                "stale: {} of {module} ({})",
                miss.reason.as_str(),
                miss.detail
            )
        }
        (Some(miss), None) => format!("miss: {} ({})", miss.reason.as_str(), miss.detail),
    };
    format!("{head}\n    the pack of {entry}, payload {payload}{modules}: {file}")
}
