//! Symbolic links: a module is its real file, but `..` in a specifier is resolved before links are followed.

use super::{Resolver, Tree};

#[test]
fn a_linked_file_is_its_target() {
    let tree = Tree::with(&["main.js", "real/a.js"]);
    tree.link("real/a.js", "link.js")
        .link("../link.js", "real/chain.js");
    for specifier in ["./link.js", "./real/chain.js", "./%6cink.js", "./link.js"] {
        assert_eq!(tree.resolve(specifier, "main.js"), "T/real/a.js");
    }
    assert_eq!(tree.resolve("./link.js?q", "main.js"), "T/real/a.js?q");
}

#[test]
fn a_file_in_a_linked_directory() {
    let tree = Tree::with(&["main.js", "real/deep/a.js", "real/deep/b.js"]);
    tree.link("real/deep", "linked").link("..", "real/deep/up");
    assert_eq!(tree.resolve("./linked/a.js", "main.js"), "T/real/deep/a.js");
    assert_eq!(
        tree.resolve("./linked/up/deep/a.js", "main.js"),
        "T/real/deep/a.js"
    );
    // The links of the importer's own path are resolved already, so that this is a sibling.
    assert_eq!(tree.resolve("./b.js", "linked/a.js"), "T/real/deep/b.js");
}

#[test]
fn parent_segments_come_before_links() {
    let tree = Tree::with(&["main.js", "real/deep/a.js", "real/other.js", "other.js"]);
    tree.link("real/deep", "linked");
    // The file system would read `linked/..` as `real`; a URL reads it as the directory of the link.
    for specifier in ["./linked/../other.js", "./linked/%2e./other.js"] {
        assert_eq!(tree.resolve(specifier, "main.js"), "T/other.js");
    }
}

#[test]
fn the_entry_is_its_target() {
    let tree = Tree::with(&["real/a.js", "real/b.js"]);
    tree.link("real/a.js", "entry.js");
    assert_eq!(tree.redact(tree.key("entry.js").as_str()), "T/real/a.js");
    assert_eq!(tree.resolve("./b.js", "entry.js"), "T/real/b.js");
}

#[test]
fn dangling_links_and_loops() {
    let tree = Tree::with(&["main.js"]);
    tree.link("nowhere.js", "dangling.js")
        .link("loop.js", "loop.js");
    assert_eq!(
        tree.error("./dangling.js", "main.js"),
        (
            "ERR_MODULE_NOT_FOUND",
            "cannot find module './dangling.js' imported from T/main.js: T/dangling.js does not exist".into()
        )
    );
    assert_eq!(
        tree.error("./loop.js", "main.js"),
        (
            "ERR_MODULE_NOT_FOUND",
            "cannot read module './loop.js' imported from T/main.js: T/loop.js: \
             Too many levels of symbolic links (os error 40)"
                .into()
        )
    );
}

/// pnpm: every package lies in a store, linked from the `node_modules` of its dependents.
#[test]
fn packages_linked_from_a_store() {
    let tree = Tree::with(&[
        "main.js",
        "node_modules/.pnpm/a@1/node_modules/a/index.js",
        "node_modules/.pnpm/b@1/node_modules/b/lib/b.js",
        "node_modules/.pnpm/b@1/node_modules/b/lib/c.js",
    ]);
    tree.write(
        "node_modules/.pnpm/b@1/node_modules/b/package.json",
        r#"{"exports": {"./*": "./lib/*.js"}}"#,
    )
    .link(".pnpm/a@1/node_modules/a", "node_modules/a")
    .link(
        "../../b@1/node_modules/b",
        "node_modules/.pnpm/a@1/node_modules/b",
    );
    let mut resolver = Resolver::new();
    let a = resolver.resolve("a", &tree.key("main.js")).unwrap();
    assert_eq!(
        tree.redact(a.as_str()),
        "T/node_modules/.pnpm/a@1/node_modules/a/index.js"
    );
    // Reached from the real place of `a`; the application does not see it.
    let b = resolver.resolve("b/b", &a).unwrap();
    assert_eq!(
        tree.redact(b.as_str()),
        "T/node_modules/.pnpm/b@1/node_modules/b/lib/b.js"
    );
    let c = resolver.resolve("./c.js", &b).unwrap();
    assert_eq!(
        tree.redact(c.as_str()),
        "T/node_modules/.pnpm/b@1/node_modules/b/lib/c.js"
    );
    assert_eq!(tree.error("b/b", "main.js").0, "ERR_MODULE_NOT_FOUND");
}
