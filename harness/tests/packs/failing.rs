//! Graphs that throw while they are evaluated, and what is imported of them afterwards.

use crate::support::{Cache, graph};
use test_programs::load::Load;
use test_programs::{Program, engines, program};

/// From a pack the program shows what it shows when it is parsed, and nothing is parsed.
#[track_caller]
fn check(program: &Program) {
    let entry = program.path("main.mjs");
    for engine in engines() {
        let cache = Cache::new();
        let parsed = Load::new(engine, &entry).path("parse").run();
        assert_eq!(parsed.shown.code, Some(1), "{:?}", parsed.shown);
        for mode in ["auto", "read-only"] {
            let loaded = graph(engine, &entry, mode, &cache).run();
            assert_eq!(loaded.shown, parsed.shown, "{mode} on {}", engine.version);
        }
        let loaded = graph(engine, &entry, "read-only", &cache).run();
        assert_eq!(loaded.stats.misses, [], "{}", engine.version);
        assert_eq!(loaded.stats.hits, loaded.stats.modules);
    }
}

/// A program whose module `first.mjs` imports these again, one after the other, when all is over.
fn again(main: &str, imports: &[&str]) -> Program {
    let imports = imports.iter().map(|it| {
        format!(
            "await import('./{it}.mjs').then(it => console.log('{it}:', Object.keys(it).join()), error => console.log('{it}:', String(error)));\n"
        )
    });
    let first = format!(
        "console.log('first');\nexport const first = 1;\n(async () => {{\n{}}})();\n",
        imports.collect::<String>()
    );
    program(main)
        .file("first.mjs", first)
        .file(
            "throws.mjs",
            "console.log('throws'); throw new Error('thrown');",
        )
        .file("leaf.mjs", "console.log('leaf'); export const leaf = 1;")
        .file(
            "after.mjs",
            "import './leaf.mjs'; console.log('after'); export const after = 1;",
        )
}

const MAIN: &str = "import './first.mjs'; import './middle.mjs'; import './after.mjs'; console.log('main'); export const main = 1;";

#[test]
fn ancestors_siblings_and_descendants() {
    let orders: &[&[&str]] = &[
        &["main", "middle", "throws", "after", "leaf"],
        &["leaf", "after", "throws", "middle", "main"],
        &["middle", "main", "middle"],
        &["after", "main"],
    ];
    for order in orders {
        let middle = "import './throws.mjs'; console.log('middle'); export const middle = 1;";
        check(&again(MAIN, order).file("middle.mjs", middle));
    }
}

#[test]
fn a_module_that_two_others_import() {
    let program = again(
        "import './first.mjs'; import './left.mjs'; import './right.mjs'; console.log('main');",
        &["right", "shared", "left", "main"],
    )
    .file(
        "left.mjs",
        "import './shared.mjs'; import './throws.mjs'; console.log('left');",
    )
    .file("right.mjs", "import './shared.mjs'; console.log('right');")
    .file("shared.mjs", "console.log('shared');");
    check(&program);
}

#[test]
fn a_cycle_around_what_throws() {
    let program = again(
        "import './first.mjs'; import './one.mjs'; console.log('main');",
        &["two", "one", "three", "main"],
    )
    .file(
        "one.mjs",
        "import './two.mjs'; import './three.mjs'; console.log('one');",
    )
    .file(
        "two.mjs",
        "import './one.mjs'; import './three.mjs'; console.log('two');",
    )
    .file(
        "three.mjs",
        "import './one.mjs'; import './throws.mjs'; console.log('three');",
    );
    check(&program);
}

#[test]
fn the_entry_itself() {
    let main = "import './first.mjs'; import './leaf.mjs'; console.log('main'); throw new TypeError('of the entry');";
    check(&again(main, &["main", "leaf", "main"]));
}

#[test]
fn beside_a_module_that_awaits() {
    let main = "import './first.mjs'; import './waits.mjs'; import './middle.mjs'; import './after.mjs'; console.log('main');";
    let program = again(main, &["waits", "middle", "after", "main"])
        .file(
            "waits.mjs",
            "console.log('waits'); await 0; console.log('waited'); export const waits = 1;",
        )
        .file(
            "middle.mjs",
            "import './throws.mjs'; console.log('middle');",
        );
    check(&program);
}
