//! What leads elsewhere: another engine, another package, another file.

use std::fs;
use std::os::unix::fs::symlink;

use crate::changes::{MODULES, subject};
use crate::support::{Cache, Load, parse};
use test_programs::{engines, program, two_engines};

#[test]
fn another_engine_finds_nothing_and_leaves_what_is_there() {
    let Some([newer, older]) = two_engines!() else {
        return;
    };
    for (maker, reader) in [(newer, older), (older, newer)] {
        let program = subject();
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        let first = Load::full(maker, &entry, "auto", &cache.path()).run();
        let parsed = parse(reader, &entry).run();
        for mode in ["read-only", "auto"] {
            let read = Load::full(reader, &entry, mode, &cache.path()).run();
            assert_eq!(read.shown, parsed.shown);
            assert_eq!(read.stats.reasons(), [("engine", MODULES.len())]);
            assert_eq!(read.stats.parses(), parsed.stats.parses());
        }
        assert_eq!(cache.snapshot().len() - 1, 2 * MODULES.len());
        for (engine, shown) in [(maker, &first.shown), (reader, &parsed.shown)] {
            let read = Load::full(engine, &entry, "read-only", &cache.path()).run();
            assert_eq!(&read.shown, shown);
            assert_eq!(
                (read.stats.hits, read.stats.parses()),
                (MODULES.len() as u64, [0; 3])
            );
        }
    }
}

/// What a specifier leads to is found anew in every run.
#[test]
fn a_package_that_leads_elsewhere() {
    for engine in engines() {
        let program = program("import { name } from 'package'; console.log(name);")
            .file(
                "node_modules/package/package.json",
                r#"{ "exports": "./one.mjs" }"#,
            )
            .file("node_modules/package/one.mjs", "export const name = 'one';")
            .file("node_modules/package/two.mjs", "export const name = 'two';");
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        let first = Load::full(engine, &entry, "auto", &cache.path()).run();
        assert_eq!(first.shown.stdout, "one\n");
        fs::write(
            program.path("node_modules/package/package.json"),
            r#"{ "exports": "./two.mjs" }"#,
        )
        .unwrap();
        let loaded = Load::full(engine, &entry, "read-only", &cache.path()).run();
        assert_eq!(loaded.shown.stdout, "two\n");
        assert_eq!(loaded.stats.hits, 1);
        let two = (
            "node_modules/package/two.mjs".to_owned(),
            "absent".to_owned(),
        );
        assert_eq!(loaded.stats.misses, [two]);
    }
}

/// A link that is bent, and a file that comes to stand before another.
#[test]
fn a_specifier_that_leads_elsewhere() {
    for engine in engines() {
        let program =
            program("import { name } from './link/part.mjs'; import 'package'; console.log(name);")
                .file("one/part.mjs", "export const name = 'one';")
                .file("two/part.mjs", "export const name = 'two';")
                .file(
                    "node_modules/package/package.json",
                    r#"{ "main": "./main.js" }"#,
                )
                .file("node_modules/package/main.js", "console.log('far');");
        let entry = program.path("main.mjs");
        symlink(program.path("one"), program.path("link")).unwrap();
        let cache = Cache::new();
        for path in ["full", "graph"] {
            let load = || {
                Load::new(engine, &entry)
                    .path(path)
                    .cache("auto", &cache.path())
            };
            assert_eq!(load().run().shown.stdout, "far\none\n");
            assert_eq!(load().run().shown.stdout, "far\none\n");
            fs::remove_file(program.path("link")).unwrap();
            symlink(program.path("two"), program.path("link")).unwrap();
            assert_eq!(load().run().shown.stdout, "far\ntwo\n", "{path}");
            fs::write(
                program.path("node_modules/package/package.json"),
                r#"{ "main": "./main.js", "exports": "./near.js" }"#,
            )
            .unwrap();
            fs::write(
                program.path("node_modules/package/near.js"),
                "console.log('near');",
            )
            .unwrap();
            assert_eq!(load().run().shown.stdout, "near\ntwo\n", "{path}");
            // As it was.
            fs::write(
                program.path("node_modules/package/package.json"),
                r#"{ "main": "./main.js" }"#,
            )
            .unwrap();
            fs::remove_file(program.path("link")).unwrap();
            symlink(program.path("one"), program.path("link")).unwrap();
            assert_eq!(load().run().shown.stdout, "far\none\n", "{path}");
        }
    }
}
