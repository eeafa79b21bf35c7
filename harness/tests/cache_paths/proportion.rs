//! What is written of a module is in proportion to its source, however it is nested.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::common::{Engine, Program, engines, jsc_harness, program};
use crate::support::{Cache, Load, parse};

/// Bytes of a file for each byte of source, and beside: those of its bytecode, its key and its record.
const BYTES_PER_BYTE: u64 = 32;
const BYTES_BESIDE: u64 = 68 << 10;

/// Ways to put an expression into a function, and to get it out again.
const WAYS: &[(&str, &str)] = &[
    ("function () { return ", "; }"),
    ("() => ", ""),
    ("() => { return ", "; }"),
    ("class { static m() { return ", "; } }"),
    ("class { constructor() { this.x = ", "; } }"),
    ("class { x = ", "; }"),
    ("class { static { this.x = ", "; } }"),
    ("function* () { yield ", "; }"),
    ("async function () { await 1; return ", "; }"),
    ("async () => ", ""),
    ("async () => { await ", "; }"),
    ("{ m() { return ", "; } }"),
    ("{ get p() { return ", "; } }"),
    (
        "function (a) { return [a => a, function () { return a; }, ",
        "]; }",
    ),
];

/// An expression nested so deeply in all of `ways` in turn, beside `siblings` tiny functions.
fn nested(ways: &[usize], depth: usize, siblings: usize) -> String {
    let way = |level: usize| WAYS[ways[level % ways.len()]];
    let open: String = (0..depth).map(|it| format!("({}", way(it).0)).collect();
    let close: String = (0..depth)
        .rev()
        .map(|it| format!("{})", way(it).1))
        .collect();
    let siblings = "()=>0,".repeat(siblings);
    format!("export const v = () => [{siblings} {open}'end'{close}];\n")
}

fn build(engine: &Engine, program: &Program, entries: &[String], cache: &Cache) -> Value {
    let output = jsc_harness()
        .args([
            "cache",
            "build",
            "--engine",
            &engine.name,
            "--format",
            "json",
        ])
        .arg("--cache-dir")
        .arg(cache.path())
        .args(entries.iter().map(|it| program.path(it)))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Bytes, not time: one follows from the other here, since what takes time is generating and encoding.
#[test]
fn bytes_are_bounded_by_the_source() {
    let strategy = prop::collection::vec(
        (
            prop::collection::vec(0..WAYS.len(), 1..4),
            prop_oneof![0..40usize, 100..700usize],
            prop_oneof![0..5usize, 500..3000usize],
        ),
        60,
    );
    let mut runner = TestRunner::deterministic();
    let modules = strategy.new_tree(&mut runner).unwrap().current();
    let each_way = (0..WAYS.len()).map(|way| (vec![way], 500, 0));
    let mut entries = Vec::new();
    let mut of_many = program("");
    for (index, (ways, depth, siblings)) in modules.into_iter().chain(each_way).enumerate() {
        let name = format!("m{index}.mjs");
        of_many = of_many.file(&name, nested(&ways, depth, siblings));
        entries.push(name);
    }
    for engine in engines() {
        let built = build(engine, &of_many, &entries, &Cache::new());
        let modules = built["modules"].as_array().unwrap();
        assert_eq!(modules.len(), entries.len());
        for module in modules {
            let number = |name: &str| module[name].as_u64().unwrap();
            let most = number("source_bytes") * BYTES_PER_BYTE + BYTES_BESIDE;
            assert!(number("bytes") <= most, "{}: {module}", engine.version);
        }
        assert!(
            built["left_out"].as_u64().unwrap() > 1000,
            "{}",
            built["left_out"]
        );
    }
}

/// Each level calls the next.
const CALLS: &str = "import { v } from './nest.mjs';
let n = 0, f = v;
while (typeof f === 'function') { f = n % 2 ? new f() : f(); n++; }
console.log(n, f.end);";

fn called(depth: usize) -> Program {
    let nest = format!(
        "export const v = {}{{ end: 'end' }}{};\n",
        "function () { return ".repeat(depth),
        "; }".repeat(depth)
    );
    program(CALLS).file("nest.mjs", nest)
}

#[test]
fn what_is_left_out_is_generated_when_it_is_first_used() {
    const DEPTH: usize = 600;
    let program = called(DEPTH);
    let entry = program.path("main.mjs");
    for engine in engines() {
        let cache = Cache::new();
        let parsed = parse(engine, &entry).run();
        assert_eq!(parsed.shown.stdout, format!("{DEPTH} end\n"));
        for mode in ["auto", "read-only"] {
            let loaded = Load::full(engine, &entry, mode, &cache.path()).run();
            assert_eq!(loaded.shown, parsed.shown, "{mode}");
            if mode == "read-only" {
                assert_eq!(
                    (
                        loaded.stats.hits,
                        loaded.stats.analyze,
                        loaded.stats.module_code
                    ),
                    (2, 0, 0)
                );
            }
        }
        let output = jsc_harness()
            .args(["cache", "build", "--engine", &engine.name, "--cache-dir"])
            .arg(Cache::new().path())
            .arg(&entry)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("\nleft out: the code of "), "{said}");
        assert!(
            said.contains(" functions, generated when first used\n"),
            "{said}"
        );
    }
}

/// What is ordinary has everything.
#[test]
fn nothing_is_left_out_of_ordinary_nesting() {
    let program = called(20);
    let entry = program.path("main.mjs");
    for engine in engines() {
        let cache = Cache::new();
        Load::full(engine, &entry, "auto", &cache.path()).run();
        let loaded = Load::full(engine, &entry, "read-only", &cache.path()).run();
        assert_eq!(loaded.stats.parses(), [0; 3], "{}", engine.version);
    }
}

/// How much is left out depends on the source alone.
#[test]
fn the_same_is_left_out_each_time() {
    let program = called(600);
    let entry = program.path("main.mjs");
    for engine in engines() {
        let bytecode = |environment: &[(&str, &str)], path: &str| -> BTreeMap<String, Vec<u8>> {
            let cache = Cache::new();
            let load = Load::new(engine, &entry)
                .path(path)
                .cache("auto", &cache.path());
            load.environment(environment).run();
            let entries = cache.entries().into_iter();
            entries
                .map(|(key, (_, entry))| (key, entry.bytecode().to_vec()))
                .collect()
        };
        let first = bytecode(&[], "full");
        assert_eq!(first.len(), 2);
        for environment in [
            [("JSC_collectContinuously", "1"), ("MALLOC_PERTURB_", "165")],
            [
                ("JSC_slowPathAllocsBetweenGCs", "7"),
                ("JSC_useConcurrentGC", "0"),
            ],
        ] {
            assert!(
                bytecode(&environment, "bytecode") == first,
                "{environment:?}"
            );
        }
    }
}
