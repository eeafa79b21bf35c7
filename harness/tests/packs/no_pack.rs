//! Programs on the graph path that have no usable pack: what is said, where, and how often.

use std::ffi::OsStr;
use std::fs;
use std::process::Output;

use serde_json::Value;

use crate::support::{Cache, replace};
use test_programs::{Program, engines, jsc_harness, program, text};

/// A program that can have no pack, and why. Entries serve it.
struct Case {
    name: &'static str,
    program: fn() -> Program,
    /// Why none can be written; the program's directory reads `DIR`.
    why: &'static str,
    /// Modules that have no entry either.
    without_entry: &'static [&'static str],
    /// What `cache explain` sees without running it.
    explained: &'static str,
}

const CASES: &[Case] = &[
    Case {
        name: "WebAssembly",
        program: || program("import './empty.wasm';").file("empty.wasm", b"\0asm\x01\0\0\0"),
        why: "the graph holds WebAssembly or a request with attributes that a pack cannot hold",
        without_entry: &[],
        explained: "in the way of a pack: DIR/empty.wasm: it is WebAssembly, which a pack cannot hold",
    },
    Case {
        name: "a module that does not link",
        program: || program("import { none } from './a.mjs';").file("a.mjs", ""),
        why: "DIR/main.mjs was not linked",
        without_entry: &["DIR/main.mjs"],
        explained: "in the way of a pack: DIR/main.mjs: DIR/main.mjs does not link: 'none' of DIR/a.mjs is not exported",
    },
    Case {
        name: "a module that does not parse",
        program: || program("import './a.mjs';").file("a.mjs", "let let;"),
        why: "the graph was not loaded to its end",
        without_entry: &["DIR/a.mjs"],
        explained: "in the way of a pack: DIR/a.mjs: ",
    },
];

/// A run on the graph path; the program's directory reads `DIR` in what it writes to standard error.
fn run(
    program: &Program,
    cache: &Cache,
    engine: &str,
    arguments: &[&dyn AsRef<OsStr>],
) -> (Option<i32>, String) {
    let output = jsc_harness()
        .args(["run", "--engine", engine, "--path", "graph", "--cache-dir"])
        .arg(cache.path())
        .args(arguments)
        .arg(program.path("main.mjs"))
        .output()
        .unwrap();
    (output.status.code(), in_directory(program, &output.stderr))
}

fn in_directory(program: &Program, bytes: &[u8]) -> String {
    let file = program.path("");
    let directory = file.display().to_string();
    let directory = directory.trim_end_matches('/');
    text(bytes).replace(&format!("file://{directory}"), "DIR")
}

fn notes(stderr: &str) -> Vec<&str> {
    stderr
        .lines()
        .filter(|it| it.starts_with("note: "))
        .collect()
}

fn explain(program: &Program, cache: &Cache, engine: &str, format: &str) -> Output {
    jsc_harness()
        .args([
            "cache",
            "explain",
            "--path=graph",
            "--engine",
            engine,
            "--format",
            format,
        ])
        .arg("--cache-dir")
        .args([cache.path(), program.path("main.mjs")])
        .output()
        .unwrap()
}

#[test]
fn one_that_can_have_none() {
    for engine in engines() {
        for case in CASES {
            let program = (case.program)();
            let cache = Cache::new();
            let (everything, entries) = (
                "the graph path has parsed everything",
                "the graph path was served by entries, not by a pack",
            );
            for (mode, how) in [
                ("auto", everything),
                ("auto", entries),
                ("read-only", entries),
                ("refresh", everything),
            ] {
                let name = format!("{}, {mode} on {}", case.name, engine.version);
                let (_, stderr) = run(&program, &cache, &engine.name, &[&"--cache", &mode]);
                let note = format!(
                    "note: {how}: there is no pack of DIR/main.mjs, and none can be written: {}",
                    case.why
                );
                assert_eq!(notes(&stderr), [note], "{name}");

                let stats = program.path("stats.json");
                let told: &[&dyn AsRef<OsStr>] = &[&"--cache", &mode, &"--stats", &stats];
                let (_, stderr) = run(&program, &cache, &engine.name, told);
                assert_eq!(notes(&stderr), [] as [&str; 0], "{name}");
                let stats: Value =
                    serde_json::from_str(&in_directory(&program, &fs::read(&stats).unwrap()))
                        .unwrap();
                let no_pack = &stats["no_pack"];
                assert_eq!(no_pack["module"], "DIR/main.mjs", "{name}");
                assert_eq!(no_pack["reason"], "absent", "{name}");
                assert_eq!(no_pack["unwritten"], case.why, "{name}");
                if mode != "refresh" {
                    let misses = stats["misses"].as_array().unwrap();
                    let misses: Vec<&str> = misses
                        .iter()
                        .map(|it| it["module"].as_str().unwrap())
                        .collect();
                    assert_eq!(misses, case.without_entry, "{name}");
                    let analyzed = stats["parses"]["analyze"].as_u64().unwrap();
                    assert_eq!(analyzed, case.without_entry.len() as u64, "{name}");
                }
            }
            let explained = explain(&program, &cache, &engine.name, "table");
            let explained = in_directory(&program, &explained.stdout);
            assert!(
                explained.starts_with("miss: absent (no pack of this entry)\n"),
                "{explained}"
            );
            assert!(
                explained.contains(&format!("\n    {}", case.explained)),
                "{}: {explained}",
                case.name
            );
        }
    }
}

#[test]
fn one_whose_pack_is_yet_to_be_written() {
    for engine in engines() {
        let program = program("import './a.mjs';").file("a.mjs", "1;");
        let cache = Cache::new();
        let only = |mode: &'static str| run(&program, &cache, &engine.name, &[&"--cache", &mode]);
        let written = || (Some(0), String::new());
        let note = |text: &str| {
            (
                Some(0),
                format!("note: the graph path has parsed everything: {text}\n"),
            )
        };
        assert_eq!(
            only("read-only"),
            note(
                "there is no pack of DIR/main.mjs; write it with --cache auto, or with `jsc-harness cache build --pack`"
            )
        );
        assert_eq!(only("auto"), written());
        assert_eq!(only("read-only"), written());
        // The pack serves the other module. Of another length, so that no hash is in the texts below.
        replace(&program.path("a.mjs"), "1;", "12;");
        assert_eq!(only("read-only"), written());
        fs::write(program.path("a.mjs"), "let let;").unwrap();
        let (_, stderr) = only("auto");
        assert_eq!(
            notes(&stderr),
            [
                "note: the graph path has parsed everything: the pack cannot be used (source: made from 2 bytes of source, now 8, \
                 in DIR/a.mjs), and no other can be written: the graph was not loaded to its end"
            ]
        );
        fs::write(program.path("a.mjs"), "12;").unwrap();
        assert_eq!(only("auto"), written());
        assert_eq!(only("read-only"), written());
    }
}

#[test]
fn explain_as_json() {
    let engine = &engines()[0].name;
    let program =
        program("import './empty.wasm'; import './other.wasm' with { type: 'webassembly' };")
            .file("empty.wasm", b"\0asm\x01\0\0\0");
    let cache = Cache::new();
    fs::create_dir(cache.path()).unwrap();
    fs::set_permissions(
        cache.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )
    .unwrap();
    let explained = explain(&program, &cache, engine, "json");
    assert_eq!(explained.status.code(), Some(0));
    let explained: Value =
        serde_json::from_str(&in_directory(&program, &explained.stdout)).unwrap();
    let obstacles: Vec<(&str, &str)> = explained["obstacles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["module"].as_str().unwrap(), it["why"].as_str().unwrap()))
        .collect();
    assert_eq!(
        obstacles,
        [
            (
                "DIR/main.mjs",
                "it imports with attributes that a pack cannot hold"
            ),
            (
                "DIR/empty.wasm",
                "it is WebAssembly, which a pack cannot hold"
            ),
        ]
    );
}
