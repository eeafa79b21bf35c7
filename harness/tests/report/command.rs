//! The command: what it writes where, and the text of each failure.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::histories::{real, write};
use test_programs::{jsc_harness, text};

/// The report of the history in `folder`.
pub fn report(folder: &Path) -> PathBuf {
    let output = run(folder, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let file = PathBuf::from(text(&output.stdout).trim_end());
    assert_eq!(file, folder.join("report/index.html"));
    file
}

fn run(results: &Path, arguments: &[&str]) -> Output {
    jsc_harness()
        .arg("report")
        .args(arguments)
        .env("HARNESS_RESULTS", results)
        .output()
        .unwrap()
}

#[test]
fn folders_can_be_named_and_a_report_replaces_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let (history, out) = (folder.path().join("some"), folder.path().join("a/b"));
    write(&history, &[real()]);
    let arguments = [
        "--history",
        history.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ];
    let file = out.join("index.html");
    fs::create_dir_all(&out).unwrap();
    fs::write(&file, "before").unwrap();
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout).trim_end(), file.to_str().unwrap());
    let html = fs::read_to_string(&file).unwrap();
    assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
    assert!(html.contains(&real().run.id));
    assert!(!html.contains("{{"), "a place was left empty");
    assert_eq!(
        fs::read_dir(&out).unwrap().count(),
        1,
        "nothing else is left"
    );
}

#[test]
fn the_same_history_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("history"), &[real()]);
    let first = fs::read(report(folder.path())).unwrap();
    assert!(first == fs::read(report(folder.path())).unwrap());
}

#[test]
fn an_empty_history_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        text(&output.stderr),
        "warning: there are no results yet; hint: jsc-harness measure --history\n"
    );
}

#[test]
fn what_cannot_be_read_or_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let fails = |arguments: &[&str]| {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(4));
        assert_eq!(text(&output.stdout), "");
        text(&output.stderr)
    };
    let nowhere = folder.path().join("nowhere");
    let error = fails(&["--history", nowhere.to_str().unwrap()]);
    assert!(
        error.starts_with(&format!("error: cannot read {}: ", nowhere.display())),
        "{error}"
    );

    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = fails(&["--out", file.to_str().unwrap()]);
    let expected = format!(
        "error: cannot write --out {}: ",
        file.join("index.html").display()
    );
    assert!(error.contains(&expected), "{error}");

    let history = folder.path().join("history");
    write(&history, &[real()]);
    let damaged = history.join("2026-01-01-damaged.json");
    fs::write(&damaged, "{\"schema\": 1").unwrap();
    let error = fails(&[]);
    assert!(
        error.starts_with(&format!(
            "error: {} is not a result file: ",
            damaged.display()
        )),
        "{error}"
    );
}
