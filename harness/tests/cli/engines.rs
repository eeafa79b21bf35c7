//! `engine list` and `engine show`, and an identity that follows the engine's code and options and nothing else.

use std::os::unix::fs::symlink;
use std::process::{Command, Output};
use std::{env, fs};

use jsc_provision::env::{TEST_ALL_ENGINES, TESTS_LEFT_OUT};
use jsc_provision::pins;
use serde_json::Value;
use tempfile::TempDir;

use test_programs::{
    Engine, binary, call, default_engine, engines, jsc_harness, text, two_engines,
};

/// The identity of the engine that a process with these settings runs on.
fn identity(settings: &[(&str, &str)]) -> Value {
    let output = jsc_harness()
        .args(["engine", "identity"])
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    json(&output)
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_list_as_json() {
    let list = json(&call(&["engine", "list", "--format", "json"]));
    let ready = |it: &&Value| it["kind"] == "pinned" && it["state"] == "ready";
    for engine in list.as_array().unwrap().iter().filter(ready) {
        let fields: Vec<&str> = engine
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            fields,
            [
                "name",
                "version",
                "fingerprint",
                "build_id",
                "features",
                "compiler",
                "cmake_args",
                "capabilities",
                "directory",
                "default",
                "kind",
                "state"
            ]
        );
        assert_eq!(engine["fingerprint"].as_str().unwrap().len(), 32);
        assert_eq!(engine["build_id"].as_str().unwrap().len(), 40);
        assert!(
            engine["features"]
                .as_array()
                .unwrap()
                .contains(&"ENABLE_WEBASSEMBLY".into())
        );
        // Found out from its headers: no list of versions says which engine has which.
        let capabilities = engine["capabilities"].as_array().unwrap();
        assert!(capabilities.contains(&"loader-in-javascript".into()));
    }
}

#[test]
fn two_engines_have_two_fingerprints() {
    let Some([one, other]) = two_engines!() else {
        return;
    };
    assert_ne!(one.fingerprint, other.fingerprint);
    assert_ne!(one.directory, other.directory);
}

#[test]
fn the_default_is_the_pinned_one() {
    assert_eq!(default_engine().version, pins::default_version());
    assert!(engines().len() <= pins::all().len(), "{:?}", engines());
}

#[test]
fn the_list_for_people() {
    let output = call(&["engine", "list"]);
    let table = text(&output.stdout);
    let mut lines = table.lines();
    let heads: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(
        heads,
        [
            "name",
            "version",
            "kind",
            "revision",
            "fingerprint",
            "build-id",
            "state",
            "default"
        ]
    );
    let lines: Vec<&str> = lines.collect();
    for engine in engines() {
        let is_it = |line: &&&str| line.split_whitespace().next() == Some(&engine.name);
        let line = lines.iter().find(is_it).unwrap();
        let cells: Vec<&str> = line.split_whitespace().collect();
        // A pinned engine has no revision.
        assert_eq!(
            cells[..4],
            [
                &*engine.name,
                &engine.version,
                "pinned",
                &engine.fingerprint
            ]
        );
        assert_eq!(cells[5], "ready");
        assert_eq!(cells.get(6).copied(), engine.default.then_some("yes"));
    }
}

#[test]
fn show_takes_a_name_a_version_or_nothing() {
    for engine in engines() {
        for wanted in [&engine.name, &engine.version] {
            let shown = json(&call(&["engine", "show", wanted, "--format", "json"]));
            assert_eq!(shown[0]["fingerprint"], engine.fingerprint);
        }
    }
    let shown = json(&call(&["engine", "show", "--format", "json"]));
    assert_eq!(shown[0]["name"], default_engine().name);
    let people = text(&call(&["engine", "show"]).stdout);
    let labels: Vec<&str> = people
        .lines()
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert_eq!(
        labels,
        [
            "name",
            "version",
            "fingerprint",
            "build-id",
            "directory",
            "default",
            "features",
            "capabilities",
            "compiler",
            "cmake",
            "kind",
            "state"
        ]
    );
}

#[test]
fn options_of_the_engine_are_part_of_the_fingerprint() {
    let plain = identity(&[]);
    assert_eq!(plain["fingerprint"], default_engine().fingerprint);
    for option in ["JSC_useJIT", "JSC_useDFGJIT", "JSC_useConcurrentJIT"] {
        let changed = identity(&[(option, "0")]);
        assert_ne!(changed["fingerprint"], plain["fingerprint"], "{option}");
        assert_eq!(changed["build_id"], plain["build_id"]);
    }
    assert_eq!(
        identity(&[("JSC_useJIT", "1")]),
        plain,
        "an option's default changes nothing"
    );
}

#[test]
fn the_number_of_cores_is_not_part_of_the_fingerprint() {
    let output = Command::new("taskset")
        .args(["-c", "0"])
        .arg(binary())
        .args(["engine", "identity"])
        .output()
        .unwrap();
    assert_eq!(json(&output), identity(&[]));
}

#[test]
fn the_library_path_selects_the_engine() {
    for engine in engines() {
        let directory = engine.directory.to_str().unwrap();
        let identity = identity(&[("LD_LIBRARY_PATH", directory)]);
        assert_eq!(identity["version"], engine.version);
        assert_eq!(identity["fingerprint"], engine.fingerprint);
        assert_eq!(identity["library"], format!("{directory}/libjsc_bridge.so"));
    }
}

/// A store with the bridges of these engines and nothing else.
fn store_with(engines: &[&Engine]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("jsc-harness");
    fs::create_dir_all(store.join("bridges")).unwrap();
    for engine in engines {
        let name = engine.directory.file_name().unwrap();
        symlink(&engine.directory, store.join("bridges").join(name)).unwrap();
    }
    home
}

/// Runs these tests of this program on a machine with that store: whether they passed, what was printed, and which tests
/// were left out.
fn tests_with(store: &TempDir, names: &[&str], all: bool) -> (bool, String, String) {
    let file = store.path().join("left-out");
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .arg("--exact")
        .args(names)
        .env("XDG_CACHE_HOME", store.path())
        .env(TESTS_LEFT_OUT, &file)
        .env_remove(TEST_ALL_ENGINES);
    if all {
        command.env(TEST_ALL_ENGINES, "1");
    }
    let output = command.output().unwrap();
    (
        output.status.success(),
        [text(&output.stdout), text(&output.stderr)].concat(),
        fs::read_to_string(file).unwrap_or_default(),
    )
}

const NEEDS_TWO: &str = "engines::two_engines_have_two_fingerprints";

#[test]
fn with_one_engine_a_test_that_needs_two_is_named() {
    let store = store_with(&[default_engine()]);
    let (passed, printed, left_out) = tests_with(&store, &[NEEDS_TWO], false);
    assert!(passed, "{printed}");
    assert_eq!(left_out, format!("cli::{NEEDS_TWO}\n"));
    let line = format!(
        "left out: cli::{NEEDS_TWO} needs a second engine; hint: cargo xtask setup --all-engines\n"
    );
    assert!(printed.contains(&line), "{printed}");
}

#[test]
fn nothing_is_left_out_when_every_engine_was_asked_for() {
    let store = store_with(&[default_engine()]);
    let (passed, printed, left_out) = tests_with(&store, &[NEEDS_TWO], true);
    assert!(!passed, "{printed}");
    assert_eq!(left_out, "");
    let missing =
        "is missing, and every engine was asked for; hint: cargo xtask setup --all-engines";
    assert!(printed.contains(missing), "{printed}");
}

#[test]
fn with_two_engines_nothing_is_left_out() {
    let Some(both) = two_engines!() else {
        return;
    };
    let (passed, printed, left_out) = tests_with(&store_with(&both), &[NEEDS_TWO], true);
    assert!(passed, "{printed}");
    assert_eq!(left_out, "");
}

/// Whoever comes second says what is missing, too, and not that the first panicked.
#[test]
fn without_an_engine_every_test_says_so() {
    let tests = [
        NEEDS_TWO,
        "engines::the_default_is_the_pinned_one",
        "engines::the_library_path_selects_the_engine",
    ];
    let (passed, printed, _) = tests_with(&store_with(&[]), &tests, false);
    assert!(!passed, "{printed}");
    let line = "no engine is installed; hint: cargo xtask setup\n";
    assert_eq!(printed.matches(line).count(), tests.len(), "{printed}");
    assert!(!printed.contains("poisoned"), "{printed}");
}
