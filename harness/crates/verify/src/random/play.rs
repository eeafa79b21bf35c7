//! The worker's side: plays one scenario after the other in this process, each load in a fresh VM.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use engine::Engine;
use sample::{Observe, monotonic_ns};

use super::job::{GraphReport, Graphs, Job, Journal, Line};
use super::scenario::Scenario;
use super::shrink;
use super::stage::{Place, Stage};
use crate::error::Error;
use crate::report::{Finding, FindingKind};

/// Plays every scenario of the job in this file, and keeps a journal beside it. How many there were.
///
/// # Errors
/// The job cannot be read, or something cannot be written.
pub fn work_random(engine: &Engine, name: &str, file: &Path) -> Result<u64, Error> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Scratch { path, source }
    };
    let job = Job::read(file).map_err(failed(file))?;
    let directory = file.parent().unwrap_or(Path::new("."));
    let mut journal = Journal::create(directory).map_err(failed(directory))?;
    let worker = Worker {
        engine,
        name,
        job: &job,
        directory,
        watch: Watch::begin(Duration::from_millis(job.limit_ms)),
        journal: RefCell::new(&mut journal),
    };
    if let Graphs::Smaller(scenario, kind) = &job.graphs {
        worker.smallest(scenario, *kind)?;
        return Ok(job.len());
    }
    for place in 0..job.len() {
        let Some(scenario) = job.scenario(place) else {
            break;
        };
        let report = worker.play(place, &scenario)?;
        let is_found = report.finding.is_some();
        worker.write(&Line::Done(report))?;
        if is_found && job.stop {
            break;
        }
    }
    Ok(job.len())
}

struct Worker<'a> {
    engine: &'a Engine,
    name: &'a str,
    job: &'a Job,
    directory: &'a Path,
    watch: Watch,
    journal: RefCell<&'a mut Journal>,
}

impl Worker<'_> {
    fn write(&self, line: &Line) -> Result<(), Error> {
        let written = self.journal.borrow_mut().write(line);
        written.map_err(|source| Error::Scratch {
            path: self.directory.to_owned(),
            source,
        })
    }

    fn play(&self, place: u64, scenario: &Scenario) -> Result<GraphReport, Error> {
        let graph = self.directory.join(format!("g{}-{place}", scenario.index));
        let mut stage = Stage {
            place: Place {
                engine: self.engine,
                name: self.name,
                directory: &graph,
                mutant: self.job.mutant,
            },
            scenario,
            began: &mut |step, what| {
                self.watch.again();
                // Whoever reads it sees a journal that ends too early.
                let _ = self.write(&Line::At(place, step, what.to_owned()));
            },
        };
        let report = stage.play(Observe::Digest);
        let _ = fs::remove_dir_all(&graph);
        report
    }

    /// Looks for the smallest scenario like this one that shows something of the kind.
    fn smallest(&self, scenario: &Scenario, kind: FindingKind) -> Result<(), Error> {
        let journal = &self.journal;
        let mut smaller = |scenario: &Scenario, finding: &Finding| {
            let line = shrink::line(scenario, finding);
            let _ = journal.borrow_mut().write(&line);
        };
        let worker = self;
        let mut tried = 0;
        let mut first = |candidates: Vec<Scenario>| {
            for (place, candidate) in candidates.iter().enumerate() {
                tried += 1;
                if let Some((_, finding)) = worker.play(tried, candidate)?.finding
                    && finding.kind == kind
                {
                    return Ok(Some((place, finding)));
                }
            }
            Ok(None)
        };
        shrink::smallest(scenario.clone(), kind, &mut first, &mut smaller)?;
        Ok(())
    }
}

/// Ends this process when a load takes too long: nothing else ends a program that never returns.
struct Watch {
    began: Arc<AtomicU64>,
}

impl Watch {
    fn begin(limit: Duration) -> Self {
        let began = Arc::new(AtomicU64::new(monotonic_ns()));
        let watched = Arc::clone(&began);
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_millis(100));
                let passed = monotonic_ns().saturating_sub(watched.load(Ordering::Relaxed));
                if u128::from(passed) > limit.as_nanos() {
                    std::process::exit(super::HANGS);
                }
            }
        });
        Self { began }
    }

    fn again(&self) {
        self.began.store(monotonic_ns(), Ordering::Relaxed);
    }
}
