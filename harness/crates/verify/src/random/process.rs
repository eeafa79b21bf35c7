//! One worker with random graphs, from outside.

use std::path::Path;
use std::time::Duration;

use super::job::{GraphReport, Graphs, Job, Journal, Line};
use super::plan::RandomPlan;
use super::scenario::Scenario;
use super::{HANGS, PARSE};
use crate::error::Error;
use crate::report::{Finding, FindingKind};
use sample::{Draw, LoadPath, Task, WorkerFailure};
use workers::{InstalledEngine, WorkerCall};

/// What a process made of a job.
pub struct Played {
    /// A report of each graph, in order, as far as it came.
    pub reports: Vec<GraphReport>,
    /// Where it crashed or hung, if it did: the place of the graph, the step, what that is, and what happened.
    pub crash: Option<(u64, usize, Finding)>,
    /// The smallest scenario that it found, if it was to look for that.
    pub smallest: Option<(Scenario, Finding)>,
}

/// Has a new process play these graphs.
pub fn play(
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
