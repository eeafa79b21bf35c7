//! Manifests that are known: every answer is that of a resolver that parses them, whatever has changed meanwhile.

use std::fs;
use std::sync::Arc;

use super::{Resolver, Tree};
use crate::KnownPackages;

const SPECIFIERS: [&str; 8] = [
    "lib",
    "lib/sub",
    "lib/deep/a",
    "lib/any",
    "@scope/plain",
    "own/self",
    "linked",
    "lib/none",
];

fn tree() -> Tree {
    let tree = Tree::with(&[
        "main.js",
        "self.js",
        "node_modules/lib/entry.js",
        "node_modules/lib/sub.js",
        "node_modules/lib/other.js",
        "node_modules/lib/deep/a.js",
        "node_modules/@scope/plain/index.js",
        "store/linked@1/index.js",
        "store/linked@2/index.js",
    ]);
    for version in ["1", "2"] {
        tree.write(
            format!("store/linked@{version}/package.json"),
            r#"{"exports": "./index.js"}"#,
        );
    }
    tree.link("../store/linked@1", "node_modules/linked");
    tree.write(
        "package.json",
        r#"{"name": "own", "exports": {"./self": "./self.js"}}"#,
    );
    tree.write(
        "node_modules/lib/package.json",
        r#"{"exports": {".": {"import": "./entry.js"}, "./sub": {"default": "./sub.js"}, "./deep/*": "./deep/*.js"}}"#,
    );
    tree.write("node_modules/@scope/plain/package.json", "{}");
    tree
}

fn note(tree: &Tree) -> KnownPackages {
    let mut resolver = Resolver::new();
    for specifier in SPECIFIERS {
        resolver.note(specifier, &tree.key("main.js"));
    }
    KnownPackages::from_json(&resolver.known().to_json())
}

#[track_caller]
fn same_answers(tree: &Tree, known: &KnownPackages) {
    let answer = |mut resolver: Resolver, specifier: &str| {
        let answer = resolver.resolve(specifier, &tree.key("main.js"));
        answer.map_err(|error| error.to_string())
    };
    for specifier in SPECIFIERS {
        let with = Resolver::new().with_known(Arc::new(known.clone()));
        assert_eq!(
            answer(with, specifier),
            answer(Resolver::new(), specifier),
            "{specifier}"
        );
    }
}

/// Whether what is noted of a specifier's export is used: another file is noted in its place.
fn is_known(tree: &Tree, known: &KnownPackages, specifier: &str, file: &str) -> bool {
    tree.write("node_modules/lib/decoy.js", "");
    let (file, decoy) = (tree.path(file), tree.path("node_modules/lib/decoy.js"));
    let text = String::from_utf8(known.to_json()).unwrap();
    let quoted = |path: &std::path::Path| format!(":\"{}\"", path.display());
    let doctored = text.replace(&quoted(&file), &quoted(&decoy));
    let known = KnownPackages::from_json(doctored.as_bytes());
    let mut resolver = Resolver::new().with_known(Arc::new(known));
    resolver
        .resolve(specifier, &tree.key("main.js"))
        .is_ok_and(|it| it.path() == decoy)
}

#[test]
fn what_is_known_is_not_looked_up() {
    let tree = tree();
    let known = note(&tree);
    same_answers(&tree, &known);
    for (specifier, file) in [
        ("lib", "node_modules/lib/entry.js"),
        ("lib/sub", "node_modules/lib/sub.js"),
        ("lib/deep/a", "node_modules/lib/deep/a.js"),
        ("own/self", "self.js"),
        ("linked", "node_modules/linked/index.js"),
    ] {
        assert!(is_known(&tree, &known, specifier, file), "{specifier}");
    }
}

#[test]
fn a_manifest_that_has_changed() {
    let tree = tree();
    let known = note(&tree);
    tree.write(
        "node_modules/lib/package.json",
        r#"{"exports": {".": {"import": "./other.js"}, "./any": "./entry.js"}}"#,
    );
    tree.write("package.json", r#"{"name": "another"}"#);
    same_answers(&tree, &known);
    assert_eq!(
        tree.resolve("lib", "main.js"),
        "T/node_modules/lib/other.js"
    );
    fs::remove_file(tree.path("node_modules/lib/package.json")).unwrap();
    same_answers(&tree, &known);
}

#[test]
fn a_package_that_is_found_elsewhere() {
    let tree = tree();
    tree.write("inner/main.js", "");
    let mut noting = Resolver::new();
    let inner = tree.key("inner/main.js");
    noting.note("lib", &inner);
    let known = Arc::new(noting.known());
    tree.write("inner/node_modules/lib/index.js", "");
    let nearer = Resolver::new().with_known(known).resolve("lib", &inner);
    assert_eq!(
        tree.redact(nearer.unwrap().as_str()),
        "T/inner/node_modules/lib/index.js"
    );
}

#[test]
fn a_link_that_leads_elsewhere() {
    let tree = tree();
    let known = note(&tree);
    fs::remove_file(tree.path("node_modules/linked")).unwrap();
    tree.link("../store/linked@2", "node_modules/linked");
    same_answers(&tree, &known);
    assert_eq!(
        tree.resolve("linked", "main.js"),
        "T/store/linked@2/index.js"
    );
}

#[test]
fn a_file_that_is_gone() {
    let tree = tree();
    let known = note(&tree);
    fs::remove_file(tree.path("node_modules/lib/entry.js")).unwrap();
    same_answers(&tree, &known);
}

/// Of an array the first valid target counts, whatever exists.
#[test]
fn an_array_is_known_as_anything_else() {
    let tree = tree();
    tree.write(
        "node_modules/lib/package.json",
        r#"{"exports": {".": ["lib", "./entry.js"], "./sub": ["./gone.js", "./sub.js"], "./any": "./any.js?q"}}"#,
    );
    tree.write("node_modules/lib/any.js", "");
    let known = note(&tree);
    same_answers(&tree, &known);
    assert!(is_known(&tree, &known, "lib", "node_modules/lib/entry.js"));
    let file = "node_modules/lib/any.js";
    assert!(!is_known(&tree, &known, "lib/any", file));
}

#[test]
fn of_what_cannot_be_read_nothing_is_known() {
    let tree = tree();
    let json = note(&tree).to_json();
    for damaged in [&json[..json.len() / 2], b"", b"[]", b"{\"a\":1}", b"\xff"] {
        let known = KnownPackages::from_json(damaged);
        assert_eq!(known, KnownPackages::default());
        same_answers(&tree, &known);
    }
}
