//! Why an engine cannot be run on.

use std::io;
use std::path::PathBuf;

/// Why an engine cannot be run on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The loaded library cannot be used.
    #[error(transparent)]
    Engine(#[from] engine::Error),
    /// No installed engine has the name or version that was asked for.
    #[error("no engine `{wanted}`; installed: {}; hint: jsc-harness engine list shows what can be built, jsc-harness engine build NAME builds it", list(.installed))]
    NoSuchEngine {
        /// What was asked for.
        wanted: String,
        /// The names that would have been found.
        installed: Vec<String>,
    },
    /// The process was started again for an engine, and another one was loaded.
    #[error("asked for engine {wanted}, but {} was loaded; is LD_PRELOAD set?", .loaded.display())]
    WrongEngineLoaded {
        /// The engine's name.
        wanted: String,
        /// The library that is there.
        loaded: PathBuf,
    },
    /// The library is not the file that was built: its build-id differs from the record beside it.
    #[error("{} has build-id {found}, its record says {recorded}; hint: remove its folder and run cargo xtask setup", .library.display())]
    BuildId {
        library: PathBuf,
        /// The build-id of the loaded image.
        found: String,
        /// The build-id in `bridge.json`.
        recorded: String,
    },
    /// The engines in the store could not be read.
    #[error(transparent)]
    Provision(#[from] jsc_provision::Error),
    /// This program could not start itself.
    #[error("cannot run {}: {source}", .program.display())]
    Spawn { program: PathBuf, source: io::Error },
    /// An engine's process said something else than its identity.
    #[error("engine {engine} could not be asked for its identity: {reason}")]
    EngineIdentity {
        /// The engine's name.
        engine: String,
        reason: String,
    },
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
