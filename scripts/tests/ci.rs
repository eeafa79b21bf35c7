//! `ci/` and the workflows: everything that is called is there, and nothing is done in YAML that cannot be done by hand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &str, extension: Option<&str>) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && path.extension().and_then(|it| it.to_str()) == extension)
        .collect();
    found.sort();
    found
}

/// Every workflow, and the action that they share.
fn definitions() -> Vec<(PathBuf, Value)> {
    let mut paths = files(".github/workflows", Some("yml"));
    assert_eq!(paths.len(), 3);
    paths.push(root().join(".github/actions/prepare/action.yml"));
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let value = serde_saphyr::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path, value)
        })
        .collect()
}

/// All steps, wherever they stand.
fn steps(value: &Value) -> Vec<&Value> {
    let inner = match value {
        Value::Object(object) => object.values().collect::<Vec<_>>(),
        Value::Array(array) => array.iter().collect(),
        _ => return Vec::new(),
    };
    let here = value.get("steps").and_then(Value::as_array);
    let mut found: Vec<&Value> = here.into_iter().flatten().collect();
    found.extend(inner.into_iter().flat_map(steps));
    found
}

#[test]
fn every_step_is_a_script_or_an_action_of_a_known_release() {
    for (path, definition) in definitions() {
        let steps = steps(&definition);
        assert!(!steps.is_empty(), "{}", path.display());
        for step in steps {
            match (step["run"].as_str(), step["uses"].as_str()) {
                (Some(run), None) => script(run),
                (None, Some(uses)) => action(uses),
                other => panic!("{}: {other:?}", path.display()),
            }
        }
    }
}

/// One call of a script that is there, without anything that GitHub would put into its text: inputs come as variables.
#[track_caller]
fn script(run: &str) {
    let name = run.split_whitespace().next().unwrap();
    assert!(name.starts_with("ci/"), "{run}");
    assert!(!run.contains("${{") && !run.contains('\n'), "{run}");
    let mode = fs::metadata(root().join(name)).unwrap().permissions();
    assert_ne!(mode.mode() & 0o111, 0, "{name} cannot be called");
}

#[track_caller]
fn action(uses: &str) {
    match uses.strip_prefix("./") {
        Some(own) => assert!(root().join(own).join("action.yml").exists(), "{uses}"),
        None => {
            let (action, release) = uses.split_once('@').unwrap();
            assert!(action.starts_with("actions/"), "{uses}");
            assert!(release.starts_with('v'), "{uses}");
        }
    }
}

#[test]
fn jobs_need_jobs_that_are_there_and_end_some_time() {
    for (path, definition) in definitions() {
        let Some(jobs) = definition["jobs"].as_object() else {
            continue;
        };
        assert!(
            definition.get("permissions").is_some(),
            "{}",
            path.display()
        );
        for (name, job) in jobs {
            assert!(job["timeout-minutes"].is_u64(), "{name}");
            if let Some(needed) = job["needs"].as_str() {
                assert!(jobs.contains_key(needed), "{name} needs {needed}");
            }
        }
    }
}

#[test]
fn shards_are_complete() {
    for (path, definition) in definitions() {
        let jobs = definition["jobs"].as_object();
        for (name, job) in jobs.into_iter().flatten() {
            let Some(shards) = job["strategy"]["matrix"]["shard"].as_array() else {
                continue;
            };
            let expected: Vec<String> = (1..=shards.len())
                .map(|index| format!("{index}/{}", shards.len()))
                .collect();
            assert_eq!(*shards, expected, "{name} of {}", path.display());
        }
    }
}

#[test]
fn scripts_stop_at_the_first_error_and_are_sound() {
    let scripts = files("ci", None);
    assert!(scripts.len() >= 9);
    for script in scripts {
        let text = fs::read_to_string(&script).unwrap();
        assert!(
            text.starts_with("#!/usr/bin/env bash\n# "),
            "{}",
            script.display()
        );
        assert!(
            text.contains("\nset -euo pipefail\n"),
            "{}",
            script.display()
        );
        let checked = Command::new("bash")
            .arg("-n")
            .arg(&script)
            .status()
            .unwrap();
        assert!(checked.success(), "{}", script.display());
    }
}

/// A machine that has every engine, or builds them, leaves no test out.
#[test]
fn checks_before_a_merge_want_every_engine() {
    for script in [".ci/run", "ci/pull-request"] {
        let text = fs::read_to_string(root().join(script)).unwrap();
        let calls: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("cargo xtask test"))
            .collect();
        let [call] = calls[..] else {
            panic!("{script}: {calls:?}");
        };
        assert!(call.ends_with(" --all-engines"), "{script}: {call}");
    }
}

#[test]
fn the_bare_machine_is_described() {
    let output = Command::new(root().join("ci/bare"))
        .arg("--help")
        .output()
        .unwrap();
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    for part in [
        "--archives DIR",
        "--only COMMAND",
        "--all-engines",
        "--log FILE",
        "--keep",
    ] {
        assert!(help.contains(&format!("  {part} ")), "{part}: {help}");
    }
    assert!(!help.contains("set -"), "{help}");
}

/// Called wrongly, each says how it is called, before anything is built.
#[test]
fn scripts_say_how_they_are_called() {
    for (name, part) in [
        ("shard", "INDEX/COUNT"),
        ("merge", "usage: ci/merge OUT DIR"),
        ("upgrade", "usage: ci/upgrade FROM TO [OPTIONS]"),
        ("equals", "usage: ci/equals ENGINE COUNT MINUTES [OPTIONS]"),
        ("results-branch", "ci/results-branch open BRANCH FOLDER"),
        ("bare", "unknown option: --wrong; see ci/bare --help"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let wrong = (name == "bare").then_some("--wrong");
        let output = Command::new(root().join("ci").join(name))
            .args(wrong)
            .current_dir(folder.path())
            .env("JSCSYS_ARCHIVE_DIR", folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(64), "{name}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(part), "{name}: {stderr}");
    }
}
