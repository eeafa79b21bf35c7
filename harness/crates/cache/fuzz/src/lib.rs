//! What the fuzz targets share: the cache itself, the properties that every input must keep, and a mutator that knows the
//! format and signs what it has changed, so that the checks behind the checksum are reached.

#[path = "../../harness/src/engine/arena.rs"]
mod arena;
#[path = "../../harness/src/cache/mod.rs"]
pub mod cache;
#[path = "../../harness/src/engine/mapping.rs"]
mod mapping;
pub mod mutate;
pub mod pack_mutate;
pub mod pack_seeds;
pub mod properties;
pub mod seeds;

/// What the cache takes from the engine's side: memory.
pub mod engine {
    pub use super::arena::{Arena, ArenaBuffer};
    pub use super::mapping::map_file;
}
