//! Runs in which nothing goes wrong.

use std::collections::BTreeSet;

use jsc_module_cache::pack::Payload;
use record::{Block, PageCache, Purpose};
use sample::PackUse;
use sample::{Check, LoadPath};
use serde_json::Value;

use crate::support::measure;
use test_programs::{default_engine, two_engines};

const ALL: [LoadPath; 4] = [
    LoadPath::Parse,
    LoadPath::Bytecode,
    LoadPath::Full,
    LoadPath::Graph,
];

/// The order of loads and the size of environments, up to the first block that had to be done again.
fn schedule(blocks: &[Block]) -> Vec<(usize, Vec<(LoadPath, u32)>)> {
    let count = blocks
        .iter()
        .position(|block| block.void.is_some())
        .map_or(blocks.len(), |first| first + 1);
    blocks[..count]
        .iter()
        .map(|block| {
            let order = block
                .loads
                .iter()
                .map(|load| (load.path, load.pad))
                .collect();
            (block.workload, order)
        })
        .collect()
}

#[test]
fn every_sample_is_kept_with_what_it_depends_on() {
    let measured = measure(&["-w", "^(empty|cycle-tdz)$", "--blocks", "6", "--seed", "5"]).run();
    let record = measured.with_code(0);

    assert_eq!(record.run.purpose, Purpose::Workloads);
    assert_eq!(record.conditions.seed, 5);
    assert_eq!(record.conditions.paths, ALL);
    assert_eq!(record.conditions.page_cache, PageCache::Warm);
    assert_eq!(record.engines.len(), 1);
    let default = default_engine();
    assert_eq!(record.engines[0].name, default.name);
    assert_eq!(record.engines[0].fingerprint, default.fingerprint);
    let names: Vec<&str> = record.workloads.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["empty", "cycle-tdz"]);
    assert!(record.workloads.iter().all(|it| it.digest.len() == 32));

    for workload in 0..2 {
        let blocks: Vec<&Block> = record.valid_blocks(workload).collect();
        assert_eq!(blocks.len(), 6);
        for block in blocks {
            let mut paths: Vec<LoadPath> = block.loads.iter().map(|load| load.path).collect();
            paths.sort();
            assert_eq!(paths, ALL);
        }
    }
    // One worker at a time: each starts when the one before has ended.
    let mut free_from = 0;
    for (_, load) in record.loads() {
        let measured = load.measured.as_ref().unwrap();
        let (times, facts) = (&measured.times, &measured.facts);
        assert!(times.start >= free_from);
        free_from = times.start + times.wall;
        assert!(times.load > 0 && times.load < times.program && times.program <= times.wall);
        assert_eq!(facts.cache.is_some(), load.path != LoadPath::Parse);
        let whole = matches!(load.path, LoadPath::Full | LoadPath::Graph);
        assert_eq!(facts.parses() == 0, whole);
        assert!(times.max_rss_kb.unwrap() > 1000);
        assert!(load.pad < 4096);
    }
    let pads: BTreeSet<u32> = record.loads().map(|(_, load)| load.pad).collect();
    assert!(pads.len() > 20, "{pads:?}");
}

#[test]
fn how_packs_are_made_and_checked_is_part_of_the_result() {
    let usual = ["-w", "^empty$", "--path", "graph", "--blocks", "1"];
    let unusual = [&usual[..], &["--payload", "all", "--check", "unsealed"]].concat();
    let measured = measure(&usual).run();
    assert!(measured.record.unwrap().conditions.pack.is_default());
    assert!(!measured.stdout.contains("packs of"));
    let measured = measure(&unusual).run();
    let record = measured.record.unwrap();
    assert_eq!(
        record.conditions.pack,
        PackUse {
            payload: Payload::All,
            check: Check::Unsealed
        }
    );
    let words = "; warm page cache, packs of all functions, not checked, ";
    assert!(measured.stdout.contains(words), "{}", measured.stdout);
    assert!(
        record
            .run
            .command
            .join(" ")
            .contains("--payload all --check unsealed")
    );
}

#[test]
fn a_seed_gives_the_same_order_again_and_another_seed_another() {
    let blocks = |seed: &str| {
        let measured = measure(&["-w", "^(empty|cycle-tdz|self-import)$", "--blocks", "6"])
            .argument("--seed")
            .argument(seed)
            .run();
        measured.record.unwrap().blocks
    };
    let (first, second, other) = (blocks("1"), blocks("1"), blocks("2"));
    let [one, two, three] = [&first, &second, &other].map(|blocks| schedule(blocks));
    let common = one.len().min(two.len());
    assert_eq!(one[..common], two[..common]);
    assert_ne!(one[0], three[0]);
    let orders: BTreeSet<Vec<LoadPath>> = first
        .iter()
        .map(|block| block.loads.iter().map(|load| load.path).collect())
        .collect();
    assert!(orders.len() >= 3, "{orders:?}");
}

#[test]
fn workloads_take_turns() {
    let measured = measure(&["-w", "^(empty|cycle-tdz)$", "--blocks", "6"]).run();
    let record = measured.with_code(0);
    let rounds: Vec<u32> = record.blocks.iter().map(|block| block.round).collect();
    assert!(rounds.is_sorted(), "{rounds:?}");
}

#[test]
fn shards_are_parts() {
    let measured = measure(&["-w", "^(empty|cycle-tdz|self-import)$", "--blocks", "6"])
        .argument("--shard=2/2")
        .run();
    let record = measured.with_code(0);
    let names: Vec<&str> = record.workloads.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["cycle-tdz"]);
}

#[test]
fn the_table_and_the_json() {
    let arguments = ["-w", "^cycle-tdz$", "--blocks", "6"];
    let measured = measure(&arguments).run();
    measured.with_code(0);
    let table = &measured.stdout;
    let mut lines = table.lines();
    assert!(lines.next().unwrap().contains(
        "; warm page cache, blocks void above 100 % stolen and 100 % stalled; 6 blocks; seed "
    ));
    assert!(lines.nth(1).unwrap().contains("time of the load"));
    let header: Vec<&str> = lines
        .next()
        .unwrap()
        .split("  ")
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    assert_eq!(
        header,
        [
            "workload",
            "modules",
            "parse, ms",
            "bytecode, ms",
            "full, ms",
            "graph, ms",
            "parse/bytecode",
            "parse/full",
            "parse/graph",
            "parses",
            "cache/source"
        ]
    );
    let row = lines.next().unwrap();
    assert!(row.trim_start().starts_with("cycle-tdz"), "{table}");
    assert!(row.contains("11 / 2 / 0 / 0"), "{table}");
    assert!(row.matches('–').count() == 7, "seven intervals: {table}");

    let measured = measure(&arguments)
        .argument("--format")
        .argument("json")
        .argument("--metric")
        .argument("memory")
        .run();
    measured.with_code(0);
    let json: Value = serde_json::from_str(&measured.stdout).unwrap();
    assert_eq!(json["summary"]["metric"], "memory");
    let cells = &json["summary"]["engines"][0]["workloads"][0]["cells"];
    assert_eq!(cells[2]["path"], "full");
    let value = &cells[2]["value"];
    assert!(value["interval"]["coverage"].as_f64().unwrap() >= 0.95);
    assert!(value["value"].as_f64().unwrap() > 1.0);
    assert_eq!(cells[0]["gain"], Value::Null);
}

#[test]
fn two_engines_run_in_the_same_blocks() {
    let Some([newer, older]) = two_engines!() else {
        return;
    };
    let both = [&*older.version, &*newer.version];
    let measured = measure(&[
        "-w",
        "^cycle-tdz$",
        "--blocks",
        "6",
        "--engine",
        &both.join(","),
        "--path",
        "parse,full",
    ])
    .run();
    let record = measured.with_code(0);
    let versions: Vec<&str> = record.engines.iter().map(|it| &*it.version).collect();
    assert_eq!(versions, both);
    for block in record.valid_blocks(0) {
        let mut cells: Vec<(usize, LoadPath)> = block
            .loads
            .iter()
            .map(|load| (load.engine, load.path))
            .collect();
        cells.sort();
        assert_eq!(
            cells,
            [
                (0, LoadPath::Parse),
                (0, LoadPath::Full),
                (1, LoadPath::Parse),
                (1, LoadPath::Full)
            ]
        );
    }
    assert_eq!(measured.stdout.matches("time of the load").count(), 2);
}

#[test]
fn a_budget_ends_with_a_whole_round() {
    let measured = measure(&["-w", "^(empty|cycle-tdz)$", "--budget", "0.05"]).run();
    let record = measured.record.as_ref().unwrap();
    assert!(record.conditions.rounds >= 1);
    for workload in 0..2 {
        let rounds: BTreeSet<u32> = record
            .blocks
            .iter()
            .filter(|block| block.workload == workload)
            .map(|block| block.round)
            .collect();
        assert_eq!(rounds.len(), record.conditions.rounds as usize);
    }
}

#[test]
fn too_few_blocks_for_an_interval_within_the_budget_is_inconclusive() {
    let measured = measure(&["-w", "^cycle-tdz$", "--budget", "0.001"]).run();
    let record = measured.with_code(2);
    assert_eq!(record.conditions.rounds, 1);
    assert!(!measured.stdout.contains('–'), "{}", measured.stdout);
}
