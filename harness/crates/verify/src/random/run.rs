//! Many workers, many graphs in each; a worker that crashes or hangs is a finding, and a new one goes on behind it.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::job::{GraphReport, Graphs, Job, Journal, Line};
use super::report::{RandomFinding, RandomReport, RandomTotals};
use super::scenario::Scenario;
use super::{HANGS, PARSE, fixture, shrink};
use crate::error::Error;
use crate::lock;
use crate::report::{Finding, FindingKind};
use sample::{Draw, LoadPath, Mutant, Task, WorkerFailure};
use workers::{InstalledEngine, WorkerCall};

/// Graphs of one process.
const BATCH: u64 = 50;

/// Findings that are shrunk and written; when there are more, something is wrong with everything.
const MOST_SHRUNK: u64 = 20;

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

/// Hears how far a verification of random graphs is; from several threads.
pub trait RandomReporter: Sync {
    /// So many graphs are done.
    fn done(&self, graphs: u64);
    /// Something is wrong, and is going to be shrunk.
    fn found(&self, index: u64, version: &str, finding: &Finding);
}

/// What a process made of a job.
pub(super) struct Played {
    /// A report of each graph, in order, as far as it came.
    pub reports: Vec<GraphReport>,
    /// Where it crashed or hung, if it did: the place of the graph, the step, what that is, and what happened.
    pub crash: Option<(u64, usize, Finding)>,
    /// The smallest scenario that it found, if it was to look for that.
    pub smallest: Option<(Scenario, Finding)>,
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
    thread::scope(|scope| {
        let work = &work;
        let jobs = 0..plan.jobs.get();
        let threads: Vec<_> = jobs.map(|job| scope.spawn(move || work(job))).collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })?;
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

/// Has a new process play these graphs.
pub(super) fn play(
    plan: &RandomPlan,
    engine: &InstalledEngine,
    graphs: Graphs,
    stop: bool,
    directory: &Path,
) -> Result<Played, Error> {
    let job = Job {
        graphs,
        paths: plan.paths.clone(),
        mutant: plan.mutant,
        limit_ms: u64::try_from(plan.load_limit.as_millis()).unwrap_or(u64::MAX),
        stop,
    };
    // What a process that crashed has left.
    let _ = std::fs::remove_dir_all(directory);
    let file = job.write(directory).map_err(|source| Error::Scratch {
        path: directory.to_owned(),
        source,
    })?;
    let mut task = Task::new(LoadPath::Parse, &file);
    task.draw = Some(Draw::Random);
    let mut call = WorkerCall::new(engine, task);
    // It ends itself when a load takes too long; this is for one that cannot.
    call.time_limit = plan
        .load_limit
        .saturating_mul(100)
        .max(Duration::from_secs(600));
    let ended = call.run_for::<u64>();
    let mut played = Played {
        reports: Vec::new(),
        crash: None,
        smallest: None,
    };
    let mut at = None;
    for line in Journal::read(directory) {
        match line {
            Line::At(place, step, what) => at = Some((place, step, what)),
            Line::Smaller(scenario, finding) => played.smallest = Some((*scenario, finding)),
            Line::Done(report) => {
                played.reports.push(report);
                at = None;
            }
        }
    }
    match (ended, at) {
        (Ok(_), _) => {}
        (Err(failure), Some((place, step, task))) => {
            let finding = crash(&failure, task, plan.load_limit);
            played.crash = Some((place, step, finding));
        }
        // Nothing had begun, or everything was done: that is nobody's graph.
        (Err(failure), None) => return Err(Error::Worker(failure)),
    }
    Ok(played)
}

fn crash(failure: &WorkerFailure, task: String, limit: Duration) -> Finding {
    let what = match failure {
        WorkerFailure::Exited { code, .. } if *code == HANGS => {
            format!("did not end within {} s", limit.as_secs())
        }
        other => other.to_string(),
    };
    Finding {
        kind: match task == PARSE {
            // Stock JSC does that: no path is compared with it.
            true => FindingKind::Failed,
            false => FindingKind::Crashed,
        },
        task,
        what,
        differences: Vec::new(),
    }
}
