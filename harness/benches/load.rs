//! Loading real module graphs by every path in a fresh VM, validating their cache entries, and making a VM.
//!
//! In process, for a quick look while working on the code. What decides anything is measured elsewhere, in fresh
//! processes: here the allocator and the machine's caches stay warm from one iteration to the next.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};
use harness::cache::store::{Access, Loading};
use harness::cache::{EntryBytes, Expected, Identity, SourceHash, Store, VerifiedEntry, validate};
use harness::engine::{Engine, Outcome, Realm, run_to_completion};
use harness::graph::resolve::ModuleKey;
use harness::load::{
    CacheMode, CacheOptions, EntryWriter, FileHost, LoadPath, RunCache, walk_closure,
};
use workloads::Workload;

/// What to load: many tiny modules, fewer of ordinary size, few large ones, and a generated tree.
const WORKLOADS: [&str; 4] = ["lodash-es", "three-src", "three-bundle", "tree-1000"];

const PATHS: [LoadPath; 3] = [LoadPath::Parse, LoadPath::Bytecode, LoadPath::Full];

/// A program, and the cache that holds all of its modules.
struct Prepared {
    name: &'static str,
    entry: ModuleKey,
    cache: CacheOptions,
    identity: Identity,
    entries: Vec<(VerifiedEntry, SourceHash)>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::new()?;
    // Every workload is found, built and loaded once before anything is timed: what is missing is said at once.
    let directory = tempfile::tempdir()?;
    let mut loads = Vec::new();
    for name in WORKLOADS {
        let workload =
            workloads::materialise(&workloads::find(name)?, &directory.path().join(name))?;
        let prepared = prepare(&engine, directory.path(), name, &workload)?;
        for path in PATHS {
            time_load(&engine, &prepared, path);
        }
        loads.push(prepared);
    }

    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    create_vm(&mut criterion, &engine, &loads[0].entry);
    load(&mut criterion, &engine, &loads);
    validate_entries(&mut criterion, &loads);
    criterion.final_summary();
    Ok(())
}

/// A program that runs the workload with its console output thrown away (printing is not loading), and its cache.
fn prepare(
    engine: &Engine,
    directory: &Path,
    name: &'static str,
    workload: &Workload,
) -> Result<Prepared, Box<dyn std::error::Error>> {
    let entry = ModuleKey::from_entry(&workload.entry)?;
    fs::write(directory.join("silence.mjs"), "console.log = () => {};\n")?;
    let program = directory.join(format!("{name}.mjs"));
    fs::write(
        &program,
        format!("import './silence.mjs';\nimport '{}';\n", entry.as_str()),
    )?;
    let entry = ModuleKey::from_entry(&program)?;

    let cache = CacheOptions {
        directory: directory.join(format!("{name}.cache")),
        mode: CacheMode::ReadOnly,
        loading: Loading::Auto,
        validate: false,
        poison_sources: false,
    };
    let identity = engine.identity().for_cache();
    let store = Store::open(&cache.directory, Access::ReadWrite, cache.loading);
    let mut writer = EntryWriter::new(engine, identity);
    let mut entries = Vec::new();
    let obstacles = walk_closure(&entry, &mut |key, source| {
        let entry = writer.write(key, source)?;
        store.save(&entry).map_err(|miss| miss.to_string())?;
        let record = entry.record();
        entries.push((entry, SourceHash::of(source)));
        Ok(record)
    });
    assert_eq!(obstacles, [], "{name}: everything has an entry");
    Ok(Prepared {
        name,
        entry,
        cache,
        identity,
        entries,
    })
}

/// Making the VM, its global object and our globals; taking it down again is not timed.
fn create_vm(criterion: &mut Criterion, engine: &Engine, entry: &ModuleKey) {
    criterion.bench_function("vm/create", |bencher| {
        bencher.iter_custom(|iterations| {
            let mut total = Duration::ZERO;
            for _ in 0..iterations {
                let host = Box::new(FileHost::new(entry));
                let started = Instant::now();
                let realm = black_box(Realm::new(engine, host));
                total += started.elapsed();
                drop(realm);
            }
            total
        });
    });
}

/// From the entry's key to the end of its evaluation; making the VM and taking it down are not timed.
fn load(criterion: &mut Criterion, engine: &Engine, loads: &[Prepared]) {
    let mut group = criterion.benchmark_group("load");
    // An iteration takes tens of milliseconds: the same few in each sample keep the whole within seconds.
    group.sampling_mode(SamplingMode::Flat).sample_size(30);
    for prepared in loads {
        for path in PATHS {
            group.bench_function(BenchmarkId::new(prepared.name, path.name()), |bencher| {
                bencher.iter_custom(|iterations| {
                    (0..iterations)
                        .map(|_| time_load(engine, prepared, path))
                        .sum()
                });
            });
        }
    }
    group.finish();
}

/// Hash and bounds of every entry of a graph, the hash of its sources not included.
fn validate_entries(criterion: &mut Criterion, loads: &[Prepared]) {
    let mut group = criterion.benchmark_group("validate");
    for prepared in loads {
        let bytes: u64 = prepared
            .entries
            .iter()
            .map(|(entry, _)| entry.as_bytes().len() as u64)
            .sum();
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function(prepared.name, |bencher| {
            bencher.iter_batched(
                || {
                    prepared
                        .entries
                        .iter()
                        .map(|(entry, _)| EntryBytes::copy_of(entry.as_bytes()))
                        .collect::<Vec<_>>()
                },
                |copies| {
                    for (copy, (entry, source_hash)) in copies.into_iter().zip(&prepared.entries) {
                        let expected = Expected {
                            identity: &prepared.identity,
                            module_key: entry.module_key(),
                            source_hash: *source_hash,
                            source_length: entry.source_length(),
                        };
                        black_box(copy.is_ok_and(|copy| validate(copy, &expected).is_ok()));
                    }
                },
                criterion::BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

/// One load, which must have gone the way that it is timed for.
fn time_load(engine: &Engine, prepared: &Prepared, path: LoadPath) -> Duration {
    let mut host = FileHost::new(&prepared.entry);
    let started = Instant::now();
    let report = (path != LoadPath::Parse).then(|| {
        let cache = RunCache::new(&prepared.cache, prepared.identity, path == LoadPath::Full);
        let report = cache.report();
        host.set_entries(Box::new(cache));
        report
    });
    let opening = started.elapsed();
    let mut realm = Realm::new(engine, Box::new(host));
    let mut loaded = Duration::ZERO;
    let started = Instant::now();
    realm.load(prepared.entry.as_str());
    let outcome = run_to_completion(&mut realm, |_| loaded = started.elapsed());

    let statistics = realm.statistics();
    assert_eq!(outcome, Outcome::Completed, "{}", prepared.name);
    assert_eq!(
        statistics.analyses == 0,
        path == LoadPath::Full,
        "{}",
        prepared.name
    );
    if let Some(report) = report {
        assert_eq!(
            report.borrow().hits,
            statistics.modules,
            "{}",
            prepared.name
        );
        assert_eq!(statistics.module_code, 0, "{}", prepared.name);
    }
    opening + loaded
}
