//! `exports`, `imports` and self-reference.

use super::{Resolver, Tree};

const EXPORTS: &str = r##"{
    "name": "lib",
    "main": "./wrong.js",
    "exports": {
        ".": {"browser": "./wrong.js", "import": "./entry.mjs", "require": "./wrong.js"},
        "./node": {"node": "./node.js", "import": "./wrong.js", "default": "./wrong.js"},
        "./sync": {"module-sync": "./sync.js", "require": "./wrong.js"},
        "./default": {"browser": "./wrong.js", "default": "./default.js"},
        "./nested": {"node": {"import": "./nested.js"}, "default": "./wrong.js"},
        "./require-only": {"require": "./wrong.js"},
        "./addon": {"node-addons": "./wrong.js", "default": "./default.js"},
        "./array": ["./default.js", "./wrong.js"],
        "./versioned": "./default.js?v=1",
        "./features/*.js": "./features/*.mjs",
        "./all/*": "./features/*",
        "./all/private/*": null,
        "./missing": "./missing.js",
        "./no-extension": "./entry",
        "./directory": "./features",
        "./outside": "../other.js",
        "./absolute": "/etc/passwd"
    },
    "imports": {
        "#local": "./default.js",
        "#dependency": "dep",
        "#dependency/*": "dep/*.js",
        "#condition": {"import": "./entry.mjs", "default": "./wrong.js"},
        "#null": null,
        "#missing": "./missing.js",
        "#files/*": "./features/*.mjs"
    }
}"##;

fn app() -> Tree {
    let tree = Tree::with(&[
        "main.js",
        "wrong.js",
        "node_modules/dep/index.js",
        "node_modules/dep/sub.js",
        "node_modules/string/only.js",
        "node_modules/string/other.js",
    ]);
    for file in [
        "entry.mjs",
        "wrong.js",
        "node.js",
        "sync.js",
        "default.js",
        "nested.js",
        "features/x.mjs",
    ] {
        tree.write(format!("node_modules/lib/{file}"), "");
    }
    tree.write("node_modules/lib/features/private/p.mjs", "")
        .write("node_modules/lib/package.json", EXPORTS)
        .write(
            "node_modules/string/package.json",
            r#"{"exports": "./only.js"}"#,
        );
    tree
}

#[test]
fn exported_subpaths_by_the_conditions_of_node() {
    let tree = app();
    for (specifier, file) in [
        ("lib", "entry.mjs"),
        ("lib/node", "node.js"),
        ("lib/sync", "sync.js"),
        ("lib/default", "default.js"),
        ("lib/nested", "nested.js"),
        ("lib/addon", "default.js"),
        ("lib/array", "default.js"),
        ("lib/versioned", "default.js?v=1"),
        ("lib/features/x.js", "features/x.mjs"),
        ("lib/all/x.mjs", "features/x.mjs"),
        ("lib/all/x.mjs?q#f", "features/x.mjs?q#f"),
        ("lib/all/%78.mjs", "features/x.mjs"),
    ] {
        assert_eq!(
            tree.resolve(specifier, "main.js"),
            format!("T/node_modules/lib/{file}"),
            "{specifier}"
        );
    }
    assert_eq!(
        tree.resolve("string", "main.js"),
        "T/node_modules/string/only.js"
    );
}

#[test]
fn what_is_not_exported_is_closed() {
    let tree = app();
    for specifier in [
        "lib/wrong.js",
        "lib/package.json",
        "lib/require-only",
        "lib/all/private/p.mjs",
        "lib/",
        "string/other.js",
        "string/only.js",
    ] {
        assert_eq!(
            tree.error(specifier, "main.js").0,
            "ERR_PACKAGE_PATH_NOT_EXPORTED",
            "{specifier}"
        );
    }
}

#[test]
fn targets_that_lead_nowhere() {
    let tree = app();
    for (specifier, code) in [
        ("lib/missing", "ERR_MODULE_NOT_FOUND"),
        ("lib/no-extension", "ERR_MODULE_NOT_FOUND"),
        ("lib/all/absent.mjs", "ERR_MODULE_NOT_FOUND"),
        ("lib/directory", "ERR_UNSUPPORTED_DIR_IMPORT"),
        ("lib/outside", "ERR_INVALID_PACKAGE_TARGET"),
        ("lib/absolute", "ERR_INVALID_PACKAGE_TARGET"),
        ("lib/all/../entry.mjs", "ERR_INVALID_MODULE_SPECIFIER"),
        ("lib/all/./x.mjs", "ERR_INVALID_MODULE_SPECIFIER"),
        ("lib/all/node_modules/x.mjs", "ERR_INVALID_MODULE_SPECIFIER"),
    ] {
        assert_eq!(tree.error(specifier, "main.js").0, code, "{specifier}");
    }
}

#[test]
fn a_package_may_name_itself() {
    let tree = app();
    assert_eq!(
        tree.resolve("lib", "node_modules/lib/features/x.mjs"),
        "T/node_modules/lib/entry.mjs"
    );
    assert_eq!(
        tree.resolve("lib/node", "node_modules/lib/features/x.mjs"),
        "T/node_modules/lib/node.js"
    );
    // Outside of `node_modules`, and only with "exports".
    tree.write(
        "package.json",
        r#"{"name": "app", "exports": {"./m": "./main.js"}}"#,
    );
    assert_eq!(tree.resolve("app/m", "main.js"), "T/main.js");
    tree.write("package.json", r#"{"name": "app", "main": "./main.js"}"#);
    assert_eq!(tree.error("app", "main.js").0, "ERR_MODULE_NOT_FOUND");
}

#[test]
fn internal_imports() {
    let tree = app();
    for (specifier, expected) in [
        ("#local", "T/node_modules/lib/default.js"),
        ("#condition", "T/node_modules/lib/entry.mjs"),
        ("#files/x", "T/node_modules/lib/features/x.mjs"),
        ("#dependency", "T/node_modules/dep/index.js"),
        ("#dependency/sub", "T/node_modules/dep/sub.js"),
    ] {
        assert_eq!(
            tree.resolve(specifier, "node_modules/lib/features/x.mjs"),
            expected,
            "{specifier}"
        );
    }
    for (specifier, code) in [
        ("#undefined", "ERR_PACKAGE_IMPORT_NOT_DEFINED"),
        ("#null", "ERR_PACKAGE_IMPORT_NOT_DEFINED"),
        ("#missing", "ERR_MODULE_NOT_FOUND"),
        ("#", "ERR_INVALID_MODULE_SPECIFIER"),
        ("#/x", "ERR_PACKAGE_IMPORT_NOT_DEFINED"),
        ("#files/", "ERR_INVALID_MODULE_SPECIFIER"),
        ("#files/../entry", "ERR_INVALID_MODULE_SPECIFIER"),
    ] {
        assert_eq!(
            tree.error(specifier, "node_modules/lib/features/x.mjs").0,
            code,
            "{specifier}"
        );
    }
}

#[test]
fn a_package_scope_ends_at_node_modules() {
    let tree = Tree::with(&["main.js", "node_modules/bare/index.js"]);
    tree.write("package.json", r##"{"imports": {"#x": "./main.js"}}"##);
    assert_eq!(tree.resolve("#x", "main.js"), "T/main.js");
    assert_eq!(
        tree.error("#x", "node_modules/bare/index.js").0,
        "ERR_PACKAGE_IMPORT_NOT_DEFINED"
    );
}

#[test]
fn one_resolver_serves_many_packages() {
    let tree = app();
    let mut resolver = Resolver::new();
    let main = tree.key("main.js");
    for _ in 0..2 {
        for (specifier, expected) in [
            ("lib", "lib/entry.mjs"),
            ("string", "string/only.js"),
            ("dep", "dep/index.js"),
        ] {
            let key = resolver.resolve(specifier, &main).unwrap();
            assert_eq!(
                tree.redact(key.as_str()),
                format!("T/node_modules/{expected}")
            );
            resolver.resolve("lib/missing", &main).unwrap_err();
        }
    }
}
