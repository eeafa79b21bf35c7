//! Making entries, and writing those that a run found missing.

use super::cache::{CacheMode, CacheOptions, CacheReport};
use crate::cache::store::{Access, Saved};
use crate::cache::{self, EntryParts, SourceHash, Store};
use crate::engine::{
    Engine, FetchRequest, GenerateError, Host, HostError, Realm, Source, SourceKind,
};

/// Why no entry is written for a module that links to nothing: it has to fail as it does when it is parsed.
pub const NOT_LINKED: &str = "it does not link";

/// Why no entry is written yet: a program whose modules are all out of proportion must not keep its process.
pub const ENOUGH_WRITTEN: &str = "enough was written in this run; a later one writes more";

/// What one run may take to write entries, as code units to parse: so much for each byte of source, and beside. Ordinary
/// modules take less than the first alone; the bridge holds each module to its own bounds (`jsc-sys/bridge/generate.cpp`).
const UNITS_PER_BYTE: u64 = 8;
const UNITS_BESIDE: u64 = 8 << 20;

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
    let bytes: u64 = pending.iter().map(|(_, source)| source.len() as u64).sum();
    let most = bytes * UNITS_PER_BYTE + UNITS_BESIDE;
    for (key, source) in pending {
        if except.contains(&key) {
            report.unwritten.push((key, NOT_LINKED.to_owned()));
            continue;
        }
        if writer.units > most {
            report.unwritten.push((key, ENOUGH_WRITTEN.to_owned()));
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
    report.left_out += writer.left_out;
}

/// Makes entries, in a realm that runs no program.
pub struct EntryWriter<'engine> {
    realm: Realm<'engine>,
    identity: cache::Identity,
    units: u64,
    left_out: u64,
}

impl<'engine> EntryWriter<'engine> {
    /// A writer for this engine.
    pub fn new(engine: &'engine Engine, identity: cache::Identity) -> Self {
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

    /// The entry of a module; the text of the error says why there is none.
    pub fn write(&mut self, key: &str, source: &[u8]) -> Result<cache::VerifiedEntry, String> {
        let text = std::str::from_utf8(source)
            .map_err(|error| format!("its source is not UTF-8: {error}"))?;
        let generated = self
            .realm
            .generate(key, text)
            .map_err(|error: GenerateError| error.to_string())?;
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
