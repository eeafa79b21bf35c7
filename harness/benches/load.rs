//! Loading real module graphs by the parse path in a fresh VM, and making a VM.
//!
//! In process, for a quick look while working on the code. What decides anything is measured elsewhere, in fresh
//! processes: here the allocator and the machine's caches stay warm from one iteration to the next.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode};
use harness::engine::{Engine, Outcome, Realm, run_to_completion};
use harness::graph::resolve::ModuleKey;
use harness::load::FileHost;
use workloads::Workload;

/// The npm workloads to load: many tiny modules, and fewer of ordinary size.
const WORKLOADS: [&str; 2] = ["lodash-es", "three-src"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::new()?;
    // Every workload is found and loaded once before anything is timed: what is missing is said at once.
    let directory = tempfile::tempdir()?;
    let mut loads = Vec::new();
    for name in WORKLOADS {
        // Packages have no generated files, so no directory is needed for them.
        let workload = workloads::materialise(&workloads::find(name)?, Path::new(""))?;
        let quiet = quiet(directory.path(), &workload)?;
        time_load(&engine, &quiet);
        loads.push((name, quiet));
    }

    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    create_vm(&mut criterion, &engine, &loads[0].1);
    load(&mut criterion, &engine, &loads);
    criterion.final_summary();
    Ok(())
}

/// A program that runs the workload with its console output thrown away: printing is not loading.
fn quiet(directory: &Path, workload: &Workload) -> Result<ModuleKey, Box<dyn std::error::Error>> {
    let entry = ModuleKey::from_entry(&workload.entry)?;
    fs::write(directory.join("silence.mjs"), "console.log = () => {};\n")?;
    let program = directory.join(format!("{}.mjs", workload.name));
    fs::write(
        &program,
        format!("import './silence.mjs';\nimport '{}';\n", entry.as_str()),
    )?;
    Ok(ModuleKey::from_entry(&program)?)
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
fn load(criterion: &mut Criterion, engine: &Engine, loads: &[(&str, ModuleKey)]) {
    let mut group = criterion.benchmark_group("load/parse");
    // An iteration takes tens of milliseconds: the same few in each sample keep the whole within seconds.
    group.sampling_mode(SamplingMode::Flat).sample_size(30);
    for (name, entry) in loads {
        group.bench_function(*name, |bencher| {
            bencher
                .iter_custom(|iterations| (0..iterations).map(|_| time_load(engine, entry)).sum());
        });
    }
    group.finish();
}

fn time_load(engine: &Engine, entry: &ModuleKey) -> Duration {
    let mut realm = Realm::new(engine, Box::new(FileHost::new(entry)));
    let mut loaded = Duration::ZERO;
    let started = Instant::now();
    realm.load(entry.as_str());
    let outcome = run_to_completion(&mut realm, |_| loaded = started.elapsed());
    assert_eq!(outcome, Outcome::Completed, "{}", entry.as_str());
    loaded
}
