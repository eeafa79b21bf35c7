//! Mapping a file into memory: the one place of the cache that needs `unsafe`.

use std::fs::File;

use memmap2::Mmap;

use crate::cache::miss::miss;
use crate::cache::{EntryBytes, Miss};

/// Maps the first `length` bytes of a file, read-only.
pub(super) fn map(file: &File, length: u64, name: &str) -> Result<EntryBytes, Miss> {
    if length == 0 {
        // The system maps no empty file, and there is nothing to map.
        return EntryBytes::copy_of(&[]).map_err(|error| miss!(Io, "cannot map {name}: {error}"));
    }
    let mut options = memmap2::MmapOptions::new();
    options.len(length as usize);
    // SAFETY: the mapping is private and read-only, and the bytes are plain. That they do not change is not ours to
    // prove: it rests on the store's rules (only the user may write here, and this program replaces files and never
    // changes one), which is why reading is the default and mapping is asked for, see `Loading::Map`.
    #[allow(unsafe_code)]
    let mapping: std::io::Result<Mmap> = unsafe { options.map_copy_read_only(file) };
    Ok(mapping
        .map_err(|error| miss!(Io, "cannot map {name}: {error}"))?
        .into())
}
