//! Cache entries for a run: found while the graph loads, written when it has.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use super::difference::first_difference;
use super::files::Entries;
use crate::Error;
use crate::cache::store::{Access, Loading, Saved};
use crate::cache::{self, EntryParts, Expected, Miss, MissReason, SourceHash, Store};
use crate::engine::{
    Cached, Engine, FetchRequest, GenerateError, Host, HostError, Realm, Rejection, Source,
};

/// What a run may do with the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheMode {
    /// Read entries, and write those that were missing.
    Auto,
    /// Read entries; change nothing.
    ReadOnly,
    /// Take nothing, write everything anew.
    Refresh,
}

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
    /// A test's way to show that nothing reads the text of a cached source: it is overwritten once it has been hashed.
    pub poison_sources: bool,
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
    /// Why the whole store could not be used, if so.
    pub refusal: Option<Miss>,
    /// Validate mode: modules whose record was not the same both ways.
    pub differences: Vec<RecordDifference>,
    /// Entries written.
    pub written: u64,
    /// Modules for which none could be written, and why.
    pub unwritten: Vec<(String, String)>,
    /// What is to be written: key and source of each module that missed.
    pending: Vec<(String, Vec<u8>)>,
}

/// A module that was not served from the cache.
#[derive(Debug, Clone)]
pub struct ModuleMiss {
    /// Its key.
    pub module: String,
    /// Why.
    pub miss: Miss,
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
    store: Store,
    identity: cache::Identity,
    options: CacheOptions,
    record: bool,
    report: Rc<RefCell<CacheReport>>,
}

impl RunCache {
    /// Opens the store. With `record`, records are rebuilt from entries; otherwise only the bytecode is taken.
    pub fn new(options: &CacheOptions, identity: cache::Identity, record: bool) -> Self {
        let access = match options.mode {
            CacheMode::ReadOnly => Access::ReadOnly,
            CacheMode::Auto | CacheMode::Refresh => Access::ReadWrite,
        };
        let store = Store::open(&options.directory, access, options.loading);
        let report = CacheReport {
            refusal: store.refusal().cloned(),
            ..CacheReport::default()
        };
        Self {
            store,
            identity,
            options: options.clone(),
            record,
            report: Rc::new(RefCell::new(report)),
        }
    }

    /// What has become of the cache, as far as it is known.
    pub fn report(&self) -> Rc<RefCell<CacheReport>> {
        Rc::clone(&self.report)
    }

    fn look_up(&self, key: &str, source: &[u8]) -> Result<cache::VerifiedEntry, Miss> {
        if self.options.mode == CacheMode::Refresh {
            return Err(Miss::new(
                MissReason::Absent,
                "the cache is being refreshed",
            ));
        }
        self.store.load(&Expected {
            identity: &self.identity,
            module_key: key,
            source_hash: SourceHash::of(source),
            source_length: source.len() as u64,
        })
    }
}

impl Entries for RunCache {
    fn find(&mut self, key: &str, source: &mut [u8]) -> Option<Cached> {
        let found = self.look_up(key, source);
        let mut report = self.report.borrow_mut();
        match found {
            Ok(entry) => {
                report.hits += 1;
                report.bytes += entry.as_bytes().len() as u64;
                if self.options.poison_sources {
                    source.fill(b'\\');
                }
                Some(Cached {
                    entry: Box::new(entry),
                    record: self.record,
                })
            }
            Err(miss) => {
                report.misses.push(ModuleMiss {
                    module: key.to_owned(),
                    miss,
                });
                if self.options.mode != CacheMode::ReadOnly {
                    report.pending.push((key.to_owned(), source.to_vec()));
                }
                None
            }
        }
    }

    fn rejected(&mut self, key: &str, why: Rejection) {
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
        report.misses.push(ModuleMiss {
            module: key.to_owned(),
            miss,
        });
    }

    fn compare(&mut self, key: &str, parsed: Option<&[u8]>, rebuilt: Option<&[u8]>) {
        if parsed.is_some() && parsed == rebuilt {
            return;
        }
        let what = match (parsed, rebuilt) {
            (Some(parsed), Some(rebuilt)) => first_difference(parsed, rebuilt),
            (None, _) => "its source has no record that an entry could hold".to_owned(),
            (_, None) => "the rebuilt record cannot be captured".to_owned(),
        };
        self.report.borrow_mut().differences.push(RecordDifference {
            module: key.to_owned(),
            what,
        });
    }
}

/// Writes entries for what missed in a run that has ended, but for the modules `except`. In a realm of its own, so that
/// nothing that the program did can reach what is written.
pub fn write_missing(
    engine: &Engine,
    options: &CacheOptions,
    identity: cache::Identity,
    report: &mut CacheReport,
    except: &[String],
) {
    let pending = std::mem::take(&mut report.pending);
    if pending.is_empty() || options.mode == CacheMode::ReadOnly || report.refusal.is_some() {
        return;
    }
    let store = Store::open(&options.directory, Access::ReadWrite, options.loading);
    let mut writer = EntryWriter::new(engine, identity);
    for (key, source) in pending {
        if except.contains(&key) {
            report.unwritten.push((key, "it does not link".to_owned()));
            continue;
        }
        let saved = writer
            .write(&key, &source)
            .and_then(|entry| store.save(&entry).map_err(|miss| miss.to_string()));
        match saved {
            Ok(Saved::Written { .. }) => report.written += 1,
            Ok(Saved::ReadOnly) => {}
            Err(reason) => report.unwritten.push((key, reason)),
        }
    }
}

/// Makes entries, in a realm that runs no program.
pub struct EntryWriter<'engine> {
    realm: Realm<'engine>,
    identity: cache::Identity,
}

impl<'engine> EntryWriter<'engine> {
    /// A writer for this engine.
    pub fn new(engine: &'engine Engine, identity: cache::Identity) -> Self {
        Self {
            realm: Realm::new(engine, Box::new(NoHost)),
            identity,
        }
    }

    /// The entry of a module; the text of the error says why there is none.
    pub fn write(&mut self, key: &str, source: &[u8]) -> Result<cache::VerifiedEntry, String> {
        let text = std::str::from_utf8(source)
            .map_err(|error| format!("its source is not UTF-8: {error}"))?;
        let generated = self
            .realm
            .generate(key, text)
            .map_err(|error: GenerateError| error.to_string())?;
        let parts = EntryParts {
            identity: &self.identity,
            module_key: key,
            source_hash: SourceHash::of(source),
            source_length: source.len() as u64,
            source_units: generated.source.units,
            source_text_hash: generated.source.text_hash,
            source_is_8bit: generated.source.is_latin1,
            image: &generated.image,
            bytecode: &generated.bytecode,
        };
        cache::write(&parts).map_err(|error| error.to_string())
    }
}

/// A host that is never asked: a realm that only generates loads nothing.
struct NoHost;

impl Host for NoHost {
    fn resolve(&mut self, _specifier: &str, _referrer: &str) -> Result<String, HostError> {
        Err(HostError {
            type_error: false,
            code: "ERR_NO_LOADER",
            message: "this realm loads nothing".to_owned(),
        })
    }

    fn fetch(&mut self, request: &FetchRequest<'_>) -> Result<Source, HostError> {
        self.resolve(request.key, "").map(|_| Source {
            kind: crate::engine::SourceKind::JavaScript,
            bytes: Vec::new(),
            cached: None,
        })
    }

    fn file_name(&self, _key: &str) -> Option<String> {
        None
    }
}
