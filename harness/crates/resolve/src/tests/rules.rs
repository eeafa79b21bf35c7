//! What a host may decide: conditions, main fields, extensions, import maps.

use std::path::Path;
use std::sync::Arc;

use super::Tree;
use crate::{ImportMap, Resolver, Rules};

fn tree(files: &[(&str, &str)]) -> Tree {
    let tree = Tree::with(&[]);
    for (file, text) in files {
        tree.write(file, text);
    }
    tree
}

/// The URL of the directory, as keys begin.
fn root(tree: &Tree) -> String {
    let key = tree.key("main.mjs");
    key.as_str().trim_end_matches("main.mjs").to_owned()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|it| (*it).to_owned()).collect()
}

fn resolved(tree: &Tree, rules: Rules, specifier: &str) -> Result<String, String> {
    let referrer = tree.key("main.mjs");
    let found = Resolver::by(&Arc::new(rules)).resolve(specifier, &referrer);
    found
        .map(|key| shown(tree, key.path()))
        .map_err(|error| error.to_string().replace(&root(tree), ""))
}

fn shown(tree: &Tree, path: &Path) -> String {
    path.strip_prefix(&tree.root).unwrap().display().to_string()
}

#[test]
fn conditions_take_the_place_of_node() {
    let tree = tree(&[
        ("main.mjs", ""),
        (
            "node_modules/p/package.json",
            r#"{"exports":{"browser":"./b.js","node":"./n.js","default":"./d.js"}}"#,
        ),
        ("node_modules/p/b.js", ""),
        ("node_modules/p/n.js", ""),
        ("node_modules/p/d.js", ""),
    ]);
    for (conditions, file) in [
        (&["node"][..], "n.js"),
        (&["browser"], "b.js"),
        (&[], "d.js"),
        (&["node", "browser"], "b.js"),
    ] {
        let rules = Rules {
            conditions: words(conditions),
            ..Rules::default()
        };
        let found = resolved(&tree, rules, "p").unwrap();
        assert_eq!(found, format!("node_modules/p/{file}"), "{conditions:?}");
    }
}

#[test]
fn the_first_main_field_that_is_there_counts() {
    let tree = tree(&[
        ("main.mjs", ""),
        (
            "node_modules/p/package.json",
            r#"{"module":"./m.js","main":"./c.js","browser":{}}"#,
        ),
        ("node_modules/p/m.js", ""),
        ("node_modules/p/c.js", ""),
    ]);
    for (fields, file) in [
        (&["main"][..], "c.js"),
        (&["browser", "module", "main"], "m.js"),
    ] {
        let rules = Rules {
            main_fields: words(fields),
            ..Rules::default()
        };
        assert_eq!(
            resolved(&tree, rules, "p").unwrap(),
            format!("node_modules/p/{file}")
        );
    }
}

#[test]
fn extensions_are_guessed_only_where_no_file_is() {
    let tree = tree(&[
        ("main.mjs", ""),
        ("a", ""),
        ("a.ts", ""),
        ("b.js", ""),
        ("b.ts", ""),
        ("dir/index.js", ""),
    ]);
    let rules = || Rules {
        extensions: words(&[".ts", ".js"]),
        ..Rules::default()
    };
    for (specifier, file) in [
        ("./a", "a"),
        ("./b", "b.ts"),
        ("./b.js", "b.js"),
        ("./dir", "dir/index.js"),
    ] {
        assert_eq!(resolved(&tree, rules(), specifier).unwrap(), file);
    }
    assert!(resolved(&tree, rules(), "./c").is_err());
    assert!(resolved(&tree, Rules::default(), "./b").is_err());
}

fn with_map(tree: &Tree) -> Result<Rules, String> {
    let map = ImportMap::read(&tree.path("map.json")).map_err(|error| error.to_string())?;
    Ok(Rules {
        import_map: Some(map),
        ..Rules::default()
    })
}

#[test]
fn an_import_map_comes_first() {
    let map = r#"{
        "imports": {
            "bare": "./lib/bare.js", "lib/": "./lib/", "lib/deep/": "./deep/", "./old.js": "./lib/new.js",
            "node:fs": "./lib/fs.js", "gone": null, "web": "https://example.org/x.js"
        },
        "scopes": { "./lib/": { "bare": "./deep/bare.js" }, "./": { "scoped": "./lib/new.js" } }
    }"#;
    let tree = tree(&[
        ("main.mjs", ""),
        ("map.json", map),
        ("old.js", ""),
        ("lib/bare.js", ""),
        ("lib/new.js", ""),
        ("lib/fs.js", ""),
        ("deep/bare.js", ""),
        ("deep/x.js", ""),
        ("node_modules/p/package.json", r#"{"exports":"./p.js"}"#),
        ("node_modules/p/p.js", ""),
    ]);
    let found = |specifier: &str| resolved(&tree, with_map(&tree).unwrap(), specifier);
    for (specifier, file) in [
        ("bare", "lib/bare.js"),
        ("lib/new.js", "lib/new.js"),
        ("lib/deep/x.js", "deep/x.js"),
        ("./old.js", "lib/new.js"),
        ("./lib/../old.js", "lib/new.js"),
        ("node:fs", "lib/fs.js"),
        ("scoped", "lib/new.js"),
        ("p", "node_modules/p/p.js"),
    ] {
        assert_eq!(found(specifier).as_deref(), Ok(file), "{specifier}");
    }
    for (specifier, part) in [
        (
            "gone",
            "'gone' imported from main.mjs is closed by the entry 'gone' of the import map map.json",
        ),
        ("lib/../main.mjs", "is closed by the entry"),
        ("web", "unsupported URL scheme 'https:'"),
        ("absent", "cannot find package"),
    ] {
        let error = found(specifier).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
    let inside = tree.key("lib/bare.js");
    let mut resolver = Resolver::by(&Arc::new(with_map(&tree).unwrap()));
    let key = resolver.resolve("bare", &inside).unwrap();
    assert_eq!(shown(&tree, key.path()), "deep/bare.js");
}

#[test]
fn a_map_that_is_none_is_refused_whole() {
    for (map, part) in [
        ("{", "EOF while parsing"),
        ("[]", "an import map must be an object"),
        (r#"{"imports":[]}"#, "\"imports\" must be an object"),
        (r#"{"import":{}}"#, "it has the key 'import'"),
        (r#"{"imports":{"":"./a"}}"#, "a specifier is empty"),
        (
            r#"{"imports":{"a":"b"}}"#,
            "the address 'b' of 'a' is neither a URL",
        ),
        (
            r#"{"imports":{"a":1}}"#,
            "the address of 'a' is neither a string nor null",
        ),
        (r#"{"imports":{"a/":"./b"}}"#, "'a/' ends with a slash"),
        (
            r#"{"scopes":{"./":[]}}"#,
            "the scope './' must be an object",
        ),
    ] {
        let tree = tree(&[("main.mjs", ""), ("map.json", map)]);
        let error = with_map(&tree).unwrap_err();
        assert!(
            error.contains("map.json") && error.contains(part),
            "{error}"
        );
    }
    let error = ImportMap::read(Path::new("/there/is/none.json")).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("import map '/there/is/none.json': ")
    );
}

/// The memory of answers is one a directory; a scope may be one module.
#[test]
fn a_scope_of_one_module_is_not_for_its_neighbours() {
    let tree = tree(&[
        ("main.mjs", ""),
        ("other.mjs", ""),
        ("a.mjs", ""),
        ("b.mjs", ""),
        (
            "map.json",
            r#"{"imports":{"x":"./a.mjs","./a.mjs":"./a.mjs"},"scopes":{"./other.mjs":{"x":"./b.mjs","./a.mjs":"./b.mjs"}}}"#,
        ),
    ]);
    for order in [["main.mjs", "other.mjs"], ["other.mjs", "main.mjs"]] {
        let mut resolver = Resolver::by(&Arc::new(with_map(&tree).unwrap()));
        for importer in order.iter().chain(&order) {
            let expected = match *importer {
                "main.mjs" => "a.mjs",
                _ => "b.mjs",
            };
            for specifier in ["x", "./a.mjs"] {
                let key = resolver.resolve(specifier, &tree.key(importer)).unwrap();
                assert_eq!(
                    shown(&tree, key.path()),
                    expected,
                    "{specifier} in {importer}"
                );
            }
        }
    }
}
