//! What the fuzz targets share: the cache itself, the properties that every input must keep, and a mutator that knows the
//! format and signs what it has changed, so that the checks behind the checksum are reached.

pub mod mutate;
pub mod pack_mutate;
pub mod pack_seeds;
pub mod properties;
pub mod seeds;
