//! What became of the cache in a run.

use std::path::PathBuf;

use jsc_module_cache::{Miss, MissReason};
use sample::{CacheMode, Unwritten};

use crate::gather::{Gathered, ReadModule};
use resolve::ModuleKey;

/// What became of the cache in a run.
#[derive(Debug, Default)]
pub struct CacheReport {
    /// Modules served from it.
    pub hits: u64,
    /// Modules that were not, and why.
    pub misses: Vec<ModuleMiss>,
    /// Bytes of the entries that were served.
    pub bytes: u64,
    /// Modules that were read ahead of the engine's request, of those served.
    pub read_ahead: u64,
    /// Why the whole store could not be used, if so.
    pub refusal: Option<Miss>,
    /// Validate mode: how many records were compared with the parser's.
    pub compared: u64,
    /// Validate mode: modules whose record was not the same both ways.
    pub differences: Vec<RecordDifference>,
    /// Entries written.
    pub written: u64,
    /// Modules for which none could be written, and why.
    pub unwritten: Vec<Unwritten>,
    /// Code of functions that was left out of the entries written, because it is out of proportion.
    pub left_out: u64,
    /// The graph path: why no pack was used and the next run will find none either, if so.
    pub no_pack: Option<NoPack>,
    /// The graph path: a directory of sources that somebody can write to, so that `--check none` was not followed.
    pub unsealed: Option<PathBuf>,
    /// What is to be written: key and source of each module that missed.
    pub(super) pending: Vec<(String, Vec<u8>)>,
}

impl CacheReport {
    /// Notes a module that was read for the engine.
    pub(crate) fn note(&mut self, key: &ModuleKey, module: &ReadModule, mode: CacheMode) {
        match &module.entry {
            Ok(entry) => {
                self.hits += 1;
                self.read_ahead += u64::from(module.ahead);
                self.bytes += entry.as_bytes().len() as u64;
            }
            Err(miss) => {
                self.misses.push(ModuleMiss::of(key.as_str(), miss.clone()));
                if mode != CacheMode::ReadOnly {
                    let source = module.source.clone();
                    self.pending.push((key.as_str().to_owned(), source));
                }
            }
        }
    }

    /// Notes what became of the modules of a pack, and of others beside it.
    pub(crate) fn note_mixed(&mut self, graph: &Gathered, mode: CacheMode) {
        for module in graph.modules().iter().filter(|it| !it.is_json) {
            let Some(read) = &module.read else {
                self.hits += 1;
                continue;
            };
            self.note(&module.key, read, mode);
            let change = graph.packed().and_then(|it| it.change(&module.key));
            if let (Err(_), Some(change), Some(noted)) =
                (&read.entry, change, self.misses.last_mut())
            {
                noted.miss = change.miss().clone();
            }
        }
        self.bytes += graph.packed().map_or(0, |it| it.pack.file_length());
    }

    /// Of modules that have no entry says why no pack has served them: first of the one that it is true of.
    pub(crate) fn blame(&mut self, why: &ModuleMiss) {
        let stale = Miss::new(
            MissReason::Stale,
            format!("the pack is stale because of {}", why.module),
        );
        let of_others = match why.miss.reason {
            MissReason::Source | MissReason::Dependencies => &stale,
            _ => &why.miss,
        };
        let blamed = self.misses.iter().position(|it| it.module == why.module);
        let first = blamed.map(|place| self.misses.remove(place));
        let absent = self.misses.iter_mut();
        for it in absent.filter(|it| it.miss.reason == MissReason::Absent) {
            it.miss = of_others.clone();
        }
        // It is told even if it is JSON, or if nothing imports it any more.
        if first.is_some() || self.hits == 0 {
            self.misses.insert(0, why.clone());
        }
    }

    /// Nothing of this graph needs an entry.
    pub(crate) fn forget_pending(&mut self, graph: &Gathered) {
        self.pending.retain(|(key, _)| graph.module(key).is_none());
    }
}

/// A module that was not served from the cache.
#[derive(Debug, Clone)]
pub struct ModuleMiss {
    /// Its key.
    pub module: String,
    pub miss: Miss,
}

impl ModuleMiss {
    /// The miss of the module with the key `module`.
    pub fn of(module: &str, miss: Miss) -> Self {
        Self {
            module: module.to_owned(),
            miss,
        }
    }
}

/// The graph path: no pack was used, and the next run will find none either.
#[derive(Debug, Clone)]
pub struct NoPack {
    /// Why no pack was used: the module that is to blame, which is the entry when it is the pack itself.
    pub unused: ModuleMiss,
    /// Why none can be written; without a reason one can, but this run only reads.
    pub unwritten: Option<Unwritten>,
}

impl NoPack {
    /// Why there will be none, or, of a run that only reads, why there was none.
    pub fn why(&self) -> String {
        let ModuleMiss { module, miss } = &self.unused;
        let unused = || format!("{module}: {miss}");
        let why = self.unwritten.as_ref().map(|it| it.reason.clone());
        why.unwrap_or_else(unused)
    }
}

/// Validate mode: a record that was rebuilt into another than the parser makes.
#[derive(Debug, Clone)]
pub struct RecordDifference {
    /// The module's key.
    pub module: String,
    /// The first difference in words.
    pub what: String,
}
