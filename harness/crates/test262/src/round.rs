//! One way of running every test, and what became of each.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::time::Duration;

use sample::LoadPath;

use super::pool::Answer;

/// How tests are run.
#[derive(Debug)]
pub struct Settings {
    /// Worker processes at a time.
    pub jobs: NonZeroUsize,
    /// What one run of one test may take.
    pub time_limit: Duration,
    /// Which tests share a process.
    pub isolation: Isolation,
    /// Whether each cached record is built both ways and compared.
    pub validate: bool,
}

/// Which tests share a process. Each has a VM of its own in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// Many run in one, one after the other.
    Shared,
    /// Each run has a process of its own.
    Process,
    /// Everything is run both ways and compared.
    Both,
}

/// One way of running every case, and what became of each.
pub struct Round {
    /// The load path.
    pub path: LoadPath,
    /// What is done with the cache.
    pub cache: Cache,
    /// Whether each run had a process of its own.
    pub own_process: bool,
    /// In the order of the cases.
    pub answers: Vec<Answer>,
}

/// What a run does with the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// There is none.
    None,
    /// It is read, and what is missing is written.
    Write,
    /// It is read.
    Read,
}

/// The features that the tests of a selection name and the engine lacks.
pub type Missing = BTreeSet<String>;
