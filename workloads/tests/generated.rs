//! Generated graphs: the same bytes each time, and specifiers that lead somewhere.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use workloads::{WorkloadDef, find, materialise};

#[test]
fn a_graph_is_the_same_each_time() {
    for workload in generated() {
        assert_eq!(workload.graph(), workload.graph(), "{}", workload.name);
    }
}

/// A changed digest means that results from before do not compare: give the workload a new name, or say so in the
/// history of results.
#[test]
fn the_bytes_of_the_main_graphs_are_fixed() {
    let digests: BTreeMap<String, String> = generated()
        .iter()
        .filter_map(|workload| Some((workload.name.clone(), workload.graph()?.digest())))
        .collect();
    for (name, digest) in [
        ("tree-1000", "22c2f006cd428501"),
        ("layers-400", "73ee83c327ab4662"),
        ("stars-wide", "f92a6237160c66bd"),
        ("classes", "c01b07391475c0c3"),
    ] {
        assert_eq!(digests[name], digest, "{name}");
    }
}

#[test]
fn the_dial_for_bytes_is_kept_to() {
    let tree = graph("tree-1000");
    let mean = tree.bytes() / tree.files().len();
    assert!((2700..=3300).contains(&mean), "{mean} bytes a module");
    let large = graph("large-modules-20");
    assert!(large.bytes() / large.files().len() > 180_000);
}

#[test]
fn no_placeholder_is_left() {
    for workload in generated() {
        for (path, text) in workload.graph().expect("it is generated").files() {
            assert!(!text.contains('@'), "{} {path}", workload.name);
        }
    }
}

#[test]
fn brackets_are_balanced_where_they_must_be() {
    // Literals hold brackets inside patterns and strings, and the faulty graphs are faulty.
    for name in [
        "tree-1000",
        "layers-400",
        "stars-wide",
        "awaits-all",
        "namespaces",
        "live-bindings",
        "defaults",
    ] {
        for (path, text) in graph(name).files() {
            for (open, close) in [('{', '}'), ('(', ')'), ('[', ']')] {
                let count = |letter| text.matches(letter).count();
                let slack = if open == '{' {
                    0
                } else {
                    usize::from(text.contains("/("))
                };
                assert!(
                    count(open).abs_diff(count(close)) <= slack,
                    "{name} {path}: {open}{close}"
                );
            }
        }
    }
}

#[test]
fn static_specifiers_lead_to_files_of_the_graph() {
    for workload in generated() {
        let graph = workload.graph().expect("it is generated");
        for (path, text) in graph.files() {
            for specifier in text.lines().filter_map(static_specifier) {
                if specifier.contains("there-is-no-such-file") {
                    continue;
                }
                let target = resolve(path, specifier);
                assert!(
                    graph.files().contains_key(&target),
                    "{}: {path} imports {specifier}",
                    workload.name
                );
            }
        }
    }
}

#[test]
fn files_are_written_once_and_mended_when_changed() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let definition = find("binary-127").expect("it exists");
    let workload = materialise(&definition, dir.path()).expect("it can be written");
    assert_eq!(workload.entry, dir.path().join("binary-127/entry.mjs"));
    let before = modified(&workload.entry);

    let other = dir.path().join("binary-127/part-001/module-00030.mjs");
    let text = fs::read(&other).expect("it was written");
    fs::write(&other, "changed").expect("it can be changed");
    materialise(&definition, dir.path()).expect("it can be written again");
    assert_eq!(fs::read(&other).expect("it is there"), text);
    assert_eq!(modified(&workload.entry), before);
}

fn generated() -> Vec<WorkloadDef> {
    let mut all = workloads::list().expect("the definitions are valid");
    all.retain(|workload| workload.graph().is_some());
    all
}

fn graph(name: &str) -> workloads::generate::Graph {
    find(name)
        .expect("it exists")
        .graph()
        .expect("it is generated")
}

fn modified(path: &Path) -> std::time::SystemTime {
    fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .expect("the file is there")
}

/// The specifier of a line that is a static import or re-export.
fn static_specifier(line: &str) -> Option<&str> {
    let clause = line
        .strip_prefix("import ")
        .or_else(|| line.strip_prefix("export "))?;
    let from = clause
        .split_once("from '")
        .map(|(_, rest)| rest)
        .or_else(|| clause.strip_prefix('\''))?;
    from.split_once('\'').map(|(specifier, _)| specifier)
}

fn resolve(from: &str, specifier: &str) -> String {
    let mut path = PathBuf::from(from);
    path.pop();
    for part in Path::new(specifier).components() {
        match part {
            Component::ParentDir => assert!(path.pop(), "{specifier} leaves the graph"),
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path.to_string_lossy().into_owned()
}
