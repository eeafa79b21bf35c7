//! What a resolver remembers, and what it must not.

use std::fs;

use super::{ModuleKey, Resolver, Tree};

#[test]
fn an_answer_stays_for_the_life_of_the_resolver() {
    let tree = Tree::with(&["main.js", "a.js", "node_modules/p/index.js"]);
    let mut resolver = Resolver::new();
    let main = tree.key("main.js");
    let first =
        ["./a.js", "./a.js?q", "p"].map(|specifier| resolver.resolve(specifier, &main).unwrap());
    fs::remove_file(tree.path("a.js")).unwrap();
    fs::remove_dir_all(tree.path("node_modules")).unwrap();
    let second =
        ["./a.js", "./a.js?q", "p"].map(|specifier| resolver.resolve(specifier, &main).unwrap());
    assert_eq!(first, second);
    Resolver::new().resolve("./a.js", &main).unwrap_err();
}

#[test]
fn a_failure_is_forgotten() {
    let tree = Tree::with(&["main.js", "node_modules/lib/entry.js"]);
    tree.write(
        "node_modules/lib/package.json",
        r#"{"exports": {".": "./entry.js", "./*": "./lib/*.js"}}"#,
    );
    tree.write("package.json", r##"{"imports": {"#dep": "dep"}}"##);
    let mut resolver = Resolver::new();
    let main = tree.key("main.js");
    resolver.resolve("lib", &main).unwrap();
    for (specifier, file) in [
        ("./later.js", "later.js"),
        ("./new/directory/a.js", "new/directory/a.js"),
        ("./new/%61.js", "new/a.js"),
        ("lib/late", "node_modules/lib/lib/late.js"),
        ("lib/later", "node_modules/lib/lib/later.js"),
        ("package", "node_modules/package/index.js"),
        ("package/sub.js", "node_modules/package/sub.js"),
        ("#dep", "node_modules/dep/index.js"),
    ] {
        resolver.resolve(specifier, &main).unwrap_err();
        resolver.resolve(specifier, &main).unwrap_err();
        tree.write(file, "");
        let key = resolver.resolve(specifier, &main).unwrap();
        assert_eq!(key.path(), tree.path(file), "{specifier}");
    }
}

#[test]
fn a_referrer_whose_directory_does_not_exist_yet() {
    let tree = Tree::with(&["a.js"]);
    let referrer = ModuleKey::from_path(&tree.path("new/main.js")).unwrap();
    let mut resolver = Resolver::new();
    resolver.resolve("./b.js", &referrer).unwrap_err();
    assert_eq!(
        tree.redact(resolver.resolve("../a.js", &referrer).unwrap().as_str()),
        "T/a.js"
    );
    tree.write("new/b.js", "");
    assert_eq!(
        tree.redact(resolver.resolve("./b.js", &referrer).unwrap().as_str()),
        "T/new/b.js"
    );
}

#[test]
fn the_same_specifier_in_another_directory_is_another_module() {
    let tree = Tree::with(&[
        "a/x.js",
        "b/x.js",
        "a/node_modules/p/index.js",
        "b/node_modules/p/index.js",
    ]);
    let mut resolver = Resolver::new();
    for _ in 0..2 {
        for directory in ["a", "b"] {
            let referrer = tree.key(&format!("{directory}/x.js"));
            assert_eq!(resolver.resolve("./x.js", &referrer).unwrap(), referrer);
            let package = resolver.resolve("p", &referrer).unwrap();
            assert_eq!(
                tree.redact(package.as_str()),
                format!("T/{directory}/node_modules/p/index.js")
            );
        }
    }
}
