//! Why a program could not be loaded at all. Errors of a loaded program are not here: they are an outcome.

use std::io;
use std::path::PathBuf;

use observation::Malformed;
use resolve::ResolveError;

/// Why a program could not be loaded at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The entry cannot be found.
    #[error("{0}")]
    Entry(ResolveError),
    /// What the host is to give cannot be had.
    #[error("{0}")]
    Host(ResolveError),
    /// The prelude cannot be found.
    #[error("cannot find prelude '{}'", .path.display())]
    Prelude {
        /// As it was given.
        path: PathBuf,
        #[source]
        error: Box<ResolveError>,
    },
    /// The prelude has not run to its end.
    #[error("prelude {prelude}: {why}")]
    PreludeFailed {
        /// Its key.
        prelude: String,
        why: String,
    },
    /// A file of the host cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        source: io::Error,
    },
    /// The bridge's observation cannot be read: bridge and program do not fit.
    #[error("{0}; hint: cargo xtask setup")]
    Observation(#[from] Malformed),
    /// There is no place for the cache.
    #[error(transparent)]
    Provision(#[from] jsc_provision::Error),
}
