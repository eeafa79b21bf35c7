//! Errors of linking, when the modules that do not fit each other were not parsed.

use std::fs;

use crate::support::{Cache, Load, parse};
use test_programs::{engines, program};

/// What a dependency becomes after its importer was cached.
const BECOMES: &[(&str, &str)] = &[
    ("the name is gone", "export const other = 1;"),
    (
        "the name is ambiguous",
        "export * from './one.mjs'; export * from './two.mjs';",
    ),
    (
        "the name comes from nowhere",
        "export { name } from './nowhere.mjs';",
    ),
    ("it does not parse", "export const name = ;"),
    (
        "it throws",
        "export const name = 1; throw new Error('now');",
    ),
    (
        "the name is in its dead zone",
        "import './main.mjs'; export const name = 1;",
    ),
    (
        "the name is a namespace",
        "export * as name from './one.mjs';",
    ),
    ("it waits", "export const name = await 2;"),
];

#[test]
fn a_dependency_changes_under_a_cached_importer() {
    for engine in engines() {
        for (what, text) in BECOMES {
            let program = program("import { name } from './dependency.mjs'; console.log(name);")
                .file("dependency.mjs", "export const name = 0;")
                .file("one.mjs", "export const name = 1;")
                .file("two.mjs", "export const name = 2;")
                .file("nowhere.mjs", "export const somewhere = 1;");
            let entry = program.path("main.mjs");
            let cache = Cache::new();
            Load::full(engine, &entry, "auto", &cache.path()).run();
            fs::write(program.path("dependency.mjs"), text).unwrap();

            let name = format!("{what} on {}", engine.version);
            let parsed = parse(engine, &entry).run();
            let loaded = Load::full(engine, &entry, "read-only", &cache.path()).run();
            assert_eq!(loaded.shown, parsed.shown, "{name}");
            assert_eq!(loaded.stats.hits, 1, "{name}");
            let dependency = ("dependency.mjs".to_owned(), "source".to_owned());
            assert!(
                loaded.stats.misses.contains(&dependency),
                "{name}: {:?}",
                loaded.stats
            );

            let again = Load::full(engine, &entry, "auto", &cache.path()).run();
            assert_eq!(again.shown, parsed.shown, "{name}");
            let third = Load::full(engine, &entry, "read-only", &cache.path()).run();
            assert_eq!(third.shown, parsed.shown, "{name}");
        }
    }
}
