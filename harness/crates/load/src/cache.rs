//! Cache entries for a run, found while the graph loads.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use engine::{Cached, Rejection};
use jsc_module_cache::pack::Payload;
use jsc_module_cache::store::{Access, Loading};
use jsc_module_cache::{Expected, Identity, Miss, MissReason, SourceHash, Store, VerifiedEntry};
use resolve::ModuleKey;
use sample::{CacheMode, CacheUse, Check, PackUse, Unwritten};

use crate::ahead::{LookUp, ReadAhead, Reader};
use crate::difference::record_difference;
use crate::error::Error;
use crate::interference::Interference;
use crate::source_file::decoded;

/// Which cache a run uses and how.
#[derive(Debug, Clone)]
pub struct CacheOptions {
    /// The store's directory.
    pub directory: PathBuf,
    /// What may be done with it.
    pub mode: CacheMode,
    /// Whether files are read or mapped.
    pub loading: Loading,
    /// Build each cached record both ways and compare.
    pub validate: bool,
    /// Which functions a pack holds.
    pub payload: Payload,
    /// How a pack's sources are checked.
    pub check: Check,
    /// Let a second thread read what an entry's record says is coming.
    pub read_ahead: bool,
}

impl CacheOptions {
    /// The cache in `directory`, in this mode; everything else as usual.
    pub fn new(directory: impl Into<PathBuf>, mode: CacheMode) -> Self {
        Self {
            directory: directory.into(),
            mode,
            loading: Loading::Auto,
            validate: false,
            payload: PackUse::default().payload,
            check: PackUse::default().check,
            read_ahead: true,
        }
    }

    /// The cache that a task names.
    pub fn of_task(cache: &CacheUse) -> Self {
        Self {
            validate: cache.validate,
            payload: cache.payload,
            check: cache.check,
            read_ahead: cache.read_ahead,
            ..Self::new(&cache.directory, cache.mode)
        }
    }

    /// What may be done to the store.
    pub(crate) fn access(&self) -> Access {
        match self.mode {
            CacheMode::ReadOnly => Access::ReadOnly,
            CacheMode::Auto | CacheMode::Refresh => Access::ReadWrite,
        }
    }
}

/// Where the cache lies when nobody says otherwise: `$XDG_CACHE_HOME/jsc-harness/modules`.
pub fn default_cache_directory() -> Result<PathBuf, Error> {
    Ok(jsc_provision::Settings::from_env()?.store.join("modules"))
}

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
    /// The graph path: why the next run will find no usable pack either, if so.
    pub no_pack: Option<NoPack>,
    /// What is to be written: key and source of each module that missed.
    pub(super) pending: Vec<(String, Vec<u8>)>,
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

/// The graph path: everything was parsed, and the next run will have to do so again.
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

/// The cache of one run, on the side of the loader.
pub struct RunCache {
    look_up: Arc<LookUp>,
    ahead: Option<Reader>,
    options: CacheOptions,
    poison_sources: bool,
    record: bool,
    /// Validate mode without records: the images of the entries that were served, by key.
    unused_images: HashMap<String, Vec<u8>>,
    report: Rc<RefCell<CacheReport>>,
}

impl RunCache {
    /// Opens the store. With `record`, records are rebuilt from entries; otherwise only the bytecode is taken, and nothing
    /// is read ahead: what stands for a cache without records must not profit from them.
    pub fn new(
        options: &CacheOptions,
        identity: Identity,
        record: bool,
        interference: &Interference,
    ) -> Self {
        let store = Store::open(&options.directory, options.access(), options.loading);
        let report = CacheReport {
            refusal: store.refusal().cloned(),
            ..CacheReport::default()
        };
        let alter = interference.alter.clone();
        let look_up: Arc<LookUp> = Arc::new(move |key, source| {
            let entry = store.load(&Expected {
                identity: &identity,
                module_key: key,
                source_hash: SourceHash::of(source),
                source_length: source.len() as u64,
            })?;
            match &alter {
                Some(alter) => alter.entry(key, entry),
                None => Ok(entry),
            }
        });
        let reads_ahead = options.read_ahead && record && options.mode != CacheMode::Refresh;
        Self {
            ahead: reads_ahead.then(|| Reader::new(Arc::clone(&look_up))),
            look_up,
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

    /// The module `key`, if it was read ahead. If not, the caller is the one who reads it.
    pub fn read_ahead(&mut self, key: &ModuleKey) -> Option<ReadAhead> {
        self.ahead.as_mut()?.take(key)
    }

    /// What `specifier` means in `referrer`, if that was found out ahead.
    pub fn resolved(&mut self, specifier: &str, referrer: &ModuleKey) -> Option<ModuleKey> {
        self.ahead.as_mut()?.resolved(specifier, referrer)
    }

    /// The loader has nothing more to do for now: what was read ahead and not asked for may change before it is.
    pub fn idle(&mut self) {
        if let Some(ahead) = &mut self.ahead {
            ahead.forget();
        }
    }

    /// The entry of the JavaScript module `key` whose source is `source`, if there is a valid one; `ahead` is what
    /// looking it up ahead came to. A source that is not UTF-8 is replaced by its text.
    pub fn find(
        &mut self,
        key: &ModuleKey,
        source: &mut Vec<u8>,
        ahead: Option<Result<VerifiedEntry, Miss>>,
    ) -> Option<Cached> {
        let was_ahead = ahead.is_some();
        let mut found = ahead.unwrap_or_else(|| self.look_up(key, source));
        if found.is_err()
            && let Some(text) = decoded(source)
        {
            *source = text;
            found = self.look_up(key, source);
        }
        let mut report = self.report.borrow_mut();
        match found {
            Ok(entry) => {
                report.hits += 1;
                report.read_ahead += u64::from(was_ahead);
                report.bytes += entry.as_bytes().len() as u64;
                if let Some(ahead) = self.ahead.as_mut().filter(|_| !was_ahead) {
                    ahead.follow(key, &entry);
                }
                if self.options.validate && !self.record {
                    let image = entry.image().to_vec();
                    self.unused_images.insert(key.as_str().to_owned(), image);
                }
                if self.poison_sources {
                    source.fill(b'\\');
                }
                Some(Cached {
                    entry: Box::new(entry),
                    record: self.record,
                })
            }
            Err(miss) => {
                report.misses.push(ModuleMiss::of(key.as_str(), miss));
                if self.options.mode != CacheMode::ReadOnly {
                    report
                        .pending
                        .push((key.as_str().to_owned(), source.to_vec()));
                }
                None
            }
        }
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

    fn look_up(&self, key: &ModuleKey, source: &[u8]) -> Result<VerifiedEntry, Miss> {
        if self.options.mode == CacheMode::Refresh {
            return Err(Miss::new(
                MissReason::Absent,
                "the cache is being refreshed",
            ));
        }
        (self.look_up)(key.as_str(), source)
    }
}
