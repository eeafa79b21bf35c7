//! What programs show: on every path on the new engine, and on the new engine against the old one.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use workloads::{Workload, WorkloadDef, unexpected};

use gate::replay::place;
use gate::{BehaviourChange, PathDifference};
use measure::Plan;
use observation::{Observation, diff};
use sample::{LoadPath, Mutant, Observe, Sample, WorkerFailure};
use verify::{CaseReport, Finding, FindingKind, Reporter};
use workers::WorkerCall;

use super::progress::Progress;
use crate::Error;

/// Differences that are kept of each comparison.
const MOST: usize = 5;

/// Every path of the new engine against parsing, and whether parsing shows what the standard demands: as `verify`.
pub fn paths(
    plan: &Plan,
    definitions: &[WorkloadDef],
    mutant: Option<Mutant>,
    scratch: &Path,
    progress: &Progress,
) -> Result<(Vec<PathDifference>, Vec<BehaviourChange>), Error> {
    let cached = plan.paths.iter().filter(|path| **path != LoadPath::Parse);
    let verification = verify::Plan {
        workloads: definitions.to_vec(),
        engines: vec![plan.engines[place::NEW].clone()],
        paths: cached.copied().collect(),
        jobs: jobs(),
        seed: plan.seed,
        time_limit: plan.time_limit,
        mutant,
    };
    let heard = Heard {
        progress,
        done: AtomicUsize::new(0),
        total: definitions.len(),
    };
    let report = verify::verify(&verification, scratch, &heard)?;
    let mut paths = Vec::new();
    let mut unexpected = Vec::new();
    for case in report.cases {
        for finding in case.findings {
            let what = told(&finding);
            if finding.kind == FindingKind::Unexpected {
                unexpected.push(BehaviourChange {
                    workload: case.workload.clone(),
                    what,
                    expected: None,
                });
            } else {
                paths.push(PathDifference {
                    workload: case.workload.clone(),
                    path: finding.task,
                    what,
                });
            }
        }
    }
    Ok((paths, unexpected))
}

fn told(finding: &Finding) -> Vec<String> {
    let differences = finding.differences.iter().take(MOST);
    let mut what: Vec<String> = differences.map(ToString::to_string).collect();
    if what.is_empty() {
        what.push(finding.what.clone());
    }
    what
}

/// Hears how far it is.
struct Heard<'a> {
    progress: &'a Progress,
    done: AtomicUsize,
    total: usize,
}

impl Heard<'_> {
    fn done(&self, what: &str, name: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let total = self.total;
        self.progress
            .now(&format!("{what}: {done} of {total}, {name}"));
    }
}

impl Reporter for Heard<'_> {
    fn began(&self, _: &str, _: &str) {}

    fn ended(&self, report: &CaseReport) {
        self.done("every path against parse", &report.workload);
    }
}

/// As many at a time as there are processors: nothing is timed here.
fn jobs() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// How the new engine behaves, against the old one; by parsing.
pub fn engines(
    plan: &Plan,
    definitions: &[WorkloadDef],
    scratch: &Path,
    progress: &Progress,
) -> Result<Vec<BehaviourChange>, Error> {
    let heard = Heard {
        progress,
        done: AtomicUsize::new(0),
        total: definitions.len(),
    };
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, BehaviourChange)>, Error> {
        let mut found = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(definition) = definitions.get(place) else {
                return Ok(found);
            };
            let workload = workloads::materialise(definition, &scratch.join("workloads"))?;
            let comparison = Comparison {
                plan,
                workload: &workload,
            };
            found.extend(comparison.run().map(|change| (place, change)));
            heard.done("the new engine against the old one", &workload.name);
        }
    };
    let parts: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs().get()).map(|_| scope.spawn(work)).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            let joined = thread.join();
            joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().map(join).collect()
    });
    let mut changes: Vec<(usize, BehaviourChange)> = Vec::new();
    for part in parts {
        changes.extend(part?);
    }
    changes.sort_by_key(|(place, _)| *place);
    Ok(changes.into_iter().map(|(_, change)| change).collect())
}

/// One workload on both engines.
struct Comparison<'a> {
    plan: &'a Plan,
    workload: &'a Workload,
}

impl Comparison<'_> {
    fn run(&self) -> Option<BehaviourChange> {
        let load = |engine| self.load(engine, Observe::Digest);
        let change = |what: Vec<String>, expected: Option<String>| BehaviourChange {
            workload: self.workload.name.clone(),
            what,
            expected,
        };
        match (load(place::OLD), load(place::NEW)) {
            (Ok(old), Ok(new)) if digest(&old) == digest(&new) => None,
            (Ok(_), Ok(_)) => Some(match (self.whole(place::OLD), self.whole(place::NEW)) {
                (Ok(old), Ok(new)) => {
                    let differences = diff(&old, &new, MOST);
                    let what = differences.iter().map(ToString::to_string).collect();
                    change(what, self.expected(&old, &new))
                }
                (Err(failure), _) | (_, Err(failure)) => {
                    change(vec![format!("observed again, a worker {failure}")], None)
                }
            }),
            (Ok(_), Err(failure)) => {
                let what = format!("the new engine's worker {failure}");
                Some(change(vec![what], None))
            }
            (Err(failure), Ok(_)) => {
                let what = format!("the old engine's worker {failure}");
                Some(change(vec![what], None))
            }
            (Err(_), Err(failure)) => {
                let what = format!("the workers of both engines fail; the new one's {failure}");
                Some(change(vec![what], None))
            }
        }
    }

    /// Why a change is expected: the workload's definition says that one of the engines deviates from the standard, and
    /// each shows what the definition expects of it.
    fn expected(&self, old: &Observation, new: &Observation) -> Option<String> {
        let deviation = self.workload.deviation.as_ref()?;
        let version = |engine: usize| self.plan.engines[engine].version.as_str();
        let (from, to) = (version(place::OLD), version(place::NEW));
        let as_expected = |version: &str, observation: &Observation| {
            let expected = self.workload.expected_on(version);
            expected.is_some_and(|expected| unexpected(expected, observation).is_none())
        };
        let differs = deviation.applies_to(from) != deviation.applies_to(to);
        let known = differs && as_expected(from, old) && as_expected(to, new);
        known.then(|| deviation.why.clone())
    }

    fn whole(&self, engine: usize) -> Result<Observation, WorkerFailure> {
        self.load(engine, Observe::Everything)?.into_observation()
    }

    fn load(&self, engine: usize, observe: Observe) -> Result<Sample, WorkerFailure> {
        let task = self.workload.task(LoadPath::Parse).observing(observe);
        let mut call = WorkerCall::new(&self.plan.engines[engine], task);
        call.program = self.plan.worker_program.as_deref();
        call.time_limit = self.workload.time_limit_or(self.plan.time_limit);
        call.run().map(|finished| finished.line)
    }
}

fn digest(sample: &Sample) -> Option<&str> {
    sample.observation.as_ref().map(|it| &*it.digest)
}
