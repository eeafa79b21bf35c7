//! Why a program could not be loaded at all. Errors of a loaded program are not here: they are an outcome.

use observation::Malformed;
use resolve::ResolveError;

/// Why a program could not be loaded at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The entry cannot be found.
    #[error("{0}")]
    Entry(ResolveError),
    /// The bridge's observation cannot be read: bridge and program do not fit.
    #[error("{0}; hint: cargo xtask setup")]
    Observation(#[from] Malformed),
    /// There is no place for the cache.
    #[error(transparent)]
    Provision(#[from] jsc_provision::Error),
}
