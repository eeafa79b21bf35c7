//! Sources, resolutions, engines and options that change after the pack was made.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, SystemTime};

use crate::support::{Cache, broken, case, check, edit, graph, replace, set_time, sign, subject};
use crate::support::{Case, MODULES};
use test_programs::load::Load;
use test_programs::{engines, program, two_engines};

#[test]
fn sources() {
    check(&[
        case("nothing", None, |_, _| {}),
        case(
            "an edit that keeps length and time",
            Some(("a.mjs", "source")),
            |program, _| {
                let path = program.path("a.mjs");
                let time = fs::metadata(&path).unwrap().modified().unwrap();
                replace(&path, "a1", "a2");
                set_time(&path, time);
            },
        ),
        case("another time only", None, |program, _| {
            let later = SystemTime::now() + Duration::from_secs(100_000_000);
            for file in ["main.mjs", "a.mjs", "data.json"] {
                set_time(&program.path(file), later);
            }
        }),
        case(
            "a byte order mark",
            Some(("a.mjs", "source")),
            |program, _| {
                edit(&program.path("a.mjs"), |it| {
                    drop(it.splice(..0, *b"\xef\xbb\xbf"))
                })
            },
        ),
        case(
            "other line ends",
            Some(("c.mjs", "source")),
            |program, _| replace(&program.path("c.mjs"), "\n", "\r\n"),
        ),
        case("JSON", Some(("data.json", "source")), |program, _| {
            replace(&program.path("data.json"), "7", "8");
        }),
        broken(
            "a dependency that is gone",
            ("c.mjs", "source"),
            |program, _| fs::remove_file(program.path("c.mjs")).unwrap(),
        ),
        broken(
            "a dependency that does not parse",
            ("c.mjs", "source"),
            |program, _| fs::write(program.path("c.mjs"), "export let = ;").unwrap(),
        ),
        case(
            "a star export that adds a name",
            Some(("c.mjs", "source")),
            |program, _| {
                edit(&program.path("c.mjs"), |it| {
                    it.extend(b"export let more;\n")
                })
            },
        ),
        case(
            "a star export that makes a name ambiguous",
            Some(("b.mjs", "source")),
            |program, _| {
                edit(&program.path("b.mjs"), |it| {
                    it.extend(b"export * from './to1.mjs'; export * from './to2.mjs';\n");
                });
            },
        ),
        broken(
            "an attribute that is taken away",
            ("main.mjs", "source"),
            |program, _| replace(&program.path("main.mjs"), " with { type: 'json' }", ""),
        ),
        broken(
            "an attribute that does not exist",
            ("main.mjs", "source"),
            |program, _| replace(&program.path("main.mjs"), "type: 'json'", "type: 'yaml'"),
        ),
    ]);
}

/// No source changes, and yet a specifier leads elsewhere.
#[test]
fn resolutions() {
    check(&[
        case(
            "a package's exports",
            Some(("main.mjs", "dependencies")),
            |program, _| {
                replace(&program.path("node_modules/dep/package.json"), "one", "two");
            },
        ),
        case(
            "a link to another file",
            Some(("main.mjs", "dependencies")),
            |program, _| {
                let link = program.path("link.mjs");
                fs::remove_file(&link).unwrap();
                symlink("to2.mjs", link).unwrap();
            },
        ),
        case(
            "a file where a link was",
            Some(("main.mjs", "dependencies")),
            |program, _| {
                let link = program.path("link.mjs");
                fs::remove_file(&link).unwrap();
                fs::write(link, "export const linked = 3;").unwrap();
            },
        ),
        broken(
            "a package that no longer exports anything",
            ("main.mjs", "dependencies"),
            |program, _| {
                fs::write(
                    program.path("node_modules/dep/package.json"),
                    "{\"exports\": {\"./other\": \"./one.mjs\"}}",
                )
                .unwrap();
            },
        ),
    ]);
}

#[test]
fn a_package_that_comes_nearer() {
    for engine in engines() {
        let program = program("import './in/inner.mjs';")
            .file(
                "in/inner.mjs",
                "import { inside } from 'dep'; console.log(inside);",
            )
            .file(
                "node_modules/dep/package.json",
                "{\"exports\": \"./i.mjs\"}",
            )
            .file("node_modules/dep/i.mjs", "export const inside = 'far';");
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        graph(engine, &entry, "auto", &cache).run();
        let program = program
            .file(
                "in/node_modules/dep/package.json",
                "{\"exports\": \"./i.mjs\"}",
            )
            .file("in/node_modules/dep/i.mjs", "export const inside = 'near';");
        let loaded = graph(engine, &program.path("main.mjs"), "auto", &cache).run();
        assert_eq!(loaded.shown.stdout, "near\n");
        let stats = &loaded.stats;
        let near = [("in/node_modules/dep/i.mjs", "absent")];
        stats.assert_pack_served_but(&near, "a nearer package");
        let loaded = graph(engine, &entry, "read-only", &cache).run();
        assert_eq!((loaded.stats.hits, &*loaded.shown.stdout), (3, "near\n"));
    }
}

#[test]
fn engines_and_options() {
    check(&[
        Case {
            environment: &[("JSC_useJIT", "0")],
            ..case("no JIT", Some(("main.mjs", "options")), |_, _| {})
        },
        Case {
            environment: &[("JSC_numberOfGCMarkers", "1"), ("TZ", "Asia/Tokyo")],
            ..case("what changes no code", None, |_, _| {})
        },
        case(
            "another engine's pack under this one's name",
            Some(("main.mjs", "engine")),
            |_, cache| {
                edit(&cache.pack(), |it| {
                    it[48] ^= 1;
                    sign(it);
                });
            },
        ),
        case(
            "other options under these options' name",
            Some(("main.mjs", "options")),
            |_, cache| {
                edit(&cache.pack(), |it| {
                    it[64] ^= 1;
                    sign(it);
                });
            },
        ),
    ]);
}

/// One directory for two engines: each has a pack of its own, and says whose the other is.
#[test]
fn two_engines_side_by_side() {
    let Some([newer, older]) = two_engines!() else {
        return;
    };
    let program = subject();
    let entry = program.path("main.mjs");
    let cache = Cache::new();
    graph(newer, &entry, "auto", &cache).run();
    let other = graph(older, &entry, "auto", &cache).run();
    let stats = &other.stats;
    stats.assert_pack_unused("main.mjs", "engine", "another engine's");
    assert_eq!(cache.packs().len(), 2);
    for engine in [newer, older] {
        let loaded = graph(engine, &entry, "read-only", &cache).run();
        assert_eq!(loaded.stats.hits, MODULES, "{}", engine.version);
    }
}

/// A name finds a file and proves nothing: the entry's whole key is in the pack.
#[test]
fn packs_under_each_others_names() {
    for engine in engines() {
        let program = subject().file("other.mjs", "import './a.mjs'; console.log('other');");
        let entries = [program.path("main.mjs"), program.path("other.mjs")];
        let cache = Cache::new();
        for entry in &entries {
            graph(engine, entry, "auto", &cache).run();
        }
        let packs = cache.packs();
        let held = fs::read(&packs[0]).unwrap();
        fs::copy(&packs[1], &packs[0]).unwrap();
        fs::write(&packs[1], held).unwrap();
        for entry in &entries {
            let name = entry.file_name().unwrap().to_str().unwrap();
            let parsed = Load::new(engine, entry).path("parse").run();
            let loaded = graph(engine, entry, "auto", &cache).run();
            loaded.stats.assert_pack_unused(name, "identity", name);
            assert_eq!(loaded.shown, parsed.shown);
            let loaded = graph(engine, entry, "read-only", &cache).run();
            assert_eq!(loaded.stats.misses, []);
            assert_eq!(loaded.shown, parsed.shown);
        }
    }
}

/// Names and specifiers that are legal and odd: of one and of two bytes a unit, empty, lone surrogates, those of
/// `Object.prototype`.
#[test]
fn odd_names() {
    let program = program(
        "import * as all from './odd.mjs'; import { '' as empty, __proto__ as p, constructor as c } from './star.mjs';\n\
         import './\u{e4}\u{65e5}.mjs';\n\
         import './\\x61.mjs?q#h';\n\
         console.log(Object.keys(all).join('|'), empty, p, c, all.default, import.meta.url.split('/').pop());\n\
         await import('./\\ud800.mjs').catch(error => console.log(error.message));",
    )
    .file("star.mjs", "export * from './odd.mjs';")
    .file(
        "odd.mjs",
        "const x = 1, 変数 = 2; export { x as '', x as __proto__, 変数 as constructor, 変数 as default, 変数 as '日本', x as 'ä' };",
    )
    .file("\u{e4}\u{65e5}.mjs", "console.log('wide');")
    .file("a.mjs", "console.log(import.meta.url.split('/').pop());");
    for engine in engines() {
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        let parsed = Load::new(engine, &entry).path("parse").run();
        assert_eq!(parsed.shown.code, Some(0), "{:?}", parsed.shown);
        let first = graph(engine, &entry, "auto", &cache).run();
        let second = graph(engine, &entry, "read-only", &cache).run();
        assert_eq!(first.shown, parsed.shown);
        assert_eq!(second.shown, parsed.shown);
        assert_eq!((second.stats.hits, second.stats.parses()), (5, [0; 3]));
    }
}
