//! Reading ahead changes when files are read and nothing else.

use std::fs;
use std::path::Path;

use crate::support::{Cache, Load, Loaded, parse};
use test_programs::{Engine, Program, engines, program};

const LEAVES: usize = 40;

/// An index over many modules in two layers, one of which is imported later, and one that is JSON.
fn wide() -> Program {
    let index: String = (0..LEAVES)
        .map(|it| format!("export * from './leaf{it}.mjs';\n"))
        .collect();
    let mut program = program(
        "import * as all from './index.mjs'; import data from './data.json' with { type: 'json' };
         console.log(Object.keys(all).length, data.x, (await import('./late.mjs')).late);",
    )
    .file("index.mjs", &index)
    .file("data.json", "{\"x\": 1}")
    .file(
        "late.mjs",
        "import './leaf0.mjs'; export const late = import.meta.url.split('/').pop();",
    );
    for leaf in 0..LEAVES {
        let name = format!("leaf{leaf}.mjs");
        let text = format!(
            "import {{ base }} from './base{}.mjs';\nexport const leaf{leaf} = base + {leaf};\nconsole.log({leaf});\n",
            leaf % 7
        );
        program = program.file(&name, &text);
    }
    for base in 0..7 {
        program = program.file(
            &format!("base{base}.mjs"),
            format!("export const base = {base};"),
        );
    }
    program
}

fn run(engine: &Engine, entry: &Path, cache: &Cache, ahead: bool) -> Loaded {
    let load = Load::full(engine, entry, "read-only", &cache.path());
    if ahead {
        load
    } else {
        load.argument("--no-read-ahead")
    }
    .run()
}

#[test]
fn the_same_with_and_without() {
    let program = wide();
    let entry = program.path("main.mjs");
    for engine in engines() {
        let parsed = parse(engine, &entry).run();
        let cache = Cache::new();
        Load::full(engine, &entry, "auto", &cache.path()).run();
        let ahead = run(engine, &entry, &cache, true);
        assert_eq!(ahead.shown, parsed.shown);
        assert_eq!(ahead.stats.parses(), [0; 3]);
        assert_eq!(ahead, run(engine, &entry, &cache, false));
    }
}

type Change = fn(&Program, &Cache);

/// Whatever becomes of one file, the program is told the same, at the same time, and the cache's report is the same.
#[test]
fn what_goes_wrong_goes_wrong_the_same_way() {
    let changes: &[(&str, Change)] = &[
        ("a module is gone", |program, _| {
            fs::remove_file(program.path("leaf20.mjs")).unwrap();
        }),
        ("a module is a directory", |program, _| {
            fs::remove_file(program.path("base3.mjs")).unwrap();
            fs::create_dir(program.path("base3.mjs")).unwrap();
        }),
        ("a module has changed", |program, _| {
            fs::write(
                program.path("leaf5.mjs"),
                "export const other = 1; console.log('other');",
            )
            .unwrap();
        }),
        ("a module is no longer UTF-8", |program, _| {
            fs::write(program.path("leaf6.mjs"), b"\xff").unwrap();
        }),
        ("a module throws", |program, _| {
            fs::write(
                program.path("leaf30.mjs"),
                "export const leaf30 = 1; throw new RangeError('thirty');",
            )
            .unwrap();
        }),
        ("an entry is gone", |program, cache| {
            fs::remove_file(cache.entry(&program.path("index.mjs"))).unwrap();
        }),
        ("an entry is damaged", |program, cache| {
            let file = cache.entry(&program.path("leaf7.mjs"));
            let mut bytes = fs::read(&file).unwrap();
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
            fs::write(file, bytes).unwrap();
        }),
    ];
    for engine in engines() {
        for (name, change) in changes {
            let program = wide();
            let entry = program.path("main.mjs");
            let cache = Cache::new();
            Load::full(engine, &entry, "auto", &cache.path()).run();
            change(&program, &cache);
            let parsed = parse(engine, &entry).run();
            let ahead = run(engine, &entry, &cache, true);
            assert_eq!(ahead.shown, parsed.shown, "{name}");
            assert_eq!(ahead, run(engine, &entry, &cache, false), "{name}");
        }
    }
}
