//! The short cut for plain specifiers, and the memory, give what the general way gives, and what the file system
//! itself says.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::{ModuleKey, ResolveError, Resolver, Tree};

/// Names as a specifier spells them, and as the file system does.
const NAMES: [(&str, &str); 11] = [
    ("a.js", "a.js"),
    ("b.js", "b.js"),
    ("d", "d"),
    ("e", "e"),
    ("C:", "C:"),
    ("s%20p", "s p"),
    ("s p", "s p"),
    ("t~", "t~"),
    ("%61.js", "a.js"),
    ("+@_-!$", "+@_-!$"),
    // The last one: no specifier may spell it, but importers may lie in it.
    ("", "\\"),
];

#[derive(Debug, Clone)]
enum Entry {
    File(Vec<usize>),
    Link {
        from: Vec<usize>,
        up: usize,
        to: Vec<usize>,
    },
}

fn names(length: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..NAMES.len(), length)
}

fn entry() -> impl Strategy<Value = Entry> {
    prop_oneof![
        3 => names(1..4).prop_map(Entry::File),
        1 => (names(1..3), 0..3usize, names(0..3)).prop_map(|(from, up, to)| Entry::Link { from, up, to }),
    ]
}

/// A segment of a specifier: a name, or one of the dots.
fn segment() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        6 => (0..NAMES.len() - 1).prop_map(|name| NAMES[name].0),
        2 => Just(".."),
        1 => Just("."),
        1 => prop_oneof![Just("%2e%2E"), Just("%2E"), Just("")],
    ]
}

fn specifier() -> impl Strategy<Value = String> {
    let start =
        prop_oneof![3 => Just("./"), 2 => Just("../"), 1 => Just("../../"), 1 => Just(".//")];
    (start, prop::collection::vec(segment(), 1..6))
        .prop_map(|(start, segments)| start.to_owned() + &segments.join("/"))
}

fn on_disk(names: &[usize]) -> PathBuf {
    names.iter().map(|&name| NAMES[name].1).collect()
}

/// Makes what can be made: an entry that clashes with an earlier one is left out.
fn plant(tree: &Tree, entries: &[Entry]) {
    for entry in entries {
        match entry {
            Entry::File(path) => {
                let path = tree.path("root").join(on_disk(path));
                if std::fs::create_dir_all(path.parent().unwrap()).is_ok() && !path.is_dir() {
                    let _clash = std::fs::write(path, "");
                }
            }
            Entry::Link { from, up, to } => {
                let link = tree.path("root").join(on_disk(from));
                let target = Path::new(&"../".repeat(*up)).join(".").join(on_disk(to));
                let _clash = link.parent().map(std::fs::create_dir_all);
                let _clash = std::os::unix::fs::symlink(target, link);
            }
        }
    }
}

/// What the file system says: dots are taken away by hand, then everything else is left to it.
fn oracle(referrer: &Path, specifier: &str) -> Option<PathBuf> {
    let mut segments: Vec<&str> = referrer.parent()?.to_str()?.split('/').skip(1).collect();
    let mut is_directory = false;
    for segment in specifier.split('/') {
        is_directory = matches!(segment, "" | "." | ".." | "%2E" | "%2e%2E");
        match segment {
            "." | "%2E" => {}
            ".." | "%2e%2E" => drop(segments.pop()),
            "" => segments.push(""),
            name => segments.push(NAMES.iter().find(|(spelled, _)| *spelled == name)?.1),
        }
    }
    let real = Path::new(&format!("/{}", segments.join("/")))
        .canonicalize()
        .ok()?;
    (real.is_file() && !is_directory).then_some(real)
}

fn outcome(result: Result<ModuleKey, ResolveError>) -> Result<ModuleKey, String> {
    result.map_err(|error| format!("{} {error}", error.code()))
}

proptest! {
    #![proptest_config(super::cases(120))]

    #[test]
    fn every_way_gives_the_same(
        entries in prop::collection::vec(entry(), 1..20),
        imports in prop::collection::vec((names(0..3), specifier()), 40),
    ) {
        let tree = Tree::with(&["root/a.js"]);
        plant(&tree, &entries);
        let mut used = Resolver::new();
        for (directory, specifier) in &imports {
            // A referrer need not exist, nor its path be real: keys can be made from any URL.
            let referrer = tree.path("root").join(on_disk(directory)).join("a.js");
            let referrer = ModuleKey::from_path(&referrer).unwrap();
            let general = outcome(Resolver::new().resolve_any(specifier, &referrer));
            prop_assert_eq!(&outcome(Resolver::new().resolve(specifier, &referrer)), &general);
            prop_assert_eq!(&outcome(used.resolve(specifier, &referrer)), &general);
            prop_assert_eq!(&outcome(used.resolve(specifier, &referrer)), &general);
            let found = general.ok().map(|key| key.path().to_path_buf());
            prop_assert_eq!(found, oracle(referrer.path(), specifier), "{} in {}", specifier, referrer);
        }
    }

    #[test]
    fn no_specifier_makes_it_panic(specifier in r"(\./|/|#|@|file:)?[a-c@#?%25fF./\\:|\x00-\x20é]{0,24}") {
        let tree = Tree::with(&["a.js", "node_modules/a/index.js", "node_modules/b/b"]);
        tree.write("node_modules/b/package.json", r##"{"exports": {"./*": "./*"}, "imports": {"#*": "./*"}}"##);
        for referrer in ["a.js", "node_modules/b/b"] {
            if let Err(error) = tree.try_resolve(&specifier, referrer) {
                let text = error.to_string();
                prop_assert!(!text.contains(char::is_control), "{text:?}");
                prop_assert!(text.contains(error.import().unwrap().specifier()), "{text:?}");
                prop_assert!(text.contains(tree.key(referrer).as_str()), "{text:?}");
            }
        }
    }
}

#[test]
fn the_short_cut_is_taken_for_plain_specifiers_only() {
    let tree = Tree::with(&["a.js", "sub/b.js", "s p/c.js"]);
    tree.link("a.js", "link.js");
    let mut resolver = Resolver::new();
    let main = tree.key("a.js");
    let from = resolver.directories.of(&main);
    for (specifier, taken) in [
        ("./a.js", true),
        ("./sub/b.js", true),
        ("./sub/../a.js", true),
        ("./././sub/./b.js", true),
        ("./a.js?", false),
        ("./%61.js", false),
        ("./s p/c.js", false),
        ("./link.js", false),
        ("./sub", false),
        ("./sub/", false),
        ("./sub//b.js", false),
        ("./absent.js", false),
        ("./absent/a.js", false),
        ("a.js", false),
        (".", false),
        ("..", false),
        ("", false),
    ] {
        assert_eq!(
            resolver.directories.plain_file(from, specifier).is_some(),
            taken,
            "{specifier:?}"
        );
    }
}
