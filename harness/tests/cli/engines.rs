//! `engine list` and `engine show`, and an identity that follows the engine's code and options and nothing else.

use std::process::Output;

use serde_json::Value;

use super::common::{Engine, call, engines, jsc_harness, text};

fn default_engine() -> &'static Engine {
    let mut defaults = engines().iter().filter(|it| it.default);
    let default = defaults.next().expect("one engine is the default");
    assert!(defaults.next().is_none(), "only one engine is the default");
    default
}

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
    for engine in list.as_array().unwrap() {
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
                "directory",
                "default"
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
    }
}

#[test]
fn two_engines_have_two_fingerprints() {
    let [one, other] = engines() else {
        panic!("more engines than are pinned: {:?}", engines());
    };
    assert_ne!(one.fingerprint, other.fingerprint);
    assert_ne!(one.directory, other.directory);
    assert_eq!(default_engine().version, "2.52.6");
}

#[test]
fn the_list_for_people() {
    let output = call(&["engine", "list"]);
    let table = text(&output.stdout);
    let mut lines = table.lines();
    let heads: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(
        heads,
        ["name", "version", "fingerprint", "build-id", "default"]
    );
    for (engine, line) in engines().iter().zip(lines) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(
            cells[..3],
            [&*engine.name, &engine.version, &engine.fingerprint]
        );
        assert_eq!(cells.get(4).copied(), engine.default.then_some("yes"));
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
            "features"
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
    let output = std::process::Command::new("taskset")
        .args([
            "-c",
            "0",
            env!("CARGO_BIN_EXE_jsc-harness"),
            "engine",
            "identity",
        ])
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
