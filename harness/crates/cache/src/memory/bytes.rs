//! The bytes of an entry in memory, aligned as JSC needs its bytecode.

use std::fmt;
use std::io;
use std::ops::Deref;

use memmap2::Mmap;
use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes, KnownLayout};

use super::{Arena, ArenaBuffer};
use crate::format::layout::SECTION_ALIGNMENT;

/// The bytes of one file, at an address that is a multiple of 16 and stays the same while this value lives, wherever the
/// value itself is moved to.
pub struct EntryBytes(Storage);

enum Storage {
    Buffer(Buffer),
    Mapping(Mmap),
}

impl EntryBytes {
    /// A copy of `bytes`.
    pub fn copy_of(bytes: &[u8]) -> io::Result<Self> {
        let mut buffer = Buffer::zeroed(bytes.len())?;
        buffer.as_mut_slice().copy_from_slice(bytes);
        Ok(buffer.into())
    }

    /// Whether these bytes are a mapped file, which others could still change, and not a private copy.
    pub fn is_mapped(&self) -> bool {
        matches!(self.0, Storage::Mapping(_))
    }
}

impl Deref for EntryBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Storage::Buffer(buffer) => buffer.as_slice(),
            Storage::Mapping(mapping) => mapping,
        }
    }
}

impl From<Buffer> for EntryBytes {
    fn from(buffer: Buffer) -> Self {
        Self(Storage::Buffer(buffer))
    }
}

impl From<Mmap> for EntryBytes {
    /// A mapping starts at a page, which is aligned more than enough.
    fn from(mapping: Mmap) -> Self {
        Self(Storage::Mapping(mapping))
    }
}

impl fmt::Debug for EntryBytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_mapped() {
            "mapped"
        } else {
            "buffered"
        };
        write!(out, "EntryBytes({} bytes, {kind})", self.len())
    }
}

/// A 16-byte aligned buffer to read a file into.
pub(crate) enum Buffer {
    /// In memory of its own.
    Own { blocks: Vec<Block>, length: usize },
    /// In an arena.
    Shared(ArenaBuffer),
}

#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C, align(16))]
pub(crate) struct Block([u8; SECTION_ALIGNMENT]);

impl Buffer {
    /// `length` zero bytes. A length that memory does not allow is an error, not an abort.
    pub(crate) fn zeroed(length: usize) -> io::Result<Self> {
        let blocks = Block::new_vec_zeroed(length.div_ceil(SECTION_ALIGNMENT))
            .map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        Ok(Self::Own { blocks, length })
    }

    /// The same out of an arena, unless there are too many for it.
    pub(crate) fn zeroed_in(arena: &Arena, length: usize) -> io::Result<Self> {
        match arena.allocate(length)? {
            Some(buffer) => Ok(Self::Shared(buffer)),
            None => Self::zeroed(length),
        }
    }

    /// Forgets all bytes from `length` on.
    pub(crate) fn truncate(&mut self, length: usize) {
        match self {
            Self::Own { length: old, .. } => *old = length.min(*old),
            Self::Shared(buffer) => buffer.truncate(length),
        }
    }

    /// The bytes.
    pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
        match self {
            Self::Own { blocks, length } => &mut blocks.as_mut_slice().as_mut_bytes()[..*length],
            Self::Shared(buffer) => buffer,
        }
    }

    fn as_slice(&self) -> &[u8] {
        match self {
            Self::Own { blocks, length } => &blocks.as_slice().as_bytes()[..*length],
            Self::Shared(buffer) => buffer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_aligned_and_equal() -> io::Result<()> {
        for length in [0, 1, 15, 16, 17, 1000] {
            let bytes: Vec<u8> = (0..length).map(|it| it as u8).collect();
            let copy = EntryBytes::copy_of(&bytes)?;
            assert_eq!(&*copy, &bytes[..]);
            assert_eq!(copy.as_ptr().addr() % SECTION_ALIGNMENT, 0);
        }
        Ok(())
    }

    #[test]
    fn a_length_beyond_memory_is_an_error() {
        assert!(Buffer::zeroed(usize::MAX / 2).is_err());
    }
}
