//! Files mapped into memory.

use std::fs::File;
use std::io;

use memmap2::{Mmap, MmapOptions};

/// Maps the first `length` bytes of a file, private and read-only.
///
/// Whoever calls this answers for the file: one that is truncated in place while it is mapped raises SIGBUS in its
/// reader, and one that is changed in place may change what was read. The cache's store replaces files and never changes
/// one, and takes them from a directory that only the user may write to.
pub fn map_file(file: &File, length: usize) -> io::Result<Mmap> {
    // SAFETY: the mapping is private and read-only and its bytes are plain; that they stay as they are rests on the
    // rules above.
    unsafe { MmapOptions::new().len(length).map_copy_read_only(file) }
}
