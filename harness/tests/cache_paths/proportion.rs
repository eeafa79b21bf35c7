//! What is written of a module is in proportion to its source, however it is nested.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::support::{Cache, Load, parse};
use test_programs::{Engine, Program, engines, jsc_harness, program};

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

/// Functions in each other, each of which is reached by `next` from the one around it, `n` levels deep.
fn reached(depth: usize, next: &str) -> Program {
    let nest = format!(
        "export const v = {}{{ end: 'end' }}{};\n",
        "function () { return ".repeat(depth),
        "; }".repeat(depth)
    );
    program(&format!(
        "import {{ v }} from './nest.mjs';
let n = 0, f = v;
while (typeof f === 'function') {{ f = {next}; n++; }}
console.log(n, f.end);"
    ))
    .file("nest.mjs", nest)
}

/// Call and construct code in turn: of each way through the two kinds of code, there would be other functions.
const IN_TURN: &str = "n % 2 ? new f() : f()";

#[test]
fn what_is_left_out_is_generated_when_it_is_first_used() {
    const DEPTH: usize = 600;
    let program = reached(DEPTH, IN_TURN);
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

/// Far deeper than people write: every path shows the same, and a pack of what was executed has all of it, because
/// the program itself has paid for it.
#[test]
fn functions_in_functions_by_every_path() {
    let arrows = "() => ".repeat(1_500);
    let text =
        format!("let f = {arrows}1, n = 0; while (f.call) {{ f = f(); n++; }} console.log(n);");
    let program = program(&text);
    let entry = program.path("main.mjs");
    for engine in engines() {
        let parsed = parse(engine, &entry).run();
        assert_eq!(parsed.shown.stdout, "1500\n");
        for (path, payload, left_out) in [
            ("full", None, true),
            ("bytecode", None, true),
            ("graph", Some("all"), true),
            ("graph", Some("executed"), false),
        ] {
            let cache = Cache::new();
            let load = |mode| {
                let load = Load::new(engine, &entry)
                    .path(path)
                    .cache(mode, &cache.path());
                match payload {
                    Some(payload) => load.argument("--payload").argument(payload),
                    None => load,
                }
            };
            let first = load("auto").run();
            assert_eq!(first.shown, parsed.shown, "{path} {payload:?}");
            let second = load("read-only").run();
            assert_eq!(second.shown, parsed.shown, "{path} {payload:?}");
            let generated = second.stats.function_code;
            assert_eq!(second.stats.hits, 1, "{path} {payload:?}");
            assert_eq!(second.stats.module_code, 0, "{path} {payload:?}");
            assert_eq!(generated > 0, left_out, "{path} {payload:?}: {generated}");
            assert!(generated < parsed.stats.function_code, "{path} {payload:?}");
        }
    }
}

/// Functions that are called are all there to a depth that no program has.
#[test]
fn nothing_is_left_out_that_is_called_a_hundred_levels_deep() {
    let program = reached(100, "f()");
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
    let program = reached(600, IN_TURN);
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
