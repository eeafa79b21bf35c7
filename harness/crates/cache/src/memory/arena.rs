//! Memory for many small buffers that live long.
//!
//! A graph of a thousand modules has a thousand entries of a few kilobytes. In memory of its own each would cost its page
//! faults, and the kernel zeroes every page before the file is copied over it; out of huge pages they cost hardly any.

use std::io;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::slice;
use std::sync::{Arc, Mutex, PoisonError};

use memmap2::{Advice, MmapMut};

/// The first chunk is small, because zeroing a huge page takes longer than loading a small program; each further one is
/// four times as large, up to two huge pages (of 2 MiB on x86-64 and, with 4 KiB pages, on AArch64).
const FIRST_CHUNK: usize = 64 << 10;
const LARGEST_CHUNK: usize = 4 << 20;

/// What is larger than this has memory of its own.
const LARGEST_BUFFER: usize = LARGEST_CHUNK / 8;

/// What JSC's bytecode needs.
const ALIGNMENT: usize = 16;

/// Hands out buffers; their memory is freed when the last of those that share a chunk is gone.
#[derive(Debug, Default)]
pub struct Arena {
    current: Mutex<Option<Current>>,
}

#[derive(Debug)]
struct Current {
    chunk: Arc<MmapMut>,
    start: NonNull<u8>,
    length: usize,
    used: usize,
}

// SAFETY: `start` points into `chunk`, which is owned; nothing of it is tied to a thread.
unsafe impl Send for Current {}

/// A buffer out of an [`Arena`], zero at first, 16-byte aligned, of which this value is the only owner.
#[derive(Debug)]
pub struct ArenaBuffer {
    start: NonNull<u8>,
    length: usize,
    _chunk: Arc<MmapMut>,
}

// SAFETY: the value owns its part of the chunk alone, as a `Box<[u8]>` owns its bytes.
unsafe impl Send for ArenaBuffer {}
// SAFETY: as above; shared references only read.
unsafe impl Sync for ArenaBuffer {}

impl Arena {
    /// A buffer of `length` bytes, or `None` when it is too large to share a chunk with others.
    pub fn allocate(&self, length: usize) -> io::Result<Option<ArenaBuffer>> {
        if length > LARGEST_BUFFER {
            return Ok(None);
        }
        let size = length.next_multiple_of(ALIGNMENT);
        let mut guard = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let current = match guard.take() {
            Some(current) if current.length - current.used >= size => guard.insert(current),
            Some(full) => guard.insert(Current::new(
                (full.length * 4).max(size).min(LARGEST_CHUNK),
            )?),
            None => guard.insert(Current::new(FIRST_CHUNK.max(size))?),
        };
        // SAFETY: `used + size` is at most the length of the mapping. These bytes have not been handed out
        // before, because `used` only grows, and the chunk lives as long as the buffer.
        let start = unsafe { current.start.add(current.used) };
        current.used += size;
        Ok(Some(ArenaBuffer {
            start,
            length,
            _chunk: Arc::clone(&current.chunk),
        }))
    }
}

impl Current {
    fn new(length: usize) -> io::Result<Self> {
        let mut chunk = MmapMut::map_anon(length)?;
        if length == LARGEST_CHUNK {
            // A kernel without huge pages refuses, and ordinary pages do.
            let _ = chunk.advise(Advice::HugePage);
        }
        let start = NonNull::from(&mut chunk[..]).cast();
        Ok(Self {
            chunk: Arc::new(chunk),
            start,
            length,
            used: 0,
        })
    }
}

impl ArenaBuffer {
    /// Forgets all bytes from `length` on.
    pub fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }
}

impl Deref for ArenaBuffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: these bytes are this value's alone, initialized (a mapping is zero), and mapped while it lives.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }
}

impl DerefMut for ArenaBuffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above, and the value is borrowed mutably.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.length) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_are_aligned_zero_and_apart() -> io::Result<()> {
        let arena = Arena::default();
        let mut buffers = Vec::new();
        // More than a chunk in all.
        for index in 0..500_usize {
            let length = index * 7_919 % 100_000;
            let Some(mut buffer) = arena.allocate(length)? else {
                continue;
            };
            assert_eq!(buffer.len(), length);
            assert_eq!(buffer.as_ptr().addr() % ALIGNMENT, 0);
            assert!(buffer.iter().all(|byte| *byte == 0));
            buffer.fill(index as u8);
            buffers.push((index, buffer));
        }
        drop(arena);
        for (index, buffer) in &buffers {
            assert!(buffer.iter().all(|byte| *byte == *index as u8));
        }
        Ok(())
    }

    #[test]
    fn what_is_large_has_memory_of_its_own() -> io::Result<()> {
        assert!(Arena::default().allocate(LARGEST_BUFFER + 1)?.is_none());
        Ok(())
    }
}
