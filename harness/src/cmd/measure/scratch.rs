//! A directory for the generated files and the caches of one run.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use tempfile::TempDir;

use crate::Error;

/// How all of them are called.
const PREFIX: &str = "run-";

/// A directory that goes away with this value. When this program is killed, the next run removes it.
#[derive(Debug)]
pub struct Scratch {
    directory: TempDir,
    /// Held as long as the directory is in use.
    _lock: File,
}

impl Scratch {
    /// A new directory beside the engines: on a disk, where `/tmp` may be memory.
    pub fn new() -> Result<Self, Error> {
        let store = jsc_provision::Settings::from_env()?.store;
        Self::below(&store.join("measure")).map_err(|source| Error::TemporaryDirectory {
            parent: store,
            source,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    fn below(parent: &Path) -> io::Result<Self> {
        fs::create_dir_all(parent)?;
        // So that nobody takes a directory that is not locked yet for one that was left behind.
        let whole = File::open(parent)?;
        flock(&whole, FlockOperation::LockExclusive)?;
        for left in left_behind(parent)? {
            // A worker of the run that was killed may still be at it; the next run tries again.
            let _ = fs::remove_dir_all(left);
        }
        let directory = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        let lock = File::open(directory.path())?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Self {
            directory,
            _lock: lock,
        })
    }
}

/// Directories that no process uses any more.
fn left_behind(parent: &Path) -> io::Result<Vec<PathBuf>> {
    let mut left = Vec::new();
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        let path = entry.path();
        let ours = entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(PREFIX.as_bytes());
        let unused = ours
            && path.is_dir()
            && File::open(&path)
                .is_ok_and(|file| flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok());
        if unused {
            left.push(path);
        }
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_behind_is_removed_and_what_is_in_use_is_not() {
        let parent = tempfile::tempdir().unwrap();
        let old = parent.path().join("run-old/cache");
        fs::create_dir_all(&old).unwrap();
        let first = Scratch::below(parent.path()).unwrap();
        assert!(!old.exists());
        fs::write(first.path().join("file"), "x").unwrap();
        let second = Scratch::below(parent.path()).unwrap();
        assert!(first.path().join("file").exists());
        let path = first.path().to_owned();
        drop(first);
        assert!(!path.exists() && second.path().exists());
    }
}
