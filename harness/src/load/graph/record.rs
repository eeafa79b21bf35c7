//! A run that notes what a pack needs, and making the pack of it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::check::status_of;
use crate::cache::pack::{
    FileStatus, PackModule, PackParts, Payload, VerifiedPack, encode_texts, layout, write,
};
use crate::cache::record::Record;
use crate::cache::store::Saved;
use crate::cache::{Identity, Miss, MissReason, SourceHash, Store};
use crate::engine::{
    CapturedGraph, Engine, FetchRequest, Host, HostError, Realm, Rejection, Source, SourceKind,
};
use crate::graph::resolve::{ModuleKey, Resolver};
use crate::load::cache::{CacheOptions, CacheReport, ModuleMiss};
use crate::load::files::FileHost;
use crate::load::source_file::read_source;
use crate::load::write::{EntryWriter, write_missing};

/// What a run that parses everything has read of JavaScript.
#[derive(Default)]
pub struct Noted {
    /// The modules' keys, in the order in which the engine asked for them.
    modules: Vec<String>,
    /// Their sources by key, if a pack is to be made of them.
    sources: HashMap<String, NotedSource>,
}

/// A source as it was read.
struct NotedSource {
    bytes: Vec<u8>,
    status: FileStatus,
}

impl Noted {
    /// How many modules there are.
    pub fn len(&self) -> u64 {
        self.modules.len() as u64
    }

    /// The misses of a run that has parsed these modules because no pack could be used for the reason `why`: first the
    /// module that it is true of, then all others.
    pub fn misses(&self, why: &ModuleMiss) -> Vec<ModuleMiss> {
        let stale = Miss::new(
            MissReason::Stale,
            format!("the pack is stale because of {}", why.module),
        );
        let of_others = match why.miss.reason {
            MissReason::Source | MissReason::Dependencies => &stale,
            _ => &why.miss,
        };
        let others = self.modules.iter().filter(|it| **it != why.module);
        let others = others.map(|it| ModuleMiss::of(it, of_others.clone()));
        // The first one is told even if it is JSON, or if nothing imports it any more.
        std::iter::once(why.clone()).chain(others).collect()
    }

    fn source(&self, key: &str) -> Result<&NotedSource, String> {
        let source = self.sources.get(key);
        source.ok_or_else(|| format!("{key} was not read"))
    }

    /// Key and source of each module that a pack does not hold, once.
    pub fn outside(&self, pack: &VerifiedPack) -> Vec<(String, Vec<u8>)> {
        let packed = (0..pack.len()).filter(|it| !pack.source(*it).is_json);
        let packed: HashSet<&str> = packed.map(|it| pack.key(it)).collect();
        let mut seen = HashSet::new();
        let outside = self.modules.iter();
        outside
            .filter(|it| !packed.contains(it.as_str()) && seen.insert(it.as_str()))
            .filter_map(|key| Some((key.clone(), self.sources.get(key)?.bytes.clone())))
            .collect()
    }
}

/// Notes every JavaScript source on its way to the engine.
pub struct NotingHost {
    /// Where they come from.
    pub files: FileHost,
    /// What was noted.
    pub noted: Rc<RefCell<Noted>>,
    /// Whether the sources are kept, so that a pack can be made.
    pub keeps_sources: bool,
}

impl Host for NotingHost {
    fn resolve(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError> {
        self.files.resolve(specifier, referrer)
    }

    fn locate(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError> {
        self.files.locate(specifier, referrer)
    }

    fn fetch(&mut self, request: &FetchRequest<'_>) -> Result<Source, HostError> {
        let path = ModuleKey::from_url(request.key).ok();
        let path = path.filter(|_| self.keeps_sources);
        let status = || path.as_ref().and_then(|it| status_of(it.path()));
        let before = status();
        let source = self.files.fetch(request)?;
        if source.kind != SourceKind::JavaScript {
            return Ok(source);
        }
        let mut noted = self.noted.borrow_mut();
        noted.modules.push(request.key.to_owned());
        if self.keeps_sources {
            let settled = before.filter(|it| status() == Some(*it));
            let kept = NotedSource {
                bytes: source.bytes.clone(),
                status: settled.map_or(FileStatus::default(), |(_, status)| told_apart(status)),
            };
            noted.sources.insert(request.key.to_owned(), kept);
        }
        Ok(source)
    }

    fn file_name(&self, key: &str) -> Option<String> {
        self.files.file_name(key)
    }

    fn idle(&mut self) {
        self.files.idle();
    }

    fn rejected(&mut self, key: &str, why: Rejection) {
        self.files.rejected(key, why);
    }
}

/// A file system clock ticks too slowly to tell a change that comes right after the last one: nothing is noted of a file
/// that was changed within two seconds, or whose time knows seconds only, and it is compared by content for ever.
fn told_apart(status: FileStatus) -> FileStatus {
    const SLOWEST_TICK: i64 = 2_000_000_000;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.map_or(0, |it| i64::try_from(it.as_nanos()).unwrap_or(0));
    let fine = status.changed % 1_000_000_000 != 0;
    if fine && status.changed.saturating_add(SLOWEST_TICK) < now {
        status
    } else {
        FileStatus::default()
    }
}

/// Writes what a run that has parsed everything leaves behind.
pub struct PackWriter<'a> {
    /// The engine that ran it.
    pub engine: &'a Engine,
    /// Its identity.
    pub identity: Identity,
    /// Key of the entry module.
    pub entry: &'a str,
    /// How the cache is used.
    pub options: &'a CacheOptions,
    /// Where the pack goes.
    pub store: &'a Store,
}

impl PackWriter<'_> {
    /// Writes the pack, and entries of what the program has imported besides. The text of the error says why there is no
    /// pack.
    pub fn write(
        &self,
        realm: &mut Realm<'_>,
        noted: &Noted,
        report: &mut CacheReport,
    ) -> Result<(), String> {
        let payload = self.options.payload;
        let pack = make_pack(
            self.engine,
            realm,
            &self.identity,
            self.entry,
            payload,
            noted,
        )?;
        report.pending = noted.outside(&pack);
        let saved = self.store.save_pack(&pack, &self.identity);
        report.written += u64::from(matches!(saved, Ok(Saved::Written { .. })));
        let unlinkable = realm.unlinkable_modules();
        write_missing(
            self.engine,
            self.options,
            self.identity,
            report,
            &unlinkable,
        );
        saved.map(drop).map_err(|miss| miss.to_string())
    }
}

/// Makes the pack of the static closure of `entry`, which has been loaded in `realm`; the text of the error says why there
/// is none.
fn make_pack(
    engine: &Engine,
    realm: &mut Realm<'_>,
    identity: &Identity,
    entry: &str,
    payload: Payload,
    sources: &Noted,
) -> Result<VerifiedPack, String> {
    let captured = realm
        .capture_graph(entry)
        .map_err(|error| error.to_string())?;
    let keys = keys(&captured.graph)?;
    let modules = match payload {
        Payload::Executed => executed(&captured, &keys, sources)?,
        Payload::All => all(engine, identity, &captured, &keys, sources)?,
    };
    let packages = packages(&captured, &keys);
    let texts = keys.iter().map(|(key, is_json)| match is_json {
        true => Ok(&b""[..]),
        false => sources.source(key).map(|it| &*it.bytes),
    });
    let texts: Vec<&[u8]> = texts.collect::<Result<_, _>>()?;
    let texts = encode_texts(texts).map_err(|error| format!("cannot compress sources: {error}"))?;
    let parts = PackParts {
        identity,
        payload,
        entry_key: entry,
        graph: &captured.graph,
        modules: &modules,
        packages: &packages,
        texts: &texts,
    };
    write(&parts).map_err(|miss| miss.to_string())
}

/// Why no pack can be made of the static closure of `entry`, which has been loaded in `realm` without keeping its code: what
/// [`make_pack`] would say, as far as that is known without the code.
pub fn why_no_pack(realm: &mut Realm<'_>, entry: &str) -> Option<String> {
    let captured = match realm.capture_graph(entry) {
        Ok(captured) => captured,
        Err(error) => return Some(error.to_string()),
    };
    let unlinkable = realm.unlinkable_modules();
    let keys = match keys(&captured.graph) {
        Ok(keys) => keys,
        Err(why) => return Some(why),
    };
    let mut keys = keys.iter().map(|(key, _)| key);
    keys.find(|it| unlinkable.contains(it))
        .map(|it| not_linked(it))
}

fn not_linked(key: &str) -> String {
    format!("{key} was not linked")
}

/// What can be known of the packages that its requests lead through, so that checking the pack need not parse manifests.
fn packages(captured: &CapturedGraph, keys: &[(String, bool)]) -> Vec<u8> {
    let mut resolver = Resolver::new();
    for (module, (key, _)) in captured.modules.iter().zip(keys) {
        let Ok(referrer) = ModuleKey::from_url(key) else {
            continue;
        };
        for request in Record::read_requests(&module.image) {
            if let Some(specifier) = request.specifier.to_utf8() {
                resolver.note(&specifier, &referrer);
            }
        }
    }
    resolver.known().to_json()
}

/// Key and kind of each module.
fn keys(graph: &[u8]) -> Result<Vec<(String, bool)>, String> {
    let keys = crate::cache::pack::keys(graph).map_err(|miss| miss.to_string())?;
    Ok(keys
        .into_iter()
        .map(|(key, kind)| (key, kind == layout::KIND_JSON))
        .collect())
}

fn executed(
    captured: &CapturedGraph,
    keys: &[(String, bool)],
    sources: &Noted,
) -> Result<Vec<PackModule>, String> {
    let module = |(captured, (key, is_json)): (&crate::engine::CapturedModule, &(String, bool))| {
        if *is_json {
            return json(key);
        }
        if captured.image.is_empty() || captured.bytecode.is_empty() {
            return Err(not_linked(key));
        }
        javascript(
            key,
            sources,
            captured.source,
            captured.image.clone(),
            captured.bytecode.clone(),
        )
    };
    captured.modules.iter().zip(keys).map(module).collect()
}

fn all(
    engine: &Engine,
    identity: &Identity,
    captured: &CapturedGraph,
    keys: &[(String, bool)],
    sources: &Noted,
) -> Result<Vec<PackModule>, String> {
    let mut writer = EntryWriter::new(engine, *identity);
    let module = |(captured, (key, is_json)): (&crate::engine::CapturedModule, &(String, bool))| {
        if *is_json {
            return json(key);
        }
        if captured.image.is_empty() {
            return Err(not_linked(key));
        }
        let noted = sources.source(key)?;
        let entry = writer.write(key, &noted.bytes)?;
        javascript(
            key,
            sources,
            captured.source,
            entry.image().to_vec(),
            entry.bytecode().to_vec(),
        )
    };
    captured.modules.iter().zip(keys).map(module).collect()
}

fn javascript(
    key: &str,
    sources: &Noted,
    facts: crate::engine::SourceFacts,
    image: Vec<u8>,
    bytecode: Vec<u8>,
) -> Result<PackModule, String> {
    let noted = sources.source(key)?;
    Ok(PackModule {
        source_hash: SourceHash::of(&noted.bytes),
        source_length: noted.bytes.len() as u64,
        status: noted.status,
        source_units: facts.units,
        source_text_hash: facts.text_hash,
        source_is_8bit: facts.is_latin1,
        image,
        bytecode,
    })
}

/// Nothing of a JSON module is in the pack: its file is read at each load. It is noted all the same, so that the pack is
/// stale when it has changed, as with any other module.
fn json(key: &str) -> Result<PackModule, String> {
    let path = ModuleKey::from_url(key).map_err(|error| error.to_string())?;
    let bytes = read_source(path.path()).map_err(|error| format!("cannot read {key}: {error}"))?;
    Ok(PackModule {
        source_hash: SourceHash::of(&bytes),
        source_length: bytes.len() as u64,
        status: FileStatus::default(),
        source_units: 0,
        source_text_hash: 0,
        source_is_8bit: false,
        image: Vec::new(),
        bytecode: Vec::new(),
    })
}
