//! What records come to.

use ::record::{Metric, RunRecord, SampleError};
use sample::LoadPath;
use stats::Confidence;
use testing::records::{eventful, kept_load, made_up, record};

use super::comparison::compare;
use super::render::{Style, table};
use super::summary::summarize;

#[test]
fn a_summary_has_medians_and_gains_and_their_mean() {
    let summary = summarize(&made_up(), Metric::Load, Confidence::P95);
    let engine = &summary.engines[0];
    let summary = |workload: usize, path: usize| &engine.workloads[workload].paths[path];
    let value = summary(0, 0).value.unwrap();
    assert!(value.interval.unwrap().contains(value.value));
    assert!((31.0..32.0).contains(&value.value), "{value:?}");
    assert_eq!(summary(0, 0).gain, None, "parse has no gain over itself");
    let gain = summary(1, 2).gain.unwrap();
    assert!((2.97..3.0).contains(&gain.value), "{gain:?}");
    assert_eq!(gain.samples, 8);
    let mean = &engine.geometric_means[1];
    assert_eq!((mean.path, mean.workloads), (LoadPath::Full, 2));
    assert_eq!(summary(0, 2).parses, Some(0));
    assert_eq!(summary(0, 2).cache_bytes_per_source_byte, Some(3.5));
}

#[test]
fn what_is_void_or_wrong_is_in_no_number() {
    let summary = summarize(&eventful(), Metric::Load, Confidence::P95);
    let paths = |workload: usize| &summary.engines[0].workloads[workload].paths;
    // alpha lost the parse load of one block to a crash; its other loads of that block count.
    let [parse, bytecode, full] = &paths(0)[..] else {
        panic!("three paths")
    };
    assert_eq!(parse.value.unwrap().samples, 7);
    assert_eq!(bytecode.value.unwrap().samples, 8);
    assert_eq!((parse.errors, bytecode.errors, full.errors), (1, 0, 0));
    assert_eq!(full.gain.unwrap().samples, 7, "only whole pairs");
    // beta lost a block to faults, and one load to a wrong observation.
    let [parse, bytecode, full] = &paths(1)[..] else {
        panic!("three paths")
    };
    assert_eq!(parse.value.unwrap().samples, 7);
    assert_eq!(bytecode.value.unwrap().samples, 6);
    assert_eq!(full.value.unwrap().samples, 7);
}

#[test]
fn other_metrics() {
    let memory = summarize(&made_up(), Metric::Memory, Confidence::P95);
    let first = &memory.engines[0].workloads[0].paths[0];
    assert_eq!((memory.unit, first.value.unwrap().value), ("MiB", 20.0));
    let process = summarize(&made_up(), Metric::Process, Confidence::P95);
    let load = summarize(&made_up(), Metric::Load, Confidence::P95);
    let value = |summary: &crate::summary::Summary| {
        summary.engines[0].workloads[0].paths[0]
            .value
            .unwrap()
            .value
    };
    assert!((value(&process) - value(&load) - 5.0).abs() < 1e-9);
}

#[test]
fn the_table() {
    let mut record = made_up();
    record.blocks[0].loads[2].error = Some(SampleError::Cache {
        what: "3 modules missed".to_owned(),
    });
    let summary = summarize(&record, Metric::Load, Confidence::P95);
    let text = table(&summary, &summary.engines[0], Style::Plain);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    assert_eq!(
        lines,
        [
            "workload         modules         parse, ms      bytecode, ms          full, ms    parse/bytecode        parse/full       parses  cache/source",
            "alpha (1 error)       10  31.4 (30.0–32.3)  21.3 (20.0–21.7)  10.7 (10.5–10.9)  1.48 (1.47–1.49)  2.95 (2.94–2.97)  40 / 10 / 0          3.50",
            "beta                  10  62.5 (60.0–64.4)  42.0 (40.0–43.1)  21.0 (20.0–21.6)  1.49 (1.48–1.50)  2.98 (2.97–2.99)  40 / 10 / 0          3.50",
            "geometric mean                                                                  1.48 (1.48–1.49)  2.97 (2.95–2.98)",
        ]
    );
}

#[test]
fn the_same_result_twice_overlaps_everywhere() {
    let comparison = compare([&made_up(), &made_up()], Metric::Load, Confidence::P95);
    assert_eq!(comparison.differences, Vec::<String>::new());
    let overlap = comparison.overlap;
    assert_eq!((overlap.values, overlap.values_of), (6, 6));
    assert_eq!((overlap.gains, overlap.gains_of), (4, 4));
    assert!(comparison.rows.iter().all(|row| row.ratio == Some(1.0)));
}

#[test]
fn what_does_not_compare_is_not_compared() {
    let mut other = made_up();
    other.workloads[1].digest = "changed".to_owned();
    let compared = |other: &RunRecord| compare([&made_up(), other], Metric::Load, Confidence::P95);
    let comparison = compared(&other);
    assert_eq!(comparison.left_out.len(), 1);
    assert_eq!(comparison.left_out[0].workload, "beta");
    assert_eq!(
        comparison.left_out[0].reason,
        "its files are not the same in both runs"
    );
    assert!(comparison.rows.iter().all(|row| row.workload == "alpha"));

    let mut other = made_up();
    other.machine.id = "ffffffff".to_owned();
    other.engines[0].fingerprint = "f1".to_owned();
    let comparison = compared(&other);
    assert_eq!(
        comparison.incomparable.as_deref(),
        Some("they were measured on different machines")
    );
    assert_eq!(
        comparison.differences,
        [
            "machine: 0123abcd (Some CPU, 2 cores, 24 GiB); ffffffff (Some CPU, 2 cores, 24 GiB)",
            "engines: 9.9.9 f0; 9.9.9 f1",
        ]
    );
    assert_eq!(comparison.overlap, crate::comparison::Overlap::default());
    assert!(comparison.rows.iter().all(|row| row.ratio.is_none()));
    assert!(comparison.rows[2].gains[0].is_some(), "side by side");

    let mut other = made_up();
    other.workloads.truncate(1);
    other.workloads[0].name = "gamma".to_owned();
    other.blocks.retain(|block| block.workload == 0);
    let comparison = compared(&other);
    assert_eq!(comparison.rows, []);
    let left_out: Vec<String> = comparison
        .left_out
        .iter()
        .map(|it| format!("{}: {}", it.workload, it.reason))
        .collect();
    assert_eq!(
        left_out,
        [
            "alpha: only the first run has it",
            "beta: only the first run has it",
            "gamma: only the second run has it",
        ]
    );
}

#[test]
fn intervals_apart_are_seen() {
    let slower = record(&["alpha"], 8, |_, round, path| {
        kept_load(path, 1).measured.unwrap().times.load * 60_000_000 + u64::from(round)
    });
    let faster = record(&["alpha"], 8, |_, round, _| 50_000_000 + u64::from(round));
    let comparison = compare([&slower, &faster], Metric::Load, Confidence::P95);
    assert_eq!(comparison.overlap.values, 0);
    assert_eq!(comparison.overlap.gains, comparison.overlap.gains_of);
}
