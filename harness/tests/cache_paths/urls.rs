//! Who a module is: the same text under two names, names that move, and text that is no JavaScript.

use std::fs;

use crate::support::{Cache, Load, Subject, every_path, nothing_wrong, parse};
use test_programs::{engines, program};

const TELLS: &str = "export const url = import.meta.url.split('/').pop();
export const where = new Error('here').stack.split('/').pop();
export const f = () => new Error('there').stack.split('\\n')[0].split('/').pop();
export default {};
console.log(url);";

#[test]
fn one_text_under_four_urls() {
    let program = program(
        "import * as a from './same.mjs?a'; import * as b from './same.mjs?b'; import * as c from './copy.mjs'; import * as d from './same.mjs#d';
         for (const it of [a, b, c, d]) console.log(it.url, it.where, it.f());
         console.log(a.default === b.default, b.default === c.default, a.f === c.f);",
    )
    .file("same.mjs", TELLS)
    .file("copy.mjs", TELLS);
    let entry = program.path("main.mjs");
    for engine in engines() {
        let cache = Cache::new();
        let parsed = parse(engine, &entry).run();
        // A stack names the file, without query and fragment.
        for (url, file) in [
            ("same.mjs?a", "same.mjs"),
            ("same.mjs?b", "same.mjs"),
            ("copy.mjs", "copy.mjs"),
            ("same.mjs#d", "same.mjs"),
        ] {
            let line = format!("{url} {file}:2:31 {file}:3:33\n");
            assert!(
                parsed.shown.stdout.contains(&line),
                "{line} in {:?}",
                parsed.shown
            );
        }
        assert_eq!(parsed.stats.modules, 5);
        Load::full(engine, &entry, "auto", &cache.path()).run();
        assert_eq!(cache.entries().len(), 5);
        for path in ["full", "bytecode"] {
            let loaded = Load::new(engine, &entry)
                .path(path)
                .cache("read-only", &cache.path())
                .run();
            assert_eq!(loaded.shown, parsed.shown);
            assert_eq!((loaded.stats.hits, &*loaded.stats.misses), (5, &[][..]));
            assert_eq!(
                [loaded.stats.module_code, loaded.stats.function_code],
                [0, 0]
            );
        }
    }
}

/// The entries of two files with the same text, exchanged: nothing but the name tells them apart.
#[test]
fn entries_of_equal_modules_do_not_stand_in_for_each_other() {
    let program = program("import './one.mjs'; import './two.mjs';")
        .file("one.mjs", TELLS)
        .file("two.mjs", TELLS);
    let entry = program.path("main.mjs");
    for engine in engines() {
        let cache = Cache::new();
        let parsed = parse(engine, &entry).run();
        Load::full(engine, &entry, "auto", &cache.path()).run();
        let (one, two) = (
            cache.entry(&program.path("one.mjs")),
            cache.entry(&program.path("two.mjs")),
        );
        fs::rename(&one, one.with_extension("aside")).unwrap();
        fs::rename(&two, &one).unwrap();
        fs::rename(one.with_extension("aside"), &two).unwrap();
        let loaded = Load::full(engine, &entry, "read-only", &cache.path()).run();
        assert_eq!(loaded.shown, parsed.shown);
        assert_eq!(loaded.stats.reasons(), [("identity", 2)]);
        assert_eq!(loaded.stats.hits, 1);
    }
}

#[test]
fn a_project_that_moves_is_a_new_one() {
    let program = program("")
        .file("before/main.mjs", "import { url } from './a.mjs'; console.log(url, import.meta.url, import.meta.dirname);\nthrow new Error('x');")
        .file("before/a.mjs", "export const url = import.meta.url;");
    for engine in engines() {
        let cache = Cache::new();
        let before = program.path("before/main.mjs");
        let after = program.path("after/main.mjs");
        let first = Load::full(engine, &before, "auto", &cache.path()).run();
        fs::rename(program.path("before"), program.path("after")).unwrap();
        let parsed = parse(engine, &after).run();
        assert!(
            parsed.shown.stdout.contains("/after/a.mjs") && !parsed.shown.stdout.contains("before")
        );
        assert!(
            parsed.shown.stderr.contains("/after/main.mjs:2:16"),
            "{:?}",
            parsed.shown
        );
        let moved = Load::full(engine, &after, "read-only", &cache.path()).run();
        assert_eq!(moved.shown, parsed.shown);
        assert_eq!(moved.stats.reasons(), [("absent", 2)]);
        Load::full(engine, &after, "auto", &cache.path()).run();
        let again = Load::full(engine, &after, "read-only", &cache.path()).run();
        assert_eq!((again.shown, again.stats.hits), (parsed.shown, 2));

        fs::rename(program.path("after"), program.path("before")).unwrap();
        let back = Load::full(engine, &before, "read-only", &cache.path()).run();
        assert_eq!((back.shown, back.stats.hits), (first.shown, 2));
    }
}

#[test]
fn only_javascript_has_entries() {
    let wasm: &[u8] = b"\0asm\x01\0\0\0";
    let program = program(
        "import data from './data.json' with { type: 'json' };
         import * as empty from './empty.wasm';
         console.log(data, Object.keys(empty));",
    )
    .file("data.json", "[1]")
    .file("empty.wasm", wasm);
    let entry = program.path("main.mjs");
    for engine in engines() {
        let cache = Cache::new();
        let parsed = parse(engine, &entry).run();
        assert_eq!(parsed.shown.code, Some(0), "{:?}", parsed.shown);
        let first = Load::full(engine, &entry, "auto", &cache.path()).run();
        let main = ("main.mjs".to_owned(), "absent".to_owned());
        assert_eq!(first.stats.misses, [main]);
        assert!(cache.entries().keys().all(|key| key.ends_with("/main.mjs")));
        let loaded = Load::full(engine, &entry, "read-only", &cache.path()).run();
        assert_eq!(loaded.shown, parsed.shown);
        assert_eq!((loaded.stats.hits, loaded.stats.parses()), (1, [0, 0, 0]));
    }
}

/// A file that is JavaScript in one run and JSON, or the other way round, in the next.
#[test]
fn an_entry_is_not_served_to_a_json_import() {
    let program = program("import './data.js'; console.log('as a module');").file("data.js", "[1]");
    let entry = program.path("main.mjs");
    for engine in engines() {
        let cache = Cache::new();
        fs::write(&entry, "import './data.js'; console.log('as a module');").unwrap();
        Load::full(engine, &entry, "auto", &cache.path()).run();
        assert_eq!(cache.entries().len(), 2);
        fs::write(
            &entry,
            "import data from './data.js' with { type: 'json' }; console.log(data);",
        )
        .unwrap();
        let parsed = parse(engine, &entry).run();
        let loaded = Load::full(engine, &entry, "read-only", &cache.path()).run();
        assert_eq!(loaded.shown, parsed.shown);
        assert_eq!(loaded.stats.hits, 0);
        assert_eq!(
            loaded.stats.misses,
            [("main.mjs".to_owned(), "source".to_owned())]
        );
    }
}

/// What is made of such a source is made of its text, in which U+FFFD stands for what was not UTF-8.
#[test]
fn sources_that_are_not_utf8() {
    // Longer than its text, shorter, and of the same length.
    let invalid = [
        &b"export const s = 'caf\xE9'; export const f = (a) => a + '\xFF'; // \xE9"[..],
        &b"export const s = '\xF0\x9F\x98'; export const f = (a) => a + '\xF0\x9F\x98';"[..],
        &b"export const s = '\xEF\xBF\xBD'; export const f = (a) => a + '\xED\xA0\x80';"[..],
    ];
    for shows_text in [false, true] {
        let shown = if shows_text { "f.toString()" } else { "f('x')" };
        let mut program = program("");
        let mut main = Vec::new();
        for (index, source) in invalid.iter().enumerate() {
            program = program.file(&format!("{index}.mjs"), source);
            main.extend(format!("import * as m{index} from './{index}.mjs'; {{ const {{ s, f }} = m{index}; console.log(s, {shown}); }}\n").bytes());
        }
        main.extend(b"console.log('\xC3(', (await import('./late.mjs')).default);");
        let program = program
            .file("main.mjs", main)
            .file("late.mjs", b"export default '\x80';");
        let mut wrong = Vec::new();
        for engine in engines() {
            let entry = &program.path("main.mjs");
            let stdout = parse(engine, entry).run().shown.stdout;
            assert!(stdout.contains("caf\u{FFFD}"), "{stdout:?}");
            assert!(stdout.ends_with("\u{FFFD}( \u{FFFD}\n"), "{stdout:?}");
            wrong.extend(every_path(
                engine,
                &Subject {
                    name: "not UTF-8",
                    entry,
                    unparsable: &[],
                    unlinkable: &[],
                    shows_text,
                    leaves_out: false,
                    shares_file: false,
                },
            ));
        }
        nothing_wrong(&wrong);
    }
}

/// The text stays the same, and so do its hash and the entry: the file is looked at, not its bytes.
#[test]
fn a_source_that_becomes_utf8() {
    let program = program("import { s } from './a.mjs'; console.log(s);");
    let entry = program.path("main.mjs");
    for engine in engines() {
        for path in ["full", "graph"] {
            let cache = Cache::new();
            let load = |mode| {
                Load::new(engine, &entry)
                    .path(path)
                    .cache(mode, &cache.path())
            };
            fs::write(program.path("a.mjs"), b"export const s = 'caf\xE9';").unwrap();
            let first = load("auto").run();
            fs::write(program.path("a.mjs"), "export const s = 'caf\u{FFFD}';").unwrap();
            let second = load("read-only").run();
            assert_eq!(second.shown, first.shown);
            assert_eq!(second.stats.misses, [], "{path}");
            fs::write(program.path("a.mjs"), b"export const s = 'caf\xC9\xC9';").unwrap();
            let third = load("read-only").run();
            assert_eq!(third.shown.stdout, "caf\u{FFFD}\u{FFFD}\n");
            let changed = ("a.mjs".to_owned(), "source".to_owned());
            assert!(third.stats.misses.contains(&changed), "{:?}", third.stats);
        }
    }
}
