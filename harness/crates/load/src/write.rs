//! Making entries, and writing those that a run found missing.

use engine::{Engine, FetchRequest, GenerateError, Host, HostError, Realm, Source, SourceKind};
use jsc_module_cache::store::Saved;
use jsc_module_cache::{EntryParts, Identity, SourceHash, Store, VerifiedEntry};
use sample::{CacheMode, Unwritten, WhyUnwritten};

use crate::options::CacheOptions;
use crate::report::CacheReport;

/// Why nothing can be written for a module, or no pack for an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Unwritable {
    pub why: WhyUnwritten,
    /// The same in words.
    pub reason: String,
}

impl Unwritable {
    /// It is of this kind, for a reason in words.
    pub fn new(why: WhyUnwritten, reason: impl ToString) -> Self {
        let reason = reason.to_string();
        Self { why, reason }
    }

    /// The source of the module `key` was not read.
    pub fn not_read(key: &str) -> Self {
        Self::new(WhyUnwritten::NotLoaded, format!("{key} was not read"))
    }
}

impl From<GenerateError> for Unwritable {
    fn from(error: GenerateError) -> Self {
        let why = match error {
            GenerateError::Syntax(_) => WhyUnwritten::Syntax,
            GenerateError::Unsupported(_) => WhyUnwritten::Unsupported,
        };
        Self::new(why, error)
    }
}

/// What one run may take to write entries, as code units to parse: so much for each byte of source, and beside. Ordinary
/// modules take less than the first alone; the bridge holds each module to its own bounds (`jsc-sys/bridge/generate.cpp`).
const UNITS_PER_BYTE: u64 = 8;
const UNITS_BESIDE: u64 = 16 << 20;

/// Writes entries for what missed in a run that has ended, except the modules `except`. In a realm of its own, so that
/// nothing that the program did can reach what is written.
pub fn write_missing(
    engine: &Engine,
    options: &CacheOptions,
    identity: Identity,
    report: &mut CacheReport,
    except: &[String],
) {
    let pending = std::mem::take(&mut report.pending);
    if pending.is_empty() || options.mode == CacheMode::ReadOnly || report.refusal.is_some() {
        return;
    }
    let store = Store::open(&options.directory, options.access(), options.loading);
    let mut writer = EntryWriter::new(engine, identity);
    let bytes: u64 = pending.iter().map(|(_, source)| source.len() as u64).sum();
    let most = bytes * UNITS_PER_BYTE + UNITS_BESIDE;
    for (key, source) in pending {
        if except.contains(&key) {
            report.unwritten.push(Unwritten::not_linked(key));
            continue;
        }
        if writer.units > most {
            report.unwritten.push(Unwritten::enough(key));
            continue;
        }
        let saved = writer.write(&key, &source).and_then(|entry| {
            let saved = store.save(&entry);
            saved.map_err(|miss| Unwritable::new(WhyUnwritten::Store, miss))
        });
        match saved {
            Ok(Saved::Written { .. }) => report.written += 1,
            Ok(Saved::ReadOnly) => {}
            Err(it) => report
                .unwritten
                .push(Unwritten::new(key, it.why, it.reason)),
        }
    }
    report.left_out += writer.left_out;
}

/// Makes entries, in a realm that runs no program.
pub struct EntryWriter<'engine> {
    realm: Realm<'engine>,
    identity: Identity,
    units: u64,
    left_out: u64,
}

impl<'engine> EntryWriter<'engine> {
    /// A writer for this engine.
    pub fn new(engine: &'engine Engine, identity: Identity) -> Self {
        Self {
            realm: Realm::new(engine, Box::new(NoHost)),
            identity,
            units: 0,
            left_out: 0,
        }
    }

    /// Code of functions that was left out of the entries made, because it is out of proportion.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The entry of a module.
    ///
    /// # Errors
    /// Why there is none.
    pub fn write(&mut self, key: &str, source: &[u8]) -> Result<VerifiedEntry, Unwritable> {
        let unsupported = |what: String| Unwritable::new(WhyUnwritten::Unsupported, what);
        let text = std::str::from_utf8(source)
            .map_err(|error| unsupported(format!("its source is not UTF-8: {error}")))?;
        let generated = self.realm.generate(key, text)?;
        self.units += generated.units;
        self.left_out += u64::from(generated.left_out);
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
        jsc_module_cache::write(&parts).map_err(|error| unsupported(error.to_string()))
    }
}

/// A host that is never asked: a realm that only generates loads nothing.
pub struct NoHost;

impl Host for NoHost {
    fn resolve(&mut self, _specifier: &str, _referrer: &str) -> Result<String, HostError> {
        Err(HostError {
            type_error: false,
            code: "ERR_NO_LOADER",
            message: "this realm loads nothing".to_owned(),
        })
    }

    fn locate(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError> {
        self.resolve(specifier, referrer)
    }

    fn fetch(&mut self, request: &FetchRequest<'_>) -> Result<Source, HostError> {
        self.resolve(request.key, "").map(|_| Source {
            kind: SourceKind::JavaScript,
            bytes: Vec::new(),
            cached: None,
        })
    }

    fn file_name(&self, _key: &str) -> Option<String> {
        None
    }
}
