//! `results merge`: shards that were measured for real.

use std::fs;
use std::path::Path;

use record::RunRecord;

use crate::support::measure;
use test_programs::{jsc_harness, text};

fn merge(folder: &Path, files: &[&str]) -> (Option<i32>, String, String) {
    let output = jsc_harness()
        .args(["results", "merge"])
        .args(files)
        .current_dir(folder)
        .output()
        .unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// One of two workloads.
fn shard(shard: &str, seed: &str) -> RunRecord {
    let measured = measure(&[
        "-w",
        "^(cycle-tdz|empty)$",
        "--shard",
        shard,
        "--seed",
        seed,
        "--blocks",
        "6",
    ])
    .run();
    measured.with_code(0).clone()
}

#[test]
fn shards_are_joined_and_strangers_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let shards = [shard("1/2", "5"), shard("2/2", "5"), shard("2/2", "6")];
    for (name, shard) in ["a.json", "b.json", "c.json"].iter().zip(&shards) {
        record::write(shard, &file(name), false).unwrap();
    }

    let refused = merge(folder.path(), &["out.json", "a.json", "c.json"]);
    let message = "error: c.json is not of the same run as a.json: conditions.seed is 6 in the former and 5 in the latter\n";
    assert_eq!((refused.0, &*refused.2), (Some(4), message));
    let missing = merge(folder.path(), &["out.json", "b.json"]);
    assert_eq!(
        (missing.0, &*missing.2),
        (Some(4), "error: shard 1/2 is missing\n")
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);

    let merged = merge(folder.path(), &["out.json", "b.json", "a.json"]);
    assert_eq!(
        (merged.0, &*merged.1),
        (Some(0), "out.json\n"),
        "{merged:?}"
    );
    let whole = record::read(&file("out.json")).unwrap();
    let names: Vec<&str> = whole.workloads.iter().map(|it| &*it.name).collect();
    let expected = [0, 1].map(|place: usize| &*shards[place].workloads[0].name);
    assert_eq!(names, expected);
    assert_eq!(whole.run.id, shards[0].run.id);
    assert_eq!(
        whole.blocks.len(),
        shards[0].blocks.len() + shards[1].blocks.len()
    );

    let again = merge(folder.path(), &["out.json", "a.json", "b.json"]);
    assert_eq!(
        (again.0, &*again.2),
        (
            Some(64),
            "error: out.json: this file exists; remove it or give another name\n"
        )
    );
}
