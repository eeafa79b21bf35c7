//! Saving an entry.

use std::collections::hash_map::RandomState;
use std::ffi::CString;
use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::miss::miss;
use crate::{Miss, VerifiedEntry};

use super::directory::Directory;
use super::name::TEMPORARY_PREFIX;
use super::{Access, EntryName, Store};

/// A temporary file that is older than this was left by a process that died. Writing one takes milliseconds.
const TEMPORARY_FILE_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// What became of an entry that was to be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is there for the next run.
    Written {
        /// Size of its file.
        bytes: u64,
    },
    /// The store is used read-only; nothing was done.
    ReadOnly,
}

impl Store {
    /// Writes an entry, replacing one of the same name. On an error nothing is left behind.
    pub fn save(&self, entry: &VerifiedEntry) -> Result<Saved, Miss> {
        if self.access == Access::ReadOnly {
            return Ok(Saved::ReadOnly);
        }
        let directory = self.swept()?;
        let name = EntryName::new(entry.module_key(), entry.source_hash(), &entry.identity());
        let bytes = entry.as_bytes();
        self.publish(directory, &name.to_string(), bytes)?;
        Ok(Saved::Written {
            bytes: bytes.len() as u64,
        })
    }

    /// Writes a file of format 1 beside the entry of the same module. On an error nothing is left behind.
    pub fn save_v1(&self, name: &EntryName, bytes: &[u8]) -> Result<(), Miss> {
        self.publish(self.writable()?, &name.v1(), bytes)
    }

    /// The directory, from which old temporaries were removed once.
    pub(super) fn swept(&self) -> Result<&Directory, Miss> {
        let directory = self.writable()?;
        self.swept.call_once(|| {
            // What cannot be swept is in nobody's way.
            let _ = sweep(directory, SystemTime::now());
        });
        Ok(directory)
    }

    fn publish(&self, directory: &Directory, name: &str, bytes: &[u8]) -> Result<(), Miss> {
        publish(directory, name, bytes)
            .map_err(|error| miss!(Io, "cannot write {}/{name}: {error}", self.path.display()))
    }
}

/// Removes temporary files that no living process writes; gives their number and bytes.
pub(super) fn sweep(directory: &Directory, now: SystemTime) -> Result<(u64, u64), Miss> {
    let (mut files, mut bytes) = (0, 0);
    for name in directory.entries()? {
        if !name.to_bytes().starts_with(TEMPORARY_PREFIX.as_bytes()) {
            continue;
        }
        let Some(status) = directory.status(&name) else {
            continue;
        };
        let modified = u64::try_from(status.st_mtime).unwrap_or(0);
        // A time in the future has no age: a clock that was set back must not cost a file that is being written.
        let age = now.duration_since(UNIX_EPOCH + Duration::from_secs(modified));
        if age.is_ok_and(|age| age > TEMPORARY_FILE_LIFETIME) {
            directory.remove(&name)?;
            files += 1;
            bytes += status.st_size as u64;
        }
    }
    Ok((files, bytes))
}

pub(super) fn publish(directory: &Directory, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = Temporary::create(directory)?;
    temporary.file.write_all(bytes)?;
    directory.rename(&temporary.name, name)?;
    temporary.renamed = true;
    Ok(())
}

/// A file under a temporary name, which is removed unless it was renamed.
struct Temporary<'a> {
    directory: &'a Directory,
    name: String,
    file: File,
    renamed: bool,
}

impl<'a> Temporary<'a> {
    fn create(directory: &'a Directory) -> io::Result<Self> {
        const ATTEMPTS: usize = 16;
        let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
        for _ in 0..ATTEMPTS {
            let name = format!("{TEMPORARY_PREFIX}{:016x}", random());
            match directory.create_file(&name) {
                Ok(file) => {
                    return Ok(Self {
                        directory,
                        name,
                        file,
                        renamed: false,
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
                Err(error) => return Err(error),
            }
        }
        Err(taken)
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if self.renamed {
            return;
        }
        if let Ok(name) = CString::new(self.name.as_str()) {
            // The error that brought us here is the one to report.
            let _ = self.directory.remove(&name);
        }
    }
}

/// A number that no other process or thread is likely to use; exclusive creation is what makes it safe.
fn random() -> u64 {
    RandomState::new().hash_one((std::process::id(), SystemTime::now()))
}
