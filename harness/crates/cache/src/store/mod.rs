//! The store: one directory of entries, one file each.
//!
//! What is trusted, and why. An entry is code, and its checksum is not a signature, so the store takes entries only from
//! where nobody but the user could have put them: a directory that is not a link, belongs to the user and is closed to
//! everyone else (`mode & 077 == 0`); in it, regular files that belong to the user and that no one else may write,
//! opened without following links. Links in the path above the directory are the user's own business. A directory that
//! fails this is refused as a whole: nothing is read or written, and every module misses as `untrusted`.
//!
//! Many processes may use a store at once. A file is written under a temporary name and renamed, never changed in
//! place, so a reader has an old or a new file and never half of one. Nothing is synced to disk: what a power failure
//! leaves is `truncated` or `checksum`, and is made again.

mod clear;
mod directory;
mod gc;
mod index;
mod load;
mod name;
mod pack;
mod save;

pub use clear::Cleared;
pub use gc::{GcPolicy, GcReport, ModuleState, Tally};
pub use load::read_file;
pub use name::EntryName;
pub use pack::{OpenedPack, PackName};
pub use save::Saved;

use std::path::{Path, PathBuf};
use std::sync::{Once, OnceLock};

use super::Miss;
use crate::memory::Arena;
use directory::Directory;
use index::Index;

/// What a run may do with a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Create the directory, read entries, write new ones.
    ReadWrite,
    /// Read entries; change nothing whatsoever.
    ReadOnly,
}

/// How entries come into memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Loading {
    /// Map large files, read small ones: whichever is cheaper.
    #[default]
    Auto,
    /// Read into a private buffer before anything is checked: immune to whatever happens to the file.
    Read,
    /// Map the file. Cheaper for large entries, but a process of the same user that truncates a file in place raises
    /// SIGBUS in its readers, and one that changes a file in place changes what was checked. The store itself never
    /// does either.
    Map,
}

/// A directory of entries.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    access: Access,
    loading: Loading,
    directory: Result<Directory, Miss>,
    /// What is read comes to lie here.
    arena: Arena,
    /// What there was when a module first had no entry; made once a run.
    index: OnceLock<Index>,
    /// Old temporary files are removed before the first write.
    swept: Once,
}

impl Store {
    /// Opens a store; with [`Access::ReadWrite`] its directory is created, mode 0700, when it does not exist.
    ///
    /// This cannot fail: a directory that cannot be used gives a store whose every load misses, and
    /// [`Store::refusal`] says why, to be said once.
    pub fn open(path: &Path, access: Access, loading: Loading) -> Self {
        let directory = match access {
            Access::ReadWrite => Directory::create_or_open(path),
            Access::ReadOnly => Directory::open(path),
        };
        Self {
            path: path.to_owned(),
            access,
            loading,
            directory,
            arena: Arena::default(),
            index: OnceLock::new(),
            swept: Once::new(),
        }
    }

    /// Why the directory as a whole cannot be used: `absent`, `untrusted` or `io`.
    pub fn refusal(&self) -> Option<&Miss> {
        self.directory.as_ref().err()
    }

    /// Whether files may be written: it was opened for that, and its directory can be used.
    pub fn is_writable(&self) -> bool {
        self.access == Access::ReadWrite && self.directory.is_ok()
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of all entries, sorted; none for a directory that cannot be used.
    ///
    /// Errors: `io` when the directory cannot be listed.
    pub fn names(&self) -> Result<Vec<EntryName>, Miss> {
        let mut names: Vec<_> = self
            .usable()?
            .file_names()?
            .iter()
            .filter_map(|name| EntryName::parse(name))
            .collect();
        names.sort_unstable();
        Ok(names)
    }

    fn usable(&self) -> Result<&Directory, Miss> {
        self.directory.as_ref().map_err(Miss::clone)
    }

    /// The directory, for changing what is in it.
    fn writable(&self) -> Result<&Directory, Miss> {
        if self.access == Access::ReadOnly {
            return Err(super::miss::miss!(
                Io,
                "{} is used read-only",
                self.path.display()
            ));
        }
        self.usable()
    }
}
