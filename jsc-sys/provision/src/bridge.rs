//! The bridge: our C++ and one engine in one shared library.

mod compile;
mod libraries;
mod record;
mod sources;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use record::{Bridge, BridgeEngine};
pub use sources::{source_files, sources_digest};

use crate::digest::{PartsDigest, blake3_file};
use crate::engine::Manifest;
use crate::store::{self, Store};
use crate::toolchain::Toolchain;
use crate::{Engine, Error, Log, Settings};
use sources::Sources;

/// The library's file name, the same for every engine: a program finds another engine by library path alone.
pub const LIBRARY: &str = "libjsc_bridge.so";

/// How many bridges of one engine are kept. A developer going back and forth between two states of the sources needs
/// two; the rest is for other checkouts.
const KEPT: usize = 6;

/// Provides the bridge of an engine: the one in the store when it was made of exactly these inputs, otherwise a new one.
///
/// `sources` is the folder with the bridge's C++ files, `prefix.h`, `bridge.h` and `bridge.map`. Takes some ten seconds
/// when it has to compile.
pub fn provide_bridge(
    engine: &Engine,
    sources: &Path,
    settings: &Settings,
    log: &mut dyn Log,
) -> Result<Bridge, Error> {
    let sources = Sources::read(sources)?;
    let toolchain = Toolchain::find(&settings.cxx, "make the bridge")?;
    let key = key(engine, &sources, &toolchain)?;
    let store = Store::new(settings);
    // Half of the digest names the folder; the whole of it is in the record and compared.
    let name = format!("{}-{}", engine.name, &key[..32]);
    let place = store.bridges().join(&name);

    let of_engine = || usable(&place, &key).filter(|it| it.engine.provenance == engine.provenance);
    if let Some(bridge) = of_engine() {
        log.step(&format!(
            "bridge for {}: using {}",
            engine.name,
            place.display()
        ));
        return Ok(bridge);
    }
    let _lock = store.lock(&name, log)?;
    if let Some(bridge) = of_engine() {
        return Ok(bridge);
    }
    let staging = store.staging()?;
    let finished = staging.path().join("bridge");
    store::private_folder(&finished)?;
    // The same engine may be there by another name, or from another place.
    let same = folders(&store).iter().find_map(|it| usable(it, &key));
    let made = match same {
        Some(bridge) => {
            let folder = bridge.directory.display();
            log.step(&format!("bridge for {}: as in {folder}", engine.name));
            bridge.library()
        }
        None => {
            let count = sources.units.len();
            log.step(&format!(
                "bridge for {}: compiling {count} files",
                engine.name
            ));
            let output = store.logs().join(format!("bridge-{name}.log"));
            let work = staging.path();
            let linked = work.join(LIBRARY);
            compile::build(engine, &sources, &toolchain, work, &linked, &output)?;
            linked
        }
    };
    // A linker writes here and there, and the page cache keeps what it wrote in small pieces. Copied, as an
    // installed library is, it lies there in large ones, and every process that is started with it needs fewer
    // page faults.
    let library = finished.join(LIBRARY);
    fs::copy(&made, &library).map_err(Error::io("create", &library))?;

    let bridge = Bridge::describe(engine, &sources, &key, &finished)?;
    bridge.write()?;
    store::install(&finished, &place, &staging)?;
    prune(&store, &engine.name, &name);
    Bridge::read(&place)
}

/// The bridges in the store that are whole, one for each engine, the newest engine first; with a digest, only those made of
/// those sources.
///
/// This is what a program uses at run time to list the engines that it can run on: it compiles nothing.
pub fn installed_bridges(settings: &Settings, sources_digest: Option<&str>) -> Vec<Bridge> {
    let mut found: Vec<(SystemTime, Bridge)> = folders(&Store::new(settings))
        .into_iter()
        .filter_map(|folder| Some((last_use(&folder), Bridge::read(&folder).ok()?)))
        .filter(|(_, bridge)| sources_digest.is_none_or(|digest| digest == bridge.sources_digest))
        .collect();
    // The one used last of each engine: there may be others, of another compiler or of a source that has changed since.
    found.sort_by_key(|(used, _)| Reverse(*used));
    let mut bridges: Vec<Bridge> = Vec::new();
    for (_, bridge) in found {
        if !bridges
            .iter()
            .any(|it| it.engine.name == bridge.engine.name)
        {
            bridges.push(bridge);
        }
    }
    bridges.sort_by_key(|it| {
        (
            Reverse(version_numbers(&it.engine.version)),
            it.engine.name.clone(),
        )
    });
    bridges
}

/// Everything that decides what the library holds. No path of this machine is part of it: the same inputs in another
/// checkout give the same key.
fn key(engine: &Engine, sources: &Sources, toolchain: &Toolchain) -> Result<String, Error> {
    let mut digest = PartsDigest::default();
    digest.add("sources", sources.digest.as_bytes());
    // Where an engine comes from changes nothing in the library: the same one may come from several places.
    let manifest = Manifest {
        provenance: None,
        ..engine.manifest.clone()
    };
    digest.add("engine.json", manifest.to_text().as_bytes());
    for library in engine.static_libraries() {
        let name = library
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        digest.add(&name, blake3_file(&library)?.as_bytes());
    }
    digest.add("compiler", toolchain.cxx_version.as_bytes());
    digest.add("linker", toolchain.linker_version.as_bytes());
    for flag in compile::fixed_flags() {
        digest.add("flag", flag.as_bytes());
    }
    for library in libraries::arguments(engine, toolchain) {
        digest.add("library", library.as_bytes());
    }
    Ok(digest.finish())
}

/// The bridge in a folder, if it is whole and was made with this key. Using it is noted, so that it is not pruned.
fn usable(place: &Path, key: &str) -> Option<Bridge> {
    let bridge = Bridge::read(place)
        .ok()
        .filter(|bridge| bridge.key == key)?;
    if blake3_file(&bridge.library()).ok()? != bridge.blake3 {
        return None;
    }
    let _ = File::open(place.join(record::FILE_NAME))
        .and_then(|file| file.set_modified(SystemTime::now()));
    Some(bridge)
}

/// The folders of all bridges of an engine.
pub fn bridges_of(store: &Store, engine: &str) -> Vec<PathBuf> {
    folders(store)
        .into_iter()
        .filter(|folder| Bridge::read(folder).is_ok_and(|bridge| bridge.engine.name == engine))
        .collect()
}

/// Removes the bridges of an engine that were not used for the longest time. Failing to is not worth an error.
fn prune(store: &Store, engine: &str, keep: &str) {
    let mut by_use: BTreeMap<(SystemTime, PathBuf), ()> = bridges_of(store, engine)
        .into_iter()
        .filter(|folder| folder.file_name().is_some_and(|name| name != keep))
        .map(|folder| ((last_use(&folder), folder), ()))
        .collect();
    while by_use.len() >= KEPT {
        if let Some(((_, folder), ())) = by_use.pop_first() {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

fn folders(store: &Store) -> Vec<PathBuf> {
    let entries = fs::read_dir(store.bridges())
        .into_iter()
        .flatten()
        .flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect()
}

fn last_use(folder: &Path) -> SystemTime {
    let modified = fs::metadata(folder.join(record::FILE_NAME)).and_then(|data| data.modified());
    modified.unwrap_or(SystemTime::UNIX_EPOCH)
}

fn version_numbers(version: &str) -> Vec<u64> {
    version
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

#[cfg(test)]
mod tests;
