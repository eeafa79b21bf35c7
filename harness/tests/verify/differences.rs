//! Two observations that differ, in words.

use observation::diff;

use crate::support::observe;
use test_programs::{Engine, Program, engines, program};

/// The differences between two programs, on every engine.
#[track_caller]
fn differ(left: &Program, right: &Program, wanted: &[&str]) {
    for engine in engines() {
        let found = differences(engine, left, right);
        assert_eq!(found, wanted, "on {}", engine.version);
    }
}

fn differences(engine: &Engine, left: &Program, right: &Program) -> Vec<String> {
    let (left, right) = (observe(engine, left), observe(engine, right));
    assert_eq!(
        left.digest == right.digest,
        diff(&left, &right, 1).is_empty()
    );
    let found = diff(&left, &right, 10);
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn nothing() {
    let text = "export class A { m() {} } export const a = new A(), b = { a, list: [1, a] };";
    differ(&program(text), &program(text), &[]);
}

#[test]
fn exports() {
    differ(
        &program("export let a = 1, b = 'x', c;"),
        &program("export let a = 2, b = () => 1; export { d }; throw 1; let d;"),
        &[
            "the end of the program: completed, against threw",
            "exit code: 0, against 1",
            "evaluation 1: main.mjs, against main.mjs and throws",
            "the value that ended the program: no value, against 1",
            "module main.mjs, export a: 1, against 2",
            "module main.mjs, export b: \"x\", against the function \"() => 1\"",
            "module main.mjs, export c: undefined, against not there",
            "module main.mjs, export d: not there, against in its dead zone",
        ],
    );
}

#[test]
fn the_path_to_a_value() {
    differ(
        &program("export const a = { 'b c': [0, { d: new Map([['k', { e: 1 }]]) }] };"),
        &program("export const a = { 'b c': [0, { d: new Map([['k', { e: 2 }]]) }] };"),
        &["module main.mjs, export a[\"b c\"][\"1\"].d, entry 1.e: 1, against 2"],
    );
}

#[test]
fn functions_and_accessors() {
    differ(
        &program("export function f(a) {} export const o = { get x() { return 1; } };"),
        &program("export function f(b) {} export const o = { x: 1 };"),
        &[
            "module main.mjs, export f, source text: \"function f(a) {}\", against \"function f(b) {}\"",
            "module main.mjs, export o.x: an accessor, against 1",
        ],
    );
}

#[test]
fn attributes_prototypes_and_identity() {
    differ(
        &program(
            "const s = {}; export const a = Object.freeze([1]), b = [s, s], c = { __proto__: null };",
        ),
        &program("const s = {}; export const a = [1], b = [s, {}], c = {};"),
        &[
            "module main.mjs, export a, extensible: false, against true",
            "module main.mjs, export a[\"0\"], attributes: `e`, against `wec`",
            "module main.mjs, export a.length, attributes: ``, against `w`",
            "module main.mjs, export b[\"1\"], identity: an object that is also elsewhere, against another object",
            "module main.mjs, export c, prototype: null, against Object.prototype",
        ],
    );
}

#[test]
fn output_and_order() {
    let with = |first: &str, second: &str| {
        program(&format!("import './{first}.mjs'; import './{second}.mjs';"))
            .file("a.mjs", "console.log('a');")
            .file("b.mjs", "console.error('b');")
    };
    differ(
        &with("a", "b"),
        &with("b", "a"),
        &[
            "console call 1: \"a\\n\", against \"b\\n\" on standard error",
            "evaluation 1: a.mjs, against b.mjs",
        ],
    );
}

#[test]
fn errors() {
    differ(
        &program("function f() { throw new TypeError('a'); } f();"),
        &program("function g() { throw new RangeError('a'); } g();"),
        &[
            "error class: \"TypeError\", against \"RangeError\"",
            "error message: \"TypeError: a\", against \"RangeError: a\"",
            "stack frame 1: f (main.mjs:1:35), against g (main.mjs:1:36)",
            "the value that ended the program, prototype: TypeError.prototype, against RangeError.prototype",
            "the value that ended the program.column: 35, against 36",
            "the value that ended the program.stack: \"f@file://«root»/main.mjs:1:35\\nmodule code@file://«root»/main.mjs:1:45\", against \"g@file://«root»/main.mjs:1:36\\nmodule code@file://«root»/main.mjs:1:46\"",
        ],
    );
}

#[test]
fn built_ins_and_dynamic_imports() {
    differ(
        &program("Array.prototype.a = 1; import('./x.mjs');").file("x.mjs", ""),
        &program("Array.prototype.a = 2; Map.b = 1; import('./x.mjs').catch(() => {});"),
        &[
            "evaluation 2: x.mjs, against none",
            "module x.mjs: linked, against not there",
            "import(\"./x.mjs\") in main.mjs: fulfilled, against rejected",
            "the built-in Map.b: as it was, against added",
            "the built-in Array.prototype.a: 1, against 2",
        ],
    );
}
