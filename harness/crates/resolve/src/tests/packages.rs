//! Bare specifiers of packages that have no `exports`.

use super::Tree;

fn app() -> Tree {
    Tree::with(&[
        "src/main.js",
        "node_modules/main/lib/entry.js",
        "node_modules/main/lib/c d.js",
        "node_modules/main/lib/sub/index.js",
        "node_modules/plain/index.js",
        "node_modules/@scope/name/index.js",
        "node_modules/@scope/name/util.mjs",
    ])
}

#[test]
fn the_entry_of_a_package() {
    let tree = app();
    for (main, expected) in [
        (r#""lib/entry.js""#, "T/node_modules/main/lib/entry.js"),
        (r#""./lib/entry""#, "T/node_modules/main/lib/entry.js"),
        (
            r#""lib/absent/../entry.js""#,
            "T/node_modules/main/lib/entry.js",
        ),
        (r#""lib/entry.js/""#, "T/node_modules/main/lib/entry.js"),
        (r#""../plain/index""#, "T/node_modules/plain/index.js"),
        (r#""lib/sub""#, "T/node_modules/main/lib/sub/index.js"),
        (r#""lib/sub/""#, "T/node_modules/main/lib/sub/index.js"),
    ] {
        tree.write(
            "node_modules/main/package.json",
            &format!(r#"{{"main": {main}, "exports": null}}"#),
        );
        assert_eq!(tree.resolve("main", "src/main.js"), expected, "{main}");
    }
    tree.write("node_modules/main/index.js", "");
    for main in [
        r#""missing""#,
        r#""/lib/entry.js""#,
        r#""lib/entry.js?q""#,
        r#""""#,
        r#"".""#,
        "7",
        "null",
        r#""a\u0000b""#,
    ] {
        tree.write(
            "node_modules/main/package.json",
            &format!(r#"{{"main": {main}}}"#),
        );
        assert_eq!(
            tree.resolve("main", "src/main.js"),
            "T/node_modules/main/index.js",
            "{main}"
        );
    }
    assert_eq!(
        tree.resolve("plain", "src/main.js"),
        "T/node_modules/plain/index.js"
    );
    assert_eq!(
        tree.resolve("@scope/name", "src/main.js"),
        "T/node_modules/@scope/name/index.js"
    );
}

#[test]
fn a_subpath_is_a_file_of_the_package_and_nothing_is_guessed() {
    let tree = app();
    tree.write(
        "node_modules/main/lib/sub/package.json",
        r#"{"main": "index.js"}"#,
    );
    assert_eq!(
        tree.resolve("main/lib/entry.js", "src/main.js"),
        "T/node_modules/main/lib/entry.js"
    );
    assert_eq!(
        tree.resolve("main/lib/entry.js?q#f", "src/main.js"),
        "T/node_modules/main/lib/entry.js?q#f"
    );
    assert_eq!(
        tree.resolve("main/lib/c%20d.js", "src/main.js"),
        "T/node_modules/main/lib/c%20d.js"
    );
    assert_eq!(
        tree.resolve("main/../plain/index.js", "src/main.js"),
        "T/node_modules/plain/index.js"
    );
    assert_eq!(
        tree.resolve("@scope/name/util.mjs", "src/main.js"),
        "T/node_modules/@scope/name/util.mjs"
    );
    assert_eq!(
        tree.error("main/lib/entry", "src/main.js").0,
        "ERR_MODULE_NOT_FOUND"
    );
    assert_eq!(
        tree.error("main/lib/sub", "src/main.js").0,
        "ERR_UNSUPPORTED_DIR_IMPORT"
    );
    assert_eq!(
        tree.error("main/", "src/main.js").0,
        "ERR_UNSUPPORTED_DIR_IMPORT"
    );
    assert_eq!(
        tree.error("main/lib%2Fentry.js", "src/main.js").0,
        "ERR_INVALID_MODULE_SPECIFIER"
    );
}

#[test]
fn the_nearest_node_modules_wins_and_ends_the_search() {
    let tree = Tree::with(&[
        "node_modules/a/index.js",
        "node_modules/a/only-outer.js",
        "src/node_modules/a/index.js",
        "src/deep/main.js",
        "main.js",
    ]);
    assert_eq!(tree.resolve("a", "main.js"), "T/node_modules/a/index.js");
    assert_eq!(
        tree.resolve("a", "src/deep/main.js"),
        "T/src/node_modules/a/index.js"
    );
    // `require` would go on to the outer package; `import` does not.
    assert_eq!(
        tree.error("a/only-outer.js", "src/deep/main.js").0,
        "ERR_MODULE_NOT_FOUND"
    );
}

#[test]
fn a_package_may_lie_beside_its_dependents() {
    let tree = Tree::with(&["node_modules/a/lib/a.js", "node_modules/b/index.js"]);
    assert_eq!(
        tree.resolve("b", "node_modules/a/lib/a.js"),
        "T/node_modules/b/index.js"
    );
}

#[test]
fn a_manifest_that_is_a_directory_or_missing_counts_as_none() {
    let tree = app();
    tree.write("node_modules/plain/package.json/file", "");
    assert_eq!(
        tree.resolve("plain", "src/main.js"),
        "T/node_modules/plain/index.js"
    );
}

#[test]
fn a_byte_order_mark_in_front_of_a_manifest() {
    let tree = app();
    tree.write(
        "node_modules/main/package.json",
        "\u{feff}{\"exports\": \"./lib/entry.js\"}",
    );
    assert_eq!(
        tree.resolve("main", "src/main.js"),
        "T/node_modules/main/lib/entry.js"
    );
}

/// As a URL parser reads them.
#[test]
fn names_that_are_no_plain_segments() {
    let tree = Tree::with(&[
        "main.js",
        "node_modules/a b/index.js",
        "node_modules/@a/index.js",
        "node_modules/index.js",
        "node_modules/what?/index.js",
    ]);
    for (specifier, expected) in [
        ("a b", "T/node_modules/a%20b/index.js"),
        ("a\t b", "T/node_modules/a%20b/index.js"),
        ("@a/", "T/node_modules/@a/index.js"),
        ("@a/..", "T/node_modules/index.js"),
        ("@a/../index.js", "T/node_modules/index.js"),
    ] {
        assert_eq!(tree.resolve(specifier, "main.js"), expected, "{specifier}");
    }
    assert_eq!(tree.error("what?", "main.js").0, "ERR_MODULE_NOT_FOUND");
}

#[test]
fn names_of_node_builtins_are_ordinary_packages() {
    let tree = Tree::with(&["main.js", "node_modules/fs/index.js"]);
    assert_eq!(tree.resolve("fs", "main.js"), "T/node_modules/fs/index.js");
    assert_eq!(tree.error("path", "main.js").0, "ERR_MODULE_NOT_FOUND");
}
