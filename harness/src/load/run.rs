//! One run of one program in this process.

use std::path::Path;
use std::time::{Duration, Instant};

use super::cache::{CacheOptions, CacheReport, RunCache, write_missing};
use super::files::FileHost;
use super::process::ProcessFacts;
use super::stats::{
    EngineStats, MissStats, ParseStats, PhaseStats, ProcessStats, RunStats, SCHEMA,
};
use crate::Error;
use crate::engine::{Engine, Outcome, Realm, Statistics, run_to_completion};
use crate::graph::resolve::ModuleKey;

/// How a module graph is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadPath {
    /// Everything parsed: stock JSC, the reference for behaviour and speed.
    Parse,
    /// Records parsed, bytecode from the cache: the traditional bytecode cache.
    Bytecode,
    /// Records rebuilt and bytecode taken from the cache: no parse at all.
    Full,
}

impl LoadPath {
    /// Its word in the command line, in JSON and in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Bytecode => "bytecode",
            Self::Full => "full",
        }
    }
}

/// What to run and how.
#[derive(Debug, Clone)]
pub struct RunOptions<'a> {
    /// The entry module's file.
    pub entry: &'a Path,
    /// The load path.
    pub path: LoadPath,
    /// The cache; without one every path parses.
    pub cache: Option<&'a CacheOptions>,
    /// Whether the facts about the run are wanted.
    pub stats: bool,
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
}

/// Loads and evaluates a module graph and runs its program to the end. `name` is the engine's in `engine list`.
pub fn run(engine: &Engine, name: &str, options: &RunOptions<'_>) -> Result<Run, Error> {
    let entry = ModuleKey::from_entry(options.entry).map_err(Error::Entry)?;
    let mut host = FileHost::new(&entry);
    let fetch = host.statistics();
    let importers = host.importers();
    let cache = options
        .cache
        .filter(|_| options.path != LoadPath::Parse)
        .map(|cache| {
            let identity = engine.identity().for_cache();
            let entries = RunCache::new(cache, identity, options.path == LoadPath::Full);
            let report = entries.report();
            host.set_entries(Box::new(entries));
            (cache, identity, report)
        });

    let started = Instant::now();
    let validate = cache.as_ref().is_some_and(|(cache, ..)| cache.validate);
    let mut realm = Realm::with_validation(engine, Box::new(host), validate);
    let vm_create = started.elapsed();

    let started = Instant::now();
    let mut at_load: Option<(Duration, Statistics)> = None;
    realm.load(entry.as_str());
    let outcome = run_to_completion(&mut realm, |realm| {
        at_load = Some((started.elapsed(), realm.statistics()))
    });
    let (load_total, statistics) =
        at_load.unwrap_or_else(|| (started.elapsed(), realm.statistics()));
    let process = process_stats(vm_create);

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
    let importer = outcome
        .failed_module()
        .and_then(|module| importers.borrow().get(&module.key).cloned());
    // Tearing a VM down costs milliseconds, and this process runs no second program.
    std::mem::forget(realm);

    let stats = options.stats.then(|| {
        let identity = engine.identity();
        let cached = cache.is_some();
        RunStats {
            schema: SCHEMA,
            engine: EngineStats {
                name: name.to_owned(),
                version: identity.version,
                fingerprint: identity.fingerprint,
            },
            path: options.path.name(),
            entry: entry.as_str().to_owned(),
            modules: statistics.modules,
            hits: cache.as_ref().map(|it| it.hits),
            misses: cache
                .as_ref()
                .map(|it| it.misses.iter().map(MissStats::from).collect()),
            parses: ParseStats {
                analyze: statistics.analyses,
                module_code: statistics.module_code,
                function_code: statistics.function_code,
                total_engine: statistics.engine_parses,
            },
            source_bytes: fetch.bytes.get(),
            cache_bytes: cache.as_ref().map(|it| it.bytes),
            phases_ns: PhaseStats {
                fetch: nanoseconds(fetch.time.get() + fetch.resolve_time.get()),
                analyze: statistics.analyze_ns,
                rebuild: cached.then_some(statistics.rebuild_ns),
                decode: cached.then_some(statistics.decode_ns),
                codegen: statistics.codegen_ns,
                link: statistics.link_ns,
                evaluate: statistics.evaluate_ns,
                load_total: nanoseconds(load_total),
            },
            process,
        }
    });
    Ok(Run {
        outcome,
        stats,
        importer,
        cache,
    })
}

fn process_stats(vm_create: Duration) -> ProcessStats {
    let facts = ProcessFacts::read();
    ProcessStats {
        vm_create_ns: nanoseconds(vm_create),
        max_rss_kb: facts.map(|it| it.max_rss_kb),
        minor_faults: facts.map(|it| it.minor_faults),
        major_faults: facts.map(|it| it.major_faults),
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
