//! The one error type of this crate: why a command could not run (exit code 4) or was asked wrongly.

use std::io;
use std::path::PathBuf;

use crate::cache::Miss;
use crate::graph::resolve::ResolveError;

/// Why something could not be done. Errors of a loaded program are not here: they are an outcome.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The shared library that the loader found is not the one this program was built for.
    #[error(
        "{} speaks bridge ABI {found}, this program needs {expected}; make it anew: cargo xtask setup",
        .library.display()
    )]
    BridgeAbi {
        /// The library.
        library: PathBuf,
        /// Its ABI.
        found: u32,
        /// Ours.
        expected: u32,
    },
    /// No installed engine has the name or version that was asked for.
    #[error("no engine `{wanted}`; installed: {}; another pinned version: cargo xtask engine build VERSION", list(.installed))]
    NoSuchEngine {
        /// What was asked for.
        wanted: String,
        /// The names that would have been found.
        installed: Vec<String>,
    },
    /// The process was started anew for an engine, and another one was loaded.
    #[error("asked for engine {wanted}, but {} was loaded; is LD_PRELOAD set?", .loaded.display())]
    WrongEngineLoaded {
        /// The engine's name.
        wanted: String,
        /// The library that is there.
        loaded: PathBuf,
    },
    /// The library is not the file that was built: its build-id differs from the record beside it.
    #[error("{} has build-id {found}, its record says {recorded}; remove its folder and run: cargo xtask setup", .library.display())]
    BuildId {
        /// The library.
        library: PathBuf,
        /// The build-id of the loaded image.
        found: String,
        /// The build-id in `bridge.json`.
        recorded: String,
    },
    /// The engines in the store could not be read.
    #[error(transparent)]
    Provision(#[from] jsc_provision::Error),
    /// The entry of a run cannot be loaded at all.
    #[error("{0}")]
    Entry(ResolveError),
    /// This program could not start itself.
    #[error("cannot run {}: {source}", .program.display())]
    Spawn {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An engine's process said something else than its identity.
    #[error("engine {engine} could not be asked for its identity: {reason}")]
    EngineIdentity {
        /// The engine's name.
        engine: String,
        /// What happened.
        reason: String,
    },
    /// A file that a flag names cannot be written.
    #[error("cannot write {flag} {}: {source}", .path.display())]
    Write {
        /// The flag.
        flag: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A cache file that a command names cannot be read.
    #[error("cannot read cache file {}: {miss}", .path.display())]
    CacheFile {
        /// The file.
        path: PathBuf,
        /// Why.
        miss: Miss,
    },
    /// A store that a command names cannot be used.
    #[error("cannot use cache directory {}: {miss}", .directory.display())]
    CacheDirectory {
        /// The store's directory.
        directory: PathBuf,
        /// Why.
        miss: Miss,
    },
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
