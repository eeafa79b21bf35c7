//! One run of one program in this process.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

use super::cache::{CacheOptions, CacheReport, RunCache};
use super::files::{FileHost, Importers};
use super::process::ProcessFacts;
use super::stats::{
    EngineStats, LoadCounts, MissStats, NoPackStats, ParseStats, PhaseStats, ProcessStats,
    RunStats, SCHEMA,
};
use super::write::write_missing;
use crate::Error;
use crate::engine::{ConsoleSink, Engine, Outcome, Realm, Statistics, run_to_completion};
use crate::graph::resolve::ModuleKey;
use crate::observe::{Observation, Recorder};

/// How a module graph is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoadPath {
    /// Everything parsed: stock JSC, the reference for behaviour and speed.
    Parse,
    /// Records parsed, bytecode from the cache: the traditional bytecode cache.
    Bytecode,
    /// Records rebuilt and bytecode taken from the cache: no parse at all.
    Full,
    /// The whole static closure from one pack: no parse, nothing resolved.
    Graph,
}

impl LoadPath {
    /// Every path; the first is the reference for the others.
    pub const ALL: [Self; 4] = [Self::Parse, Self::Bytecode, Self::Full, Self::Graph];

    /// Its word in the command line, in JSON and in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Bytecode => "bytecode",
            Self::Full => "full",
            Self::Graph => "graph",
        }
    }
}

/// What to run and how.
#[derive(Clone)]
pub struct RunOptions<'a> {
    /// The entry module's file.
    pub entry: &'a Path,
    /// The load path.
    pub path: LoadPath,
    /// The cache; without one every path parses.
    pub cache: Option<&'a CacheOptions>,
    /// Whether the facts about the run are wanted.
    pub stats: bool,
    /// Takes what the program's console prints, and with [`RunOptions::observe`] the observation; without one the
    /// console prints to standard output and standard error.
    pub recorder: Option<Rc<Recorder>>,
    /// Whether the recorder is to observe.
    pub observe: bool,
    /// Whether a load by the parse path has true lines ([`Realm::keep_true_lines`]). From a cache it always has.
    pub true_lines: bool,
    /// Work that the load is made to do before it begins, within the measured time.
    pub spin: Duration,
    /// Whether this process runs another program afterwards, so that the VM has to go.
    pub again: bool,
}

/// How a program ended, and what it took.
#[derive(Debug)]
pub struct Run {
    /// How it ended.
    pub outcome: Outcome,
    /// What it took, if that was asked for.
    pub stats: Option<RunStats>,
    /// Who imports the module that could not be loaded, if that is how it ended; nobody imports the entry.
    pub importer: Option<String>,
    /// What became of the cache, if there was one.
    pub cache: Option<CacheReport>,
    /// What the kernel said of this process when the program had ended, before anything else was done; with
    /// [`RunOptions::stats`].
    pub process: Option<ProcessFacts>,
    /// The monotonic clock (`CLOCK_MONOTONIC`, nanoseconds) when the program had ended.
    pub ended_ns: u64,
    /// What the program showed, if that was asked for.
    pub observation: Option<Observation>,
    /// How long observing took.
    pub observe_ns: u64,
}

/// Loads and evaluates a module graph and runs its program to the end. `name` is the engine's in `engine list`.
pub fn run(engine: &Engine, name: &str, options: &RunOptions<'_>) -> Result<Run, Error> {
    let entry = ModuleKey::from_entry(options.entry).map_err(Error::Entry)?;
    let Loaded {
        ended,
        mut realm,
        vm_create,
        fetch_time,
        source_bytes,
        importers,
        packed,
        cache,
    } = match (options.path, options.cache) {
        (LoadPath::Graph, Some(cache)) => super::graph::run_graph(engine, &entry, options, cache),
        _ => by_modules(engine, &entry, options),
    };
    let Ended {
        outcome,
        at_load,
        served_at_load,
        statistics,
        load_total,
        process,
        ended_ns,
    } = ended;
    let started = Instant::now();
    let observation = match options.recorder.as_ref().filter(|_| options.observe) {
        Some(recorder) => {
            let importers = importers.borrow();
            let keys = importers.keys().map(String::as_str);
            let keys = keys.chain(packed.iter().map(String::as_str));
            let keys = keys.chain([entry.as_str()]);
            Some(recorder.finish(&mut realm, &outcome, keys)?)
        }
        None => None,
    };
    let observe_ns = nanoseconds(started.elapsed());

    let importer = outcome
        .failed_module()
        .and_then(|module| importers.borrow().get(&module.key).cloned());
    if options.again {
        drop(realm);
    } else {
        // Tearing a VM down costs milliseconds.
        std::mem::forget(realm);
    }

    let stats = options.stats.then(|| {
        let identity = engine.identity();
        let cached = cache.is_some();
        RunStats {
            schema: SCHEMA,
            engine: EngineStats {
                name: name.to_owned(),
                version: identity.version.clone(),
                fingerprint: identity.fingerprint.clone(),
            },
            path: options.path.name(),
            entry: entry.as_str().to_owned(),
            modules: statistics.modules,
            hits: cache.as_ref().map(|it| it.hits),
            read_ahead: cache.as_ref().map(|it| it.read_ahead),
            misses: cache
                .as_ref()
                .map(|it| it.misses.iter().map(MissStats::from).collect()),
            no_pack: cache
                .as_ref()
                .and_then(|it| it.no_pack.as_ref().map(NoPackStats::from)),
            validated: cache
                .as_ref()
                .filter(|_| options.cache.is_some_and(|it| it.validate))
                .map(|it| it.compared),
            parses: ParseStats::new(&statistics),
            source_bytes,
            cache_bytes: cache.as_ref().map(|it| it.bytes),
            load: LoadCounts::new(&at_load, cached.then_some(served_at_load)),
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
    Ok(Run {
        outcome,
        stats,
        importer,
        cache,
        process,
        ended_ns,
        observation,
        observe_ns,
    })
}

/// A program that was loaded by some path and has run to its end.
pub(super) struct Loaded<'engine> {
    pub ended: Ended,
    pub realm: Realm<'engine>,
    pub vm_create: Duration,
    /// Resolving specifiers, reading sources and cache files, as far as the engine's thread waited for it.
    pub fetch_time: Duration,
    pub source_bytes: u64,
    pub importers: Rc<RefCell<Importers>>,
    /// The keys of modules that nobody had to resolve.
    pub packed: Vec<String>,
    pub cache: Option<CacheReport>,
}

/// The end of a run.
pub(super) struct Ended {
    pub outcome: Outcome,
    /// What the engine had done when the graph was loaded.
    pub at_load: Statistics,
    /// Hits and misses at that moment.
    pub served_at_load: (u64, u64),
    /// What it had done when the program had ended.
    pub statistics: Statistics,
    pub load_total: Duration,
    pub process: Option<ProcessFacts>,
    pub ended_ns: u64,
}

/// Loads module by module, as JSC's loader does.
fn by_modules<'engine>(
    engine: &'engine Engine,
    entry: &ModuleKey,
    options: &RunOptions<'_>,
) -> Loaded<'engine> {
    let mut host = FileHost::new(entry);
    let fetch = host.statistics();
    let importers = host.importers();
    let cache = options
        .cache
        .filter(|_| options.path != LoadPath::Parse)
        .map(|cache| {
            let identity = engine.identity().for_cache();
            let entries = RunCache::new(cache, identity, options.path == LoadPath::Full);
            let report = entries.report();
            host.set_cache(entries);
            (cache, identity, report)
        });

    let started = Instant::now();
    let validate = cache.as_ref().is_some_and(|(cache, ..)| cache.validate);
    let mut realm = Realm::with_validation(engine, Box::new(host), validate);
    let vm_create = started.elapsed();
    begin(&mut realm, options);

    let started = Instant::now();
    spin(options.spin);
    realm.load(entry.as_str());
    let ended = finish(&mut realm, started, options.stats, || {
        let report = cache.as_ref().map(|(.., report)| report.borrow());
        report.map_or((0, 0), |it| (it.hits, it.misses.len() as u64))
    });

    let cache = cache.map(|(cache, identity, report)| {
        let mut report = report.take();
        write_missing(
            engine,
            cache,
            identity,
            &mut report,
            &realm.unlinkable_modules(),
        );
        report
    });
    Loaded {
        ended,
        realm,
        vm_create,
        fetch_time: fetch.time.get() + fetch.resolve_time.get(),
        source_bytes: fetch.bytes.get(),
        importers,
        packed: Vec::new(),
        cache,
    }
}

/// What is done to a realm before anything is loaded in it.
pub(super) fn begin(realm: &mut Realm<'_>, options: &RunOptions<'_>) {
    if options.true_lines || (options.path != LoadPath::Parse && options.cache.is_some()) {
        realm.keep_true_lines();
    }
    if let Some(recorder) = &options.recorder {
        realm.capture_console(Rc::clone(recorder) as Rc<dyn ConsoleSink>);
        if options.observe {
            recorder.start(realm);
        }
    }
}

/// Runs a program whose load began at `started` to its end, and asks the kernel what that took if anybody wants to know.
/// `served` tells how many modules the cache has served so far, and how many it has not.
pub(super) fn finish(
    realm: &mut Realm<'_>,
    started: Instant,
    stats: bool,
    served: impl Fn() -> (u64, u64),
) -> Ended {
    let now = |realm: &Realm<'_>| (started.elapsed(), realm.statistics(), served());
    let mut at_load = None;
    let outcome = run_to_completion(realm, |realm| at_load = Some(now(realm)));
    // A load that never ends has lasted until now.
    let (load_total, at_load, served_at_load) = at_load.unwrap_or_else(|| now(realm));
    Ended {
        outcome,
        at_load,
        served_at_load,
        statistics: realm.statistics(),
        load_total,
        ended_ns: monotonic_ns(),
        process: stats.then(ProcessFacts::read).flatten(),
    }
}

/// The system-wide monotonic clock, which an orchestrator can compare with its own reading.
pub fn monotonic_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    // Time since boot: neither part is negative.
    (now.tv_sec as u64) * 1_000_000_000 + now.tv_nsec as u64
}

/// Keeps the processor busy for this long.
pub(super) fn spin(time: Duration) {
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
