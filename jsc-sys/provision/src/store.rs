//! The store: where engines, bridges, sources and build trees are kept.
//!
//! ```text
//! $XDG_CACHE_HOME/jsc-harness/
//!   engines/<name>/          unpacked engines
//!   bridges/<name>-<key>/    libjsc_bridge.so, bridge.json
//!   sources/                 release tarballs, checked
//!   build/<name>/            a build from source while it is under way; those of named trees and repositories stay
//!   ccache/                  objects that builds share
//!   logs/                    output of compilers and builds
//!   apt/                     private state of apt-get
//!   locks/  staging/         one worker at a time; what is not finished yet
//! ```

mod lock;
mod staging;

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

pub(crate) use lock::Lock;
pub(crate) use staging::Staging;

use crate::{Error, Log, Settings};

/// A store on disk. Nothing in it is worth a backup: all of it can be made again.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// The store of these settings. Nothing is created yet.
    pub fn new(settings: &Settings) -> Store {
        Store {
            root: settings.store.clone(),
        }
    }

    /// The root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of an unpacked engine.
    pub fn engine(&self, name: &str) -> PathBuf {
        self.engines().join(name)
    }

    /// The folder that holds the bridges of all engines.
    pub fn bridges(&self) -> PathBuf {
        self.root.join("bridges")
    }

    /// The folder of source tarballs.
    pub fn sources(&self) -> PathBuf {
        self.root.join("sources")
    }

    /// The folder in which an engine is built.
    pub fn build(&self, name: &str) -> PathBuf {
        self.builds().join(name)
    }

    /// The folder that holds the build folders of all engines.
    pub fn builds(&self) -> PathBuf {
        self.root.join("build")
    }

    /// The folder that holds the unpacked engines.
    pub fn engines(&self) -> PathBuf {
        self.root.join("engines")
    }

    /// The folder in which ccache keeps what builds share.
    pub fn ccache(&self) -> PathBuf {
        self.root.join("ccache")
    }

    /// The folder of logs.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// The folder of apt-get's private state.
    pub fn apt(&self) -> PathBuf {
        self.root.join("apt")
    }

    /// Takes the lock on a thing that only one process may make at a time; waits for another one, saying so.
    pub(crate) fn lock(&self, what: &str, log: &mut dyn Log) -> Result<Lock, Error> {
        Lock::take(&private_folder(&self.root.join("locks"))?, what, log)
    }

    /// A folder in which something is made before it is moved to its place in one step.
    pub(crate) fn staging(&self) -> Result<Staging, Error> {
        Staging::new(&private_folder(&self.root.join("staging"))?)
    }
}

/// Creates a folder that only its owner may enter, with its parents; an existing one is left as it is.
pub(crate) fn private_folder(path: &Path) -> Result<PathBuf, Error> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(Error::io("create", path))?;
    Ok(path.to_path_buf())
}

/// Moves a finished folder to its place. What was there is removed first.
///
/// There is an instant with nothing at the place; the callers hold the lock that every other maker of it takes.
pub(crate) fn install(finished: &Path, place: &Path, staging: &Staging) -> Result<(), Error> {
    fs::set_permissions(finished, fs::Permissions::from_mode(0o700))
        .map_err(Error::io("change", finished))?;
    if let Some(parent) = place.parent() {
        private_folder(parent)?;
    }
    if place.symlink_metadata().is_ok() {
        let old = staging.path().join("replaced");
        fs::rename(place, &old).map_err(Error::io("replace", place))?;
    }
    fs::rename(finished, place).map_err(Error::io("create", place))
}

#[cfg(test)]
mod tests;
