//! Every step of what Node's documentation says about the two maps of a manifest, each with a manifest, a specifier, and
//! the file or the code that it comes to.

use super::Tree;
use super::first_targets::FIRST;
use super::later_targets::LATER;

/// The step, the manifest of the package `p`, what is imported, and the file in `p`, or the code after a `!`.
pub type Row = (&'static str, &'static str, &'static str, &'static str);

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
    check(FIRST);
    check(LATER);
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
