//! `results scan` and `results add`: what they print, and their exit codes.

use std::fs;
use std::path::Path;

use jiff::SignedDuration;
use record::{History, RunInfo, RunRecord};
use serde_json::Value;

use test_programs::{jsc_harness, text};

fn results(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = jsc_harness()
        .arg("results")
        .args(arguments)
        .env("HARNESS_RESULTS", folder)
        .output()
        .unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A real result, so many days later, with `full` slower by a share.
fn night(day: i64, slower: f64) -> RunRecord {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/measure/samples/v1.json");
    let mut record = record::read(&file).unwrap();
    record.run.started += SignedDuration::from_hours(24 * day);
    record.run.id = RunInfo::id_of(record.run.started, &record.engines, &record.machine);
    for run in record.blocks.iter_mut().flat_map(|it| &mut it.loads) {
        if let Some(measured) = &mut run.measured
            && run.path.name() == "full"
        {
            let time = measured.times.load as f64 * (1.0 + slower + (day % 5) as f64 / 1e3);
            measured.times.load = time as u64;
        }
    }
    record
}

#[test]
fn a_gain_that_became_smaller_is_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let history = History::at(folder.path().join("history"));
    for day in 0..30 {
        let slower = if day < 22 { 0.0 } else { 0.1 };
        history.add(&night(day, slower)).unwrap();
    }
    let (code, out, _) = results(folder.path(), &["scan"]);
    assert_eq!(code, Some(1), "{out}");
    let name = |day| night(day, 0.0).run.id;
    assert!(
        out.starts_with(&format!(
            "{}: 6 series, 6 of them with the 14 nights",
            name(29)
        )),
        "{out}"
    );
    assert!(out.contains("gains that became smaller: 3\n"), "{out}");
    assert!(out.ends_with("gains that became larger: 0\n"), "{out}");
    let row = out.lines().find(|it| it.contains("cycle-tdz")).unwrap();
    assert!(row.contains(&name(21)) && row.contains(&name(22)), "{row}");
    assert!(row.contains(" full "), "{row}");

    let (code, out, _) = results(folder.path(), &["scan", "--format", "json"]);
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, Some(1));
    assert_eq!(found["alarms"].as_array().unwrap().len(), 3);
    assert_eq!(found["alarms"][0]["first_after"]["run"], name(22));

    let (code, out, _) = results(folder.path(), &["scan", "--run", &name(22)]);
    assert_eq!(code, Some(0), "one night says nothing: {out}");
    let (code, _, err) = results(folder.path(), &["scan", "--run", "nothing"]);
    assert_eq!(
        (code, &*err),
        (
            Some(64),
            "error: --run nothing: the history has no run of this name\n"
        )
    );
}

#[test]
fn an_empty_history_has_no_alarm() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, _) = results(folder.path(), &["scan"]);
    assert_eq!(code, Some(0));
    assert!(
        out.starts_with("the history has no run of workloads\n"),
        "{out}"
    );
}

#[test]
fn a_result_is_added_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("some.json");
    record::write(&night(3, 0.0), &file, false).unwrap();
    let add = || results(folder.path(), &["add", file.to_str().unwrap()]);
    let kept = folder
        .path()
        .join("history")
        .join(format!("{}.json", night(3, 0.0).run.id));
    for _ in 0..2 {
        let (code, out, _) = add();
        assert_eq!((code, out), (Some(0), format!("{}\n", kept.display())));
        assert_eq!(record::read(&kept).unwrap(), night(3, 0.0));
    }
    assert_eq!(fs::read_dir(kept.parent().unwrap()).unwrap().count(), 1);
    assert_eq!(results(folder.path(), &["readme", "--check"]).0, Some(0));

    // Another result of that name is another result.
    fs::remove_file(&file).unwrap();
    let mut other = night(3, 0.5);
    other.run.id = night(3, 0.0).run.id;
    record::write(&other, &file, false).unwrap();
    assert_eq!(add().0, Some(0));
    assert_eq!(fs::read_dir(kept.parent().unwrap()).unwrap().count(), 2);
    assert_eq!(record::read(&kept).unwrap(), night(3, 0.0));
}
