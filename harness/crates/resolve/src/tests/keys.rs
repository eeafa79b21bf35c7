//! Module keys by themselves, and the entry of a program.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use proptest::prelude::*;

use super::{ModuleKey, Tree};

#[test]
fn a_key_is_the_url_of_a_path() {
    for (path, url) in [
        ("/", "file:///"),
        ("/a.js", "file:///a.js"),
        ("/a//b/./c.js", "file:///a/b/c.js"),
        ("/a b/é?#%.js", "file:///a%20b/%C3%A9%3F%23%25.js"),
    ] {
        let key = ModuleKey::from_path(Path::new(path)).unwrap();
        assert_eq!(key.as_str(), url);
        assert_eq!(key.path(), Path::new(path));
        assert_eq!(ModuleKey::from_url(url).unwrap(), key);
    }
}

#[test]
fn equal_keys_are_equal_urls() {
    let [plain, same, query] = [
        "file:///a.js",
        "FILE://localhost/b/../%61.js?#",
        "file:///a.js?q",
    ]
    .map(|url| ModuleKey::from_url(url).unwrap());
    assert_eq!(plain, same);
    assert_ne!(plain, query);
    assert!(plain < query);
    assert_eq!(HashSet::from([plain.clone(), same, query.clone()]).len(), 2);
    assert_eq!(
        format!("{query} {query:?}"),
        "file:///a.js?q ModuleKey(file:///a.js?q)"
    );
}

#[test]
fn keys_that_cannot_be() {
    let path = |path: &str| {
        ModuleKey::from_path(Path::new(path))
            .unwrap_err()
            .to_string()
    };
    let tail = "is not a real path: a module key needs an absolute one without '..' and NUL";
    assert_eq!(path("a.js"), format!("'a.js' {tail}"));
    assert_eq!(path("/a/../b.js"), format!("'/a/../b.js' {tail}"));
    assert_eq!(path("/a\0"), format!(r"'/a\0' {tail}"));
    let url = |url: &str| ModuleKey::from_url(url).unwrap_err().to_string();
    assert_eq!(
        url("/a.js"),
        "'/a.js' is not a module key: relative URL without a base"
    );
    assert_eq!(
        url("https://a/b.js"),
        "'https://a/b.js' is not a module key: it is not a file: URL"
    );
    assert_eq!(
        url("file://host/b.js"),
        "'file://host/b.js' is not a module key: it names the host 'host', and only local files can be imported"
    );
    assert_eq!(
        url("file:///a%2Fb.js"),
        r"'file:///a%2Fb.js' is not a module key: it must not include encoded '/' or '\' characters"
    );
    assert_eq!(
        ModuleKey::from_url("x").unwrap_err().code(),
        "ERR_INVALID_ARG_VALUE"
    );
    assert!(ModuleKey::from_url("x").unwrap_err().import().is_none());
}

#[test]
fn an_entry_must_be_a_file() {
    let tree = Tree::with(&["main.mjs", "directory/index.js"]);
    tree.link("loop", "loop");
    std::os::unix::net::UnixListener::bind(tree.path("socket")).unwrap();
    let error = |path: &Path| {
        let error = ModuleKey::from_entry(path).unwrap_err();
        assert_eq!(error.code(), "ERR_MODULE_NOT_FOUND");
        tree.redact(&error.to_string())
    };
    assert_eq!(
        error(&tree.path("main")),
        "cannot find entry 'P/main'; did you mean 'P/main.mjs'?"
    );
    assert_eq!(
        error(&tree.path("main.js")),
        "cannot find entry 'P/main.js'; did you mean 'P/main.mjs'?"
    );
    assert_eq!(error(&tree.path("absent")), "cannot find entry 'P/absent'");
    assert_eq!(
        error(&tree.path("main.mjs/x")),
        "cannot find entry 'P/main.mjs/x'"
    );
    assert_eq!(
        error(&tree.path("directory")),
        "entry 'P/directory' is a directory, not a regular file"
    );
    assert_eq!(
        error(&tree.path("socket")),
        "entry 'P/socket' is a socket, not a regular file"
    );
    assert_eq!(
        error(Path::new("/dev/null")),
        "entry '/dev/null' is a device, not a regular file"
    );
    assert_eq!(
        error(&tree.path("loop")),
        "cannot read entry 'P/loop': Too many levels of symbolic links (os error 40)"
    );
    assert_eq!(error(Path::new("")), "cannot find entry ''");
    assert_eq!(error(Path::new("a\0b")), r"cannot find entry 'a\0b'");
    assert_eq!(
        error(Path::new("line\nbreak")),
        r"cannot find entry 'line\nbreak'"
    );
    assert_eq!(
        error(Path::new(OsStr::from_bytes(b"\xff"))),
        "cannot find entry '\u{fffd}'"
    );
    let long = "x".repeat(1 << 20);
    assert_eq!(
        error(Path::new(&long)),
        format!(
            "cannot find entry '{}… (1048376 more characters)'",
            "x".repeat(200)
        )
    );
}

proptest! {
    #![proptest_config(super::cases(256))]

    #[test]
    fn every_path_survives(segments in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..6), 0..5)) {
        let mut bytes = Vec::new();
        for segment in &segments {
            bytes.push(b'/');
            bytes.extend(segment.iter().map(|&byte| if matches!(byte, 0 | b'/') { b'|' } else { byte }));
        }
        if bytes.is_empty() {
            bytes.push(b'/');
        }
        let path = Path::new(OsStr::from_bytes(&bytes));
        prop_assume!(!path.components().any(|part| part == std::path::Component::ParentDir));
        let key = ModuleKey::from_path(path).unwrap();
        prop_assert_eq!(key.path(), path);
        prop_assert!(key.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
        let again = ModuleKey::from_url(key.as_str()).unwrap();
        prop_assert_eq!(again.path(), path);
        prop_assert_eq!(again, key);
    }

    #[test]
    fn any_text_as_a_url_is_a_key_or_an_error(text in "(file:)?[/a-c:|%2eE5f.\\\\?#\\x00-\\x20é]{0,20}") {
        if let Ok(key) = ModuleKey::from_url(&text) {
            prop_assert_eq!(ModuleKey::from_url(key.as_str()).unwrap(), key);
        }
    }
}
