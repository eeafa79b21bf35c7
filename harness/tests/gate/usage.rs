//! What is wrong with a command line, and what to do about it.

use std::fs;

use crate::support::{against_itself, gate, jsc_harness, replay};
use test_programs::{default_engine, text};

#[track_caller]
fn wrong(arguments: &[&str], code: i32, part: &str) {
    let output = jsc_harness().arg("gate").args(arguments).output().unwrap();
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert!(stderr.contains(part), "{part}\n---\n{stderr}");
    assert_eq!(text(&output.stdout), "");
}

#[test]
fn both_engines_are_needed() {
    wrong(&["--from", "any"], 64, "--to <ENGINE>");
    wrong(&[], 64, "--from <ENGINE>");
}

#[test]
fn an_engine_that_is_not_there() {
    wrong(
        &["--from", "1.2.3", "--to", "1.2.3"],
        4,
        "error: no engine `1.2.3`; installed: ",
    );
}

#[test]
fn an_entry_that_is_named_twice_is_a_mistake_of_the_command_line() {
    let version = &*default_engine().version;
    let entry = tempfile::Builder::new().suffix(".mjs").tempfile().unwrap();
    let entry = entry.path().to_str().unwrap();
    let arguments = ["--from", version, "--to", version, entry, entry];
    wrong(&arguments, 64, "is named twice");
}

#[test]
fn workloads_that_are_not_there() {
    let version = &*default_engine().version;
    let between = ["--from", version, "--to", version];
    let with = |more: &[&'static str]| [&between[..], more].concat();
    wrong(&with(&["--suite", "none"]), 64, "none");
    wrong(&with(&["--timed", "none"]), 64, "none");
    wrong(
        &with(&["-w", "^none$"]),
        64,
        "no workload of suite gate matches ^none$",
    );
    wrong(&with(&["-w", "("]), 64, "regex parse error");
}

#[test]
fn margins_that_contradict_each_other() {
    wrong(
        &["--from", "a", "--to", "b", "--margin-low", "5"],
        64,
        "error: the margins must be fractions with 0 <= low < high < 1, not 0.05 and 0.03",
    );
}

#[test]
fn a_gate_is_never_written_over() {
    let gate = against_itself();
    let out = gate.directory.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("gate.json"), "kept").unwrap();
    let ran = gate.run();
    ran.ends(
        64,
        "there is a gate in this folder; remove it or give another name",
    );
    assert_eq!(ran.text("gate.json"), "kept");
}

#[test]
fn lists_of_allowed_changes_that_cannot_be_read() {
    let ran = gate()
        .file("--allow", "[[allow]]\nworkload = \"empty\"\n")
        .run();
    ran.ends(64, "missing field `why`");
    let ran = gate()
        .arguments(&["--allow", "/nonexistent/list.toml"])
        .run();
    ran.ends(4, "error: cannot read /nonexistent/list.toml: ");
    let ran = gate().arguments(&["--allow", "/dev/zero"]).run();
    ran.ends(4, "error: cannot read /dev/zero: it is not a regular file");
}

#[test]
fn documents_that_are_none() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("gate.json");
    let (code, _, stderr) = replay(&file, "table");
    assert_eq!(code, Some(4));
    assert!(
        stderr.contains("error: cannot read result file "),
        "{stderr}"
    );
    fs::write(&file, "{}").unwrap();
    let (code, _, stderr) = replay(&file, "table");
    assert_eq!(code, Some(4));
    assert!(stderr.contains("is not a result file"), "{stderr}");
}

/// Before anything is measured.
#[test]
fn documents_that_cannot_be_kept() {
    let gate = against_itself();
    let out = gate.directory.path().join("out");
    fs::write(&out, "a file").unwrap();
    let ran = gate.run();
    ran.ends(4, &format!("error: cannot write --out {}: ", out.display()));
    assert!(!ran.stderr.contains("old jsc-"), "{}", ran.stderr);
}
