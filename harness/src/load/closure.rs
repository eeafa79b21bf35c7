//! The static closure of a module: everything that its import and export declarations reach, without running any of it.

use std::collections::{HashSet, VecDeque};

use super::files::FileHost;
use crate::cache::record::{Attributes, Record};
use crate::engine::{FetchRequest, Host, SourceKind};
use crate::graph::resolve::ModuleKey;

/// What stands in the way of following a module's imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The module's key, or the specifier that leads to none.
    pub module: String,
    /// What is wrong.
    pub what: String,
}

/// Gives the record of the module with this key and this source, or says why it has none.
pub type Visit<'a> = dyn FnMut(&str, &[u8]) -> Result<Record, String> + 'a;

/// Visits every JavaScript module of the closure of `entry` once, breadth-first: `visit` gets its key and its source and
/// gives its record. JSON and WebAssembly modules have no record and are passed over. Returns what could not be followed.
pub fn walk_closure(entry: &ModuleKey, visit: &mut Visit<'_>) -> Vec<Obstacle> {
    let mut host = FileHost::new(entry);
    let mut obstacles = Vec::new();
    let mut seen = HashSet::from([entry.as_str().to_owned()]);
    let mut queue = VecDeque::from([entry.as_str().to_owned()]);
    while let Some(key) = queue.pop_front() {
        let mut obstacle = |module: &str, what: String| {
            obstacles.push(Obstacle {
                module: module.to_owned(),
                what,
            })
        };
        let source = match host.fetch(&FetchRequest {
            key: &key,
            attribute: None,
        }) {
            Ok(source) if source.kind != SourceKind::JavaScript => continue,
            Ok(source) => source,
            Err(error) => {
                obstacle(&key, error.to_string());
                continue;
            }
        };
        let record = match visit(&key, &source.bytes) {
            Ok(record) => record,
            Err(what) => {
                obstacle(&key, what);
                continue;
            }
        };
        for request in &record.requests {
            if matches!(
                request.attributes,
                Attributes::Json | Attributes::WebAssembly
            ) {
                continue;
            }
            let Some(specifier) = request.specifier.to_utf8() else {
                obstacle(
                    &key,
                    format!("specifier {:?} has a lone surrogate", request.specifier),
                );
                continue;
            };
            match host.resolve(&specifier, &key) {
                Ok(target) if seen.insert(target.clone()) => queue.push_back(target),
                Ok(_) => {}
                Err(error) => obstacle(&key, error.to_string()),
            }
        }
    }
    obstacles
}
