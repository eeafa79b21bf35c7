//! Relative and absolute paths and `file:` URLs that mean an existing file.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::Tree;

#[test]
fn relative_paths() {
    let tree = Tree::with(&["a.js", "b.mjs", "no-extension", "sub/a.js", "sub/deep/c.js"]);
    for (specifier, referrer, expected) in [
        ("./b.mjs", "a.js", "T/b.mjs"),
        ("./a.js", "a.js", "T/a.js"),
        ("./no-extension", "a.js", "T/no-extension"),
        ("./sub/a.js", "a.js", "T/sub/a.js"),
        ("../a.js", "sub/a.js", "T/a.js"),
        ("../../b.mjs", "sub/deep/c.js", "T/b.mjs"),
        ("./../sub/./deep/../a.js", "sub/a.js", "T/sub/a.js"),
        ("./does-not-exist/../a.js", "a.js", "T/a.js"),
        ("./sub//a.js", "a.js", "T/sub/a.js"),
        (".//a.js", "a.js", "T/a.js"),
        (r"./sub\a.js", "a.js", "T/sub/a.js"),
        (r"./sub\..\a.js", "a.js", "T/a.js"),
        // The URL parser drops tabs, newlines, and spaces at the end.
        ("./a\t.j\ns ", "sub/a.js", "T/sub/a.js"),
    ] {
        assert_eq!(
            tree.resolve(specifier, referrer),
            expected,
            "{specifier:?} in {referrer}"
        );
    }
}

#[test]
fn parents_stop_at_the_root() {
    let tree = Tree::with(&["a.js"]);
    let root = tree.root.to_str().unwrap();
    let specifier = format!("{}{}/a.js", "../".repeat(64), &root[1..]);
    assert_eq!(tree.resolve(&specifier, "a.js"), "T/a.js");
    assert_eq!(
        tree.resolve(
            &specifier.replace("../", "%2e./").replacen("%2e./", "./", 1),
            "a.js"
        ),
        "T/a.js"
    );
}

#[test]
fn absolute_paths() {
    let tree = Tree::with(&["a.js", "sub/b.js"]);
    let root = tree.root.to_str().unwrap();
    assert_eq!(
        tree.resolve(&format!("{root}/sub/b.js"), "a.js"),
        "T/sub/b.js"
    );
    assert_eq!(
        tree.resolve(&format!("{root}/sub/../a.js?q"), "a.js"),
        "T/a.js?q"
    );
    assert_eq!(tree.resolve(&format!("//{root}/a.js"), "a.js"), "T/a.js");
}

#[test]
fn file_urls() {
    let tree = Tree::with(&["a.js", "sp ace.js"]);
    let root = tree.root.to_str().unwrap();
    for specifier in [
        "file://ROOT/a.js",
        "FILE:ROOT/a.js",
        "file://localhostROOT/a.js",
        " file://ROOT/sub/../%61.js ",
    ] {
        assert_eq!(
            tree.resolve(&specifier.replace("ROOT", root), "a.js"),
            "T/a.js",
            "{specifier}"
        );
    }
    assert_eq!(
        tree.resolve(&format!("file://{root}/sp ace.js?q#f"), "a.js"),
        "T/sp%20ace.js?q#f"
    );
    assert_eq!(
        tree.resolve(&format!("file://{root}/sp%20ace.js"), "a.js"),
        "T/sp%20ace.js"
    );
}

#[test]
fn query_and_fragment_make_another_module_of_the_same_file() {
    let tree = Tree::with(&["a.js"]);
    for (specifier, expected) in [
        ("./a.js?x", "T/a.js?x"),
        ("./a.js#x", "T/a.js#x"),
        ("./a.js?x#y", "T/a.js?x#y"),
        ("./a.js#x?y", "T/a.js#x?y"),
        ("./a.js?../b", "T/a.js?../b"),
        ("./a.js?é b", "T/a.js?%C3%A9%20b"),
        ("./a.js?", "T/a.js"),
        ("./a.js#", "T/a.js"),
        ("./a.js?#", "T/a.js"),
        ("./a.js?C:|", "T/a.js?C:|"),
    ] {
        assert_eq!(tree.resolve(specifier, "a.js"), expected);
    }
    let (plain, query) = (
        tree.try_resolve("./a.js", "a.js").unwrap(),
        tree.try_resolve("./a.js?1", "a.js").unwrap(),
    );
    assert_ne!(plain, query);
    assert_eq!(plain.path(), query.path());
}

#[test]
fn query_of_the_referrer_is_not_inherited() {
    let tree = Tree::with(&["a.js", "b.js"]);
    let referrer = tree.try_resolve("./a.js?q/r#f", "a.js").unwrap();
    for specifier in ["./b.js", "./%62.js"] {
        let key = super::Resolver::new()
            .resolve(specifier, &referrer)
            .unwrap();
        assert_eq!(tree.redact(key.as_str()), "T/b.js");
    }
}

#[test]
fn special_characters_are_escaped_as_node_does_it() {
    for (name, escaped) in [
        ("a b", "a%20b"),
        ("é", "%C3%A9"),
        ("100%", "100%25"),
        ("what?", "what%3F"),
        ("c#", "c%23"),
        ("~[^|]`", "%7E%5B%5E%7C%5D%60"),
        ("\"<{}>", "%22%3C%7B%7D%3E"),
        ("line\nbreak", "line%0Abreak"),
        ("!$&'()*+,-.:;=@_", "!$&'()*+,-.:;=@_"),
    ] {
        let tree = Tree::with(&["a.js", name, &format!("{name} dir/b.js")]);
        let expected = format!("T/{escaped}");
        assert_eq!(tree.resolve(&format!("./{escaped}"), "a.js"), expected);
        assert_eq!(
            tree.resolve(&format!("./{escaped}%20dir/b.js"), "a.js"),
            format!("{expected}%20dir/b.js")
        );
        // From a module in such a directory, with and without the short cut.
        for specifier in ["./b.js", "./%62.js", "../a.js"] {
            let expected = if specifier == "../a.js" {
                "T/a.js".into()
            } else {
                format!("{expected}%20dir/b.js")
            };
            assert_eq!(
                tree.resolve(specifier, &format!("{name} dir/b.js")),
                expected
            );
        }
    }
}

#[test]
fn unescaped_characters_that_a_url_allows_are_the_same_file() {
    let tree = Tree::with(&["~a[1]|^.js", "é.js"]);
    assert_eq!(
        tree.resolve("./~a[1]|^.js", "é.js"),
        "T/%7Ea%5B1%5D%7C%5E.js"
    );
    assert_eq!(tree.resolve("./é.js", "é.js"), "T/%C3%A9.js");
}

/// A backslash is a separator in a specifier, and cannot be escaped there; but it may be in the importer's own path.
#[test]
fn backslashes_in_names() {
    let tree = Tree::with(&[r"a\b/c.js", r"a\b/d.js", "d.js"]);
    for specifier in ["./d.js", "./%64.js", "./d.js?%5C"] {
        let expected = format!(
            "T/a%5Cb/d.js{}",
            if specifier.contains('?') { "?%5C" } else { "" }
        );
        assert_eq!(tree.resolve(specifier, r"a\b/c.js"), expected);
    }
    assert_eq!(tree.resolve("../d.js", r"a\b/c.js"), "T/d.js");
    assert_eq!(
        tree.error("./a%5Cb/c.js", "d.js").0,
        "ERR_INVALID_MODULE_SPECIFIER"
    );
}

#[test]
fn encoded_dots_are_dots() {
    let tree = Tree::with(&["a.js", "sub/b.js"]);
    assert_eq!(tree.resolve("./%2e%2E/a.js", "sub/b.js"), "T/a.js");
    assert_eq!(tree.resolve("./%2e/b.js", "sub/b.js"), "T/sub/b.js");
}

#[test]
fn names_that_are_not_utf8() {
    let tree = Tree::with(&["a.js"]);
    tree.write(OsStr::from_bytes(b"\xff\xfe dir/\x80.js"), "")
        .write(OsStr::from_bytes(b"\xff\xfe dir/c.js"), "");
    assert_eq!(
        tree.resolve("./%FF%fe%20dir/%80.js", "a.js"),
        "T/%FF%FE%20dir/%80.js"
    );
    let key = tree.try_resolve("./%FF%FE%20dir/%80.js", "a.js").unwrap();
    assert_eq!(
        key.path(),
        tree.path(OsStr::from_bytes(b"\xff\xfe dir/\x80.js"))
    );
    let sibling = super::Resolver::new().resolve("./c.js", &key).unwrap();
    assert_eq!(tree.redact(sibling.as_str()), "T/%FF%FE%20dir/c.js");
}

#[test]
fn a_directory_that_looks_like_a_windows_drive_is_an_ordinary_one() {
    let tree = Tree::with(&["C:/a.js", "C:/sub/b.js", "c|/a.js", "main.js"]);
    for (specifier, referrer, expected) in [
        ("../main.js", "C:/a.js", "T/main.js"),
        ("./%2e./main.js", "C:/a.js", "T/main.js"),
        ("../a.js", "C:/sub/b.js", "T/C:/a.js"),
        ("./C:/../main.js", "main.js", "T/main.js"),
        ("./C:/%2e./main.js", "main.js", "T/main.js"),
        ("./C:/a.js?:|", "main.js", "T/C:/a.js?:|"),
        ("./c|/a.js", "main.js", "T/c%7C/a.js"),
        ("../main.js", "c|/a.js", "T/main.js"),
    ] {
        assert_eq!(
            tree.resolve(specifier, referrer),
            expected,
            "{specifier} in {referrer}"
        );
    }
}
