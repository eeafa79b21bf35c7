//! One kind of load of a run.

use std::time::Duration;

use sample::LoadPath;

/// One kind of load: the places of workload and engine in the plan, and the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoadKind {
    pub workload: usize,
    pub engine: usize,
    pub path: LoadPath,
}

/// Loads that are made to take longer, to see whether that is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slowed {
    /// Which.
    pub kind: LoadKind,
    /// How much longer.
    pub by: Duration,
}
