//! What is to be measured, and how.

use std::path::PathBuf;
use std::time::Duration;

use workloads::WorkloadDef;

use super::counting::Counting;
use super::peers::Peer;
use record::{PageCache, Purpose, Series, VoidLimits};
use sample::LoadPath;
use sample::PackUse;
use workers::InstalledEngine;

/// A whole run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What it is for.
    pub purpose: Purpose,
    /// How it was asked for, for the record.
    pub command: Vec<String>,
    /// What to load.
    pub workloads: Vec<PlannedWorkload>,
    /// On which engines.
    pub engines: Vec<InstalledEngine>,
    /// Other runtimes to run the same entries in the same blocks.
    pub peers: Vec<Peer>,
    /// By which paths. `parse` is always loaded once, to know what must be observed.
    pub paths: Vec<LoadPath>,
    /// How often.
    pub amount: Amount,
    /// Seed of every random choice.
    pub seed: u64,
    /// Whether files are in memory.
    pub page_cache: PageCache,
    /// Above what a block is void, and done again.
    pub void_above: VoidLimits,
    /// How the graph path makes and checks its packs.
    pub pack: PackUse,
    /// How long a worker may take.
    pub time_limit: Duration,
    /// Whether a program is left out that does not do what its definition says. One that ends with an error of which the
    /// definition does not speak is left out in any case.
    pub as_defined: bool,
    /// How instructions are counted, in the place of times.
    pub counting: Option<Counting>,
    /// A program to start in the worker's place, for tests.
    pub worker_program: Option<PathBuf>,
}

/// A workload that is to be measured.
#[derive(Debug, Clone)]
pub struct PlannedWorkload {
    pub definition: WorkloadDef,
    /// Its place in a series of growing size.
    pub series: Option<Series>,
}

/// How often each workload is loaded on each path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// This many blocks of each workload.
    Blocks(u32),
    /// As many as fit, whole rounds of all workloads at a time, into this time from the start of the program, but one
    /// round at least.
    Budget(Duration),
}
