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

/// Loads that are made to do more, to see whether that is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slowed {
    /// Which.
    pub kind: LoadKind,
    /// What they do besides.
    pub by: ExtraWork,
}

/// What a load does besides loading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExtraWork {
    /// It works for so long.
    pub time: Duration,
    /// It goes through so many rounds of an empty loop.
    pub rounds: u64,
}
