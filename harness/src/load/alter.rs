//! A test's hand between the store and the engine.

use std::fmt;
use std::sync::Arc;

use crate::cache::{Miss, VerifiedEntry};

/// What is done to each entry that the store has found, before it is used. It may be called on another thread than the
/// one that loads, and for a module that the program does not ask for in the end.
#[derive(Clone)]
pub struct Alter(Arc<Work>);

type Work = dyn Fn(&str, VerifiedEntry) -> Result<VerifiedEntry, Miss> + Send + Sync;

impl Alter {
    /// Calls `work` with the module's key and its entry; it gives the entry that is used.
    pub fn new(
        work: impl Fn(&str, VerifiedEntry) -> Result<VerifiedEntry, Miss> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(work))
    }

    /// First this, then `next`.
    pub fn and(self, next: Self) -> Self {
        Self::new(move |key, entry| next.entry(key, self.entry(key, entry)?))
    }

    pub(super) fn entry(&self, key: &str, entry: VerifiedEntry) -> Result<VerifiedEntry, Miss> {
        (self.0)(key, entry)
    }
}

impl fmt::Debug for Alter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Alter")
    }
}
