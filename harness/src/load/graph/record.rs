//! A run that notes what a pack needs, and making the pack of it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::check::status_of;
use crate::cache::pack::{FileStatus, PackModule, PackParts, Payload, VerifiedPack, layout, write};
use crate::cache::record::Record;
use crate::cache::{Identity, SourceHash};
use crate::engine::{
    CapturedGraph, Engine, FetchRequest, Host, HostError, Realm, Rejection, Source, SourceKind,
};
use crate::graph::resolve::{ModuleKey, Resolver};
use crate::load::files::FileHost;
use crate::load::source_file::read_source;
use crate::load::write::EntryWriter;

/// The JavaScript sources that a run has read, by key.
pub type Sources = HashMap<String, NotedSource>;

/// A source as it was read.
pub struct NotedSource {
    bytes: Vec<u8>,
    status: FileStatus,
}

/// Notes every JavaScript source on its way to the engine.
pub struct NotingHost {
    /// Where they come from.
    pub files: FileHost,
    /// What was noted.
    pub sources: Rc<RefCell<Sources>>,
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
        let status = || path.as_ref().and_then(|it| status_of(it.path()));
        let before = status();
        let source = self.files.fetch(request)?;
        if source.kind == SourceKind::JavaScript {
            let settled = before.filter(|it| status() == Some(*it));
            let noted = NotedSource {
                bytes: source.bytes.clone(),
                status: settled.map_or(FileStatus::default(), |(_, status)| told_apart(status)),
            };
            self.sources
                .borrow_mut()
                .insert(request.key.to_owned(), noted);
        }
        Ok(source)
    }

    fn file_name(&self, key: &str) -> Option<String> {
        self.files.file_name(key)
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

/// Makes the pack of the static closure of `entry`, which has been loaded in `realm`; the text of the error says why there
/// is none.
pub fn make_pack(
    engine: &Engine,
    realm: &mut Realm<'_>,
    identity: &Identity,
    entry: &str,
    payload: Payload,
    sources: &Sources,
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
    let parts = PackParts {
        identity,
        payload,
        entry_key: entry,
        graph: &captured.graph,
        modules: &modules,
        packages: &packages,
    };
    write(&parts).map_err(|miss| miss.to_string())
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
    sources: &Sources,
) -> Result<Vec<PackModule>, String> {
    let module = |(captured, (key, is_json)): (&crate::engine::CapturedModule, &(String, bool))| {
        if *is_json {
            return json(key);
        }
        if captured.image.is_empty() || captured.bytecode.is_empty() {
            return Err(format!("{key} was not linked"));
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
    sources: &Sources,
) -> Result<Vec<PackModule>, String> {
    let mut writer = EntryWriter::new(engine, *identity);
    let module = |(captured, (key, is_json)): (&crate::engine::CapturedModule, &(String, bool))| {
        if *is_json {
            return json(key);
        }
        if captured.image.is_empty() {
            return Err(format!("{key} was not linked"));
        }
        let noted = sources
            .get(key)
            .ok_or_else(|| format!("{key} was not read"))?;
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
    sources: &Sources,
    facts: crate::engine::SourceFacts,
    image: Vec<u8>,
    bytecode: Vec<u8>,
) -> Result<PackModule, String> {
    let noted = sources
        .get(key)
        .ok_or_else(|| format!("{key} was not read"))?;
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
