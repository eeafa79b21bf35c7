//! The worker's side: one load in this process, and what it measured.

use std::rc::Rc;
use std::time::{Duration, Instant};

use engine::{ConsoleSink, Engine, Outcome};
use sample::{
    CacheMode, CacheSample, ClockSample, DifferenceSample, ObservationSample, Observe, OutcomeKind,
    OutcomeSample, SCHEMA, Sample, Task,
};

use crate::error::Error;
use crate::execution::{ExecutionOptions, execute};
use crate::interference::Interference;
use crate::options::CacheOptions;
use crate::program::Program;
use crate::recorder::{Detail, Recorder};
use crate::report::CacheReport;
use crate::stats::miss;

/// Loads the program and runs it to its end; its console goes into memory.
///
/// `name` is the engine's in `engine list`. With `again`, this process makes another load afterwards.
///
/// # Errors
/// The entry cannot be found.
pub fn work(
    engine: &Engine,
    name: &str,
    task: &Task,
    interference: &Interference,
    again: bool,
) -> Result<Sample, Error> {
    let cache = task.cache.as_ref();
    let poison_sources = cache.is_some_and(|it| it.poison_sources);
    let recorder = Rc::new(Recorder::new(Detail {
        texts: !poison_sources,
    }));
    let interference = &Interference {
        poison_sources,
        spin: Duration::from_nanos(task.spin_ns),
        rounds: task.spin_rounds,
        ..interference.clone()
    };
    let cache = cache.map(CacheOptions::of_task);
    let program = Program::open(&task.entry, &task.host)?;
    let options = ExecutionOptions {
        program: &program,
        path: task.path,
        cache: cache.as_ref(),
        stats: true,
        console: Rc::clone(&recorder) as Rc<dyn ConsoleSink>,
        observer: (task.observe != Observe::Nothing).then_some(recorder),
        true_lines: task.true_lines,
        interference,
        again,
    };
    let execution = execute(engine, name, &options)?;
    let read_ns = clock_cost();
    let Some(stats) = execution.stats else {
        unreachable!("stats were asked for")
    };
    let cache = cache
        .zip(execution.cache)
        .map(|(options, report)| cache_sample(options.mode, report));
    Ok(Sample {
        schema: SCHEMA,
        workload: task.workload.clone(),
        entry: stats.entry,
        engine: stats.engine,
        path: task.path,
        modules: stats.modules,
        cache,
        parses: stats.parses,
        source_bytes: stats.source_bytes,
        load: stats.load,
        vm_create_ns: stats.process.vm_create_ns,
        phases_ns: stats.phases_ns,
        rest_ns: Some(execution.rest_ns),
        clock: ClockSample {
            read_ns,
            ended_ns: execution.ended_ns,
        },
        process: execution.process,
        outcome: outcome_sample(&execution.outcome),
        observation: execution.observation.map(|observation| ObservationSample {
            digest: observation.digest.clone(),
            observe_ns: execution.observe_ns,
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
        misses: report.misses.iter().map(miss).collect(),
        bytes: report.bytes,
        read_ahead: report.read_ahead,
        refusal: report.refusal.map(|miss| miss.to_string()),
        written: report.written,
        left_out: report.left_out,
        unwritten: report.unwritten,
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
