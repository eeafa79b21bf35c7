//! The worker's side: plays one scenario after the other in this process, each load in a fresh VM.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use engine::Engine;
use sample::{Observe, monotonic_ns};

use super::job::{Job, Journal, Line};
use super::stage::{Place, Stage};
use crate::error::Error;

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
    let watch = Watch::begin(Duration::from_millis(job.limit_ms));
    for place in 0..job.len() {
        let Some(scenario) = job.scenario(place) else {
            break;
        };
        let graph = directory.join(format!("g{}-{place}", scenario.index));
        let mut stage = Stage {
            place: Place {
                engine,
                name,
                directory: &graph,
                mutant: job.mutant,
            },
            scenario: &scenario,
            began: &mut |step, what| {
                watch.again();
                // Whoever reads it sees a journal that ends too early.
                let _ = journal.write(&Line::At(place, step, what.to_owned()));
            },
        };
        let report = stage.play(Observe::Digest)?;
        let _ = std::fs::remove_dir_all(&graph);
        let is_found = report.finding.is_some();
        journal
            .write(&Line::Done(report))
            .map_err(failed(directory))?;
        if is_found && job.stop {
            break;
        }
    }
    Ok(job.len())
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
