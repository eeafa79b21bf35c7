//! Cache entries for a run, found while the graph loads.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use engine::{Cached, Rejection};
use jsc_module_cache::{Miss, MissReason};
use resolve::{ModuleKey, Rules};
use sample::CacheMode;

use crate::ahead::Reader;
use crate::difference::record_difference;
use crate::entries::{Entries, LookUp};
use crate::gather::{Leavings, ReadModule};
use crate::interference::Interference;
use crate::options::CacheOptions;
use crate::report::{CacheReport, ModuleMiss, RecordDifference};

/// The cache of one run, on the side of the loader.
pub struct RunCache {
    look_up: Arc<LookUp>,
    /// What was read of a graph that was not gathered to its end.
    leavings: Rc<RefCell<Leavings>>,
    ahead: Option<Reader>,
    options: CacheOptions,
    poison_sources: bool,
    record: bool,
    /// Validate mode without records: the images of the entries that were served, by key.
    unused_images: HashMap<String, Vec<u8>>,
    report: Rc<RefCell<CacheReport>>,
}

impl RunCache {
    /// With `record`, records are rebuilt from entries; otherwise only the bytecode is taken, and nothing
    /// is read ahead: what stands for a cache without records must not profit from them.
    pub fn new(
        entries: Entries,
        rules: &Arc<Rules>,
        options: &CacheOptions,
        record: bool,
        interference: &Interference,
    ) -> Self {
        let Entries { look_up, refusal } = entries;
        let report = CacheReport {
            refusal,
            ..CacheReport::default()
        };
        let reads_ahead = options.read_ahead && record && options.mode != CacheMode::Refresh;
        Self {
            ahead: reads_ahead.then(|| Reader::new(Arc::clone(&look_up), Arc::clone(rules))),
            look_up,
            leavings: Rc::default(),
            options: options.clone(),
            poison_sources: interference.poison_sources,
            record,
            unused_images: HashMap::new(),
            report: Rc::new(RefCell::new(report)),
        }
    }

    /// What has become of the cache, as far as it is known.
    pub fn report(&self) -> Rc<RefCell<CacheReport>> {
        Rc::clone(&self.report)
    }

    /// Where what was read of a graph is put for the loader to find.
    pub fn leavings(&self) -> Rc<RefCell<Leavings>> {
        Rc::clone(&self.leavings)
    }

    /// The module `key`, if it was read ahead. If not, the caller is the one who reads it.
    pub fn read_ahead(&mut self, key: &ModuleKey) -> Option<ReadModule> {
        let left = self.leavings.borrow_mut().remove(key);
        left.or_else(|| self.ahead.as_mut()?.take(key))
    }

    /// What `specifier` means in `referrer`, if that was found out ahead.
    pub fn resolved(&mut self, specifier: &str, referrer: &ModuleKey) -> Option<ModuleKey> {
        self.ahead.as_mut()?.resolved(specifier, referrer)
    }

    /// The loader has nothing more to do for now: what was read ahead and not asked for may change before it is.
    pub fn idle(&mut self) {
        self.leavings.borrow_mut().clear();
        if let Some(ahead) = &mut self.ahead {
            ahead.forget();
        }
    }

    /// Looks up the entry of the JavaScript module `key`, which the caller had to read itself.
    pub fn look_up(&self, key: &ModuleKey, source: Vec<u8>) -> ReadModule {
        ReadModule::of(&*self.look_up, key, source, false)
    }

    /// What the engine is given of the entry of a module, if it has one.
    pub fn serve(&mut self, key: &ModuleKey, module: &mut ReadModule) -> Option<Cached> {
        let mut report = self.report.borrow_mut();
        report.note(key, module, self.options.mode);
        let entry = Arc::clone(module.entry.as_ref().ok()?);
        if let Some(ahead) = self.ahead.as_mut().filter(|_| !module.ahead) {
            ahead.follow(key, &entry);
        }
        if self.options.validate && !self.record {
            let image = entry.image().to_vec();
            self.unused_images.insert(key.as_str().to_owned(), image);
        }
        if self.poison_sources {
            module.source.fill(b'\\');
        }
        Some(Cached {
            entry: Box::new(entry),
            record: self.record,
        })
    }

    /// See [`engine::Host::rejected`].
    pub fn rejected(&mut self, key: &str, why: Rejection) {
        let mut report = self.report.borrow_mut();
        report.hits = report.hits.saturating_sub(1);
        let miss = match why {
            Rejection::Engine => Miss::new(
                MissReason::Engine,
                "JSC did not take the bytecode of a valid entry",
            ),
            Rejection::Options => Miss::new(
                MissReason::Options,
                "JSC generates code for a profiler or a debugger, which entries do not hold",
            ),
        };
        report.misses.push(ModuleMiss::of(key, miss));
    }

    /// See [`engine::Host::compare`]. Where no record is rebuilt, the entry's own image takes its place.
    pub fn compare(&mut self, key: &str, parsed: Option<&[u8]>, rebuilt: Option<&[u8]>) {
        let unused = self.unused_images.remove(key);
        let mut report = self.report.borrow_mut();
        report.compared += 1;
        let different = record_difference(parsed, rebuilt.or(unused.as_deref()));
        if let Some(what) = different {
            report.differences.push(RecordDifference {
                module: key.to_owned(),
                what,
            });
        }
    }
}
