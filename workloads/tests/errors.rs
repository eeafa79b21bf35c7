//! What errors say.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use workloads::{Catalog, Error, find, materialise};

#[test]
fn an_unknown_workload_brings_the_nearest_name() {
    let text = find("tree-100").expect_err("there is none").to_string();
    assert_eq!(
        text,
        "there is no workload `tree-100` (did you mean `tree-1000`?); `jsc-harness list` shows them all"
    );
    let text = find("zzzzzzzzzzzz").expect_err("there is none").to_string();
    assert_eq!(
        text,
        "there is no workload `zzzzzzzzzzzz`; `jsc-harness list` shows them all"
    );
}

#[test]
fn an_unknown_suite_brings_all_suites() {
    let catalog = Catalog::open(None).expect("the definitions are valid");
    let text = catalog
        .suite("fast")
        .expect_err("there is none")
        .to_string();
    assert_eq!(
        text,
        "there is no suite `fast`; there are: all, bench, default, gate, smoke, steady"
    );
}

#[test]
fn a_suite_of_unknown_workloads_is_refused() {
    let dir = definitions();
    write(
        dir.path(),
        "jsc-harness.toml",
        "[[suite]]\nname = 'odd'\nwhy = 'x'\nworkloads = ['nobody']\n",
    );
    let error = Catalog::at(dir.path())
        .expect("the rest is valid")
        .suites()
        .expect_err("nobody does not exist");
    let text = error.to_string();
    assert!(
        text.ends_with("line 4: the suite `odd` names the workload `nobody`, which does not exist")
            && text.contains("jsc-harness.toml is not a valid definition"),
        "{text}"
    );
}

#[test]
fn a_definition_file_is_named_with_the_place() {
    let dir = definitions();
    write(
        dir.path(),
        "generated.toml",
        "[[workload]]\nname = 'x'\nsurprise = 1\n",
    );
    let text = Catalog::at(dir.path())
        .expect_err("a key is unknown")
        .to_string();
    assert!(
        text.contains("generated.toml is not a valid definition") && text.contains("line 3"),
        "{text}"
    );
}

#[test]
fn an_unknown_parameter_of_a_generator_is_refused() {
    let dir = definitions();
    let workload = "[[workload]]\nname = 'x'\nwhy = 'y'\nseed = 1\nmodules = 1\n";
    let generate =
        "generate = { graph = 'tree', shape = 'chain', modules = 1, bytes = 1, colour = 2 }\n";
    write(
        dir.path(),
        "generated.toml",
        &format!("{workload}{generate}"),
    );
    let text = Catalog::at(dir.path())
        .expect_err("a parameter is unknown")
        .to_string();
    assert!(text.contains("colour"), "{text}");
}

#[test]
fn one_name_twice_is_refused() {
    let dir = definitions();
    for folder in ["fixtures/same", "npm"] {
        write(dir.path(), &format!("{folder}/entry.mjs"), "");
    }
    let fixture = "why = 'x'\nsection = 'y'\nentry = 'entry.mjs'\n[expected]\nstdout = []\n";
    write(dir.path(), "fixtures/same/fixture.toml", fixture);
    write(
        dir.path(),
        "npm/entries.toml",
        "[[entry]]\nname = 'same'\nentry = 'entry.mjs'\nmodules = 1\nwhy = 'x'\n",
    );
    let error = Catalog::at(dir.path()).expect_err("the name is taken");
    assert!(matches!(error, Error::Duplicate { .. }), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("the workload `same` is defined twice, by "),
        "{error}"
    );
}

#[test]
fn a_missing_entry_is_told() {
    let dir = definitions();
    let fixture = "why = 'x'\nsection = 'y'\nentry = 'absent.mjs'\n[expected]\nstdout = []\n";
    write(dir.path(), "fixtures/odd/fixture.toml", fixture);
    let text = Catalog::at(dir.path())
        .expect_err("the entry is absent")
        .to_string();
    assert!(
        text.ends_with("its entry `absent.mjs` is not a file"),
        "{text}"
    );
}

#[test]
fn packages_that_are_not_installed_bring_the_next_step() {
    let dir = definitions();
    write(dir.path(), "npm/entry.mjs", "");
    write(dir.path(), "npm/package-lock.json", "{}");
    write(
        dir.path(),
        "npm/entries.toml",
        "[[entry]]\nname = 'real'\nentry = 'entry.mjs'\nmodules = 1\nwhy = 'x'\n",
    );
    let catalog = Catalog::at(dir.path()).expect("the definitions are valid");
    let error = materialise(catalog.find("real").expect("it exists"), dir.path())
        .expect_err("nothing is installed");
    let text = error.to_string();
    assert!(
        text.contains("/npm are not installed; hint: npm ci in that folder"),
        "{text}"
    );
}

#[test]
fn the_mistakes_of_a_peer_are_told_with_their_line() {
    let peer = |text: &str| {
        let dir = definitions();
        write(dir.path(), "jsc-harness.toml", text);
        let error = Catalog::at(dir.path()).expect_err(text);
        let text = error.to_string();
        text[text.find("line ").unwrap_or(0)..].to_owned()
    };
    let valid = "[[peer]]\nname = 'x'\ncommand = ['x', '{entry}']\n";
    assert_eq!(
        peer(&format!("{valid}\n{valid}")),
        "line 5: the peer `x` is defined twice"
    );
    assert_eq!(
        peer("\n[[peer]]\nname = ' '\ncommand = ['x', '{entry}']\n"),
        "line 2: the name of a peer is empty"
    );
    assert_eq!(
        peer("[[peer]]\nname = 'x'\ncommand = []\n"),
        "line 1: a command of the peer `x` names no program"
    );
    assert_eq!(
        peer("[[peer]]\nname = 'x'\ncommand = ['x', '{entry}', '{dir}']\n"),
        "line 1: the peer `x` uses {dir}; there are {entry} and {cache}"
    );
    assert_eq!(
        peer("[[peer]]\nname = 'x'\ncommand = ['x']\nprepare = [['y', '{cache}']]\n"),
        "line 1: no command of the peer `x` has {entry}, so it would run something else"
    );
    assert!(peer("[[peer]]\nname = 'x'\n").contains("missing field `command`"));
}

/// Definitions with nothing in them.
fn definitions() -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let sources = "packages = 'npm'\ngenerated = 'generated.toml'\nfixtures = 'fixtures'\n";
    write(dir.path(), "jsc-harness.toml", sources);
    write(dir.path(), "generated.toml", "workload = []\n");
    write(dir.path(), "npm/entries.toml", "entry = []\n");
    fs::create_dir_all(dir.path().join("fixtures")).expect("a folder");
    dir
}

fn write(dir: &Path, path: &str, text: &str) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}
