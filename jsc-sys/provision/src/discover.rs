//! Where an engine comes from: the whole policy.

mod attempts;

use std::path::Path;

pub use attempts::Attempts;

use crate::archive::{self, Compression};
use crate::archive_origin;
use crate::engine::{Manifest, check_fit, unverified_name};
use crate::pack::EXTENSION;
use crate::pins::Prebuilt;
use crate::prebuilt;
use crate::store::{self, Store};
use crate::target::Machine;
use crate::{Engine, Error, Log, Settings, build, digest, pins};

const BUILD_HINT: &str =
    "hint: build it once (about 21 minutes on 2 cores):  cargo xtask engine build {version}\n";
const SOURCE_HINT: &str = "hint: fetch the release's tarball elsewhere, then:  \
                           JSCSYS_SOURCE=/path/to/tarball cargo xtask engine build {version}\n";
const ARCHIVES_HINT: &str = "hint: or use a folder of packed engines:            JSCSYS_ARCHIVE_DIR=/path/to/archives cargo xtask setup\n";

/// Provides an engine of a pinned version: the first of these that applies.
///
/// 1. `JSCSYS_ENGINE_DIR`: an unpacked engine;
/// 2. `JSCSYS_ARCHIVE`: a packed one;
/// 3. `JSCSYS_ARCHIVE_DIR`: a folder of packed ones;
/// 4. the store;
/// 5. the archive that `engines.toml` names for this target, if it names one: downloaded, and checked;
/// 6. a build from source, which takes about 21 minutes on 2 cores.
///
/// What is named explicitly and cannot be used is an error. What is only a default and cannot be used costs a warning,
/// and the next step is tried. Each step is logged with the reason why it does or does not apply.
pub fn provide_engine(
    version: &str,
    settings: &Settings,
    log: &mut dyn Log,
) -> Result<Engine, Error> {
    let wanted = Wanted::new(version, settings)?;
    let mut attempts = Attempts::default();
    if let Some(engine) = without_build(&wanted, settings, log, &mut attempts)? {
        return Ok(engine);
    }
    if settings.no_build {
        attempts.add("a build from source", "refused: JSCSYS_NO_BUILD is set");
        return Err(wanted.not_found(attempts, BUILD_HINT));
    }
    log.step(&format!(
        "  a build from source: nothing else is left; it takes {}",
        build::expected_duration()
    ));
    match build::build_engine(version, settings, log) {
        Err(Error::NoSource {
            attempts: sources, ..
        }) => {
            attempts.add("a build from source", "its source could not be had");
            attempts.append(sources);
            Err(wanted.not_found(attempts, SOURCE_HINT))
        }
        built => built,
    }
}

/// Provides an engine as [`provide_engine`] does, but never builds one: `None` when that would be needed.
pub fn find_engine(
    version: &str,
    settings: &Settings,
    log: &mut dyn Log,
) -> Result<Option<Engine>, Error> {
    let wanted = Wanted::new(version, settings)?;
    without_build(&wanted, settings, log, &mut Attempts::default())
}

fn without_build(
    wanted: &Wanted,
    settings: &Settings,
    log: &mut dyn Log,
    attempts: &mut Attempts,
) -> Result<Option<Engine>, Error> {
    log.step(&format!("looking for the engine {}", wanted.name));
    let mut steps: Vec<(&str, Step)> = vec![
        ("JSCSYS_ENGINE_DIR", named_folder),
        ("JSCSYS_ARCHIVE", named_archive),
        ("JSCSYS_ARCHIVE_DIR", folder_of_archives),
        ("the store", in_the_store),
    ];
    if wanted.prebuilt.is_some() {
        steps.push(("prebuilt, in engines.toml", prebuilt_archive));
    }
    for (name, step) in steps {
        match step(wanted, settings, log)? {
            Outcome::Found(engine) => {
                log.step(&format!("  {name}: using {}", engine.directory.display()));
                return Ok(Some(*engine));
            }
            Outcome::Passed(reason) => {
                log.step(&format!("  {name}: {reason}"));
                attempts.add(name, &reason);
            }
        }
    }
    Ok(None)
}

/// The engine that is looked for.
struct Wanted {
    version: String,
    machine: Machine,
    name: String,
    store: Store,
    prebuilt: Option<Prebuilt>,
}

/// How a step of the search ended, when it did not end in an error.
enum Outcome {
    Found(Box<Engine>),
    Passed(String),
}

type Step = fn(&Wanted, &Settings, &mut dyn Log) -> Result<Outcome, Error>;

fn named_folder(wanted: &Wanted, settings: &Settings, _: &mut dyn Log) -> Result<Outcome, Error> {
    let Some(folder) = &settings.engine_dir else {
        return Ok(unset());
    };
    let open = || -> Result<Outcome, Error> {
        let manifest = Manifest::read(folder)?;
        match wanted.is_other_version(&manifest) {
            Some(reason) => Ok(Outcome::Passed(reason)),
            None => found(Engine::open(folder, &wanted.machine)),
        }
    };
    open().map_err(named("JSCSYS_ENGINE_DIR"))
}

fn named_archive(
    wanted: &Wanted,
    settings: &Settings,
    log: &mut dyn Log,
) -> Result<Outcome, Error> {
    let Some(archive) = &settings.archive else {
        return Ok(unset());
    };
    wanted.unpack(archive, log).map_err(named("JSCSYS_ARCHIVE"))
}

fn folder_of_archives(
    wanted: &Wanted,
    settings: &Settings,
    log: &mut dyn Log,
) -> Result<Outcome, Error> {
    let Some(folder) = &settings.archive_dir else {
        return Ok(unset());
    };
    if let Err(error) = folder.read_dir() {
        return Err(named("JSCSYS_ARCHIVE_DIR")(Error::io("read", folder)(
            error,
        )));
    }
    let archive = folder.join(format!("{}{EXTENSION}", wanted.name));
    match archive.exists() {
        true => wanted
            .unpack(&archive, log)
            .map_err(named("JSCSYS_ARCHIVE_DIR")),
        false => Ok(Outcome::Passed(format!(
            "{} has no {}{EXTENSION}",
            folder.display(),
            wanted.name
        ))),
    }
}

fn in_the_store(wanted: &Wanted, settings: &Settings, log: &mut dyn Log) -> Result<Outcome, Error> {
    // An engine built from a tree that somebody named is used only while it is named.
    let name = match settings
        .source
        .as_ref()
        .is_some_and(|source| source.is_dir())
    {
        true => unverified_name(&wanted.name),
        false => wanted.name.clone(),
    };
    let folder = wanted.store.engine(&name);
    if !folder.exists() {
        return Ok(Outcome::Passed(format!("{name} is not there")));
    }
    match Engine::open(&folder, &wanted.machine) {
        Ok(engine) => Ok(Outcome::Found(Box::new(engine))),
        Err(error) => {
            log.warn(&format!("the engine in the store is passed over: {error}"));
            Ok(Outcome::Passed(format!(
                "{name} is there, but cannot be used"
            )))
        }
    }
}

/// An engine that cannot be had like this is built: it costs a warning, and time.
fn prebuilt_archive(
    wanted: &Wanted,
    settings: &Settings,
    log: &mut dyn Log,
) -> Result<Outcome, Error> {
    let Some(prebuilt) = &wanted.prebuilt else {
        return Ok(Outcome::Passed("none for this target".to_string()));
    };
    if settings.offline {
        let why = "not downloaded: JSCSYS_OFFLINE or CARGO_NET_OFFLINE is set";
        return Ok(Outcome::Passed(why.to_string()));
    }
    let engine =
        prebuilt::archive(&wanted.name, prebuilt, &wanted.store, log).and_then(|archive| {
            let unpacked = wanted.unpack(&archive, log);
            let _ = std::fs::remove_file(&archive);
            unpacked
        });
    engine.or_else(|error| {
        log.warn(&format!("the published engine is passed over: {error}"));
        Ok(Outcome::Passed(format!(
            "{} could not be used",
            prebuilt.url
        )))
    })
}

impl Wanted {
    fn new(version: &str, settings: &Settings) -> Result<Wanted, Error> {
        let pin = pins::pinned(version)?;
        let machine = settings.machine()?;
        let name = machine.engine_name(version);
        // An engine from somebody's own source is built, whatever others publish.
        let prebuilt = pin.prebuilt.get(&machine.target());
        let prebuilt = prebuilt.filter(|_| settings.source.is_none()).cloned();
        Ok(Wanted {
            version: version.to_string(),
            machine,
            name,
            store: Store::new(settings),
            prebuilt,
        })
    }

    fn is_other_version(&self, manifest: &Manifest) -> Option<String> {
        (manifest.version != self.version)
            .then(|| format!("names {}, not {}", manifest.version, self.version))
    }

    fn not_found(&self, attempts: Attempts, first_hint: &str) -> Error {
        Error::NotFound {
            version: self.version.clone(),
            name: self.name.clone(),
            attempts,
            hints: format!("{first_hint}{ARCHIVES_HINT}").replace("{version}", &self.version),
            store: self.store.root().to_path_buf(),
        }
    }

    /// Unpacks an archive into the store, unless the engine there came from this very archive.
    fn unpack(&self, archive: &Path, log: &mut dyn Log) -> Result<Outcome, Error> {
        let checksum = digest::sha256_file(archive)?;
        let place = self.store.engine(&self.name);
        if let Some(engine) = self.unpacked_before(&place, &checksum) {
            return Ok(Outcome::Found(Box::new(engine)));
        }
        let manifest = archive::read_manifest(archive)?;
        if let Some(reason) = self.is_other_version(&manifest) {
            return Ok(Outcome::Passed(reason));
        }
        check_fit(&manifest, &self.machine, archive)?;

        let _lock = self.store.lock(&self.name, log)?;
        // Whoever held the lock may have unpacked the same archive.
        if let Some(engine) = self.unpacked_before(&place, &checksum) {
            return Ok(Outcome::Found(Box::new(engine)));
        }
        log.step(&format!("  unpacking {}", archive.display()));
        let staging = self.store.staging()?;
        let unpacked = archive::unpack(archive, Compression::Zstd, staging.path())?;
        Engine::open(&unpacked, &self.machine)?;
        archive_origin::write(&unpacked, &checksum)?;
        store::install(&unpacked, &place, &staging)?;
        found(Engine::open(&place, &self.machine))
    }

    fn unpacked_before(&self, place: &Path, checksum: &str) -> Option<Engine> {
        let same = archive_origin::read(place).is_some_and(|origin| origin == checksum);
        same.then(|| Engine::open(place, &self.machine).ok())
            .flatten()
    }
}

fn unset() -> Outcome {
    Outcome::Passed("unset".to_string())
}

fn found(engine: Result<Engine, Error>) -> Result<Outcome, Error> {
    engine.map(|engine| Outcome::Found(Box::new(engine)))
}

fn named(variable: &'static str) -> impl FnOnce(Error) -> Error {
    move |cause| Error::Named {
        variable,
        cause: Box::new(cause),
    }
}

#[cfg(test)]
mod published;
#[cfg(test)]
mod tests;
