//! The comparison of the paths, and the proof that cached ones were cached.

use super::checkout::checkout;
use test_programs::text;

/// A test with a static and a dynamic import, functions and classes.
const GRAPH: &str = "
    import { Counter, twice } from './counter_FIXTURE.js';
    import * as ns from './counter_FIXTURE.js';
    const counter = new Counter(20);
    assert.same(twice(counter.next()), 42);
    assert.same(Object.keys(ns).join(), 'Counter,twice');
    const late = await import('./late_FIXTURE.js');
    assert.same(late.default(), 'late');";

const COUNTER: &str = "
    export class Counter { #n; constructor(n) { this.#n = n; } next() { return ++this.#n; } }
    export function twice(n) { return [1, 2].map(() => n).reduce((a, b) => a + b); }";

const NAMES: [&str; 6] = [
    "parse",
    "full, writing",
    "graph, writing",
    "bytecode",
    "full",
    "graph",
];

#[test]
fn a_cached_path_parses_nothing() {
    let checkout = checkout()
        .test("language/import/a.js", "flags: [module]", GRAPH)
        .file("test/language/import/counter_FIXTURE.js", COUNTER)
        .file(
            "test/language/import/late_FIXTURE.js",
            "export default () => 'late';",
        );
    for report in checkout.reports(0, &["--validate"]) {
        let numbers = |field: &str| NAMES.map(|name| report.column(name, field));
        assert_eq!(numbers("pass"), [1; 6]);
        assert_eq!(numbers("modules"), [3; 6]);
        assert_eq!(numbers("hits"), [0, 0, 0, 3, 3, 3]);
        // What misses by `graph` is the pack.
        assert_eq!(numbers("misses"), [0, 3, 3, 0, 0, 0]);
        assert_eq!(numbers("complete_hits"), [0, 0, 0, 1, 1, 1]);
        assert_eq!(numbers("analyses"), [3, 3, 3, 3, 0, 0]);
        assert_eq!(numbers("module_code"), [3, 3, 3, 0, 0, 0]);
        assert_eq!(numbers("function_code")[3..], [0, 0, 0]);
        assert!(report.column("parse", "function_code") > 0);
        assert_eq!(report.0["without_entry"], serde_json::json!([]));
        assert_eq!(report.0["without_pack"], serde_json::json!([]));
    }
}

#[test]
fn modules_that_cannot_be_cached_are_named() {
    let checkout = checkout()
        .test(
            "language/import/parse.js",
            "flags: [module]\nnegative: { phase: resolution, type: SyntaxError }",
            "import './b_FIXTURE.js';",
        )
        .test(
            "language/import/link.js",
            "flags: [module]\nnegative: { phase: resolution, type: SyntaxError }",
            "import { no } from './c_FIXTURE.js';",
        )
        .file("test/language/import/b_FIXTURE.js", "0++;")
        .file("test/language/import/c_FIXTURE.js", "");
    for report in checkout.reports(0, &[]) {
        let without = report.0["without_entry"].as_array().unwrap();
        let named: Vec<(&str, &str)> = without
            .iter()
            .map(|it| {
                let module = it["module"].as_str().unwrap();
                (
                    module.rsplit('/').next().unwrap(),
                    it["reason"].as_str().unwrap(),
                )
            })
            .collect();
        assert!(
            named[0].0 == "b_FIXTURE.js" && named[0].1.starts_with("SyntaxError: "),
            "{named:?}"
        );
        assert_eq!(named[1..], [("link.js", "it does not link")]);
        let without = |index: usize| {
            let it = &report.0["without_pack"][index];
            (it["test"].as_str().unwrap(), it["reason"].as_str().unwrap())
        };
        assert_eq!(report.0["without_pack"].as_array().unwrap().len(), 2);
        let (test, reason) = without(0);
        assert!(
            test == "language/import/link.js" && reason.ends_with("link.js was not linked"),
            "{reason}"
        );
        assert_eq!(
            without(1),
            (
                "language/import/parse.js",
                "the graph was not loaded to its end"
            )
        );
        // What imports them is served all the same, on both paths by entries.
        for path in ["full", "graph"] {
            assert_eq!(report.column(path, "hits"), 2, "{path}");
            assert_eq!(report.column(path, "misses"), 2, "{path}");
        }
    }
}

#[test]
fn a_difference_is_listed_in_full() {
    let checkout = checkout()
        .test(
            "language/import/same.js",
            "flags: [module]",
            "print('always');",
        )
        .test(
            "language/import/time.js",
            "flags: [module]",
            "print('a'); print(Math.random());",
        );
    for report in checkout.reports(1, &[]) {
        let differences = report.0["differences"].as_array().unwrap();
        let named: Vec<&str> = differences
            .iter()
            .map(|it| it["column"].as_str().unwrap())
            .collect();
        assert_eq!(named, NAMES[1..]);
        assert!(
            differences
                .iter()
                .all(|it| it["test"] == "language/import/time.js")
        );
        let what = differences[0]["differences"][0].as_str().unwrap();
        assert!(
            what.starts_with("printed[1]: \"0.") && what.contains("\" instead of \"0."),
            "{what}"
        );
    }
    let output = checkout.run(&[]);
    assert_eq!(
        text(&output.stderr),
        "error: 5 results differ between paths\n"
    );
    let table = text(&output.stdout);
    assert!(table.contains("5 differences between paths\n  language/import/time.js (module), full, writing:\n    printed[1]: "), "{table}");
}

#[test]
fn every_part_of_what_a_test_shows_is_compared() {
    for (code, place) in [
        (
            "throw new Error(Math.random());",
            "ending.threw.error.message: ",
        ),
        (
            "const f = 'f' + Math.random().toString(36).slice(2); (0, eval)(`(function ${f}() { throw new Error; })()`);",
            "ending.threw.error.stack[0]: ",
        ),
        (
            "throw Object.assign(new Error, { code: String(Math.random()) });",
            "ending.threw.error.code: ",
        ),
        ("console.error(Math.random());", "console[0]: "),
        ("Promise.reject(Math.random());", "rejections[0].message: "),
        (
            "setTimeout(() => { throw Math.random(); }, 1);",
            "uncaught[0].message: ",
        ),
        (
            "class E extends Error {} Object.defineProperty(E, 'name', { value: 'E' + Math.random() }); throw new E;",
            "ending.threw.error.constructor: ",
        ),
    ] {
        let checkout = checkout().test("language/import/a.js", "flags: [module]", code);
        for report in checkout.reports(1, &[]) {
            let what = &report.0["differences"][4]["differences"];
            let found = what
                .as_array()
                .unwrap()
                .iter()
                .any(|it| it.as_str().unwrap().starts_with(place));
            assert!(found, "{place}: {what}");
        }
    }
}

/// Functions nested deep in constructible ones have more code than an entry takes (`jsc-sys/bridge/generate.cpp`):
/// what is left out is parsed when it is used, although every module hits.
fn deep_constructors() -> String {
    let depth = 14;
    let mut code = "globalThis.deepest = 1;".to_owned();
    for level in 0..depth {
        code = format!("function f{level}() {{ {code} }} new f{level};");
    }
    code
}

#[test]
fn code_that_was_left_out_is_generated_and_counted() {
    let checkout = checkout().test(
        "language/import/deep.js",
        "flags: [module]",
        &deep_constructors(),
    );
    for report in checkout.reports(0, &[]) {
        assert_eq!(report.0["differences"], serde_json::json!([]));
        assert_eq!(report.0["breaches"], serde_json::json!([]));
        assert_eq!(report.column("full", "pass"), 1);
        assert_eq!(report.column("full", "hits"), 1);
        assert!(report.column("full", "function_code") > 0);
        // A pack holds whatever the first run has executed.
        assert_eq!(report.column("graph", "function_code"), 0);
    }
}

#[test]
fn sharing_a_process_changes_nothing() {
    let mut checkout = checkout()
        .test("language/import/a.js", "flags: [module]", GRAPH)
        .file("test/language/import/counter_FIXTURE.js", COUNTER)
        .file(
            "test/language/import/late_FIXTURE.js",
            "export default () => 'late';",
        );
    // What one test leaves behind must not reach the next.
    for index in 0..5 {
        checkout = checkout.test(
            &format!("language/import/leak{index}.js"),
            "flags: [module]",
            "assert.same(globalThis.leak, undefined); globalThis.leak = 1; Array.prototype.map = null;
            print(import.meta.url); setInterval(() => {}, 1) && clearInterval(1);",
        );
    }
    for report in checkout.reports(0, &["--isolation", "both"]) {
        for name in NAMES {
            let own = format!("{name}, own process");
            for field in [
                "pass",
                "modules",
                "hits",
                "analyses",
                "module_code",
                "function_code",
            ] {
                // Which of two workers writes the entry of a shared fixture first is open.
                if !name.ends_with("writing") || field == "pass" || field == "modules" {
                    assert_eq!(
                        report.column(name, field),
                        report.column(&own, field),
                        "{name} {field}"
                    );
                }
            }
            assert_eq!(report.column(name, "pass"), 6);
        }
    }
}
