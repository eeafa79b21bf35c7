//! What a test does to a load, so that others can be seen to notice it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jsc_module_cache::{Miss, VerifiedEntry};

/// What is done to a load on purpose; by default nothing.
#[derive(Debug, Clone, Default)]
pub struct Interference {
    /// Done to entries on their way from the store: leaves some out, or spoils them.
    pub alter: Option<Alter>,
    /// Makes a pack stale: the source of the module with this key is seen as another than it is.
    pub stale: Option<String>,
    /// Overwrites the text of each cached source once it has been hashed: a proof that nothing reads it.
    pub poison_sources: bool,
    /// How long the load is made to work before it begins, within the measured time.
    pub spin: Duration,
    /// Rounds of an empty loop that it is made to go through then, where instructions are counted.
    pub rounds: u64,
}

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

    pub(crate) fn entry(&self, key: &str, entry: VerifiedEntry) -> Result<VerifiedEntry, Miss> {
        (self.0)(key, entry)
    }
}

impl fmt::Debug for Alter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Alter")
    }
}
