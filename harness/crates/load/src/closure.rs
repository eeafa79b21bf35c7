//! The static closure of a module: everything that its import and export declarations reach, without running any of it.

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};

use crate::files::FileHost;
use crate::program::Program;
use crate::write::Unwritable;
use engine::{FetchRequest, Host, SourceKind};
use jsc_module_cache::record::{Attributes, Record, Request};

/// What stands in the way of following a module's imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The module's key, or the specifier that leads to none.
    pub module: String,
    pub what: String,
}

/// Gives the record of the module with this key and this source, or says why it has none.
pub type Visit<'a> = dyn FnMut(&str, &[u8]) -> Result<Record, Unwritable> + 'a;

/// Visits every JavaScript module of the closure of `program` once, breadth-first: `visit` gets its key and its source and
/// gives its record. JSON and WebAssembly modules have no record and are passed over. Returns what could not be followed.
pub fn walk_closure(program: &Program, visit: &mut Visit<'_>) -> Vec<Obstacle> {
    walk(program, visit, &mut |_| {})
}

/// The same for a pack: returns, besides, what a pack cannot hold. What shows only when the program runs is not among it.
pub fn walk_for_pack(program: &Program, visit: &mut Visit<'_>) -> Vec<Obstacle> {
    let foreign = RefCell::new(Vec::new());
    let cannot_hold = |module: &str, what: &str| {
        foreign.borrow_mut().push(Obstacle {
            module: module.to_owned(),
            what: what.to_owned(),
        });
    };
    let mut noting = |key: &str, source: &[u8]| {
        let record = visit(key, source)?;
        let is_odd = |it: &Request| !matches!(it.attributes, Attributes::None | Attributes::Json);
        if record.requests.iter().any(is_odd) {
            cannot_hold(key, "it imports with attributes that a pack cannot hold");
        }
        Ok(record)
    };
    let mut obstacles = walk(program, &mut noting, &mut |key| {
        cannot_hold(key, "it is WebAssembly, which a pack cannot hold");
    });
    obstacles.append(&mut foreign.borrow_mut());
    obstacles
}

/// `webassembly` is given the key of each module of that kind that was requested without attributes.
fn walk(
    program: &Program,
    visit: &mut Visit<'_>,
    webassembly: &mut dyn FnMut(&str),
) -> Vec<Obstacle> {
    let entry = &program.entry;
    let mut host = FileHost::new(program);
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
            Ok(source) if source.kind != SourceKind::JavaScript => {
                webassembly(&key);
                continue;
            }
            Ok(source) => source,
            Err(error) => {
                obstacle(&key, error.to_string());
                continue;
            }
        };
        let record = match visit(&key, &source.bytes) {
            Ok(record) => record,
            Err(why) => {
                obstacle(&key, why.reason);
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
