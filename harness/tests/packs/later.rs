//! What a program imports later: some of it in the pack, some with an entry of its own, some with neither.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use jsc_module_cache::validate_standalone;

use crate::support::{Cache, bytes, graph, miss};
use test_programs::load::Load;
use test_programs::{Program, engines, program};

/// Removes the entry of the module with this name.
pub fn remove_entry(cache: &Cache, name: &str) {
    for (key, path, _) in entries(cache) {
        if key.ends_with(&format!("/{name}")) {
            fs::remove_file(path).unwrap();
        }
    }
}

/// Key, file and content of every entry.
fn entries(cache: &Cache) -> Vec<(String, PathBuf, Vec<u8>)> {
    let files = fs::read_dir(cache.path()).unwrap();
    files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "jscm"))
        .map(|path| {
            let content = fs::read(&path).unwrap();
            let entry = validate_standalone(bytes(&content)).unwrap();
            (entry.module_key().to_owned(), path, content)
        })
        .collect()
}

/// Imported later and not statically.
const LATER: [&str; 3] = ["one.mjs", "two.mjs", "three.mjs"];

fn subject() -> Program {
    program(
        "import { log } from './log.mjs';\n\
         for (const name of ['one', 'log', 'two', 'one']) { const it = await import(`./${name}.mjs`); log(Object.keys(it).join()); }\n\
         await import('./none.mjs').catch(error => log(error.code));",
    )
    .file("log.mjs", "export const log = text => console.log(text);")
    .file("one.mjs", "import { log } from './log.mjs'; log('one'); export const one = 1;")
    .file(
        "two.mjs",
        "import { three } from './three.mjs'; import { one } from './one.mjs'; export const two = three - one;",
    )
    .file("three.mjs", "export const three = 3; export function unused() {}")
}

/// Every subset of their entries beside the pack: what has one is served, the rest is parsed, and all show the same.
#[test]
fn every_subset_of_entries_beside_a_pack() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        let parsed = Load::new(engine, &entry).path("parse").run();
        // The first run makes the pack, and the entries of what is not in it.
        for hits in [0, 5] {
            let loaded = graph(engine, &entry, "auto", &cache).run();
            assert_eq!((loaded.stats.hits, &loaded.shown), (hits, &parsed.shown));
        }
        let entries = entries(&cache);
        assert_eq!(entries.len(), LATER.len());
        for subset in 0..1_u32 << LATER.len() {
            let mut missing = BTreeSet::new();
            for (index, name) in LATER.iter().enumerate() {
                let (_, path, content) = entries
                    .iter()
                    .find(|(key, ..)| key.ends_with(&format!("/{name}")))
                    .unwrap();
                let _ = fs::remove_file(path);
                if subset >> index & 1 == 1 {
                    fs::write(path, content).unwrap();
                    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
                } else {
                    missing.insert(miss(name, "absent"));
                }
            }
            let loaded = graph(engine, &entry, "read-only", &cache).run();
            let stats = &loaded.stats;
            assert_eq!(loaded.shown, parsed.shown, "{subset}");
            assert_eq!(
                BTreeSet::from_iter(stats.misses.clone()),
                missing,
                "{subset}"
            );
            assert_eq!(stats.hits, 5 - missing.len() as u64, "{subset}");
            assert_eq!(stats.analyze, missing.len() as u64, "{subset}");
            assert_eq!(stats.module_code, missing.len() as u64, "{subset}");
        }
    }
}

/// A file that the pack has as JSON and that is imported as a script later: two modules where the engine keeps them apart,
/// one where it does not, and from the second run on nothing is parsed.
#[test]
fn one_file_as_json_and_as_a_script() {
    let program = program(
        "import value from './both.mjs' with { type: 'json' }; import { own } from './own.mjs';\n\
         console.log(value.length, own, Object.keys(await import('./both.mjs')).length);\n\
         console.log((await import('./both.mjs', { with: { type: 'json' } })).default === value);",
    )
    .file("both.mjs", "[1, 2, 3]")
    .file("own.mjs", "export const own = 1;");
    for engine in engines() {
        let cache = Cache::new();
        let entry = program.path("main.mjs");
        let parsed = Load::new(engine, &entry).path("parse").run();
        for mode in ["auto", "read-only"] {
            let loaded = graph(engine, &entry, mode, &cache).run();
            assert_eq!(loaded.shown, parsed.shown, "{mode} on {}", engine.version);
        }
        let last = graph(engine, &entry, "read-only", &cache).run();
        assert_eq!(
            (&last.stats.misses[..], last.stats.parses()),
            (&[][..], [0; 3])
        );
        assert_eq!(last.stats.hits, parsed.stats.modules);
    }
}

/// All counts are of the whole program; those of the load stand beside them. Nothing is parsed without a miss.
#[test]
fn what_is_imported_after_the_load_counts() {
    let program = program(
        "import './now.mjs'; setTimeout(() => import('./late.mjs').then(it => console.log(it.late())), 1);",
    )
    .file("now.mjs", "0;")
    .file("late.mjs", "import './leaf.mjs'; export function late() { return 'late'; }")
    .file("leaf.mjs", "1;");
    for engine in engines() {
        let entry = program.path("main.mjs");
        let parsed = Load::new(engine, &entry).path("parse").run();
        assert_eq!(
            (parsed.stats.modules, parsed.stats.parses()),
            (4, [4, 4, 3])
        );
        assert_eq!(parsed.stats.at_load, [2, 0, 0]);
        for path in ["bytecode", "full", "graph"] {
            let cache = Cache::new();
            let run = |mode: &str| {
                Load::new(engine, &entry)
                    .path(path)
                    .cache(mode, &cache.path())
                    .run()
            };
            let first = run("auto");
            assert_eq!(
                (first.stats.hits, first.stats.misses.len()),
                (0, 4),
                "{path}"
            );
            assert_eq!(first.stats.parses(), [4, 4, 3], "{path}");
            assert_eq!(first.stats.at_load, [2, 0, 2], "{path}");
            let second = run("read-only");
            assert_eq!(
                (second.stats.hits, second.stats.misses.len()),
                (4, 0),
                "{path}"
            );
            assert_eq!(second.stats.at_load, [2, 2, 0], "{path}");
            let analyzed = if path == "bytecode" { 4 } else { 0 };
            assert_eq!(second.stats.parses(), [analyzed, 0, 0], "{path}");
            // An entry is gone: what it was of is parsed, counted, and said to be.
            remove_entry(&cache, "late.mjs");
            let third = run("read-only");
            assert_eq!(third.stats.misses, [miss("late.mjs", "absent")], "{path}");
            assert_eq!(third.stats.at_load, [2, 2, 0], "{path}");
            let analyzed = if path == "bytecode" { 4 } else { 1 };
            assert_eq!(third.stats.parses(), [analyzed, 1, 1], "{path}");
        }
    }
}

/// A module of the pack that is imported later, too, is the same one, and its source is not read again.
#[test]
fn one_module_once() {
    let program = program(
        "import * as a from './a.mjs'; const again = await import('./a.mjs');\n\
         console.log(a === again, again.count(), a.count(), await import('./b.mjs') === await import('./b.mjs'));",
    )
    .file("a.mjs", "console.log('a'); let n = 0; export const count = () => ++n;")
    .file("b.mjs", "import './a.mjs'; console.log('b');");
    for engine in engines() {
        let cache = Cache::new();
        let entry = program.path("main.mjs");
        for _ in 0..3 {
            let loaded = graph(engine, &entry, "auto", &cache).run();
            assert_eq!(loaded.shown.stdout, "a\nb\ntrue 1 2 true\n");
        }
        let last = graph(engine, &entry, "read-only", &cache).run();
        assert_eq!((last.stats.hits, last.stats.parses()), (3, [0; 3]));
    }
}
