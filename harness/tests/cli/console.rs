//! What `console` prints, and where.

use std::process::Stdio;

use test_programs::{engines, jsc_harness, program};

/// `(arguments of console.log, the line)`.
const LINES: &[(&str, &str)] = &[
    ("", ""),
    (
        "'text', 1, -0, 1.5, 1e21, NaN, true, null, undefined",
        "text 1 -0 1.5 1e+21 NaN true null undefined",
    ),
    ("10n, Symbol('s'), Symbol()", "10n Symbol(s) Symbol()"),
    (
        "['text', 10n, -0, Symbol('s')]",
        "[ 'text', 10n, -0, Symbol(s) ]",
    ),
    (
        "[\"it's\", 'say \"it\\'s\"', 'a\\nb\\0']",
        "[ \"it's\", 'say \"it\\'s\"', 'a\\nb\\x00' ]",
    ),
    (
        "[], {}, [[]], [,], [1,,,2]",
        "[] {} [ [] ] [ <1 empty item> ] [ 1, <2 empty items>, 2 ]",
    ),
    (
        "{ a: 1, 'b c': 2, [Symbol('d')]: 3, 4: 5 }",
        "{ '4': 5, a: 1, 'b c': 2, [Symbol(d)]: 3 }",
    ),
    (
        "{ get a() { throw 1 }, set b(v) {}, get c() { throw 1 }, set c(v) {} }",
        "{ a: [Getter], b: [Setter], c: [Getter/Setter] }",
    ),
    (
        "{ a: { b: { c: { d: 1 } } } }",
        "{ a: { b: { c: [Object] } } }",
    ),
    ("[[[[1]]]]", "[ [ [ [Array] ] ] ]"),
    (
        "(() => { const a = { b: 1 }; a.a = a; return a; })()",
        "{ b: 1, a: [Circular] }",
    ),
    (
        "Object.create(null), Object.assign(Object.create(null), { a: 1 })",
        "[Object: null prototype] {} [Object: null prototype] { a: 1 }",
    ),
    ("new (class Point { x = 1 })", "Point { x: 1 }"),
    (
        "function f() {}, () => {}, class A {}, async function g() {}, Math.max",
        "[Function: f] [Function (anonymous)] [class A] [AsyncFunction: g] [Function: max]",
    ),
    (
        "Object.assign(function f() {}, { a: 1 })",
        "[Function: f] { a: 1 }",
    ),
    (
        "new Date(0), new Date(NaN), /a\\/b/gi",
        "1970-01-01T00:00:00.000Z Invalid Date /a\\/b/gi",
    ),
    (
        "new Map([[1, { a: 'x' }]]), new Set(['a', 2]), new Map, new Set",
        "Map(1) { 1 => { a: 'x' } } Set(2) { 'a', 2 } Map(0) {} Set(0) {}",
    ),
    (
        "new Uint8Array([1, 2]), new Float64Array(0)",
        "Uint8Array(2) [ 1, 2 ] Float64Array(0) []",
    ),
    (
        "Promise.resolve(1), new WeakMap, new WeakSet",
        "Promise { } WeakMap { } WeakSet { }",
    ),
    (
        "new String('s'), new Number(-0), new Boolean(false)",
        "[String: 's'] [Number: -0] [Boolean: false]",
    ),
    (
        "Array.from({ length: 102 }, () => 0).join().length, new Array(5)",
        "203 [ <5 empty items> ]",
    ),
    // Directives (Console Standard, 2.2).
    (
        "'%s is %d and %i and %f', 'it', '42.5', '42.5', '42.5'",
        "it is 42.5 and 42 and 42.5",
    ),
    (
        "'%o %O %j%c!', [1], { a: 1 }, { a: 1 }, 'color: red'",
        "[ 1 ] { a: 1 } {\"a\":1}!",
    ),
    ("'100%', 1", "100% 1"),
    ("'%s', 'a', 'b', { c: 1 }", "a b { c: 1 }"),
    ("'%s %s', 'a'", "a %s"),
    ("'%% %s', 'a'", "% a"),
    ("'%s'", "%s"),
    ("'%d %i', Symbol('s'), Symbol('s')", "NaN NaN"),
    ("'%s', null, '%s'", "null %s"),
    // Values that resist.
    (
        "(() => { const it = Proxy.revocable({}, {}); it.revoke(); return it.proxy; })(), 'after'",
        "[cannot be shown] after",
    ),
    (
        "{ a: new Proxy({}, { ownKeys() { throw 1; } }), b: 2 }",
        "{ a: [cannot be shown], b: 2 }",
    ),
    (
        "[Object.create(Map.prototype), Object.create(Date.prototype), 1]",
        "[ [cannot be shown], [cannot be shown], 1 ]",
    ),
];

#[test]
fn values_and_directives() {
    let mut source = String::new();
    let mut wanted = String::new();
    for (arguments, line) in LINES {
        source.push_str(&format!("console.log({arguments});\n"));
        wanted.push_str(&format!("{line}\n"));
    }
    program(&source).prints(&wanted);
}

#[test]
fn long_values_take_several_lines() {
    program("console.log({ first: 'x'.repeat(40), second: { third: 'y'.repeat(40) } }); console.log(new Array(102).fill(0).length);")
        .prints(&format!(
            "{{\n  first: '{}',\n  second: {{ third: '{}' }}\n}}\n102\n",
            "x".repeat(40),
            "y".repeat(40)
        ));
    program("const long = Array.from({ length: 103 }, (_, i) => 7); console.log(long);").prints(
        &format!("[\n{}  ... 3 more items\n]\n", "  7,\n".repeat(100)),
    );
}

#[test]
fn errors_show_their_stack() {
    program("const error = new RangeError('too far'); error.extra = 1;\nconsole.log(error);\nfunction make() { return [new Error('inner')]; }\nconsole.log(make());")
        .prints(
            "RangeError: too far\n    at module code (file://DIR/main.mjs:1:29) { extra: 1 }\n[\n  Error: inner\n      at make (file://DIR/main.mjs:3:36)\n      at module code (file://DIR/main.mjs:4:17)\n]\n",
        );
}

#[test]
fn an_export_that_is_not_initialized_yet_is_no_error() {
    program("import './early.mjs'; export const late = 1; export function hoisted() {}")
        .file(
            "early.mjs",
            "import * as ns from './main.mjs'; console.log(ns);",
        )
        .prints(
            "[Module: null prototype] { hoisted: [Function: hoisted], late: <uninitialized> }\n",
        );
}

#[test]
fn each_method_has_its_stream() {
    program(
        "for (const name of ['log', 'info', 'debug', 'dir', 'table', 'error', 'warn', 'trace']) console[name](name, 1);
         console.assert(true, 'no'); console.assert(false, 'yes', { a: 1 }); console.assert(false); console.assert();",
    )
    .ends(
        0,
        "log 1\ninfo 1\ndebug 1\ndir\ntable 1\n",
        "error 1\nwarn 1\nTrace: trace 1\nAssertion failed: yes { a: 1 }\nAssertion failed\nAssertion failed\n",
    );
}

#[test]
fn groups_indent_every_line() {
    program(
        "console.group('one'); console.log('a\\nb'); console.groupCollapsed(); console.error('deep');
         console.groupEnd(); console.log('c'); console.groupEnd(); console.groupEnd(); console.log('d');",
    )
    .ends(0, "one\n  a\n  b\n  c\nd\n", "    deep\n");
}

#[test]
fn counts() {
    program("console.count(); console.count('x'); console.count(); console.countReset(); console.count(); console.count(undefined);")
        .prints("default: 1\nx: 1\ndefault: 2\ndefault: 1\ndefault: 2\n");
}

#[test]
fn times_are_printed_for_known_labels_only() {
    program("console.time('a'); console.timeLog('a'); console.timeEnd('a');")
        .run_on(&engines()[0])
        .stdout
        .lines()
        .for_each(|line| assert!(line.starts_with("a: ") && line.ends_with("ms"), "{line}"));
    program("console.timeEnd('nothing');").ends(
        0,
        "",
        "No such label 'nothing' for console.timeEnd()\n",
    );
}

#[test]
fn any_string_can_be_printed() {
    program(r"console.log('a\0b', '\ud800', ['\udc00']); console.error('\0');").ends(
        0,
        "a\0b \u{FFFD} [ '\u{FFFD}' ]\n",
        "\0\n",
    );
}

#[test]
fn methods_work_without_their_object() {
    program("const { log } = console; log('x'); [1].forEach(log); globalThis.console = null; log.call(undefined, 'y');")
        .prints("x\n1 0 [ 1 ]\ny\n");
}

#[test]
fn much_output_arrives_whole() {
    let wanted: String = (0..20_000).map(|line| format!("{line}\n")).collect();
    program("for (let i = 0; i < 20000; ++i) console.log(i);").prints(&wanted);
}

/// A program that prints for ever must not run for ever when nobody reads.
#[test]
fn a_reader_that_goes_away_ends_the_program() {
    let program = program("for (;;) console.log(1);");
    for engine in engines() {
        let mut child = jsc_harness()
            .args(["run", "--engine", &engine.name])
            .arg(program.path("main.mjs"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(4));
        assert_eq!(output.stderr, b"");
    }
}
