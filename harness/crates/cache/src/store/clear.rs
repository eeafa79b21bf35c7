//! Emptying a store.

use rustix::fs::FileType;
use serde::Serialize;

use crate::Miss;

use super::name::TEMPORARY_PREFIX;
use super::{EntryName, PackName, Store};

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Cleared {
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Other files that were left alone.
    pub foreign: u64,
}

impl Store {
    /// Removes all entries, files of format 1, packs and temporary files, and nothing else: what has another name, or is no
    /// regular file, is not ours.
    ///
    /// Errors: the store cannot be used or is read-only; a file cannot be removed.
    pub fn clear(&self) -> Result<Cleared, Miss> {
        let directory = self.writable()?;
        let mut cleared = Cleared::default();
        for name in directory.entries()? {
            let bytes = name.to_bytes();
            if bytes == b"." || bytes == b".." {
                continue;
            }
            let Some(status) = directory.status(&name) else {
                continue;
            };
            let ours = EntryName::parse(bytes).is_some()
                || EntryName::is_v1(bytes)
                || PackName::parse(bytes).is_some()
                || bytes.starts_with(TEMPORARY_PREFIX.as_bytes());
            let regular = FileType::from_raw_mode(status.st_mode) == FileType::RegularFile;
            if !(ours && regular) {
                cleared.foreign += 1;
                continue;
            }
            directory.remove(&name)?;
            cleared.files += 1;
            cleared.bytes += status.st_size as u64;
        }
        Ok(cleared)
    }
}
