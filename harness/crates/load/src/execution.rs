//! One run of one program in this process.

use std::rc::Rc;
use std::time::{Duration, Instant};

use engine::{ConsoleSink, Engine, Outcome, Realm, Statistics, run_to_completion};
use observation::Observation;
use sample::{EngineStats, LoadPath, PhaseStats, ProcessFacts, monotonic_ns};

use crate::drive::Drive;
use crate::error::Error;
use crate::interference::Interference;
use crate::marks;
use crate::options::CacheOptions;
use crate::prelude;
use crate::program::Program;
use crate::recorder::Recorder;
use crate::report::CacheReport;
use crate::stats::{ExecutionStats, NoPackStats, ProcessStats, SCHEMA, counts, miss, parses};

/// What to run and how.
#[derive(Clone)]
pub struct ExecutionOptions<'a> {
    /// What to load.
    pub program: &'a Program,
    /// The load path.
    pub path: LoadPath,
    /// The cache; without one every path parses.
    pub cache: Option<&'a CacheOptions>,
    /// Whether the facts about the run are wanted.
    pub stats: bool,
    /// Takes what the program's console prints.
    pub console: Rc<dyn ConsoleSink>,
    /// Takes the observation, if there is to be one.
    pub observer: Option<Rc<Recorder>>,
    /// Whether a load on the parse path has true lines ([`Realm::keep_true_lines`]). From a cache it always has.
    pub true_lines: bool,
    /// What a test does to the load.
    pub interference: &'a Interference,
    /// Whether this process runs another program afterwards, so that the VM has to go.
    pub again: bool,
}

/// How a program ended, and what it took.
#[derive(Debug)]
pub struct Execution {
    /// How it ended.
    pub outcome: Outcome,
    /// What it took, if that was asked for.
    pub stats: Option<ExecutionStats>,
    /// Who imports the module that could not be loaded, if that is how it ended; nobody imports the entry.
    pub importer: Option<String>,
    /// What became of the cache, if there was one.
    pub cache: Option<CacheReport>,
    /// What the kernel said of this process when the program had ended, before anything else was done; with
    /// [`ExecutionOptions::stats`].
    pub process: Option<ProcessFacts>,
    /// The monotonic clock (`CLOCK_MONOTONIC`, nanoseconds) when the program had ended.
    pub ended_ns: u64,
    /// From the end of the load to the end of the program, in nanoseconds.
    pub rest_ns: u64,
    /// What the program showed, if that was asked for.
    pub observation: Option<Observation>,
    /// How long observing took.
    pub observe_ns: u64,
}

/// Loads and evaluates a module graph and runs its program to the end. `name` is the engine's in `engine list`.
///
/// # Errors
/// The entry cannot be found, or the bridge told something that it never tells.
pub fn execute(
    engine: &Engine,
    name: &str,
    options: &ExecutionOptions<'_>,
) -> Result<Execution, Error> {
    let ExecutionOptions {
        program,
        path,
        cache,
        interference,
        ..
    } = *options;
    let mut drive = Drive::open(engine, program, path, cache, interference);
    let (mut realm, vm_create, ended) = drive_to_end(&mut drive, options)?;
    let cache = drive.close(&mut realm);
    let Ended {
        outcome,
        at_load,
        served_at_load,
        statistics,
        load_total,
        rest,
        process,
        ended_ns,
    } = ended;
    let importers = drive.importers();
    let started = Instant::now();
    let observation = match &options.observer {
        Some(recorder) => {
            let (importers, packed) = (importers.borrow(), drive.packed());
            let keys = importers.keys().map(String::as_str);
            let keys = keys.chain(packed.iter().map(String::as_str));
            let keys = keys.chain([program.entry.as_str()]);
            Some(recorder.finish(&mut realm, &outcome, keys)?)
        }
        None => None,
    };
    let observe_ns = nanoseconds(started.elapsed());

    let importer = outcome
        .failed_module()
        .and_then(|module| drive.importer(&module.key));
    if options.again {
        drop(realm);
    } else {
        // Tearing a VM down costs milliseconds.
        std::mem::forget(realm);
    }

    let stats = options.stats.then(|| {
        let build = engine.build();
        let cached = cache.is_some();
        let fetch = drive.fetch();
        let fetch_time = drive.pack_time() + fetch.time.get() + fetch.resolve_time.get();
        ExecutionStats {
            schema: SCHEMA,
            engine: EngineStats {
                name: name.to_owned(),
                version: build.version.clone(),
                fingerprint: build.fingerprint.clone(),
            },
            path: options.path.name(),
            entry: program.entry.as_str().to_owned(),
            modules: statistics.modules,
            hits: cache.as_ref().map(|it| it.hits),
            read_ahead: cache.as_ref().map(|it| it.read_ahead),
            misses: cache
                .as_ref()
                .map(|it| it.misses.iter().map(miss).collect()),
            no_pack: cache
                .as_ref()
                .and_then(|it| it.no_pack.as_ref().map(NoPackStats::from)),
            unsealed: cache.as_ref().and_then(|it| it.unsealed.clone()),
            validated: cache
                .as_ref()
                .filter(|_| options.cache.is_some_and(|it| it.validate))
                .map(|it| it.compared),
            parses: parses(&statistics),
            source_bytes: fetch.bytes.get(),
            cache_bytes: cache.as_ref().map(|it| it.bytes),
            load: counts(&at_load, cached.then_some(served_at_load)),
            phases_ns: PhaseStats {
                fetch: nanoseconds(fetch_time),
                analyze: at_load.analyze_ns,
                rebuild: cached.then_some(at_load.rebuild_ns),
                decode: cached.then_some(at_load.decode_ns),
                codegen: at_load.codegen_ns,
                link: at_load.link_ns,
                evaluate: at_load.evaluate_ns,
                load_total: nanoseconds(load_total),
            },
            process: ProcessStats {
                vm_create_ns: nanoseconds(vm_create),
                max_rss_kb: process.map(|it| it.max_rss_kb),
                minor_faults: process.map(|it| it.minor_faults),
                major_faults: process.map(|it| it.major_faults),
            },
        }
    });
    Ok(Execution {
        outcome,
        stats,
        importer,
        cache,
        process,
        ended_ns,
        rest_ns: nanoseconds(rest),
        observation,
        observe_ns,
    })
}

/// The end of a run.
struct Ended {
    outcome: Outcome,
    /// What the engine had done when the graph was loaded.
    at_load: Statistics,
    /// Hits and misses at that moment.
    served_at_load: (u64, u64),
    /// What it had done when the program had ended.
    statistics: Statistics,
    load_total: Duration,
    /// What came after it.
    rest: Duration,
    process: Option<ProcessFacts>,
    ended_ns: u64,
}

/// Runs the program in a new realm; how long making its VM took.
fn drive_to_end<'a>(
    drive: &mut Drive<'a>,
    options: &ExecutionOptions<'_>,
) -> Result<(Realm<'a>, Duration, Ended), Error> {
    // What opening a pack has cost so far is part of the load.
    let opening = drive.pack_time();
    let mut console_of_prelude = Rc::clone(&options.console);
    loop {
        let started = Instant::now();
        let mut realm = drive.realm();
        let vm_create = started.elapsed();
        if options.true_lines || (options.path != LoadPath::Parse && options.cache.is_some()) {
            realm.keep_true_lines();
        }
        realm.capture_console(Rc::clone(&console_of_prelude));
        let before = drive.run_prelude(&mut realm)?;
        // It has been heard, should this realm turn out to be of no use.
        console_of_prelude = prelude::silence();
        begin(&mut realm, options);
        marks::load_begins();
        let started = Instant::now();
        if !drive.prepare(&mut realm) {
            continue;
        }
        // Here, where no other thread can make up for it.
        spin(options.interference.spin, options.interference.rounds);
        drive.start(&mut realm);
        let mut ended = finish(&mut realm, started, options.stats, || drive.served());
        ended.load_total += opening;
        ended.at_load = ended.at_load.since(&before);
        ended.statistics = ended.statistics.since(&before);
        return Ok((realm, vm_create, ended));
    }
}

/// What is done to a realm before the program is loaded in it.
fn begin(realm: &mut Realm<'_>, options: &ExecutionOptions<'_>) {
    realm.capture_console(Rc::clone(&options.console));
    if let Some(recorder) = &options.observer {
        recorder.start(realm);
    }
}

/// Runs a program whose load began at `started` to its end, and asks the kernel what that took if anybody wants to know.
/// `served` tells how many modules the cache has served so far, and how many it has not.
fn finish(
    realm: &mut Realm<'_>,
    started: Instant,
    stats: bool,
    served: impl Fn() -> (u64, u64),
) -> Ended {
    let now = |realm: &Realm<'_>| (started.elapsed(), realm.statistics(), served());
    let mut at_load = None;
    let outcome = run_to_completion(realm, |realm| {
        at_load = Some(now(realm));
        marks::load_ends();
    });
    // A load that never ends has lasted until now.
    let (load_total, at_load, served_at_load) = at_load.unwrap_or_else(|| {
        marks::load_ends();
        now(realm)
    });
    let rest = started.elapsed().saturating_sub(load_total);
    marks::program_ends();
    Ended {
        outcome,
        at_load,
        served_at_load,
        statistics: realm.statistics(),
        load_total,
        rest,
        ended_ns: monotonic_ns(),
        process: stats.then(ProcessFacts::read).flatten(),
    }
}

/// Keeps the processor busy for so many rounds, and for this long.
fn spin(time: Duration, rounds: u64) {
    for round in 0..rounds {
        std::hint::black_box(round);
    }
    if time.is_zero() {
        return;
    }
    let started = Instant::now();
    while started.elapsed() < time {
        std::hint::spin_loop();
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
