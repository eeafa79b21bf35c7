//! Several processes, one directory.

use std::thread;

use crate::support::{Cache, Load, parse};
use test_programs::{Engine, engines, two_engines};

const ROUNDS: usize = 10;

fn two_at_once(engines: [&Engine; 2], workload: &str, entries: usize) {
    let directory = tempfile::tempdir().unwrap();
    let definition = workloads::find(workload).unwrap();
    let workload = workloads::materialise(&definition, directory.path()).unwrap();
    let entry = &workload.entry;
    let parsed = engines.map(|engine| parse(engine, entry).run());
    for round in 0..ROUNDS {
        let cache = Cache::new();
        let path = &cache.path();
        let runs = thread::scope(|scope| {
            engines
                .map(|engine| scope.spawn(move || Load::full(engine, entry, "auto", path).run()))
                .map(|it| it.join().unwrap())
        });
        for (run, parsed) in runs.iter().zip(&parsed) {
            assert_eq!(run.shown, parsed.shown, "round {round}");
            assert_eq!(
                run.stats.hits + run.stats.misses.len() as u64,
                parsed.stats.modules
            );
        }
        // Two engines keep an entry each of every module.
        assert_eq!(cache.snapshot().len() - 1, entries, "round {round}");
        if engines[0].name == engines[1].name {
            assert_eq!(cache.entries().len(), entries, "round {round}");
        }
        for (engine, parsed) in engines.iter().zip(&parsed) {
            let run = Load::full(engine, entry, "read-only", path).run();
            assert_eq!(run.shown, parsed.shown, "round {round}");
            assert_eq!(run.stats.hits, parsed.stats.modules, "round {round}");
            assert_eq!(run.stats.parses(), [0; 3], "round {round}");
        }
    }
}

#[test]
fn two_processes_fill_one_cache() {
    for engine in engines() {
        two_at_once([engine, engine], "classes", 31);
    }
}

#[test]
fn two_engines_fill_one_cache() {
    if let Some(both) = two_engines!() {
        two_at_once(both, "binary-127", 2 * 127);
    }
}
