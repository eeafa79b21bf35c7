//! Which crate may know which. The arrows run down only; what may never be is written here, and a reason to change this
//! list is a reason to talk.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;
use xshell::{Shell, cmd};

use super::Source;

/// A crate, and those of ours that it must not depend on, not even by way of others.
const NEVER: &[(&str, &[&str])] = &[
    ("jsc-module-cache", OURS),
    ("resolve", OURS),
    ("observation", OURS),
    ("profile", OURS),
    ("stats", OURS),
    ("sample", ENGINE),
    ("record", ENGINE),
    ("record", &["stats", "results"]),
    ("results", ENGINE),
    ("gate", ENGINE),
    ("bisect", ENGINE),
    ("bisect", &["gate"]),
    ("engine", &["load", "observation"]),
    ("load", &["record", "workers", "measure", "verify"]),
];

/// Anything of this workspace.
const OURS: &[&str] = &["*"];

/// Everything that needs an engine to be built.
const ENGINE: &[&str] = &["engine", "load", "workers", "jsc-sys"];

/// Who may have arguments.
const COMMAND_LINES: &[&str] = &["jsc-harness", "xtask"];

/// What code of a crate must not do, and why.
const NOT_IN: &[(&str, &[&str], &str)] = &[
    (
        "harness/crates/gate/src/",
        &["std::fs", "fs::"],
        "a gate is judged from samples alone",
    ),
    (
        "harness/crates/bisect/src/",
        &["std::fs", "fs::"],
        "a search is answered from evidence alone",
    ),
    (
        "harness/crates/engine/src/",
        &["process::exit", "io::stdout", "io::stderr", "println!"],
        "whoever runs an engine decides where things are printed",
    ),
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

/// The dependencies of each of our crates, without those for tests and build scripts.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// What a crate of the checkout knows and must not.
pub fn check(shell: &Shell) -> Result<Vec<String>> {
    let text = cmd!(
        shell,
        "cargo metadata --format-version 1 --no-deps --locked"
    )
    .read()?;
    let metadata: Metadata = serde_json::from_str(&text).context("cargo metadata")?;
    let graph = metadata.packages.into_iter().map(|package| {
        let dependencies = package.dependencies.into_iter();
        let normal = dependencies.filter(|it| it.kind.is_none());
        (package.name, normal.map(|it| it.name).collect())
    });
    Ok(forbidden(&graph.collect()))
}

/// What a file does and must not.
pub fn check_code(source: &Source) -> Vec<String> {
    let rules = NOT_IN
        .iter()
        .filter(|(folder, ..)| source.path.starts_with(folder) && !source.is_test());
    let broken = rules.flat_map(|(_, words, why)| {
        let found = words.iter().filter(|word| source.text.contains(**word));
        found.map(move |word| format!("{}: `{word}`: {why}", source.path))
    });
    broken.collect()
}

fn forbidden(graph: &Graph) -> Vec<String> {
    let mut found = Vec::new();
    for (name, never) in NEVER {
        for known in all_of(graph, name) {
            let is_ours = graph.contains_key(&known);
            if never.contains(&&*known) || (*never == OURS && is_ours) {
                found.push(format!("{name} must not depend on {known}"));
            }
        }
    }
    for (name, dependencies) in graph {
        if dependencies.contains("clap") && !COMMAND_LINES.contains(&&**name) {
            found.push(format!("{name} must not depend on clap"));
        }
        // One is a program, the others are for tests alone.
        for never in ["jsc-harness", "testing", "test-programs"] {
            if dependencies.contains(never) {
                found.push(format!("{name} must not depend on {never}"));
            }
        }
    }
    found
}

/// Everything that a crate depends on, among ours also by way of others.
fn all_of(graph: &Graph, name: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut queue = vec![name.to_owned()];
    while let Some(name) = queue.pop() {
        for dependency in graph.get(&name).into_iter().flatten() {
            if all.insert(dependency.clone()) {
                queue.push(dependency.clone());
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> Graph {
        let owned = |it: &&str| (*it).to_owned();
        let edges = edges.iter();
        edges
            .map(|(name, known)| ((*name).to_owned(), known.iter().map(owned).collect()))
            .collect()
    }

    #[test]
    fn what_is_forbidden_is_found_at_any_distance() {
        let fine = graph(&[
            ("jsc-module-cache", &["serde"]),
            ("sample", &["jsc-module-cache"]),
            ("gate", &["sample", "stats"]),
            ("stats", &[]),
            ("jsc-harness", &["clap", "gate"]),
        ]);
        assert_eq!(forbidden(&fine), [""; 0]);
        let wrong = graph(&[
            ("jsc-module-cache", &["stats"]),
            ("stats", &[]),
            ("gate", &["record"]),
            ("record", &["load", "clap"]),
            ("load", &[]),
        ]);
        assert_eq!(
            forbidden(&wrong),
            [
                "jsc-module-cache must not depend on stats",
                "record must not depend on load",
                "gate must not depend on load",
                "record must not depend on clap",
            ]
        );
    }

    #[test]
    fn every_crate_of_the_list_is_there() {
        let manifest = include_str!("../../../Cargo.toml");
        for (name, _) in NEVER {
            assert!(manifest.contains(&format!("\n{name} = ")), "{name}");
        }
    }
}
