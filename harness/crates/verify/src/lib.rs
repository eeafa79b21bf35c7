//! The proof of equivalence: every workload on every path in fresh processes, and with hits and misses mixed, must show
//! exactly what it shows when it is parsed; and what should come from the cache must come from it.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod case;
mod error;
mod memory;
mod mixed;
mod mutant;
mod random;
mod report;
mod stale;
mod subsets;
mod tiers;
mod worker;

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use workloads::WorkloadDef;

pub use case::{MIXED_SUBSETS, STALE_MODULES};
pub use error::Error;
pub use mixed::{Mix, MixedLoad, MixedLoads, Work, work_mixed};
pub use mutant::alter;
pub use random::{
    GraphReport, RandomFinding, RandomPlan, RandomReport, RandomReporter, RandomTotals, Scenario,
    verify_random, work_random,
};
pub use report::{CaseReport, Finding, FindingKind, Report, SCHEMA, Totals, WorkerReport};
pub use stale::{StaleLoad, StaleLoads, work_stale};
pub use subsets::{ALL_SUBSETS_OF, Subsets};

pub use tiers::{
    OPTIONS as TIER_OPTIONS, TierCase, TierCounts, TierFinding, TierReport, compare_tiers,
};

use memory::Memory;
use sample::{LoadPath, Mutant};
use workers::InstalledEngine;

/// What is verified and how.
#[derive(Debug, Clone)]
pub struct Plan {
    pub workloads: Vec<WorkloadDef>,
    pub engines: Vec<InstalledEngine>,
    /// The cached paths to compare with `parse`.
    pub paths: Vec<LoadPath>,
    /// Workloads at a time.
    pub jobs: NonZeroUsize,
    /// Draws the subsets of entries.
    pub seed: u64,
    /// How long one worker may take.
    pub time_limit: Duration,
    /// Spoil the entries, and validate no record: is it noticed?
    pub mutant: Option<Mutant>,
}

/// Hears how far a verification is; from several threads.
pub trait Reporter: Sync {
    /// A workload is being verified on an engine.
    fn began(&self, workload: &str, engine: &str);
    /// It has been.
    fn ended(&self, report: &CaseReport);
    /// What tiers up in it has been compared.
    fn compared(&self) {}
}

/// Verifies. `scratch` is a directory for generated workloads and caches.
pub fn verify(plan: &Plan, scratch: &Path, reporter: &dyn Reporter) -> Result<Report, Error> {
    let memory = Memory::available();
    let cases: Mutex<VecDeque<(usize, &WorkloadDef, &InstalledEngine)>> = Mutex::new(
        // The largest first, so that the last ones to end are short.
        by_size(&plan.workloads)
            .into_iter()
            .flat_map(|workload| plan.engines.iter().map(move |engine| (workload, engine)))
            .enumerate()
            .map(|(place, (workload, engine))| (place, workload, engine))
            .collect(),
    );
    let reports = Mutex::new(Vec::new());
    let work = || -> Result<(), Error> {
        loop {
            let next = lock(&cases).pop_front();
            let Some((place, workload, engine)) = next else {
                return Ok(());
            };
            let _share = memory.take(workload.modules);
            reporter.began(&workload.name, &engine.version);
            let directory = scratch.join(format!("{place:04}"));
            let report = case::verify(plan, workload, engine, scratch, &directory)
                .inspect_err(|_| lock(&cases).clear())?;
            reporter.ended(&report);
            lock(&reports).push(report);
        }
    };
    in_threads(plan.jobs, |_| work())?;
    let cases = reports.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Report::new(plan, cases))
}

fn by_size(workloads: &[WorkloadDef]) -> Vec<&WorkloadDef> {
    let mut sorted: Vec<&WorkloadDef> = workloads.iter().collect();
    sorted.sort_by_key(|workload| std::cmp::Reverse(workload.modules));
    sorted
}

/// Has so many threads, which have numbers, work until each is done; the first error, if one fails.
fn in_threads(
    jobs: NonZeroUsize,
    work: impl Fn(usize) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    thread::scope(|scope| {
        let work = &work;
        let jobs = 0..jobs.get();
        let threads: Vec<_> = jobs.map(|job| scope.spawn(move || work(job))).collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
