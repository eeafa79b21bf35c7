//! Entries are in proportion to their source, however deep its functions are nested.

use std::fs;

use crate::common::{engines, program};
use crate::support::{Cache, Load, parse};

/// What `README.md` promises of bytecode, and room for the rest of an entry: header, record and its names.
fn most(source: usize) -> u64 {
    let source = source as u64;
    32 * source + (64 << 10) + 8 * source + (4 << 10)
}

fn nested(depth: usize, open: &str, inside: &str, close: &str) -> String {
    format!(
        "console.log({}{inside}{});\n",
        open.repeat(depth),
        close.repeat(depth)
    )
}

/// Functions of each kind in each other.
fn sources() -> Vec<(&'static str, String)> {
    let mut sources = Vec::new();
    for depth in [10, 100, 300] {
        sources.push((
            "functions",
            nested(depth, "(function () { return ", "1", "; })()"),
        ));
        sources.push((
            "constructed",
            nested(depth, "new (function () { this.x = ", "1", "; })().x"),
        ));
        sources.push(("arrows", nested(depth, "(() => ", "1", ")()")));
        sources.push((
            "classes",
            nested(depth, "(class { static x = ", "1", "; }).x"),
        ));
        sources.push((
            "methods",
            nested(depth, "({ m() { return ", "1", "; } }).m()"),
        ));
        sources.push((
            "generators",
            nested(depth, "(function* () { yield ", "1", "; })().next().value"),
        ));
    }
    sources
}

#[test]
fn of_nested_functions() {
    for engine in engines() {
        for (kind, source) in sources() {
            let program = program(&source);
            let entry = program.path("main.mjs");
            let cache = Cache::new();
            let parsed = parse(engine, &entry).run();
            for mode in ["auto", "read-only"] {
                let loaded = Load::full(engine, &entry, mode, &cache.path()).run();
                assert_eq!(loaded.shown, parsed.shown, "{kind} {mode}");
            }
            let loaded = Load::full(engine, &entry, "read-only", &cache.path()).run();
            assert_eq!(
                (
                    loaded.stats.hits,
                    loaded.stats.analyze,
                    loaded.stats.module_code
                ),
                (1, 0, 0)
            );
            let length = fs::metadata(cache.entry(&entry)).unwrap().len();
            let length_of_source = source.len();
            assert!(
                length <= most(length_of_source),
                "{kind} on {}: {length} bytes of {length_of_source}",
                engine.version
            );
        }
    }
}
