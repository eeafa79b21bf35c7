//! The engines on this machine, and running on another one than the program was linked to.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use jsc_provision::{Bridge, Provenance, Settings, installed_bridges, pins};
use serde::Serialize;

use engine::{Engine, EngineBuild};

use crate::environment::kept_environment;
use crate::error::Error;

/// Set when the program has started itself again for an engine, so that it does so once at most.
const RESTARTED_FOR: &str = "HARNESS_RESTARTED_FOR_ENGINE";

/// An engine that this program can run on, as `engine list` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InstalledEngine {
    /// Name of the build.
    pub name: String,
    /// The WebKitGTK release.
    pub version: String,
    /// See [`EngineBuild::fingerprint`]; asked of the engine itself.
    pub fingerprint: String,
    /// GNU build-id (hex).
    pub build_id: String,
    /// The build options that are on.
    pub features: Vec<String>,
    /// The compiler that made it.
    pub compiler: String,
    /// The arguments that CMake was given, without folders.
    pub cmake_args: Vec<String>,
    /// See [`EngineBuild::capabilities`].
    pub capabilities: Vec<String>,
    /// Where its `libjsc_bridge.so` lies.
    pub directory: PathBuf,
    /// Whether it is the pinned default.
    pub default: bool,
    /// Where it comes from, if it is not one of `engines.toml`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
}

impl InstalledEngine {
    /// Whether JSC's assertions are compiled in. Such an engine measures them too.
    pub fn has_assertions(&self) -> bool {
        self.capabilities.iter().any(|it| it == "assertions")
    }
}

/// Every pinned engine whose bridge was made of the sources that this program was built with, the newest first. Engines of
/// the user's own are asked for by name: one of them may be broken by intention.
pub fn pinned() -> Result<Vec<InstalledEngine>, Error> {
    let bridges = bridges()?;
    let pinned = bridges.iter().filter(|it| it.engine.provenance.is_none());
    pinned.map(ask).collect()
}

/// What entries of the installed engines were made by.
pub fn cache_identities() -> Result<Vec<jsc_module_cache::Identity>, Error> {
    bridges()?
        .iter()
        .map(|bridge| Ok(ask_build(bridge)?.identity()))
        .collect()
}

/// The installed engine with this name or version.
pub fn find(wanted: &str) -> Result<InstalledEngine, Error> {
    ask(&find_bridge(wanted)?)
}

/// The pinned default, or the newest one that is installed.
pub fn default() -> Result<InstalledEngine, Error> {
    let version = pins::default_version();
    let bridges = bridges()?;
    let bridge = bridges
        .iter()
        .find(|bridge| is_pinned(bridge, version))
        .or(bridges.first());
    match bridge {
        Some(bridge) => ask(bridge),
        None => find(version),
    }
}

/// The engine that this process runs on.
#[derive(Debug)]
pub struct Loaded {
    pub engine: Engine,
    /// Its name in `engine list`.
    pub name: String,
}

/// Sets up the engine that is asked for; without a wish, the one that the loader found.
///
/// When that is another than the loaded one, the process is replaced by this same program with the wanted engine's
/// directory first in the library path, and this function does not return.
pub fn load(wanted: Option<&str>) -> Result<Loaded, Error> {
    let engine = Engine::new()?;
    let (library, build_id) = engine.library();
    let loaded = library.parent().map(Path::to_path_buf).unwrap_or_default();
    let bridge = match wanted {
        Some(wanted) => find_bridge(wanted)?,
        None => Bridge::read(&loaded)?,
    };
    if !same_directory(&bridge.directory, &loaded) {
        if env::var_os(RESTARTED_FOR).is_some() {
            return Err(Error::WrongEngineLoaded {
                wanted: bridge.engine.name,
                loaded: library,
            });
        }
        return Err(restart(&bridge));
    }
    if build_id != bridge.build_id {
        return Err(Error::BuildId {
            library,
            found: build_id,
            recorded: bridge.build_id,
        });
    }
    Ok(Loaded {
        engine,
        name: bridge.engine.name,
    })
}

/// This program, or another one, on an engine, with no more of this process's environment than a worker needs.
pub fn program_on(engine: &InstalledEngine, program: Option<&Path>) -> Result<Command, Error> {
    let program = match program {
        Some(program) => program.to_owned(),
        None => env::current_exe().map_err(|source| Error::Spawn {
            program: PathBuf::from("/proc/self/exe"),
            source,
        })?,
    };
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(kept_environment())
        .env("LD_LIBRARY_PATH", library_path(&engine.directory))
        // Another engine than this one would be an error then, not a second start.
        .env(RESTARTED_FOR, &engine.name);
    Ok(command)
}

/// Replaces this process; returns only to say why that failed.
fn restart(bridge: &Bridge) -> Error {
    let program = match env::current_exe() {
        Ok(program) => program,
        Err(source) => {
            return Error::Spawn {
                program: PathBuf::from("/proc/self/exe"),
                source,
            };
        }
    };
    let source = Command::new(&program)
        .args(env::args_os().skip(1))
        .env("LD_LIBRARY_PATH", library_path(&bridge.directory))
        .env(RESTARTED_FOR, &bridge.engine.name)
        .exec();
    Error::Spawn { program, source }
}

/// The engine of a bridge, which is started to say who it is.
pub fn ask(bridge: &Bridge) -> Result<InstalledEngine, Error> {
    let build = ask_build(bridge)?;
    let engine = &bridge.engine;
    Ok(InstalledEngine {
        name: engine.name.clone(),
        version: engine.version.clone(),
        fingerprint: build.fingerprint,
        build_id: build.build_id,
        features: engine
            .features
            .iter()
            .filter(|(_, value)| *value == "ON")
            .map(|(name, _)| name.clone())
            .collect(),
        compiler: engine.compiler.clone(),
        cmake_args: engine.cmake_args.clone(),
        capabilities: build.capabilities,
        directory: bridge.directory.clone(),
        default: is_pinned(bridge, pins::default_version()),
        provenance: engine.provenance.clone(),
    })
}

/// Starts this program on the engine and has it say who it is: a file beside a library can lie, the library cannot.
fn ask_build(bridge: &Bridge) -> Result<EngineBuild, Error> {
    let program = env::current_exe().map_err(|source| Error::Spawn {
        program: "/proc/self/exe".into(),
        source,
    })?;
    let wrong = |reason: String| Error::EngineIdentity {
        engine: bridge.engine.name.clone(),
        reason,
    };
    let output = Command::new(&program)
        .args(["engine", "identity"])
        .env("LD_LIBRARY_PATH", library_path(&bridge.directory))
        .output()
        .map_err(|source| Error::Spawn {
            program: program.clone(),
            source,
        })?;
    if !output.status.success() {
        return Err(wrong(format!(
            "{}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        )));
    }
    let build: EngineBuild = serde_json::from_slice(&output.stdout)
        .map_err(|error| wrong(format!("unreadable answer: {error}")))?;
    if build.build_id != bridge.build_id {
        return Err(Error::BuildId {
            library: build.library,
            found: build.build_id,
            recorded: bridge.build_id.clone(),
        });
    }
    if build.version != bridge.engine.version {
        return Err(wrong(format!(
            "the library is JSC {}, its record says {}",
            build.version, bridge.engine.version
        )));
    }
    Ok(build)
}

/// Whether a bridge holds the pinned engine of this version: a fork may state any version.
fn is_pinned(bridge: &Bridge, version: &str) -> bool {
    bridge.engine.version == version && bridge.engine.provenance.is_none()
}

/// The bridges that this program can be run with, the newest engine first, those of the user's own among them.
pub fn bridges() -> Result<Vec<Bridge>, Error> {
    let settings = Settings::from_env()?;
    Ok(installed_bridges(
        &settings,
        Some(jsc_sys::BRIDGE_SOURCES_DIGEST),
    ))
}

fn find_bridge(wanted: &str) -> Result<Bridge, Error> {
    let bridges = bridges()?;
    let installed = bridges
        .iter()
        .map(|bridge| bridge.engine.name.clone())
        .collect();
    let by_name = bridges
        .iter()
        .position(|bridge| bridge.engine.name == wanted);
    let by_version = || bridges.iter().position(|bridge| is_pinned(bridge, wanted));
    let place = by_name.or_else(by_version);
    place
        .map(|place| bridges[place].clone())
        .ok_or_else(|| Error::NoSuchEngine {
            wanted: wanted.to_owned(),
            installed,
        })
}

fn library_path(directory: &Path) -> OsString {
    let mut path = directory.as_os_str().to_owned();
    if let Some(rest) = env::var_os("LD_LIBRARY_PATH").filter(|rest| !rest.is_empty()) {
        path.push(":");
        path.push(rest);
    }
    path
}

fn same_directory(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
