//! Errors of a loaded program: the text on standard error, exit code 1.

use std::os::unix::fs::symlink;
use std::process::Command;

use test_programs::{engines, program};

#[test]
fn a_thrown_error_shows_where() {
    program("import './a.mjs';")
        .file(
            "a.mjs",
            "function outer() { inner(); }\nfunction inner() {\n  throw new TypeError('on purpose');\n}\nouter();\n",
        )
        .fails(
            "Uncaught TypeError: on purpose\n    at inner (file://DIR/a.mjs:3:22)\n    \
             at outer (file://DIR/a.mjs:1:25)\n    at module code (file://DIR/a.mjs:5:6)",
        );
}

#[test]
fn an_error_in_a_timer() {
    program("setTimeout(() => { throw new Error('late'); }, 1);\nsetTimeout(() => console.log('never'), 2);")
        .fails("Uncaught Error: late\n    at file://DIR/main.mjs:1:35");
}

/// Names and files that look like parts of a stack.
#[test]
fn stacks_are_read_right() {
    program("import './@scope/a.mjs';")
        .file("@scope/a.mjs", "const it = { 'a@b'() { (() => { throw new Error('x'); })(); } };\nit['a@b']();")
        .fails(
            "Uncaught Error: x\n    at file://DIR/@scope/a.mjs:1:48\n    at a@b (file://DIR/@scope/a.mjs:1:57)\n    \
             at module code (file://DIR/@scope/a.mjs:2:10)",
        );
    program("eval('throw new Error(1)');").fails(
        "Uncaught Error: 1\n    at eval code\n    at eval ([native code])\n    at module code (file://DIR/main.mjs:1:5)",
    );
}

#[test]
fn whatever_is_thrown_is_shown() {
    for (thrown, shown) in [
        ("undefined", "undefined"),
        ("null", "null"),
        ("-0", "0"),
        ("'text'", "text"),
        ("''", ""),
        ("10n", "10"),
        ("Symbol('s')", "Symbol(s)"),
        ("Symbol()", "Symbol()"),
        ("[1, [2]]", "1,2"),
        ("{}", "[object Object]"),
        ("{ toString() { return 'own'; } }", "own"),
        ("() => 1", "() => 1"),
        ("'a\\0b\\ud800'", "a\0b\u{FFFD}"),
        ("Object.create(null)", "a value that cannot be shown"),
        (
            "{ toString() { throw 1; } }",
            "a value that cannot be shown",
        ),
        (
            "new Proxy({}, { get() { throw 1; } })",
            "a value that cannot be shown",
        ),
        (
            "(() => { const it = Proxy.revocable({}, {}); it.revoke(); return it.proxy; })()",
            "a value that cannot be shown",
        ),
        (
            "Object.assign(new Error('m'), { stack: undefined })",
            "Error: m\n    at file://DIR/main.mjs:1:30",
        ),
        (
            "{ toString: () => 'v', code: 'E_OWN', stack: 'f@x:1:2\\nplain' }",
            "v [E_OWN]\n    at f (x:1:2)\n    at plain",
        ),
        (
            "{ toString: () => 'v', get code() { throw 1; }, get stack() { throw 1; } }",
            "v",
        ),
    ] {
        program(&format!("throw {thrown};")).fails(&format!("Uncaught {shown}"));
    }
}

#[test]
fn stack_overflow_is_an_error_like_any_other() {
    for engine in engines() {
        let ran = program("function f() { return f() + 1; }\nf();").run_on(engine);
        assert_eq!(ran.code, Some(1));
        let mut lines = ran.stderr.lines();
        assert_eq!(
            lines.next(),
            Some("Uncaught RangeError: Maximum call stack size exceeded.")
        );
        assert_eq!(lines.next(), Some("    at f (file://DIR/main.mjs:1:24)"));
        assert_eq!(lines.count(), 99, "JSC keeps 100 frames");
    }
}

#[test]
fn syntax_errors_name_file_and_line() {
    program("let fine = 1;\nlet not = = 2;\n")
        .fails("Uncaught SyntaxError: Unexpected token '='\n    at file://DIR/main.mjs:2\n    while parsing file://DIR/main.mjs");
    program("import './a.mjs'; console.log('never');")
        .file("a.mjs", "\n\nlet not = = 2;")
        .fails("Uncaught SyntaxError: Unexpected token '='\n    at file://DIR/a.mjs:3\n    while parsing file://DIR/a.mjs, imported from file://DIR/main.mjs");
}

#[test]
fn link_errors_name_the_binding() {
    program("import { nothing } from './a.mjs';")
        .file("a.mjs", "")
        .fails("Uncaught SyntaxError: Importing binding name 'nothing' is not found.\n    while linking file://DIR/main.mjs");
    program("import { x } from './a.mjs';")
        .file("a.mjs", "export * from './b.mjs'; export * from './c.mjs';")
        .file("b.mjs", "export const x = 1;")
        .file("c.mjs", "export const x = 2;")
        .fails("Uncaught SyntaxError: Importing binding name 'x' cannot be resolved due to ambiguous multiple bindings.\n    while linking file://DIR/main.mjs");
}

/// Only the error of the load itself names a module: not one that the program has caught.
#[test]
fn a_caught_failure_is_not_told_later() {
    program("await import('./a.mjs').catch(() => {}); throw 1;")
        .file("a.mjs", "let not = = 2;")
        .fails("Uncaught 1");
}

#[test]
fn json_errors() {
    program("import './a.json';").file("a.json", "{}").fails(
        "Uncaught TypeError: module DIR/a.json imported from file://DIR/main.mjs needs the import attribute \
         `with { type: \"json\" }` [ERR_IMPORT_ATTRIBUTE_MISSING]",
    );
    for (json, problem) in [
        ("{", "Expected '}'"),
        ("", "Unexpected EOF"),
        ("{\"a\": 1,}", "Property name must be a string literal"),
    ] {
        program("import './a.json' with { type: 'json' };")
            .file("a.json", json)
            .fails(&format!(
                "Uncaught SyntaxError: JSON Parse error: {problem}\n    while parsing file://DIR/a.json, imported from file://DIR/main.mjs"
            ));
    }
    program("import './a.json' with { type: 'css' };")
        .file("a.json", "{}")
        .fails("Uncaught TypeError: Import attribute type \"css\" is not valid\n    while parsing file://DIR/main.mjs");
}

/// As far as it is UTF-8 a source is what it says, and U+FFFD elsewhere.
#[test]
fn sources_that_are_not_utf8() {
    program("import s from './a.mjs'; import json from './a.json' with { type: 'json' }; console.log(s, json);")
        .file("a.mjs", b"export default 'caf\xE9 \xF0\x9F\x98! \xED\xA0\x80';")
        .file("a.json", b"\"\xFFx\"")
        .prints("caf\u{FFFD} \u{FFFD}! \u{FFFD}\u{FFFD}\u{FFFD} \u{FFFD}x\n");
    program("").file("main.mjs", b"let caf\xC3 = 1;").fails(
        "Uncaught SyntaxError: Invalid character '\\ufffd'\n    at file://DIR/main.mjs:1\n    while parsing file://DIR/main.mjs",
    );
}

/// The mark is white space, and a hashbang stands at the very start of a text (ECMA-262, 12.5).
#[test]
fn a_byte_order_mark() {
    program("\u{feff}console.log('fine');").prints("fine\n");
    program("\u{feff}#!/bin/x\nconsole.log('never');").fails(
        "Uncaught SyntaxError: Invalid character: '#'\n    at file://DIR/main.mjs:1\n    while parsing file://DIR/main.mjs",
    );
}

#[test]
fn what_is_no_regular_file_is_never_read() {
    for (specifier, problem) in [
        (
            "./sub",
            "unsupported directory import './sub' imported from file://DIR/main.mjs: file://DIR/sub means a directory [ERR_UNSUPPORTED_DIR_IMPORT]",
        ),
        (
            "./fifo",
            "cannot import './fifo' imported from file://DIR/main.mjs: file://DIR/fifo is a FIFO, not a regular file [ERR_MODULE_NOT_FOUND]",
        ),
        (
            "/dev/zero",
            "cannot import '/dev/zero' imported from file://DIR/main.mjs: file:///dev/zero is a device, not a regular file [ERR_MODULE_NOT_FOUND]",
        ),
        (
            "./loop",
            "cannot read module './loop' imported from file://DIR/main.mjs: file://DIR/loop: Too many levels of symbolic links (os error 40) [ERR_MODULE_NOT_FOUND]",
        ),
    ] {
        program(&format!("import '{specifier}';"))
            .file("sub/a.mjs", "")
            .prepared(|directory| {
                symlink("loop", directory.join("loop")).unwrap();
                let made = Command::new("mkfifo")
                    .arg(directory.join("fifo"))
                    .status()
                    .unwrap();
                assert!(made.success());
            })
            .fails(&format!("Uncaught Error: {problem}"));
    }
}

/// A regular file of /proc that opens and then cannot be read.
#[test]
fn unreadable_files() {
    program("import('/proc/self/mem').catch((error) => console.log(error.message.replace(/[0-9]+/, 'PID'), error.code));")
        .prints(
            "cannot read module /proc/PID/mem imported from file://DIR/main.mjs: Input/output error (os error 5) \
             ERR_MODULE_NOT_READABLE\n",
        );
}

/// A sparse file: it takes no room on the disk.
#[test]
fn sources_that_no_string_can_hold() {
    program("import './big.mjs';")
        .prepared(|directory| {
            let big = std::fs::File::create(directory.join("big.mjs")).unwrap();
            big.set_len(1 << 31).unwrap();
        })
        .fails(
            "Uncaught Error: cannot read module DIR/big.mjs imported from file://DIR/main.mjs: its 2147483648 bytes are \
             more than the 2147483647 that JavaScriptCore can hold in a string [ERR_MODULE_NOT_READABLE]",
        );
}
