//! A graph that was gathered whole.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use jsc_module_cache::pack::{Assembled, AssembledGraph, ModuleToAssemble};
use jsc_module_cache::{Miss, VerifiedEntry};
use resolve::ModuleKey;

use super::Leavings;
use crate::entries::{LookUp, look_up_text};

/// A graph that has been gathered whole.
#[derive(Debug)]
pub struct Gathered {
    /// Its modules in the order in which a graph without top-level await is evaluated: the entry last.
    pub(super) modules: Vec<GatheredModule>,
    /// Their places, without those that are JSON.
    pub(super) places: HashMap<ModuleKey, usize>,
}

/// A module of it.
#[derive(Debug)]
pub struct GatheredModule {
    pub key: ModuleKey,
    /// Nothing of JSON, which the engine fetches.
    pub read: Option<ReadModule>,
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
        AssembledGraph::new(
            self.modules
                .iter()
                .map(GatheredModule::to_assemble)
                .collect(),
        )
    }

    /// The source of a JavaScript module.
    pub fn text(&self, key: &str) -> Option<Vec<u8>> {
        let place = *self.places.get(&ModuleKey::from_url(key).ok()?)?;
        Some(self.modules[place].read.as_ref()?.source.clone())
    }

    /// Each request: referrer, specifier and what it means.
    pub fn requests(&self) -> impl Iterator<Item = (&ModuleKey, &str, &ModuleKey)> {
        self.modules.iter().flat_map(|module| {
            let requests = module.requests.iter();
            requests.map(|(specifier, to)| (&module.key, &**specifier, &self.modules[*to].key))
        })
    }

    /// Who asks for a module first, if anybody does: breadth-first from the entry, as the engine's loader goes.
    pub fn importer(&self, key: &str) -> Option<&str> {
        let entry = self.modules.len().checked_sub(1)?;
        let mut seen = HashSet::from([entry]);
        let mut queue = VecDeque::from([entry]);
        while let Some(module) = queue.pop_front() {
            for (_, target) in &self.modules[module].requests {
                if !seen.insert(*target) {
                    continue;
                }
                if self.modules[*target].key.as_str() == key {
                    return Some(self.modules[module].key.as_str());
                }
                queue.push_back(*target);
            }
        }
        None
    }

    /// What was read, for the engine's loader to ask for.
    pub fn leavings(&self) -> Leavings {
        let read = self.modules.iter();
        read.filter_map(|it| Some((it.key.clone(), it.read.clone()?)))
            .collect()
    }
}

impl GatheredModule {
    fn to_assemble(&self) -> ModuleToAssemble<'_> {
        ModuleToAssemble {
            key: self.key.as_str(),
            edges: self.requests.iter().map(|(_, to)| *to).collect(),
            from: match self.read.as_ref().map(|it| &it.entry) {
                Some(Ok(entry)) => Assembled::Entry(Arc::clone(entry)),
                Some(Err(_)) => Assembled::Analyzed,
                None => Assembled::Json,
            },
        }
    }
}
