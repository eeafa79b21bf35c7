//! What a load consists of, in process: making a VM, loading real graphs on every path, hashing, validating, decoding and
//! rebuilding what the cache holds, and how all this grows with the number of modules and with their size.
//!
//! For a quick look while working on the code. What decides anything is measured in fresh processes (`jsc-harness
//! measure`): here the allocator and the machine's caches stay warm from one iteration to the next.

mod entries;
mod growth;
mod loads;
mod phases;
mod prepared;

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use criterion::Criterion;
use engine::Engine;
use prepared::Prepared;
use sample::HostOptions;

/// What to load: many tiny modules, fewer of ordinary size, few large ones, and a generated tree.
const WORKLOADS: [&str; 4] = ["lodash-es", "three-src", "three-bundle", "tree-1000"];

/// Names programs to load instead: entry files and directories, separated by colons.
const PROGRAMS: &str = "HARNESS_BENCH";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::new()?;
    // Every workload is found, built and loaded once before anything is timed: what is missing is said at once.
    let directory = tempfile::tempdir()?;
    let prepare = |definition| Prepared::new(&engine, directory.path(), &definition);
    let own = env::var_os(PROGRAMS).filter(|it| !it.is_empty());
    let definitions = match &own {
        Some(paths) => {
            let paths: Vec<PathBuf> = env::split_paths(paths).collect();
            workloads::entries(&paths, &HostOptions::default())?
        }
        None => WORKLOADS
            .into_iter()
            .map(workloads::find)
            .collect::<Result<Vec<_>, _>>()?,
    };
    let real = definitions
        .into_iter()
        .map(prepare)
        .collect::<Result<Vec<_>, _>>()?;
    let growing = match own {
        Some(_) => Vec::new(),
        None => growth::prepare(&prepare)?,
    };

    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    loads::create_vm(&mut criterion, &engine, &real[0].program);
    loads::load(&mut criterion, &engine, &real);
    entries::hash(&mut criterion, &real);
    entries::validate(&mut criterion, &real);
    phases::rebuild(&mut criterion, &engine, &real);
    phases::decode(&mut criterion, &engine, &real);
    growth::load(&mut criterion, &engine, &growing);
    criterion.final_summary();
    Ok(())
}
