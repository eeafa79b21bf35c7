//! Which random graphs are verified, and how.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use sample::{LoadPath, Mutant};
use workers::InstalledEngine;

/// Which random graphs are verified and how.
#[derive(Debug, Clone)]
pub struct RandomPlan {
    pub seed: u64,
    /// The index of the first graph.
    pub first: u64,
    pub count: u64,
    pub engines: Vec<InstalledEngine>,
    /// The cached paths to compare with `parse`.
    pub paths: Vec<LoadPath>,
    /// Workers at a time.
    pub jobs: NonZeroUsize,
    /// What a load may take.
    pub load_limit: Duration,
    /// Spoil the entries: is it noticed?
    pub mutant: Option<Mutant>,
    /// Where the smallest graphs are written.
    pub fixtures: PathBuf,
}
