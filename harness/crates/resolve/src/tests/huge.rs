//! Specifiers and queries that are strange or huge, in keys and in error texts.

use super::Tree;
use super::errors::check;
use crate::Resolver;

#[test]
fn control_characters_are_escaped_and_quotes_are_not() {
    let tree = Tree::with(&["main.js"]);
    check(
        &tree,
        "./\u{1b}[31m'\"\\\u{202e}é",
        "ERR_MODULE_NOT_FOUND",
        "cannot find module './\\u{1b}[31m'\"\\\\u{202e}é' imported from T/main.js: \
         T/%1B%5B31m'%22/%E2%80%AE%C3%A9 does not exist",
    );
}

/// A specifier of a megabyte, in every shape, fails in good time and is shown in part.
#[test]
fn huge_specifiers() {
    const LENGTH: usize = 1 << 20;
    let tree = Tree::with(&["main.js", "node_modules/p/index.js", "node_modules/q/a.js"]);
    tree.write(
        "node_modules/p/package.json",
        r#"{"exports": {"./*": "./*", "./a*z": "./*"}}"#,
    );
    tree.write("package.json", r##"{"imports": {"#*": "./*"}}"##);
    for (start, unit, code) in [
        ("./", "x", "ERR_MODULE_NOT_FOUND"),
        ("./", "x/", "ERR_UNSUPPORTED_DIR_IMPORT"),
        ("./", "../", "ERR_UNSUPPORTED_DIR_IMPORT"),
        ("./", "%61", "ERR_MODULE_NOT_FOUND"),
        ("./", "é", "ERR_MODULE_NOT_FOUND"),
        ("/", "x", "ERR_MODULE_NOT_FOUND"),
        ("/", "/", "ERR_UNSUPPORTED_DIR_IMPORT"),
        ("file:///", "x", "ERR_MODULE_NOT_FOUND"),
        ("", "x", "ERR_MODULE_NOT_FOUND"),
        ("", "x/", "ERR_MODULE_NOT_FOUND"),
        ("", "@", "ERR_INVALID_MODULE_SPECIFIER"),
        ("@x/", "y", "ERR_MODULE_NOT_FOUND"),
        ("p/", "x", "ERR_MODULE_NOT_FOUND"),
        ("p", "/x", "ERR_MODULE_NOT_FOUND"),
        ("p/", "../", "ERR_INVALID_MODULE_SPECIFIER"),
        ("q/", "x", "ERR_MODULE_NOT_FOUND"),
        ("#", "x", "ERR_MODULE_NOT_FOUND"),
        ("#x", "/x", "ERR_MODULE_NOT_FOUND"),
        ("p/a", "*", "ERR_MODULE_NOT_FOUND"),
        ("", "#", "ERR_UNSUPPORTED_DIR_IMPORT"),
        ("", "\0", "ERR_INVALID_MODULE_SPECIFIER"),
        ("", "\n", "ERR_MODULE_NOT_FOUND"),
        ("x:", "y", "ERR_UNSUPPORTED_ESM_URL_SCHEME"),
    ] {
        let specifier = start.to_owned() + &unit.repeat(LENGTH.div_ceil(unit.len()));
        let (found, text) = tree.error(&specifier, "main.js");
        assert_eq!(found, code, "{start:?} {unit:?}: {text}");
        assert!(
            text.len() < 3000,
            "{start:?} {unit:?}: {} bytes of error",
            text.len()
        );
        let rest = specifier.chars().count() - 200;
        assert!(
            text.contains(&format!(
                "… ({rest} more characters)' imported from T/main.js"
            )),
            "{text}"
        );
    }
}

#[test]
fn a_target_that_would_be_expanded_without_end() {
    let tree = Tree::with(&["main.js"]);
    let stars = "*".repeat(4096);
    tree.write(
        "package.json",
        &format!(r##"{{"imports": {{"#*": "./{stars}", "#p/*": "{stars}"}}}}"##),
    );
    for start in ["#", "#p/"] {
        let (code, text) = tree.error(&format!("{start}{}", "x".repeat(1 << 20)), "main.js");
        assert_eq!(code, "ERR_INVALID_MODULE_SPECIFIER");
        assert!(
            text.ends_with(
                ": it is longer than a path can be, once every '*' of its target is replaced"
            ),
            "{text}"
        );
    }
}

#[test]
fn a_huge_query_is_part_of_the_key_and_shortened_in_errors() {
    let tree = Tree::with(&["main.js"]);
    let query = "q".repeat(1 << 20);
    let key = tree
        .try_resolve(&format!("./main.js?{query}"), "main.js")
        .unwrap();
    assert!(key.as_str().ends_with(&format!("/main.js?{query}")));
    let text = Resolver::new()
        .resolve("./absent.js", &key)
        .unwrap_err()
        .to_string();
    assert!(
        text.len() < 3000 && text.contains("more characters): file:///"),
        "{text}"
    );
}
