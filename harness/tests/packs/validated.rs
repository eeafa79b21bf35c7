//! `--validate` on the graph path: each record of the pack is compared with what the parser makes of its source.

use std::fs;

use jsc_module_cache::pack::{validate, validate_standalone};

use crate::numbers::{changes, sections};
use crate::support::{Cache, MODULES, bytes, graph, replace, subject};
use test_programs::{Engine, Program, engines, jsc_harness, text};

/// Exit code and the last line of standard error.
fn validated(
    engine: &Engine,
    program: &Program,
    cache: &Cache,
    arguments: &[&str],
) -> (Option<i32>, String) {
    let output = jsc_harness()
        .args([
            "run",
            "--engine",
            &engine.name,
            "--path",
            "graph",
            "--validate",
        ])
        .args(["--cache", "read-only", "--cache-dir"])
        .arg(cache.path())
        .args(arguments)
        .arg(program.path("main.mjs"))
        .output()
        .unwrap();
    let stderr = text(&output.stderr);
    (
        output.status.code(),
        stderr.lines().last().unwrap_or_default().to_owned(),
    )
}

/// Whatever number of a record is another one, if the reader lets it pass: the parser makes another record.
#[test]
fn every_record_that_was_altered_is_found() {
    for (turn, engine) in engines().iter().enumerate() {
        let program = subject();
        let cache = Cache::new();
        graph(engine, &program.path("main.mjs"), "auto", &cache).run();
        assert_eq!(
            validated(engine, &program, &cache, &[]),
            (Some(0), String::new())
        );
        let pack = fs::read(cache.pack()).unwrap();
        let whole = validate_standalone(bytes(&pack)).unwrap();
        let (identity, key) = (whole.identity(), whole.entry_key().to_owned());
        let records = sections(&pack)["records"].clone();
        let valid =
            changes(&pack, records).filter(|(_, it)| validate(bytes(it), &identity, &key).is_ok());
        let mut found = 0;
        for (change, changed) in valid.skip(turn).step_by(7) {
            fs::write(cache.pack(), changed).unwrap();
            let (code, line) = validated(engine, &program, &cache, &[]);
            assert_eq!(code, Some(3), "{change:?} on {}: {line}", engine.version);
            let start = format!(
                "error: 1 of {MODULES} compared records differs from what the parser makes; the first: file://"
            );
            assert!(line.starts_with(&start), "{change:?}: {line}");
            assert!(line.contains(": record."), "{change:?}: {line}");
            found += 1;
        }
        assert!(found > 5, "{found}");
    }
}

/// A pack's records are those of the texts that it holds: a source that nobody checks may be another one by now.
#[test]
fn a_source_that_has_changed() {
    for engine in engines() {
        let program = subject();
        let cache = Cache::new();
        let entry = program.path("main.mjs");
        graph(engine, &entry, "auto", &cache).run();
        replace(&program.path("a.mjs"), "a1", "a2 and more");
        let without = validated(engine, &program, &cache, &["--check", "unsealed"]);
        assert_eq!(without, (Some(0), String::new()));
        // The check finds it. Its module is parsed; the records of all are compared with the texts of the pack.
        let with = validated(engine, &program, &cache, &[]);
        assert_eq!(with, (Some(0), String::new()));
    }
}
