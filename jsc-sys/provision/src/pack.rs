//! Packing an engine into an archive that another machine can use.

/// What an archive's name ends with.
pub const EXTENSION: &str = ".tar.zst";
