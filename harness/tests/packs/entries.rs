//! The graph path without a pack: entries serve what they hold, and a pack is made of that.

use std::fs;
use std::path::Path;

use crate::later::remove_entry;
use crate::support::{Cache, graph, miss};
use test_programs::load::{Load, Loaded};
use test_programs::{Engine, Program, engines, program};

/// A program with functions that are called, constructed and neither, nested, in classes, and later.
fn subject() -> Program {
    program(
        "import { called, Old, Young, never } from './a.mjs'; import './empty.mjs'; import own from './own.mjs';\n\
         console.log(called(2), new Old(3).n, new Young(4).both(), typeof never, own());\n\
         setTimeout(() => import('./later.mjs').then(it => console.log(it.later())), 1);",
    )
    .file(
        "a.mjs",
        "export function called(n) { function inner(m) { return m * n; } function idle() { return [1].map(it => it); } return inner(n); }\n\
         export function Old(n) { this.n = n; }\n\
         export class Young { #n; static all = []; constructor(n) { this.#n = n; Young.all.push(n); } both() { return this.#one() + this.two; }\n\
           #one() { return this.#n; } get two() { return 2; } unused() { return `unused ${this.#n}`; } }\n\
         export function never(n) { const text = 'never called, but of some length, so that it shows in a size'; return () => text + n; }\n\
         export async function* alsoNever() { yield* [1, 2, 3]; for await (const it of []) yield it; }",
    )
    .file("empty.mjs", "")
    .file("own.mjs", "export default () => [3, 1, 2].sort((a, b) => a - b).join('');")
    .file("later.mjs", "import { called } from './a.mjs'; export const later = () => called(5);")
}

/// A run that reads and writes entries.
fn full(engine: &Engine, entry: &Path, cache: &Cache) -> Loaded {
    Load::full(engine, entry, "auto", &cache.path()).run()
}

/// Without a pack, `graph` parses only what has no entry, shows what `parse` shows, and leaves a pack that serves the rest.
#[test]
fn every_payload_from_entries() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        let parsed = Load::new(engine, &entry).path("parse").run();
        for payload in ["executed", "all"] {
            let cache = Cache::new();
            full(engine, &entry, &cache);
            let graph = |mode: &str| {
                let graph = graph(engine, &entry, mode, &cache);
                graph.argument("--payload").argument(payload).run()
            };
            for mode in ["read-only", "auto", "read-only"] {
                let loaded = graph(mode);
                assert_eq!(
                    loaded.shown.stdout, parsed.shown.stdout,
                    "{payload}, {mode}"
                );
                assert_eq!(loaded.stats.misses, [], "{payload}, {mode}");
                assert_eq!(loaded.stats.parses(), [0; 3], "{payload}, {mode}");
                assert_eq!(loaded.stats.hits, parsed.stats.modules, "{payload}, {mode}");
            }
            // From the pack now, and from what later.mjs has an entry for.
            assert_eq!(cache.packs().len(), 1);
        }
    }
}

/// Of a module from an entry, too, a pack of what was executed holds that and no more.
#[test]
fn only_what_was_called() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        let size = |first: Option<&str>, payload: &str| {
            let cache = Cache::new();
            if first.is_some() {
                full(engine, &entry, &cache);
            }
            let graph = graph(engine, &entry, "auto", &cache);
            graph.argument("--payload").argument(payload).run();
            fs::metadata(cache.pack()).unwrap().len()
        };
        let entries = Some("entries");
        let (executed, all) = (size(None, "executed"), size(None, "all"));
        // The code of a function that can be called and constructed is decoded together.
        let from_entries = size(entries, "executed");
        assert!(
            executed <= from_entries && from_entries < all,
            "{executed} {from_entries} {all}"
        );
        assert_eq!(size(entries, "all"), all);
    }
}

/// A function that was not called then, and is now, is compiled from the pack's text.
#[test]
fn what_is_called_only_later() {
    for engine in engines() {
        let program = program(
            "import flag from './flag.json' with { type: 'json' }; import { f, g } from './a.mjs'; console.log(f(1), flag ? new g(2).n : 0);",
        )
        .file("flag.json", "0")
        .file("a.mjs", "export const f = n => n; export function g(n) { this.n = (() => n + 1)(); }");
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        full(engine, &entry, &cache);
        assert_eq!(
            graph(engine, &entry, "auto", &cache).run().stats.parses(),
            [0; 3]
        );
        fs::write(program.path("flag.json"), "1").unwrap();
        let loaded = graph(engine, &entry, "read-only", &cache).run();
        assert_eq!(loaded.shown.stdout, "1 3\n");
        assert_eq!(
            loaded.stats.parses(),
            [0, 0, 2],
            "g, and the function in it"
        );
    }
}

/// Every subset of entries is enough to begin with; the pack serves everything.
#[test]
fn every_subset_of_entries() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        let parsed = Load::new(engine, &entry).path("parse").run();
        let names = ["main.mjs", "a.mjs", "empty.mjs", "own.mjs"];
        for subset in 0..1_u32 << names.len() {
            let cache = Cache::new();
            full(engine, &entry, &cache);
            let mut missing: Vec<_> = names.iter().zip(0..).collect();
            missing.retain(|(_, bit)| subset >> bit & 1 == 0);
            for (name, _) in &missing {
                remove_entry(&cache, name);
            }
            let first = graph(engine, &entry, "auto", &cache).run();
            assert_eq!(first.shown.stdout, parsed.shown.stdout, "{subset}");
            assert_eq!(first.stats.analyze, missing.len() as u64, "{subset}");
            let mut missed = first.stats.misses.clone();
            missed.sort();
            let mut wanted: Vec<_> = missing.iter().map(|(it, _)| miss(it, "absent")).collect();
            wanted.sort();
            assert_eq!(missed, wanted, "{subset}");
            let second = graph(engine, &entry, "read-only", &cache).run();
            assert_eq!(second.shown.stdout, parsed.shown.stdout, "{subset}");
            assert_eq!(
                (&*second.stats.misses, second.stats.parses()),
                (&[][..], [0; 3]),
                "{subset}"
            );
        }
    }
}

/// One file as two modules: where the engine tells them apart, a graph like any other.
#[test]
fn one_file_as_json_and_as_a_script() {
    let program = program(
        "import value from './both.mjs' with { type: 'json' }; import * as script from './both.mjs';\n\
         console.log(value.length, Object.keys(script).length);",
    )
    .file("both.mjs", "[1, 2, 3]");
    for engine in engines() {
        let entry = program.path("main.mjs");
        let parsed = Load::new(engine, &entry).path("parse").run();
        let cache = Cache::new();
        for _ in 0..2 {
            let loaded = graph(engine, &entry, "auto", &cache).run();
            assert_eq!(loaded.shown, parsed.shown);
        }
        let last = graph(engine, &entry, "read-only", &cache).run();
        assert_eq!(
            (last.stats.parses(), last.stats.hits),
            ([0; 3], parsed.stats.modules)
        );
    }
}
