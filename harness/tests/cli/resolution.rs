//! Specifiers: which file each means, and the text when it means none. Resolving itself is tested in the library.

use test_programs::program;

#[test]
fn packages() {
    program(
        "import main from 'plain'; import sub from 'mapped/sub'; import scoped from '@scope/name'; import inner from '#inner';
         console.log(main, sub, scoped, inner);",
    )
    .file("package.json", r##"{ "imports": { "#inner": "./inner.mjs" } }"##)
    .file("inner.mjs", "export default 'inner';")
    .file("node_modules/plain/package.json", r#"{ "main": "lib" }"#)
    .file("node_modules/plain/lib/index.js", "export default 'main';")
    .file("node_modules/mapped/package.json", r#"{ "exports": { "./sub": { "require": "./no.cjs", "import": "./yes.mjs" } } }"#)
    .file("node_modules/mapped/yes.mjs", "export default 'sub';")
    .file("node_modules/@scope/name/index.js", "export default 'scoped';")
    .prints("main sub scoped inner\n");
}

#[test]
fn urls_and_paths() {
    let program = program("").file("a b.mjs", "export default 1;");
    let path = program.path("a b.mjs");
    program
        .file(
            "main.mjs",
            format!(
                "import {{}} from './a%20b.mjs';
                 for (const it of ['file://' + import.meta.dirname + '/a%20b.mjs', {path:?}, './x/../a b.mjs', './a b.mjs?q'])
                     console.log((await import(it)).default);"
            ),
        )
        .prints("1\n1\n1\n1\n");
}

/// `(specifier as JavaScript, class, code, message)`; every message names the importer.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    (
        "'./missing.mjs'",
        "Error",
        "ERR_MODULE_NOT_FOUND",
        "cannot find module './missing.mjs' imported from file://DIR/main.mjs: file://DIR/missing.mjs does not exist",
    ),
    (
        "'./near'",
        "Error",
        "ERR_MODULE_NOT_FOUND",
        "cannot find module './near' imported from file://DIR/main.mjs: file://DIR/near does not exist; did you mean './near.mjs'?",
    ),
    (
        "'missing'",
        "Error",
        "ERR_MODULE_NOT_FOUND",
        "cannot find package 'missing' for 'missing' imported from file://DIR/main.mjs: no node_modules directory at or above the importer has it",
    ),
    (
        "'fs'",
        "Error",
        "ERR_MODULE_NOT_FOUND",
        "cannot find package 'fs' for 'fs' imported from file://DIR/main.mjs: no node_modules directory at or above the importer has it",
    ),
    (
        "'pkg/hidden'",
        "Error",
        "ERR_PACKAGE_PATH_NOT_EXPORTED",
        "package subpath './hidden' of 'pkg/hidden' imported from file://DIR/main.mjs is not exported: see \"exports\" in file://DIR/node_modules/pkg/package.json",
    ),
    (
        "'node:fs'",
        "Error",
        "ERR_UNSUPPORTED_ESM_URL_SCHEME",
        "unsupported URL scheme 'node:' in 'node:fs' imported from file://DIR/main.mjs: only files can be imported",
    ),
    (
        "'https://example.com/a.js'",
        "Error",
        "ERR_UNSUPPORTED_ESM_URL_SCHEME",
        "unsupported URL scheme 'https:' in 'https://example.com/a.js' imported from file://DIR/main.mjs: only files can be imported",
    ),
    (
        "'data:text/javascript,1'",
        "Error",
        "ERR_UNSUPPORTED_ESM_URL_SCHEME",
        "unsupported URL scheme 'data:' in 'data:text/javascript,1' imported from file://DIR/main.mjs: only files can be imported",
    ),
    (
        "''",
        "TypeError",
        "ERR_INVALID_MODULE_SPECIFIER",
        "invalid module specifier '' imported from file://DIR/main.mjs: it is empty",
    ),
    (
        "'./a\\0'",
        "TypeError",
        "ERR_INVALID_MODULE_SPECIFIER",
        "invalid module specifier './a\\0' imported from file://DIR/main.mjs: it contains a NUL character",
    ),
    (
        "'./\\ud800'",
        "TypeError",
        "ERR_INVALID_MODULE_SPECIFIER",
        "invalid module specifier './\u{FFFD}' imported from file://DIR/main.mjs: it has a lone surrogate",
    ),
    (
        "'./a%2Fb'",
        "TypeError",
        "ERR_INVALID_MODULE_SPECIFIER",
        "invalid module specifier './a%2Fb' imported from file://DIR/main.mjs: it must not include encoded '/' or '\\' characters",
    ),
    (
        "'#unknown'",
        "TypeError",
        "ERR_PACKAGE_IMPORT_NOT_DEFINED",
        "package import '#unknown' imported from file://DIR/main.mjs is not defined: the importer belongs to no package",
    ),
    (
        "'pkg/gone'",
        "Error",
        "ERR_MODULE_NOT_FOUND",
        "cannot find module 'pkg/gone' imported from file://DIR/main.mjs: file://DIR/node_modules/pkg/lib/gone.mjs (\"exports\" in file://DIR/node_modules/pkg/package.json) does not exist",
    ),
    (
        "'pkg/number'",
        "Error",
        "ERR_INVALID_PACKAGE_TARGET",
        "invalid target '7' for './number' of \"exports\" in file://DIR/node_modules/pkg/package.json, needed by 'pkg/number' imported from file://DIR/main.mjs",
    ),
    (
        "'pkg/index'",
        "Error",
        "ERR_INVALID_PACKAGE_CONFIG",
        "invalid package configuration file://DIR/node_modules/pkg/package.json, needed by 'pkg/index' imported from file://DIR/main.mjs: \"exports\" has the numeric key '0' among conditions",
    ),
    (
        "'file://host/a.mjs'",
        "TypeError",
        "ERR_INVALID_FILE_URL_HOST",
        "invalid module specifier 'file://host/a.mjs' imported from file://DIR/main.mjs: it names the host 'host', and only local files can be imported",
    ),
];

#[test]
fn refused() {
    let mut source = String::new();
    let mut wanted = String::new();
    for (specifier, class, code, message) in REFUSED {
        source.push_str(&format!(
            "await import({specifier}).catch((error) => console.log(error.name, error.code, error.message));\n"
        ));
        wanted.push_str(&format!("{class} {code} {message}\n"));
    }
    program(&source)
        .file("near.mjs", "")
        .file(
            "node_modules/pkg/package.json",
            r#"{ "exports": { ".": "./index.js", "./gone": "./lib/gone.mjs", "./number": 7, "./index": { "0": "./index.js" } } }"#,
        )
        .prints(&wanted);
}

/// It says where a specifier leads, whether something is there or not, and throws where that cannot be said.
#[test]
fn import_meta_resolve() {
    let mut source = String::new();
    let mut wanted = String::new();
    for (specifier, answer) in [
        ("./main.mjs", "file://DIR/main.mjs"),
        ("./link.mjs", "file://DIR/main.mjs"),
        ("./missing.mjs", "file://DIR/missing.mjs"),
        ("./c d[1].mjs?q#f", "file://DIR/c%20d[1].mjs?q#f"),
        ("./folder", "file://DIR/folder"),
        ("./folder/", "file://DIR/folder/"),
        ("/missing/../x", "file:///x"),
        ("pkg", "file://DIR/node_modules/pkg/index.mjs"),
        ("pkg/none", "file://DIR/node_modules/pkg/lib/none.mjs"),
        ("#own", "file://DIR/own.mjs"),
        ("node:fs", "node:fs"),
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("absent", "Error ERR_MODULE_NOT_FOUND"),
        ("pkg/x/hidden", "Error ERR_PACKAGE_PATH_NOT_EXPORTED"),
        ("#none", "TypeError ERR_PACKAGE_IMPORT_NOT_DEFINED"),
        ("", "TypeError ERR_INVALID_MODULE_SPECIFIER"),
        ("./%2F", "TypeError ERR_INVALID_MODULE_SPECIFIER"),
        ("//host/x", "TypeError ERR_INVALID_FILE_URL_HOST"),
    ] {
        source.push_str(&format!(
            "try {{ console.log(import.meta.resolve({specifier:?})); }} catch (error) {{ console.log(error.name, error.code); }}\n"
        ));
        wanted.push_str(&format!("{answer}\n"));
    }
    // What was asked about is not loaded, and what is made later can be.
    source.push_str("await import('./missing.mjs').catch((error) => console.log(error.code));");
    wanted.push_str("ERR_MODULE_NOT_FOUND\n");
    program(&source)
        .file("folder/x", "")
        .file(
            "package.json",
            r##"{ "imports": { "#own": "./own.mjs" } }"##,
        )
        .file(
            "node_modules/pkg/package.json",
            r#"{ "exports": { ".": "./index.mjs", "./x/*": null, "./*": "./lib/*.mjs" } }"#,
        )
        .prepared(|directory| {
            std::os::unix::fs::symlink("main.mjs", directory.join("link.mjs")).unwrap()
        })
        .prints(&wanted);
}

/// Nothing runs when a job calls `eval` itself: there is no importer that a path could be relative to.
#[test]
fn code_of_no_module() {
    let program = program("");
    let url = format!("file://{}", program.path("a.mjs").display());
    program
        .file("a.mjs", "export default 'loaded';")
        .file("a.json", "1")
        .file(
            "main.mjs",
            format!(
                "const says = (it) => it.then((module) => console.log(module.default), (error) => console.log(error.name, error.code, error.message));
                 globalThis.says = says;
                 const run = (specifier) => Promise.resolve(`says(import('${{specifier}}'))`).then(eval);
                 await run('./a.mjs'); await run('a'); await run('{url}'); await run('{url}x');
                 await run('{url}'.replace('.mjs', '.json'));"
            ),
        )
        .prints(
            "TypeError ERR_UNSUPPORTED_RESOLVE_REQUEST cannot resolve './a.mjs' imported from code of no module: only a URL means something there\n\
             TypeError ERR_UNSUPPORTED_RESOLVE_REQUEST cannot resolve 'a' imported from code of no module: only a URL means something there\n\
             loaded\n\
             Error ERR_MODULE_NOT_FOUND cannot find module 'file://DIR/a.mjsx' imported from code of no module: file://DIR/a.mjsx does not exist\n\
             TypeError ERR_IMPORT_ATTRIBUTE_MISSING module DIR/a.json imported from code of no module needs the import attribute `with { type: \"json\" }`\n",
        );
}

#[test]
fn a_static_import_fails_with_the_same_text() {
    program("import './a.mjs'; console.log('never');")
        .file("a.mjs", "import 'missing';")
        .fails(
            "Uncaught Error: cannot find package 'missing' for 'missing' imported from file://DIR/a.mjs: \
             no node_modules directory at or above the importer has it [ERR_MODULE_NOT_FOUND]",
        );
}

#[test]
fn a_specifier_of_a_megabyte() {
    for start in ["", "./", "#", "https:", "./?"] {
        program(&format!(
            "await import('{start}'.concat('x'.repeat(1 << 20))).catch((error) =>
                 console.log(error.message.length < 2000, error.message.includes('more characters'), error.message.includes('main.mjs')));"
        ))
        .prints("true true true\n");
    }
}
