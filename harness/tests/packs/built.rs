//! Packs that are built without running: what the engine alone decides, what cannot be built, and what stands beside them.

use std::fs;

use crate::support::{Cache, graph, replace};
use test_programs::load::Load;
use test_programs::{Program, engines, jsc_harness, pack, program, text};

/// Builds the pack of a program, and loads from it: it shows what it shows when it is parsed.
#[track_caller]
fn check(program: &Program, says: &str) {
    let entry = program.path("main.mjs");
    for engine in engines() {
        let cache = Cache::new();
        pack::build(engine, &entry, &cache.path()).unwrap();
        let parsed = Load::new(engine, &entry).path("parse").run();
        let shown = format!("{}{}", parsed.shown.stdout, parsed.shown.stderr);
        assert!(shown.contains(says), "{shown}");
        for mode in ["read-only", "auto", "read-only"] {
            let loaded = graph(engine, &entry, mode, &cache).run();
            assert_eq!(loaded.shown, parsed.shown, "{mode} on {}", engine.version);
        }
    }
}

/// An indirect export that leads back to where its name is looked for: the engine goes on to the stars of its module.
fn circle(main: &str) -> Program {
    program(main)
        .file("s.mjs", "export * from './p.mjs'; export * from './t.mjs';")
        .file(
            "p.mjs",
            "export { x } from './s.mjs'; export * from './u.mjs';",
        )
        .file("t.mjs", "export let x = 't';")
        .file("u.mjs", "export let x = 'u';")
}

#[test]
fn what_the_engine_decides() {
    check(
        &circle("import { x } from './s.mjs'; console.log(x);"),
        "ambiguous",
    );
    check(
        &circle("import * as s from './s.mjs'; console.log(Object.keys(s));"),
        "[]",
    );
    check(
        &program("export { b as y } from './a.mjs'; console.log('ok');")
            .file(
                "a.mjs",
                "export { y as b } from './main.mjs'; export * from './c.mjs';",
            )
            .file("c.mjs", "export let y = 1, b = 2;"),
        "ok",
    );
    check(
        &program("import { x } from './a.mjs'; console.log(x);")
            .file(
                "a.mjs",
                "export { x } from './b.mjs'; export * from './c.mjs';",
            )
            .file("b.mjs", "")
            .file("c.mjs", "export let x = 'by the star';"),
        "by the star",
    );
}

/// What is said of a program that can have no pack, after the entry's key.
#[track_caller]
fn refused(program: &Program, why: &str) {
    let entry = program.path("main.mjs");
    let directory = entry.parent().unwrap().display().to_string();
    for engine in engines() {
        let cache = Cache::new();
        let said = pack::build(engine, &entry, &cache.path()).unwrap_err();
        let said = said.replace(&format!("file://{directory}"), "DIR");
        assert_eq!(said.replace(&directory, "DIR"), why);
        assert_eq!(pack::only(&cache.path()), None);
    }
}

#[test]
fn what_cannot_be_built() {
    let with = |main: &str, a: &str| program(main).file("a.mjs", a).file("b.mjs", "");
    refused(
        &with("import './a.mjs';", "export { gone } from './b.mjs';"),
        "DIR/a.mjs does not link: 'gone' of DIR/b.mjs is not exported",
    );
    refused(
        &program("import data from './d.json' with { type: 'json' };").file("d.json", "{\"a\":"),
        "DIR/d.json: EOF while parsing a value at line 1 column 5",
    );
    refused(
        &with("import './none.mjs';", ""),
        "cannot find module './none.mjs' imported from DIR/main.mjs: DIR/none.mjs does not exist",
    );
}

/// Runs prefer a pack of what was executed; one that does not fit any more makes way for the one that was built.
#[test]
fn beside_an_older_pack() {
    let program = program("import './a.mjs';").file("a.mjs", "console.log('a1');");
    let entry = program.path("main.mjs");
    for engine in engines() {
        let cache = Cache::new();
        graph(engine, &entry, "auto", &cache).run();
        pack::build(engine, &entry, &cache.path()).unwrap();
        assert_eq!(cache.packs().len(), 2);
        replace(&program.path("a.mjs"), "a1", "a2");
        pack::build(engine, &entry, &cache.path()).unwrap();
        assert_eq!(cache.packs().len(), 1);
        let loaded = graph(engine, &entry, "read-only", &cache).run();
        assert_eq!(loaded.shown.stdout, "a2\n");
        assert_eq!((loaded.stats.hits, loaded.stats.parses()), (2, [0; 3]));
        replace(&program.path("a.mjs"), "a2", "a1");
    }
}

/// All entries are looked for before anything is written, and each is built once.
#[test]
fn several_entries() {
    let program = program("1;").file("other.mjs", "2;");
    let cache = Cache::new();
    let build = |entries: [&str; 3]| {
        jsc_harness()
            .args(["cache", "build", "--pack", "--cache-dir"])
            .arg(cache.path())
            .args(entries.map(|it| program.path(it)))
            .output()
            .unwrap()
    };
    let output = build(["main.mjs", "other.mjs", "none.mjs"]);
    assert_eq!(
        (output.status.code(), text(&output.stdout)),
        (Some(4), String::new())
    );
    assert_eq!(cache.packs().len(), 0);
    let output = build(["main.mjs", "other.mjs", "main.mjs"]);
    assert_eq!(text(&output.stdout).lines().count(), 2);
    assert_eq!(cache.packs().len(), 2);
}

/// Where an import of JSON does not parse, every path says who imports it.
#[test]
fn who_imports_what_is_no_json() {
    let program = program("import './a.mjs'; import data from './d.json' with { type: 'json' };")
        .file("a.mjs", "")
        .file("d.json", "{\"a\":");
    let entry = program.path("main.mjs");
    for engine in engines() {
        let parsed = Load::new(engine, &entry).path("parse").run();
        assert!(
            parsed.shown.stderr.contains("imported from"),
            "{:?}",
            parsed.shown
        );
        let cache = Cache::new();
        for path in ["full", "graph", "graph", "full"] {
            let loaded = Load::new(engine, &entry)
                .path(path)
                .cache("auto", &cache.path());
            assert_eq!(loaded.run().shown, parsed.shown, "{path}");
        }
    }
    fs::write(program.path("d.json"), "{}").unwrap();
}
