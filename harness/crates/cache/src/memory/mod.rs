//! Memory for the bytes of cache files, aligned as JSC needs its bytecode. The only module of this crate with `unsafe` code.

#![allow(unsafe_code)]

mod arena;
mod bytes;
mod mapping;

pub use arena::{Arena, ArenaBuffer};
pub(crate) use bytes::Buffer;
pub use bytes::EntryBytes;
pub use mapping::map_file;
