//! A graph that was gathered whole.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use jsc_module_cache::pack::{Assembled, AssembledGraph, ModuleToAssemble};
use jsc_module_cache::{Miss, VerifiedEntry};
use resolve::ModuleKey;

use super::Leavings;
use super::packed::Packed;
use crate::entries::{LookUp, look_up_text};

/// A graph that has been gathered whole.
#[derive(Debug)]
pub struct Gathered {
    /// Its modules in the order in which a graph without top-level await is evaluated: the entry last.
    pub(super) modules: Vec<GatheredModule>,
    /// Their places, without those that are JSON.
    pub(super) places: HashMap<ModuleKey, usize>,
    /// The pack that some of them are from, and what is not as it was of its modules.
    pub(super) packed: Option<Arc<Packed>>,
}

/// A module of it. What is neither read nor packed is JSON, which the engine fetches.
#[derive(Debug)]
pub struct GatheredModule {
    pub key: ModuleKey,
    pub is_json: bool,
    pub read: Option<ReadModule>,
    /// Its place in the pack, if it is there and as it was.
    pub packed: Option<usize>,
    /// Specifier and place of each module that it requests, in the order of its record.
    pub requests: Vec<(String, usize)>,
}

/// A JavaScript module as it was read.
#[derive(Debug, Clone)]
pub struct ReadModule {
    /// Its source: UTF-8 if it has an entry.
    pub source: Vec<u8>,
    /// Its entry, if there is one.
    pub entry: Result<Arc<VerifiedEntry>, Miss>,
    /// Whether another thread than the engine's has read it.
    pub ahead: bool,
}

impl ReadModule {
    /// The module `key` with this source, its entry looked up.
    pub fn of(look_up: &LookUp, key: &ModuleKey, mut source: Vec<u8>, ahead: bool) -> Self {
        let entry = look_up_text(look_up, key, &mut source).map(Arc::new);
        Self {
            source,
            entry,
            ahead,
        }
    }
}

impl Gathered {
    /// Its modules in the order in which a graph without top-level await is evaluated: the entry last.
    pub fn modules(&self) -> &[GatheredModule] {
        &self.modules
    }

    /// The graph that the engine is given.
    ///
    /// # Errors
    /// More than a graph can hold.
    pub fn assemble(&self) -> Result<AssembledGraph, Miss> {
        let packed = self.packed.as_ref();
        let changed_names = packed.map_or_else(Vec::new, |it| it.changed_names());
        let modules = self.modules.iter().map(|it| it.to_assemble(&changed_names));
        let pack = packed.map(|it| Arc::clone(&it.pack));
        AssembledGraph::new(modules.collect(), pack)
    }

    /// The JavaScript module with this key.
    pub fn module(&self, key: &str) -> Option<&GatheredModule> {
        let place = *self.places.get(&ModuleKey::from_url(key).ok()?)?;
        Some(&self.modules[place])
    }

    /// The pack that some of its modules are from, and what is not as it was of them.
    pub fn packed(&self) -> Option<&Packed> {
        self.packed.as_deref()
    }

    /// The source of a JavaScript module.
    pub fn text(&self, key: &str) -> Option<Vec<u8>> {
        Some(self.module(key)?.read.as_ref()?.source.clone())
    }

    /// Each request: referrer, specifier and what it means.
    pub fn requests(&self) -> impl Iterator<Item = (&ModuleKey, &str, &ModuleKey)> {
        self.modules.iter().flat_map(|module| {
            let requests = module.requests.iter();
            requests.map(|(specifier, to)| (&module.key, &**specifier, &self.modules[*to].key))
        })
    }

    /// Each module but the entry, and who asks for it first.
    pub fn importers(&self) -> impl Iterator<Item = (&str, &str)> {
        let requested = |module: usize| self.modules[module].requests.iter().map(|(_, to)| *to);
        let key = |module: usize| self.modules[module].key.as_str();
        let found = first_importers(self.modules.len(), requested);
        found.into_iter().map(move |(to, by)| (key(to), key(by)))
    }

    /// What was read, for the engine's loader to ask for.
    pub fn leavings(&self) -> Leavings {
        let read = self.modules.iter();
        read.filter_map(|it| Some((it.key.clone(), it.read.clone()?)))
            .collect()
    }
}

/// Each module of a graph whose modules request these, the entry the last of them, and who asks for it first: breadth-first
/// from the entry, as the engine's loader goes.
pub fn first_importers<Requested: Iterator<Item = usize>>(
    modules: usize,
    requested: impl Fn(usize) -> Requested,
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let Some(entry) = modules.checked_sub(1) else {
        return found;
    };
    let mut seen = HashSet::from([entry]);
    let mut queue = VecDeque::from([entry]);
    while let Some(module) = queue.pop_front() {
        for target in requested(module).filter(|it| seen.insert(*it)) {
            found.push((target, module));
            queue.push_back(target);
        }
    }
    found
}

impl GatheredModule {
    fn to_assemble(&self, changed_names: &[bool]) -> ModuleToAssemble<'_> {
        let from = match (self.packed, self.read.as_ref().map(|it| &it.entry)) {
            (packed, _) if self.is_json => Assembled::Json(packed),
            (Some(place), _) => Assembled::Packed {
                place,
                keeps_names: !changed_names[place],
            },
            (None, Some(Ok(entry))) => Assembled::Entry(Arc::clone(entry)),
            (None, _) => Assembled::Analyzed,
        };
        ModuleToAssemble {
            key: self.key.as_str(),
            edges: self.requests.iter().map(|(_, to)| *to).collect(),
            from,
        }
    }
}
