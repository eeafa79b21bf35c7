//! `run --validate` on each path that has a cache: records that are right, and one that is not.

use std::fs;
use std::path::Path;

use jsc_module_cache as cache;
use jsc_module_cache::store::read_file;
use jsc_module_cache::{Entry, EntryParts, validate_standalone};
use serde_json::Value;

use crate::support::{Cache, Load};
use test_programs::{Engine, Program, engines, jsc_harness, program, text};

const PATHS: [&str; 3] = ["bytecode", "full", "graph"];

/// Four modules, one of which is imported while the program runs.
fn subject() -> Program {
    program("import { p } from './a.mjs';\nimport './b.mjs';\nconsole.log(p);\nawait import('./later.mjs');\n")
        .file("a.mjs", "const x = 1, y = 2;\nexport { x as p, y as q };\n")
        .file("b.mjs", "export * from './a.mjs';\n")
        .file("later.mjs", "console.log('later');\n")
}

/// Exit code, standard error, and the number of records that were compared.
fn validate(
    engine: &Engine,
    entry: &Path,
    path: &str,
    cache: &Cache,
) -> (Option<i32>, String, u64) {
    let stats = tempfile::NamedTempFile::new().unwrap();
    let output = jsc_harness()
        .args([
            "run",
            "--engine",
            &engine.name,
            "--path",
            path,
            "--validate",
        ])
        .args(["--cache", "read-only", "--cache-dir"])
        .args([&cache.path(), Path::new("--stats")])
        .args([stats.path(), entry])
        .output()
        .unwrap();
    let stats: Value = serde_json::from_slice(&fs::read(stats.path()).unwrap()).unwrap();
    let validated = stats["validated"].as_u64().unwrap();
    (output.status.code(), text(&output.stderr), validated)
}

#[test]
fn every_record_is_compared() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        for path in PATHS {
            let cache = Cache::new();
            for _ in 0..2 {
                Load::new(engine, &entry)
                    .path(path)
                    .cache("auto", &cache.path())
                    .run();
            }
            let validated = validate(engine, &entry, path, &cache);
            assert_eq!(validated, (Some(0), String::new(), 4), "{path}");
        }
    }
}

/// The entry of a module with the record of another one, whose code is the same.
#[test]
fn the_record_of_another_module() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        let module = program.path("a.mjs");
        let entry_of = |cache: &Cache| {
            Load::full(engine, &entry, "auto", &cache.path()).run();
            cache.entry(&module)
        };
        let (cache, others) = (Cache::new(), Cache::new());
        let right = entry_of(&cache);
        let source = fs::read(&module).unwrap();
        let swapped = "const x = 1, y = 2;\nexport { x as q, y as p };\n";
        fs::write(&module, swapped).unwrap();
        let other = read(&entry_of(&others));
        fs::write(&module, source).unwrap();
        fs::write(&right, with_image(&read(&right), other.image())).unwrap();

        for path in ["bytecode", "full"] {
            let (code, stderr, validated) = validate(engine, &entry, path, &cache);
            assert_eq!((code, validated), (Some(3), 4), "{path}: {stderr}");
            assert_eq!(
                stderr,
                format!(
                    "error: 1 of 4 compared records differs from what the parser makes; the first: file://{}: \
                     record.exports[0].export_name: \"p\" parsed, \"q\" cached\n",
                    module.display()
                ),
                "{path}"
            );
        }
    }
}

fn read(file: &Path) -> Entry {
    validate_standalone(read_file(file).unwrap()).unwrap()
}

fn with_image(entry: &Entry, image: &[u8]) -> Vec<u8> {
    let parts = EntryParts {
        identity: &entry.identity(),
        module_key: entry.module_key(),
        source_hash: entry.source_hash(),
        source_length: entry.source_length(),
        source_units: entry.source_units(),
        source_text_hash: entry.source_text_hash(),
        source_is_8bit: entry.source_is_8bit(),
        image,
        bytecode: entry.bytecode(),
    };
    cache::write(&parts).unwrap().as_bytes().to_vec()
}

/// Without `--stats`, where the number is told, standard error says that it is none.
#[test]
fn nothing_to_compare_is_said() {
    let engine = &engines()[0];
    let program = subject();
    for path in PATHS {
        let cache = Cache::new();
        let output = jsc_harness()
            .args([
                "run",
                "--engine",
                &engine.name,
                "--path",
                path,
                "--validate",
                "--cache-dir",
            ])
            .args([cache.path(), program.path("main.mjs")])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(
            text(&output.stderr),
            "note: --validate compared nothing: no module was served from the cache\n",
            "{path}"
        );
    }
}
