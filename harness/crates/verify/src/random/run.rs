//! Many workers, many graphs in each; a worker that crashes or hangs is a finding, and a new one goes on behind it.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::job::Graphs;
use super::plan::RandomPlan;
use super::process::play;
use super::report::{RandomFinding, RandomReport, RandomTotals};
use super::scenario::Scenario;
use super::{fixture, shrink};
use crate::error::Error;
use crate::report::{Finding, FindingKind};
use crate::{in_threads, lock};
use workers::InstalledEngine;

/// Graphs of one process.
const BATCH: u64 = 50;

/// Findings that are shrunk and written; when there are more, something is wrong with everything.
const MOST_SHRUNK: u64 = 20;

/// Hears how far a verification of random graphs is; from several threads.
pub trait RandomReporter: Sync {
    /// So many graphs are done.
    fn done(&self, graphs: u64);
    /// Something is wrong, and is going to be shrunk.
    fn found(&self, index: u64, version: &str, finding: &Finding);
}

/// Verifies random graphs. `scratch` is a directory for the graphs and their caches.
///
/// # Errors
/// No worker can be started, or the scratch directory cannot be used.
pub fn verify_random(
    plan: &RandomPlan,
    scratch: &Path,
    reporter: &dyn RandomReporter,
) -> Result<RandomReport, Error> {
    let started = Instant::now();
    let versions = plan.engines.iter().map(|it| it.version.clone()).collect();
    let report = Mutex::new(RandomReport::new(
        plan.seed,
        plan.first,
        versions,
        plan.mutant,
    ));
    let queue = Mutex::new(batches(plan));
    let run = Run {
        plan,
        reporter,
        report: &report,
        shrunk: AtomicU64::new(0),
    };
    let work = |job: usize| -> Result<(), Error> {
        let directory = scratch.join(format!("job{job}"));
        loop {
            let Some((engine, first, end)) = lock(&queue).pop_front() else {
                return Ok(());
            };
            run.batch(engine, first..end, &directory)
                .inspect_err(|_| lock(&queue).clear())?;
        }
    };
    in_threads(plan.jobs, work)?;
    let mut report = report
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    report
        .findings
        .sort_by(|a, b| (a.index, &a.version).cmp(&(b.index, &b.version)));
    report.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(report)
}

/// Pieces of work: an engine, and indices from one up to another.
fn batches(plan: &RandomPlan) -> VecDeque<(&InstalledEngine, u64, u64)> {
    // All jobs have something to do, also when there are few graphs.
    let size = plan.count.div_ceil(plan.jobs.get() as u64).clamp(1, BATCH);
    let end = plan.first.saturating_add(plan.count);
    let mut batches = VecDeque::new();
    let mut first = plan.first;
    while first < end {
        let next = first.saturating_add(size).min(end);
        batches.extend(plan.engines.iter().map(|engine| (engine, first, next)));
        first = next;
    }
    batches
}

struct Run<'a> {
    plan: &'a RandomPlan,
    reporter: &'a dyn RandomReporter,
    report: &'a Mutex<RandomReport>,
    shrunk: AtomicU64,
}

impl Run<'_> {
    fn batch(
        &self,
        engine: &InstalledEngine,
        mut indices: std::ops::Range<u64>,
        directory: &Path,
    ) -> Result<(), Error> {
        let plan = self.plan;
        while !indices.is_empty() {
            let graphs = Graphs::Drawn {
                seed: plan.seed,
                first: indices.start,
                end: indices.end,
            };
            let played = play(plan, engine, graphs, false, directory)?;
            let mut totals = RandomTotals::default();
            played.reports.iter().for_each(|it| totals.add(it));
            let mut found: Vec<(u64, usize, Finding)> = Vec::new();
            for graph in &played.reports {
                if let Some((step, finding)) = &graph.finding {
                    found.push((graph.index, *step, finding.clone()));
                }
            }
            let mut done = played.reports.len() as u64;
            if let Some((place, step, finding)) = played.crash {
                found.push((indices.start + place, step, finding));
                totals.graphs += 1;
                match found.last().map(|it| it.2.kind) {
                    Some(FindingKind::Failed) => totals.engine_crashes += 1,
                    _ => totals.findings += 1,
                }
                done = place + 1;
            }
            indices.start += done;
            lock(self.report).totals.include(&totals);
            for (index, step, finding) in found {
                self.found(engine, index, step, finding, directory)?;
            }
            self.reporter.done(done);
        }
        Ok(())
    }

    fn found(
        &self,
        engine: &InstalledEngine,
        index: u64,
        step: usize,
        finding: Finding,
        directory: &Path,
    ) -> Result<(), Error> {
        self.reporter.found(index, &engine.version, &finding);
        let plan = self.plan;
        let mut found = RandomFinding {
            index,
            version: engine.version.clone(),
            finding,
            scenario: Scenario::draw(plan.seed, index, &plan.paths),
            fixture: None,
        };
        if self.shrunk.fetch_add(1, Ordering::Relaxed) < MOST_SHRUNK {
            shrink::shrink(plan, engine, &mut found, step, directory)?;
            found.fixture = Some(fixture::write(plan, engine, &found)?);
        }
        lock(self.report).findings.push(found);
        Ok(())
    }
}
