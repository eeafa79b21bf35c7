//! The exact text and code of every error.

use std::os::unix::net::UnixListener;

use super::{ModuleKey, Resolver, Tree};

pub fn check(tree: &Tree, specifier: &str, code: &str, text: &str) {
    assert_eq!(
        tree.error(specifier, "main.js"),
        (code_of(code), text.to_owned()),
        "{specifier:?}"
    );
}

/// `error` gives a static text; this finds the one that is meant.
fn code_of(code: &str) -> &'static str {
    [
        "ERR_INVALID_FILE_URL_HOST",
        "ERR_INVALID_MODULE_SPECIFIER",
        "ERR_INVALID_PACKAGE_CONFIG",
        "ERR_INVALID_PACKAGE_TARGET",
        "ERR_MODULE_NOT_FOUND",
        "ERR_PACKAGE_IMPORT_NOT_DEFINED",
        "ERR_PACKAGE_PATH_NOT_EXPORTED",
        "ERR_UNSUPPORTED_DIR_IMPORT",
        "ERR_UNSUPPORTED_ESM_URL_SCHEME",
    ]
    .into_iter()
    .find(|known| *known == code)
    .unwrap()
}

#[test]
fn missing_files() {
    let tree = Tree::with(&[
        "main.js",
        "x.mjs",
        "y.js",
        "z.json",
        "sub/index.js",
        "node_modules/p/lib/a.js",
    ]);
    for (specifier, target, hint) in [
        ("./absent.js", "T/absent.js", ""),
        ("./x", "T/x", "; did you mean './x.mjs'?"),
        ("./y?q", "T/y", "; did you mean './y.js?q'?"),
        ("./x.js", "T/x.js", "; did you mean './x.mjs'?"),
        ("./y.mjs#f", "T/y.mjs", "; did you mean './y.js#f'?"),
        ("./z", "T/z", "; did you mean './z.json'?"),
        ("./main.js/x", "T/main.js/x", ""),
        (
            "p/lib/a",
            "T/node_modules/p/lib/a",
            "; did you mean 'p/lib/a.js'?",
        ),
    ] {
        let text = format!(
            "cannot find module '{specifier}' imported from T/main.js: {target} does not exist{hint}"
        );
        check(&tree, specifier, "ERR_MODULE_NOT_FOUND", &text);
    }
}

#[test]
fn directories() {
    let tree = Tree::with(&[
        "main.js",
        "sub/index.js",
        "empty/x",
        "node_modules/p/lib/index.mjs",
    ]);
    for (specifier, target, hint) in [
        ("./sub", "T/sub", "; did you mean './sub/index.js'?"),
        ("./sub/", "T/sub/", "; did you mean './sub/index.js'?"),
        ("./sub/.", "T/sub/", "; did you mean './sub/./index.js'?"),
        ("./empty", "T/empty", ""),
        ("./absent/", "T/absent/", ""),
        ("./main.js/", "T/main.js/", "; did you mean './main.js'?"),
        (".", "T/", ""),
        ("./sub/..", "T/", ""),
        (
            "p/lib",
            "T/node_modules/p/lib",
            "; did you mean 'p/lib/index.mjs'?",
        ),
    ] {
        let text = format!(
            "unsupported directory import '{specifier}' imported from T/main.js: {target} means a directory{hint}"
        );
        check(&tree, specifier, "ERR_UNSUPPORTED_DIR_IMPORT", &text);
    }
}

#[test]
fn malformed_specifiers() {
    let tree = Tree::with(&["main.js"]);
    let escape =
        "'%' must be followed by two hexadecimal digits; the character itself is written '%25'";
    let separator = r"it must not include encoded '/' or '\' characters";
    for (specifier, shown, reason) in [
        ("", "", "it is empty"),
        ("./a\0.js", r"./a\0.js", "it contains a NUL character"),
        ("a\0", r"a\0", "it contains a NUL character"),
        (
            "./a%00.js",
            "./a%00.js",
            "it must not include an encoded NUL character",
        ),
        ("./a%2fb.js", "./a%2fb.js", separator),
        ("./a%5Cb.js", "./a%5Cb.js", separator),
        ("./100%.js", "./100%.js", escape),
        ("./a%4", "./a%4", escape),
        ("file:///%zz", "file:///%zz", escape),
        (".hidden", ".hidden", "it is not a valid package name"),
        ("...", "...", "it is not a valid package name"),
        ("@scope", "@scope", "it is not a valid package name"),
        ("a%20b", "a%20b", "it is not a valid package name"),
        (r".\a.js", r".\a.js", "it is not a valid package name"),
        ("#", "#", "it is not a valid internal import name"),
        ("#/", "#/", "it is not a valid internal import name"),
        ("#a/", "#a/", "it is not a valid internal import name"),
        ("//[bad/a.js", "//[bad/a.js", "invalid IPv6 address"),
    ] {
        let text = format!("invalid module specifier '{shown}' imported from T/main.js: {reason}");
        check(&tree, specifier, "ERR_INVALID_MODULE_SPECIFIER", &text);
    }
}

#[test]
fn urls_that_are_not_local_files() {
    let tree = Tree::with(&["main.js"]);
    for (specifier, scheme) in [
        ("node:fs", "node"),
        ("https://example.com/a.js", "https"),
        ("data:text/javascript,0", "data"),
        ("blob:x", "blob"),
        (r"C:\a.js", "c"),
        ("jsc:x", "jsc"),
    ] {
        let text = format!(
            "unsupported URL scheme '{scheme}:' in '{specifier}' imported from T/main.js: only files can be imported"
        );
        check(&tree, specifier, "ERR_UNSUPPORTED_ESM_URL_SCHEME", &text);
    }
    for specifier in ["file://host/a.js", "//host/a.js"] {
        let text = format!(
            "invalid module specifier '{specifier}' imported from T/main.js: \
             it names the host 'host', and only local files can be imported"
        );
        check(&tree, specifier, "ERR_INVALID_FILE_URL_HOST", &text);
    }
}

#[test]
fn things_that_are_not_regular_files() {
    let tree = Tree::with(&["main.js"]);
    let _socket = UnixListener::bind(tree.path("socket.js")).unwrap();
    check(
        &tree,
        "./socket.js",
        "ERR_MODULE_NOT_FOUND",
        "cannot import './socket.js' imported from T/main.js: T/socket.js is a socket, not a regular file",
    );
    check(
        &tree,
        "/dev/null",
        "ERR_MODULE_NOT_FOUND",
        "cannot import '/dev/null' imported from T/main.js: file:///dev/null is a device, not a regular file",
    );
}

#[test]
fn packages() {
    let tree = Tree::with(&["main.js", "node_modules/empty/x", "node_modules/file"]);
    for (specifier, package) in [
        ("absent", "absent"),
        ("absent/a.js", "absent"),
        ("@s/p/a.js", "@s/p"),
        ("?", "?"),
        ("file", "file"),
    ] {
        let text = format!(
            "cannot find package '{package}' for '{specifier}' imported from T/main.js: \
             no node_modules directory at or above the importer has it"
        );
        check(&tree, specifier, "ERR_MODULE_NOT_FOUND", &text);
    }
    check(
        &tree,
        "empty",
        "ERR_MODULE_NOT_FOUND",
        "cannot find the entry of package T/node_modules/empty for 'empty' imported from T/main.js: \
         neither its \"main\" nor index.js exists",
    );
}

#[test]
fn mapped_specifiers() {
    let tree = Tree::with(&[
        "main.js",
        "node_modules/p/index.js",
        "node_modules/p/lib/a.js",
    ]);
    let exports = r#"{"exports": {"./missing": "./missing.js", "./out": "../x.js", "./lib": "./lib", "./lib/*": "./lib/*",
        "./num": 7, "./bool": [false], "./index": {"import": {"0": "./index.js"}}, "./gone/*": "./lib/*.mjs"}}"#;
    tree.write("node_modules/p/package.json", exports);
    let imported = |specifier: &str| format!("'{specifier}' imported from T/main.js");
    let manifest = "T/node_modules/p/package.json";
    for (specifier, code, text) in [
        (
            "p",
            "ERR_PACKAGE_PATH_NOT_EXPORTED",
            format!(
                "package subpath '.' of {} is not exported: see \"exports\" in {manifest}",
                imported("p")
            ),
        ),
        (
            "p/index.js",
            "ERR_PACKAGE_PATH_NOT_EXPORTED",
            format!(
                "package subpath './index.js' of {} is not exported: see \"exports\" in {manifest}",
                imported("p/index.js")
            ),
        ),
        (
            "p/missing",
            "ERR_MODULE_NOT_FOUND",
            format!(
                "cannot find module {}: T/node_modules/p/missing.js (\"exports\" in {manifest}) does not exist",
                imported("p/missing")
            ),
        ),
        (
            "p/gone/a",
            "ERR_MODULE_NOT_FOUND",
            format!(
                "cannot find module {}: T/node_modules/p/lib/a.mjs (\"exports\" in {manifest}) does not exist",
                imported("p/gone/a")
            ),
        ),
        (
            "p/num",
            "ERR_INVALID_PACKAGE_TARGET",
            format!(
                "invalid target '7' for './num' of \"exports\" in {manifest}, needed by {}",
                imported("p/num")
            ),
        ),
        (
            "p/bool",
            "ERR_INVALID_PACKAGE_TARGET",
            format!(
                "invalid target 'false' for './bool' of \"exports\" in {manifest}, needed by {}",
                imported("p/bool")
            ),
        ),
        (
            "p/index",
            "ERR_INVALID_PACKAGE_CONFIG",
            format!(
                "invalid package configuration {manifest}, needed by {}: \"exports\" has the numeric key '0' among conditions",
                imported("p/index")
            ),
        ),
        (
            "p/out",
            "ERR_INVALID_PACKAGE_TARGET",
            format!(
                "invalid target '../x.js' for './out' of \"exports\" in {manifest}, needed by {}",
                imported("p/out")
            ),
        ),
        (
            "p/lib",
            "ERR_UNSUPPORTED_DIR_IMPORT",
            format!(
                "unsupported directory import {}: T/node_modules/p/lib (\"exports\" in {manifest}) means a directory",
                imported("p/lib")
            ),
        ),
        (
            "p/lib/../index.js",
            "ERR_INVALID_MODULE_SPECIFIER",
            format!(
                "invalid module specifier {}: a '.', '..' or 'node_modules' segment cannot match a pattern in \
                 \"exports\" or \"imports\"",
                imported("p/lib/../index.js")
            ),
        ),
        (
            "p/lib/a%2Fb.js",
            "ERR_INVALID_MODULE_SPECIFIER",
            format!(
                "invalid module specifier {}: it must not include encoded '/' or '\\' characters",
                imported("p/lib/a%2Fb.js")
            ),
        ),
        (
            "#x",
            "ERR_PACKAGE_IMPORT_NOT_DEFINED",
            format!(
                "package import {} is not defined: the importer belongs to no package",
                imported("#x")
            ),
        ),
    ] {
        check(&tree, specifier, code, &text);
    }
    for manifest in [
        r##"{"imports": {"#y": "./main.js"}}"##,
        r##"{"imports": {"#x": []}}"##,
        "{}",
    ] {
        tree.write("package.json", manifest);
        check(
            &tree,
            "#x",
            "ERR_PACKAGE_IMPORT_NOT_DEFINED",
            "package import '#x' imported from T/main.js is not defined: \"imports\" in T/package.json has no target for it",
        );
    }
}

#[test]
fn what_imports_lead_to() {
    let tree = Tree::with(&["main.js", "node_modules/q/a.js"]);
    tree.write(
        "package.json",
        r##"{"imports": {"#gone": "./gone.js", "#num": 5, "#absent": "absent", "#gone-there": "q/gone.js"}}"##,
    );
    for (specifier, code, text) in [
        (
            "#gone",
            "ERR_MODULE_NOT_FOUND",
            "cannot find module '#gone' imported from T/main.js: T/gone.js (\"imports\" in T/package.json) does not exist",
        ),
        (
            "#num",
            "ERR_INVALID_PACKAGE_TARGET",
            "invalid target '5' for '#num' of \"imports\" in T/package.json, needed by '#num' imported from T/main.js",
        ),
        (
            "#absent",
            "ERR_MODULE_NOT_FOUND",
            "cannot find package 'absent' for '#absent' imported from T/main.js: \
             no node_modules directory at or above the importer has it",
        ),
        (
            "#gone-there",
            "ERR_MODULE_NOT_FOUND",
            "cannot find module '#gone-there' imported from T/main.js: \
             T/node_modules/q/gone.js (\"imports\" in T/package.json) does not exist",
        ),
    ] {
        check(&tree, specifier, code, text);
    }
}

#[test]
fn code_of_no_module() {
    let tree = Tree::with(&["a.js", "node_modules/p/index.js"]);
    let resolver = Resolver::new();
    let url = format!("file://{}/a.js", tree.root.display());
    assert_eq!(resolver.resolve_url(&url).unwrap(), tree.key("a.js"));
    for (specifier, code, text) in [
        (
            "./a.js",
            "ERR_UNSUPPORTED_RESOLVE_REQUEST",
            "cannot resolve './a.js' imported from code of no module: only a URL means something there",
        ),
        (
            "p",
            "ERR_UNSUPPORTED_RESOLVE_REQUEST",
            "cannot resolve 'p' imported from code of no module: only a URL means something there",
        ),
        (
            "file:///absent.js",
            "ERR_MODULE_NOT_FOUND",
            "cannot find module 'file:///absent.js' imported from code of no module: file:///absent.js does not exist",
        ),
        (
            "node:fs",
            "ERR_UNSUPPORTED_ESM_URL_SCHEME",
            "unsupported URL scheme 'node:' in 'node:fs' imported from code of no module: only files can be imported",
        ),
    ] {
        let error = resolver.resolve_url(specifier).unwrap_err();
        assert_eq!((error.code(), &*error.to_string()), (code, text));
    }
}

#[test]
fn broken_manifests() {
    let tree = Tree::with(&["main.js", "node_modules/p/index.js"]);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (manifest, reason) in [
        ("{", "EOF while parsing an object at line 1 column 1"),
        (
            "[]",
            "invalid type: sequence, expected a map at line 1 column 0",
        ),
        (
            "{\"exports\": {\".\": \"./index.js\", \"import\": \"./index.js\"}}",
            "keys of \"exports\" must either all start with '.' or none of them",
        ),
        (
            &*format!("{{\"exports\": {deep}}}"),
            "recursion limit exceeded at line 1 column 139",
        ),
    ] {
        tree.write("node_modules/p/package.json", manifest);
        let text = format!(
            "invalid package configuration T/node_modules/p/package.json, needed by 'p' imported from T/main.js: {reason}"
        );
        check(&tree, "p", "ERR_INVALID_PACKAGE_CONFIG", &text);
    }
}

#[test]
fn the_importer_and_the_specifier_can_be_asked_for() {
    let tree = Tree::with(&["main.js"]);
    let error = tree.try_resolve("./absent.js", "main.js").unwrap_err();
    let import = error.import().unwrap();
    assert_eq!(import.specifier(), "./absent.js");
    assert_eq!(
        import.importer(),
        Some(
            ModuleKey::from_path(&tree.path("main.js"))
                .unwrap()
                .as_str()
        )
    );
}
