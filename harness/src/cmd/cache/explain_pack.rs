//! `cache explain --path graph`: whether a program's pack would be used now, and if not, why.

use serde::Serialize;

use crate::cmd::Format;
use crate::print;
use engine::Engine;
use jsc_module_cache::pack::Payload;
use jsc_module_cache::store::{OpenedPack, PackName};
use jsc_module_cache::{Miss, Store};
use load::{CacheOptions, Obstacle, Program, pack_obstacles, stale_module};
use resolve::ModuleKey;
use sample::plural;

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
    /// What keeps the program from having a usable pack, as far as that shows without running it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    obstacles: Vec<InTheWay>,
}

#[derive(Debug, Serialize)]
struct InTheWay {
    module: String,
    why: String,
}

/// Explains the pack of `program`.
pub fn explain(
    store: &Store,
    program: &Program,
    options: &CacheOptions,
    engine: &Engine,
    format: Format,
) {
    let entry = &program.entry;
    let identity = &engine.build().identity();
    let (payload, key) = (options.payload, options.stored(entry));
    let mut explained = Explained {
        entry: entry.as_str().to_owned(),
        file: PackName::new(&key, payload, identity).to_string(),
        payload,
        outcome: "fresh",
        modules: None,
        module: None,
        miss: None,
        obstacles: Vec::new(),
    };
    let opened = store.open_pack_for(&key, payload, identity);
    let pack = opened.and_then(OpenedPack::validate);
    let pack = pack.and_then(|it| program.has_made(&it).map(|()| it));
    match pack.and_then(|it| options.placed(it)) {
        Ok(pack) => {
            explained.payload = pack.payload();
            explained.file = PackName::new(&key, pack.payload(), identity).to_string();
            explained.modules = Some(pack.len());
            if let Some((module, miss)) = stale_module(pack, program) {
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
    if explained.miss.is_some() {
        let obstacles = pack_obstacles(engine, program).into_iter();
        let in_the_way = |Obstacle { module, what }| InTheWay { module, why: what };
        explained.obstacles = obstacles.map(in_the_way).collect();
    }
    match format {
        Format::Json => print::json(&explained),
        Format::Table => print::line(&words(&explained, store)),
    }
}

fn words(explained: &Explained, store: &Store) -> String {
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
    let mut text = format!("{head}\n    the pack of {entry}, payload {payload}{modules}: {file}");
    for InTheWay { module, why } in &explained.obstacles {
        text += &format!("\n    in the way of a pack: {module}: {why}");
    }
    let runs = match explained.payload {
        Payload::Executed => "runs the program and ",
        Payload::All => "",
    };
    if explained.miss.is_some() && explained.obstacles.is_empty() {
        text += &format!(
            "\n    hint: jsc-harness cache build --pack --payload {payload} --cache-dir {} {}, which {runs}says why if it can \
             have no pack",
            store.path().display(),
            path_of(entry)
        );
    }
    text
}

/// The file that a module key names.
fn path_of(key: &str) -> String {
    let path = ModuleKey::from_url(key).map(|it| it.path().display().to_string());
    path.unwrap_or_else(|_| key.to_owned())
}
