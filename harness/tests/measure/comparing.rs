//! `cmp`, and files of every schema that was ever written.

use std::fs;
use std::path::{Path, PathBuf};

use record::{Metric, Void};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use sample::LoadPath;
use serde_json::Value;

use test_programs::{call, text};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/measure/samples")
        .join(name)
}

fn cmp(a: &Path, b: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let mut arguments = vec!["cmp", a.to_str().unwrap(), b.to_str().unwrap()];
    arguments.extend(more);
    let output = call(&arguments);
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A file that schema 1 wrote, with a void block, a worker that crashed, and a wrong observation in it. It must stay
/// readable for ever.
#[test]
fn schema_1_is_read() {
    let record = record::read(&sample("v1.json")).unwrap();
    assert_eq!(record.run.id, "2026-11-22T174703Z-2.52.6-ad7655e6");
    assert_eq!(record.workloads.len(), 2);
    assert_eq!(record.blocks.len(), 13);
    assert_eq!(record.blocks[1].void, Some(Void::MajorFaults { count: 1 }));
    let values = record.values(1, 0, LoadPath::Full, Metric::Load);
    assert_eq!(values.len(), 5);
    let errors: Vec<String> = record
        .loads()
        .filter_map(|(_, load)| Some(load.error.as_ref()?.to_string()))
        .collect();
    assert_eq!(
        errors,
        [
            "the worker crashed: killed by SIGSEGV; standard error: last words",
            "observation 00 differs from the parse path's 7ccaeb17baf4d7cb4e3887c2c2b3c6bf",
        ]
    );
}

/// What is written today is what was written when the sample was: the schema's number changes with its layout.
#[test]
fn schema_1_is_written_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.json");
    record::write(&record::read(&sample("v1.json")).unwrap(), &copy, false).unwrap();
    assert_eq!(
        fs::read_to_string(copy).unwrap(),
        fs::read_to_string(sample("v1.json")).unwrap()
    );
}

#[test]
fn a_result_beside_itself() {
    let file = sample("v1.json");
    let (code, out, err) = cmp(&file, &file, &[]);
    assert_eq!((code, &*err), (Some(0), ""));
    assert!(!out.contains("different"), "{out}");
    assert!(!out.contains("apart"), "{out}");
    assert!(
        out.ends_with("\nintervals overlap: 4 of 4 medians, 2 of 2 gains\n"),
        "{out}"
    );
}

#[test]
fn what_differs_is_said_and_what_does_not_compare_is_not_compared() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.json");
    let mut record = record::read(&sample("v1.json")).unwrap();
    record.machine.id = "00000000".to_owned();
    record.machine.kernel = "9.0".to_owned();
    record.conditions.void_above.steal_percent = 10.0;
    record.workloads[1].digest = "0".repeat(32);
    record::write(&record, &other, false).unwrap();

    let (code, out, _) = cmp(&sample("v1.json"), &other, &[]);
    assert_eq!(code, Some(0));
    let lines: Vec<&str> = out.lines().take(7).collect();
    assert_eq!(
        lines,
        [
            "A: 2026-11-22T174703Z-2.52.6-ad7655e6",
            "B: 2026-11-22T174703Z-2.52.6-ad7655e6",
            "different machine: ad7655e6 (AMD EPYC, 2 cores, 24 GiB); 00000000 (AMD EPYC, 2 cores, 24 GiB)",
            "different kernel: 6.18.44-fc-v445; 9.0",
            "different limits of void blocks: 2 % stolen, 5 % stalled; 10 % stolen, 5 % stalled",
            "put side by side, but not compared: they were measured on different machines",
            "not compared: cycle-tdz: its files are not the same in both runs",
        ]
    );

    let (code, out, _) = cmp(&sample("v1.json"), &other, &["--format", "json"]);
    assert_eq!(code, Some(0));
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["rows"].as_array().unwrap().len(), 3);
    assert_eq!(json["rows"][0]["ratio"], Value::Null);
    assert_eq!(json["left_out"][0]["workload"], "cycle-tdz");

    record.workloads[0].name = "another".to_owned();
    let nothing = folder.path().join("nothing.json");
    record::write(&record, &nothing, false).unwrap();
    let (code, out, _) = cmp(&sample("v1.json"), &nothing, &[]);
    assert_eq!(code, Some(2));
    assert!(out.ends_with("nothing of the two compares\n"), "{out}");
}

#[test]
fn files_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let newer = folder.path().join("newer.json");
    fs::write(&newer, "{\"schema\": 2}").unwrap();
    let (code, out, err) = cmp(&sample("v1.json"), &newer, &[]);
    assert_eq!((code, &*out), (Some(4), ""));
    assert_eq!(
        err,
        format!(
            "error: {} has schema 2; this program reads schemas up to 1: use the version that wrote it, or a later one\n",
            newer.display()
        )
    );
    let absent = folder.path().join("absent.json");
    let (code, _, err) = cmp(&absent, &newer, &[]);
    assert_eq!(code, Some(4));
    assert!(err.starts_with("error: cannot read result file "), "{err}");
}

#[test]
fn what_is_no_file_is_neither_read_for_ever_nor_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RWXU, 0).unwrap();
    for path in [&*pipe, Path::new("/dev/zero")] {
        let (code, out, err) = cmp(&sample("v1.json"), path, &[]);
        assert_eq!((code, &*out), (Some(4), ""));
        assert_eq!(
            err,
            format!(
                "error: cannot read result file {}: it is not a regular file\n",
                path.display()
            )
        );
    }
}

#[test]
fn several_results_are_compared_with_the_first() {
    let file = sample("v1.json");
    let name = file.to_str().unwrap();
    let output = call(&["cmp", name, name, name, "--format", "markdown"]);
    let table = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for part in [
        "- A: 2026-11-22T174703Z",
        "- C: 2026-11-22T174703Z",
        "C/A |",
        "| 1.00 ~",
    ] {
        assert!(table.contains(part), "{part} in {table}");
    }
    let two = call(&["cmp", name, name, "--format", "markdown"]);
    assert!(
        text(&two.stdout).contains("| workload"),
        "{}",
        text(&two.stdout)
    );
    let output = call(&["cmp", name, name, name, "--format", "json"]);
    let json: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2);
    assert_eq!(call(&["cmp", name]).status.code(), Some(64));
}
