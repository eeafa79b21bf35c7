//! The worker's side: one load in this process, and what it measured.

use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::sample::{
    CacheSample, ClockSample, DifferenceSample, ObservationSample, OutcomeKind, OutcomeSample,
    SCHEMA, Sample, Unwritten,
};
use crate::Error;
use crate::engine::Outcome;
use crate::installed::Loaded;
use crate::load::{self, CacheMode, CacheOptions, CacheReport, LoadPath, MissStats, RunOptions};
use crate::observe::{Detail, Recorder};

/// What a worker is to do.
#[derive(Debug, Clone)]
pub struct Task<'a> {
    /// The workload's name, if it has one.
    pub workload: Option<&'a str>,
    /// The entry module's file.
    pub entry: &'a Path,
    /// The load path.
    pub path: LoadPath,
    /// The cache; without one every path parses.
    pub cache: Option<&'a CacheOptions>,
    /// What is told of the program's behaviour.
    pub observe: Observe,
    /// Work that the load is made to do before it begins, within the measured time.
    pub spin: Duration,
    /// Whether this process makes another load afterwards.
    pub again: bool,
}

/// What is told of a program's behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observe {
    /// Nothing.
    Nothing,
    /// A digest of everything.
    Digest,
    /// Besides the digest how the program ended and what it printed.
    Outcome,
    /// Everything.
    Everything,
}

/// Loads the program and runs it to its end; its console goes into memory.
pub fn work(loaded: &Loaded, task: &Task<'_>) -> Result<Sample, Error> {
    let recorder = Rc::new(Recorder::new(Detail {
        texts: !task.cache.is_some_and(|it| it.poison_sources),
    }));
    let options = RunOptions {
        entry: task.entry,
        path: task.path,
        cache: task.cache,
        stats: true,
        recorder: Some(recorder),
        observe: task.observe != Observe::Nothing,
        spin: task.spin,
        again: task.again,
    };
    let run = load::run(&loaded.engine, &loaded.name, &options)?;
    let read_ns = clock_cost();
    let Some(stats) = run.stats else {
        unreachable!("stats were asked for")
    };
    let cache = task
        .cache
        .zip(run.cache)
        .map(|(options, report)| cache_sample(options.mode, report));
    Ok(Sample {
        schema: SCHEMA,
        workload: task.workload.map(str::to_owned),
        entry: stats.entry,
        engine: stats.engine,
        path: task.path,
        modules: stats.modules,
        cache,
        parses: stats.parses,
        source_bytes: stats.source_bytes,
        vm_create_ns: stats.process.vm_create_ns,
        phases_ns: stats.phases_ns,
        clock: ClockSample {
            read_ns,
            ended_ns: run.ended_ns,
        },
        process: run.process.map(Into::into),
        outcome: outcome_sample(&run.outcome),
        observation: run.observation.map(|observation| ObservationSample {
            digest: observation.digest.clone(),
            observe_ns: run.observe_ns,
            whole: match task.observe {
                Observe::Nothing | Observe::Digest => None,
                Observe::Outcome => Some(observation.without_values()),
                Observe::Everything => Some(observation),
            },
        }),
    })
}

fn outcome_sample(outcome: &Outcome) -> OutcomeSample {
    let (kind, error) = match outcome {
        Outcome::Completed => (OutcomeKind::Completed, None),
        Outcome::Threw(error) => (OutcomeKind::Threw, Some(error)),
        Outcome::UnhandledRejection(error) => (OutcomeKind::UnhandledRejection, Some(error)),
        Outcome::Unsettled => (OutcomeKind::Unsettled, None),
    };
    OutcomeSample {
        kind,
        exit_code: i32::from(kind != OutcomeKind::Completed),
        error: error.map(ToString::to_string),
    }
}

fn cache_sample(mode: CacheMode, report: CacheReport) -> CacheSample {
    CacheSample {
        mode,
        hits: report.hits,
        misses: report.misses.iter().map(MissStats::from).collect(),
        bytes: report.bytes,
        read_ahead: report.read_ahead,
        refusal: report.refusal.map(|miss| miss.to_string()),
        written: report.written,
        left_out: report.left_out,
        unwritten: report
            .unwritten
            .into_iter()
            .map(|(module, reason)| Unwritten { module, reason })
            .collect(),
        differences: report
            .differences
            .into_iter()
            .map(|it| DifferenceSample {
                module: it.module,
                what: it.what,
            })
            .collect(),
    }
}

/// What reading the clock costs, in nanoseconds: the least of 8 means over 500 readings, so that an interruption does not
/// count.
fn clock_cost() -> f64 {
    const READINGS: u32 = 500;
    let mean = || {
        let started = Instant::now();
        for _ in 0..READINGS {
            std::hint::black_box(Instant::now());
        }
        started.elapsed().as_nanos() as f64 / f64::from(READINGS)
    };
    (0..8).map(|_| mean()).fold(f64::INFINITY, f64::min)
}
