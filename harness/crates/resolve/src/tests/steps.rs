//! Every step of what Node's documentation says about the two maps of a manifest, each with a manifest, a specifier, and
//! the file or the code that it comes to.

use super::Tree;

/// The step, the manifest of the package `p`, what is imported, and the file in `p`, or the code after a `!`.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// `PACKAGE_EXPORTS_RESOLVE`, and what there is of `imports` before its map is read.
const MAPS: &[Row] = &[
    (
        "exports 1",
        r#"{".": "./a.mjs", "import": "./a.mjs"}"#,
        "p",
        "!ERR_INVALID_PACKAGE_CONFIG",
    ),
    (
        "exports 1",
        r#"{".": "./a.mjs", "": "./a.mjs"}"#,
        "p/x",
        "!ERR_INVALID_PACKAGE_CONFIG",
    ),
    ("exports 2.2, a string", r#""./a.mjs""#, "p", "a.mjs"),
    ("exports 2.2, an array", r#"["./a.mjs"]"#, "p", "a.mjs"),
    (
        "exports 2.2, conditions",
        r#"{"import": "./a.mjs"}"#,
        "p",
        "a.mjs",
    ),
    (
        "exports 2.3",
        r#"{".": "./a.mjs", "./b": "./b.mjs"}"#,
        "p",
        "a.mjs",
    ),
    (
        "exports 2.4.2, null",
        r#"{".": null}"#,
        "p",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "exports 2.4.2, undefined",
        r#"{"require": "./a.mjs"}"#,
        "p",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "exports 3, no subpaths",
        r#""./a.mjs""#,
        "p/a.mjs",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "exports 3, no subpaths",
        r#"{"import": "./a.mjs"}"#,
        "p/import",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    ("exports 3.1", r#"{"./b": "./b.mjs"}"#, "p/b", "b.mjs"),
    ("exports 4", "{}", "p", "!ERR_PACKAGE_PATH_NOT_EXPORTED"),
    (
        "exports 4",
        r#"{"./b": "./b.mjs"}"#,
        "p",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "exports 4",
        r#"{"./b": "./b.mjs"}"#,
        "p/c",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "exports 4, of a scalar",
        "false",
        "p",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "exports 4, of a scalar",
        "7",
        "p/a.mjs",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    ("no exports", "null", "p/a.mjs", "a.mjs"),
    ("imports 2", "{}", "#", "!ERR_INVALID_MODULE_SPECIFIER"),
    (
        "imports 2",
        r##"{"#/": "./a.mjs"}"##,
        "#/",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "imports 2",
        r##"{"#a/": "./a.mjs"}"##,
        "#a/",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "imports 4.2, no object",
        "[]",
        "#a",
        "!ERR_PACKAGE_IMPORT_NOT_DEFINED",
    ),
    (
        "imports 4.2, no object",
        "null",
        "#a",
        "!ERR_PACKAGE_IMPORT_NOT_DEFINED",
    ),
    ("imports 4.2.1", r##"{"#a": "./a.mjs"}"##, "#a", "a.mjs"),
    (
        "imports 4.2.1, since 25.4",
        r##"{"#/a": "./a.mjs"}"##,
        "#/a",
        "a.mjs",
    ),
    (
        "imports 4.2.1, since 25.4",
        r##"{"#/*": "./*.mjs"}"##,
        "#/a",
        "a.mjs",
    ),
    (
        "imports 4.2.2, null",
        r##"{"#a": null, "#*": "./a.mjs"}"##,
        "#a",
        "!ERR_PACKAGE_IMPORT_NOT_DEFINED",
    ),
    (
        "imports 4.2.2, undefined",
        r##"{"#a": {"require": "./a.mjs"}}"##,
        "#a",
        "!ERR_PACKAGE_IMPORT_NOT_DEFINED",
    ),
    ("imports 5", "{}", "#a", "!ERR_PACKAGE_IMPORT_NOT_DEFINED"),
];

/// `PACKAGE_IMPORTS_EXPORTS_RESOLVE` and `PATTERN_KEY_COMPARE`.
const KEYS: &[Row] = &[
    (
        "1",
        r#"{"./a": "./a.mjs", "./*": "./b.mjs"}"#,
        "p/a",
        "a.mjs",
    ),
    (
        "1, of a key twice the last",
        r#"{"./a": "./b.mjs", "./a": "./a.mjs"}"#,
        "p/a",
        "a.mjs",
    ),
    (
        "1, the key has a star",
        r#"{"./*": "./*/b.mjs", "./lib*": "./a.mjs"}"#,
        "p/*",
        "!ERR_MODULE_NOT_FOUND",
    ),
    (
        "1, the key has two stars",
        r#"{"./x*y*": "./a.mjs"}"#,
        "p/x*y*",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "1, folders are no more",
        r#"{"./lib/": "./lib/"}"#,
        "p/lib/a.mjs",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "1, folders are no more",
        r#"{"./lib/": "./lib/"}"#,
        "p/lib/",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "1, folders are no more",
        r##"{"#lib/": "./lib/"}"##,
        "#lib/a.mjs",
        "!ERR_PACKAGE_IMPORT_NOT_DEFINED",
    ),
    (
        "1, case matters",
        r#"{"./A": "./a.mjs"}"#,
        "p/a",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "1, escapes are other keys",
        r#"{"./a": "./a.mjs"}"#,
        "p/%61",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "1, a query is part of it",
        r#"{"./a": "./a.mjs"}"#,
        "p/a?q",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "1, a query is part of it",
        r#"{"./a?q": "./a.mjs"}"#,
        "p/a?q",
        "a.mjs",
    ),
    (
        "2, two stars are no pattern",
        r#"{"./x*y*": "./a.mjs"}"#,
        "p/x1y2",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "2, sorted",
        r#"{"./*": "./b.mjs", "./lib/*": "./lib/*"}"#,
        "p/lib/a.mjs",
        "lib/a.mjs",
    ),
    (
        "2, sorted",
        r#"{"./lib/*": "./lib/*", "./*": "./b.mjs"}"#,
        "p/lib/a.mjs",
        "lib/a.mjs",
    ),
    (
        "2, a closed part",
        r#"{"./lib/private/*": null, "./lib/*": "./lib/*"}"#,
        "p/lib/private/s.mjs",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "3.2, equal to the base",
        r#"{"./lib/*": "./lib/*"}"#,
        "p/lib/",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "3.2, no such base",
        r#"{"./lib/*": "./lib/*"}"#,
        "p/a.mjs",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "3.2.2, no trailer",
        r#"{"./*": "./lib/*"}"#,
        "p/x/b.mjs",
        "lib/x/b.mjs",
    ),
    (
        "3.2.2, a trailer",
        r#"{"./*.js": "./*.mjs"}"#,
        "p/a.js",
        "a.mjs",
    ),
    (
        "3.2.2, another trailer",
        r#"{"./*.js": "./*.mjs"}"#,
        "p/a.mjs",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "3.2.2, no room for the star",
        r#"{"./rep*/rep": "./a.mjs"}"#,
        "p/rep",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "3.2.2, no room for the star",
        r#"{"./rep*p/rep": "./a.mjs"}"#,
        "p/rep/rep",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "3.2.2.2",
        r##"{"#x/*/b": "./lib/*/b.mjs"}"##,
        "#x/x/b",
        "lib/x/b.mjs",
    ),
    (
        "3.2.2.2, a literal star",
        r#"{"./*": "./a.mjs"}"#,
        "p/*",
        "a.mjs",
    ),
    (
        "4",
        r#"{"./b": "./b.mjs"}"#,
        "p/a",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "compare 5, 6",
        r#"{"./lib*": "./a.mjs", "./lib/x*": "./b.mjs"}"#,
        "p/lib/x/b",
        "b.mjs",
    ),
    (
        "compare 5, 6",
        r#"{"./*/x/b": "./a.mjs", "./l*": "./b.mjs"}"#,
        "p/lib/x/b",
        "b.mjs",
    ),
    (
        "compare 9, 10",
        r#"{"./*": "./a.mjs", "./*.mjs": "./b.mjs"}"#,
        "p/x.mjs",
        "b.mjs",
    ),
    (
        "compare 9, 10",
        r#"{"./*b.mjs": "./b.mjs", "./*.mjs": "./a.mjs"}"#,
        "p/xb.mjs",
        "b.mjs",
    ),
];

/// `PACKAGE_TARGET_RESOLVE`. Of 1.1 there is nothing to see: no subpath is left without a pattern.
const TARGETS: &[Row] = &[
    (
        "1.2.1.1, with a star",
        r##"{"#*": "q/*.mjs"}"##,
        "#a",
        "node_modules/q/a.mjs",
    ),
    (
        "1.2.1.1, with two",
        r##"{"#*": "q/*/*.mjs"}"##,
        "#a",
        "!ERR_MODULE_NOT_FOUND",
    ),
    (
        "1.2.1.2",
        r##"{"#a": "q"}"##,
        "#a",
        "node_modules/q/index.js",
    ),
    (
        "1.2.1.2, by its exports",
        r##"{"#a": "@s/r/x"}"##,
        "#a",
        "node_modules/@s/r/a.mjs",
    ),
    (
        "1.2.1.2, closed there",
        r##"{"#a": "@s/r/y"}"##,
        "#a",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "1.2.1.2, no extension is guessed",
        r##"{"#a": "q/a"}"##,
        "#a",
        "!ERR_MODULE_NOT_FOUND",
    ),
    (
        "1.2.1.2, a directory",
        r##"{"#a": "q/lib"}"##,
        "#a",
        "!ERR_UNSUPPORTED_DIR_IMPORT",
    ),
    (
        "1.2.1.2, absent",
        r##"{"#a": "absent"}"##,
        "#a",
        "!ERR_MODULE_NOT_FOUND",
    ),
    (
        "1.2.1.2, no name",
        r##"{"#a": "%61"}"##,
        "#a",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "1.2.1.2, not another import",
        r##"{"#a": "#b", "#b": "./a.mjs"}"##,
        "#a",
        "!ERR_MODULE_NOT_FOUND",
    ),
    (
        "1.2.1.2, no name",
        r##"{"#a": ".a"}"##,
        "#a",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "1.2.2, bare, but exported",
        r#"{"./a": "q"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.2.2, empty",
        r#"{"./a": ""}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.2.2, a dot",
        r#"{"./a": "."}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.2.2, a backslash",
        r#"{"./a": ".\\a.mjs"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.2.2, out of the package",
        r##"{"#a": "../b.mjs"}"##,
        "#a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.2.2, absolute",
        r##"{"#a": "/a.mjs"}"##,
        "#a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.2.2, a URL",
        r##"{"#a": "file:///a.mjs"}"##,
        "#a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.2.2, a URL",
        r##"{"#a": "node:fs"}"##,
        "#a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.2.2, a URL",
        r#"{"./a": "https://example.com/a.mjs"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.3, a dot",
        r#"{"./a": "././a.mjs"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.3, two dots",
        r#"{"./a": "./lib/../a.mjs"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.3, at the end",
        r#"{"./a": "./lib/.."}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.3, behind a backslash",
        r#"{"./a": "./lib\\..\\a.mjs"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.3, node_modules",
        r#"{"./a": "./node_modules/q/a.mjs"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.3, in whatever case",
        r#"{"./a": "./lib/Node_MODULES/a.mjs"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.3, escaped",
        r#"{"./a": "./lib/%2e%2E/a.mjs"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.3, escaped",
        r#"{"./a": "./.%2e/a.mjs"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.3, escaped",
        r#"{"./a": "./%6Eode%5fmodules/a.mjs"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.3, in a query",
        r#"{"./a": "./a.mjs?x/../y"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.3, part of a name",
        r#"{"./a": "./..a/node_modules.mjs"}"#,
        "p/a",
        "!ERR_MODULE_NOT_FOUND",
    ),
    (
        "1.3, nothing between slashes",
        r#"{"./a": "./lib//a.mjs"}"#,
        "p/a",
        "lib/a.mjs",
    ),
    (
        "1.4, escaped",
        r#"{"./a": "./lib/s%20p.mjs"}"#,
        "p/a",
        "lib/s%20p.mjs",
    ),
    (
        "1.4, not escaped",
        r#"{"./a": "./lib/s p.mjs"}"#,
        "p/a",
        "lib/s%20p.mjs",
    ),
    (
        "1.4, query and fragment",
        r#"{"./a": "./a.mjs?q=1#f"}"#,
        "p/a",
        "a.mjs?q=1#f",
    ),
    (
        "1.4, a backslash",
        r#"{"./a": "./lib\\a.mjs"}"#,
        "p/a",
        "lib/a.mjs",
    ),
    (
        "1.4, a tab",
        r#"{"./a": "./li\tb/a.mjs"}"#,
        "p/a",
        "lib/a.mjs",
    ),
    (
        "1.5, out by a tab",
        r#"{"./a": "./.\t./a.mjs"}"#,
        "p/a",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "1.5, out by a tab, but in",
        r#"{"./a": "./lib/.\t./a.mjs"}"#,
        "p/a",
        "a.mjs",
    ),
    (
        "1.6, a dot",
        r#"{"./*": "./lib/*"}"#,
        "p/./a.mjs",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "1.6, two dots",
        r#"{"./*": "./lib/*"}"#,
        "p/../a.mjs",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "1.6, at the end",
        r#"{"./*": "./lib/*"}"#,
        "p/x/..",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "1.6, escaped",
        r##"{"#*": "./lib/*"}"##,
        "#%2e%2e/a.mjs",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "1.6, node_modules",
        r##"{"#*": "./*"}"##,
        "#node_modules/q/a.mjs",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "1.6, in whatever case",
        r#"{"./*": "./*"}"#,
        r"p/lib\NODE_modules\x",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "1.6, nothing between slashes",
        r#"{"./*": "./*"}"#,
        "p/lib//a.mjs",
        "lib/a.mjs",
    ),
    (
        "1.6, nothing between slashes",
        r#"{"./*": "./lib/*"}"#,
        "p//a.mjs",
        "lib/a.mjs",
    ),
    (
        "1.6, not for a bare target",
        r##"{"#*": "q/lib/*"}"##,
        "#../a.mjs",
        "node_modules/q/a.mjs",
    ),
    (
        "1.7, every star",
        r#"{"./*": "./lib/*/*.mjs?*"}"#,
        "p/b",
        "!ERR_MODULE_NOT_FOUND",
    ),
    (
        "1.7, escapes of the specifier",
        r#"{"./*": "./lib/*"}"#,
        "p/s%20%70.mjs",
        "lib/s%20p.mjs",
    ),
    (
        "1.7, query and fragment of the specifier",
        r#"{"./*": "./lib/*"}"#,
        "p/a.mjs?q#f",
        "lib/a.mjs?q#f",
    ),
    (
        "1.7, a folder",
        r#"{"./*": "./lib/*/"}"#,
        "p/x",
        "!ERR_UNSUPPORTED_DIR_IMPORT",
    ),
    ("1.8", r#"{"./a": "./lib/a.mjs"}"#, "p/a", "lib/a.mjs"),
    (
        "1.8, a star without a pattern",
        r#"{"./a": "./*.mjs"}"#,
        "p/a",
        "!ERR_MODULE_NOT_FOUND",
    ),
    (
        "1.8, a folder",
        r#"{"./a": "./lib/"}"#,
        "p/a",
        "!ERR_UNSUPPORTED_DIR_IMPORT",
    ),
    (
        "2.1",
        r#"{".": {"0": "./b.mjs", "default": "./a.mjs"}}"#,
        "p",
        "!ERR_INVALID_PACKAGE_CONFIG",
    ),
    (
        "2.1, whatever comes before",
        r#"{".": {"import": "./a.mjs", "7": "./b.mjs"}}"#,
        "p",
        "!ERR_INVALID_PACKAGE_CONFIG",
    ),
    (
        "2.1, the greatest",
        r#"{".": {"4294967294": "./b.mjs", "default": "./a.mjs"}}"#,
        "p",
        "!ERR_INVALID_PACKAGE_CONFIG",
    ),
    (
        "2.1, too great",
        r#"{".": {"4294967296": "./b.mjs", "default": "./a.mjs"}}"#,
        "p",
        "a.mjs",
    ),
    (
        "2.1, no index",
        r#"{".": {"-1": "./b.mjs", "01": "./b.mjs", "+1": "./b.mjs", "default": "./a.mjs"}}"#,
        "p",
        "a.mjs",
    ),
    (
        "2.1, of imports",
        r##"{"#a": {"1": "./a.mjs"}}"##,
        "#a",
        "!ERR_INVALID_PACKAGE_CONFIG",
    ),
    (
        "2.2, in their order",
        r#"{".": {"default": "./a.mjs", "import": "./b.mjs"}}"#,
        "p",
        "a.mjs",
    ),
    (
        "2.2, in their order",
        r#"{".": {"node": "./a.mjs", "import": "./b.mjs"}}"#,
        "p",
        "a.mjs",
    ),
    (
        "2.2, of a key twice, place of the first",
        r#"{".": {"import": "./b.mjs", "node": "./c.mjs", "import": "./a.mjs"}}"#,
        "p",
        "a.mjs",
    ),
    (
        "2.2.1, conditions that do not hold",
        r#"{".": {"require": "./b.mjs", "browser": "./b.mjs", "import": "./a.mjs"}}"#,
        "p",
        "a.mjs",
    ),
    (
        "2.2.1.3, undefined",
        r#"{".": {"node": {"require": "./b.mjs"}, "default": "./a.mjs"}}"#,
        "p",
        "a.mjs",
    ),
    (
        "2.2.1.4, null",
        r#"{".": {"node": null, "default": "./a.mjs"}}"#,
        "p",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "2.2.1.4, missing",
        r#"{".": {"node": "./gone.mjs", "default": "./a.mjs"}}"#,
        "p",
        "!ERR_MODULE_NOT_FOUND",
    ),
    (
        "2.2.1, nested",
        r#"{"./*": {"import": {"node": {"default": "./lib/*"}}}}"#,
        "p/a.mjs",
        "lib/a.mjs",
    ),
    (
        "2.3",
        r#"{".": {"require": "./a.mjs"}}"#,
        "p",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "2.3, no conditions",
        r#"{".": {}}"#,
        "p",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    ("3.1", r#"{".": []}"#, "p", "!ERR_PACKAGE_PATH_NOT_EXPORTED"),
    (
        "3.1",
        r##"{"#a": []}"##,
        "#a",
        "!ERR_PACKAGE_IMPORT_NOT_DEFINED",
    ),
    (
        "3.2.1, the first valid",
        r#"{".": ["q", "../a.mjs", 7, "./a.mjs", "./b.mjs"]}"#,
        "p",
        "a.mjs",
    ),
    (
        "3.2.1, valid and missing",
        r#"{".": ["./gone.mjs", "./a.mjs"]}"#,
        "p",
        "!ERR_MODULE_NOT_FOUND",
    ),
    (
        "3.2.1, another error",
        r##"{"#a": ["absent", "./a.mjs"]}"##,
        "#a",
        "!ERR_MODULE_NOT_FOUND",
    ),
    (
        "3.2.1, another error",
        r#"{".": [{"0": "./b.mjs"}, "./a.mjs"]}"#,
        "p",
        "!ERR_INVALID_PACKAGE_CONFIG",
    ),
    (
        "3.2.2",
        r#"{".": [{"require": "./b.mjs"}, "./a.mjs"]}"#,
        "p",
        "a.mjs",
    ),
    (
        "3.2.3",
        r#"{"./*": ["./lib/*", "./*"]}"#,
        "p/a.mjs",
        "lib/a.mjs",
    ),
    ("3.2.3, nested", r#"{".": [[], ["./a.mjs"]]}"#, "p", "a.mjs"),
    (
        "3.2.3, null is passed over",
        r#"{".": [null, "./a.mjs"]}"#,
        "p",
        "a.mjs",
    ),
    (
        "3.3, null last",
        r#"{".": ["q", null]}"#,
        "p",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    (
        "3.3, an error last",
        r#"{".": [null, "q"]}"#,
        "p",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "3.3, undefined last",
        r#"{".": ["q", {"require": "./a.mjs"}]}"#,
        "p",
        "!ERR_INVALID_PACKAGE_TARGET",
    ),
    (
        "4",
        r#"{"./a": null, "./*": "./*.mjs"}"#,
        "p/a",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ),
    ("5", r#"{".": 7}"#, "p", "!ERR_INVALID_PACKAGE_TARGET"),
    ("5", r#"{".": true}"#, "p", "!ERR_INVALID_PACKAGE_TARGET"),
    ("5", r##"{"#a": 1.5}"##, "#a", "!ERR_INVALID_PACKAGE_TARGET"),
    (
        "ESM_RESOLVE 7.1",
        r#"{"./a": "./lib%2Fa.mjs"}"#,
        "p/a",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "ESM_RESOLVE 7.1",
        r#"{"./a": "./lib%5ca.mjs"}"#,
        "p/a",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "ESM_RESOLVE 7.1",
        r#"{"./*": "./*"}"#,
        "p/lib%2fa.mjs",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "ESM_RESOLVE 7.1",
        r##"{"#*": "./*"}"##,
        "#lib%5Ca.mjs",
        "!ERR_INVALID_MODULE_SPECIFIER",
    ),
    (
        "ESM_RESOLVE 7.1, in a query",
        r#"{"./a": "./a.mjs?%2F%5C"}"#,
        "p/a",
        "a.mjs?%2F%5C",
    ),
    (
        "ESM_RESOLVE 7.2",
        r#"{"./a": "./lib"}"#,
        "p/a",
        "!ERR_UNSUPPORTED_DIR_IMPORT",
    ),
    (
        "ESM_RESOLVE 7.3",
        r#"{"./a": "./a"}"#,
        "p/a",
        "!ERR_MODULE_NOT_FOUND",
    ),
];

#[test]
fn of_the_maps() {
    check(MAPS);
}

#[test]
fn of_the_keys() {
    check(KEYS);
}

#[test]
fn of_the_targets() {
    check(TARGETS);
}

/// From a module of `p` itself, which may name itself: what is exported is the same from without.
fn check(rows: &[Row]) {
    let tree = Tree::with(&[
        "main.mjs",
        "node_modules/p/a.mjs",
        "node_modules/p/b.mjs",
        "node_modules/p/lib/a.mjs",
        "node_modules/p/lib/s p.mjs",
        "node_modules/p/lib/x/b.mjs",
        "node_modules/p/lib/private/s.mjs",
        "node_modules/p/node_modules/q/a.mjs",
        "node_modules/p/node_modules/q/index.js",
        "node_modules/p/node_modules/q/lib/x.mjs",
        "node_modules/p/node_modules/@s/r/a.mjs",
    ]);
    tree.write(
        "node_modules/p/node_modules/@s/r/package.json",
        r#"{"exports": {"./x": "./a.mjs"}}"#,
    );
    for (step, map, specifier, expected) in rows {
        let field = if specifier.starts_with('#') {
            "imports"
        } else {
            "exports"
        };
        let manifest = format!(r#"{{"name": "p", "{field}": {map}}}"#);
        tree.write("node_modules/p/package.json", &manifest);
        let importers: &[&str] = match field {
            "imports" => &["node_modules/p/lib/a.mjs"],
            _ => &["main.mjs", "node_modules/p/lib/a.mjs"],
        };
        for importer in importers {
            let found = tree.try_resolve(specifier, importer);
            let found = found.map_or_else(
                |error| format!("!{}", error.code()),
                |key| tree.redact(key.as_str()).replace("T/node_modules/p/", ""),
            );
            assert_eq!(
                found, *expected,
                "{step}: '{specifier}' by {field} {map} in {importer}"
            );
        }
    }
}
