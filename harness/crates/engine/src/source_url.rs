//! Tests of the URLs that sources get without being parsed: nothing but them reads all of their parts.

use jsc_sys::bridge::{self, jsb_bytes};
use proptest::prelude::*;

use super::Engine;

fn is_parsed(key: &str) -> bool {
    let key = jsb_bytes {
        data: key.as_ptr(),
        length: key.len(),
    };
    // SAFETY: reads the key during the call; the engine is initialized (below).
    unsafe { bridge::jsb_source_url_is_parsed(key) != 0 }
}

#[test]
fn urls_are_what_the_parser_makes_of_them() {
    Engine::new().unwrap();
    for key in [
        "file:///a.js",
        "file:///node_modules/@scope/name/dist~1/a+b_c-d.mjs",
        "file:///",
        "file:///directory/",
        "file:///a.js?query",
        "file:///a.js#fragment",
        "file:///a/./b.js",
        "file:///a/../b.js",
        "file:///a/.hidden/b.js",
        "file:///a/b/..",
        "file:///a/%2e%2E/b.js",
        "file:////host/a.js",
        "file:///a//b.js",
        "file:///C:/a.js",
        "file:///C|/a.js",
        "file:///a%20b.js",
        "file:///a b.js",
        "file:///a\\b.js",
        "file:///ä.js",
        "file://host/a.js",
        "https://host/a.js",
        "not a url",
        "",
    ] {
        assert!(is_parsed(key), "{key}");
    }
}

proptest! {
    #[test]
    fn and_so_are_those_of_any_path(path in "[-a-zA-Z0-9_./@+~%?#:|ä \\\\]{0,24}") {
        Engine::new().unwrap();
        let key = format!("file:///{path}");
        prop_assert!(is_parsed(&key), "{key}");
    }
}
