//! Shards of one run become one run again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::path::PathBuf;

use jiff::SignedDuration;
use record::merge::merge;
use record::{Block, Metric, RunRecord, SampleError, Unmeasured};
use sample::LoadPath;
use testing::records::record;

/// A shard of three: loads of `a1` take 1 ms and so on, and start after each other.
fn shard(index: usize, workloads: &[&str]) -> (PathBuf, RunRecord) {
    let mut record = record(workloads, 4, |name, _, _| {
        1_000_000 * name[1..].parse::<u64>().unwrap()
    });
    record.run.command = ["measure", "--shard", &format!("{index}/3"), "--seed", "7"]
        .map(str::to_owned)
        .to_vec();
    let minutes = SignedDuration::from_mins(index as i64);
    record.run.started += minutes;
    record.run.ended += minutes;
    record.after.load_average[0] = index as f64;
    for (place, block) in record.blocks.iter_mut().enumerate() {
        for load in &mut block.loads {
            load.measured.as_mut().unwrap().times.start = 1_000_000_000 * place as u64;
        }
    }
    (format!("shard-{index}.json").into(), record)
}

fn three() -> Vec<(PathBuf, RunRecord)> {
    vec![
        shard(3, &["a3"]),
        shard(1, &["a1", "a4"]),
        shard(2, &["a2", "a5"]),
    ]
}

#[test]
fn shards_become_one_run() {
    let mut shards = three();
    shards[0].1.unmeasured.push(Unmeasured {
        workload: 0,
        engine: 0,
        path: LoadPath::Full,
        why: SampleError::Cache {
            what: "x".to_owned(),
        },
    });
    shards[2].1.conditions.rounds = 3;
    let whole = merge(shards.clone()).unwrap();
    let names: Vec<&str> = whole.workloads.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["a1", "a2", "a3", "a4", "a5"]);
    assert_eq!(whole.run.command, ["measure", "--seed", "7"]);
    assert_eq!(whole.run.started, shards[1].1.run.started);
    assert_eq!(whole.run.ended, shards[0].1.run.ended);
    assert_eq!(whole.after.load_average[0], 3.0);
    assert_eq!(whole.conditions.rounds, 3);
    assert_eq!(whole.unmeasured[0].workload, 2);
    for workload in 0..5 {
        let times = whole.values(workload, 0, LoadPath::Parse, Metric::Load);
        assert_eq!(times, [(workload + 1) as f64; 4]);
    }
    let starts: Vec<u64> = whole.blocks.iter().filter_map(first_start).collect();
    assert_eq!(starts.len(), 20);
    assert!(starts.is_sorted());
    assert_eq!(*starts.last().unwrap(), 1_000_000_000 * (120 + 3));
}

#[test]
fn the_order_of_files_does_not_matter() {
    let mut reversed = three();
    reversed.reverse();
    assert_eq!(merge(reversed).unwrap(), merge(three()).unwrap());
}

#[test]
fn what_is_not_of_one_run_is_refused_by_name() {
    type Files = Vec<(PathBuf, RunRecord)>;
    let refused = |change: &dyn Fn(&mut Files)| {
        let mut shards = three();
        change(&mut shards);
        merge(shards).unwrap_err().to_string()
    };
    let different = |change: &dyn Fn(&mut RunRecord)| {
        let text = refused(&|shards| change(&mut shards[0].1));
        let prefix = "shard-3.json is not of the same run as shard-1.json: ";
        text.strip_prefix(prefix).unwrap_or(&text).to_owned()
    };
    assert_eq!(
        different(&|it| it.engines[0].fingerprint = "f9".to_owned()),
        r#"engines[0].fingerprint is "f9" in the former and "f0" in the latter"#
    );
    assert_eq!(
        different(&|it| it.conditions.seed = 8),
        "conditions.seed is 8 in the former and 7 in the latter"
    );
    assert_eq!(
        different(&|it| it.run.program.digest = "d9".to_owned()),
        r#"program.digest is "d9" in the former and "d0" in the latter"#
    );
    assert_eq!(
        different(&|it| it.run.program.revision = None),
        r#"program.revision is null in the former and "abc" in the latter"#
    );
    assert_eq!(
        different(&|it| it.machine.kernel = "7".to_owned()),
        r#"machine.kernel is "7" in the former and "6.1" in the latter"#
    );
    assert_eq!(
        different(&|it| it.run.command.push("--cold".to_owned())),
        r#"command is "measure --seed 7 --cold" in the former and "measure --seed 7" in the latter"#
    );
    assert_eq!(refused(&|it| drop(it.remove(1))), "shard 1/3 is missing");
    assert_eq!(
        refused(&|it| it.push(("again.json".into(), it[0].1.clone()))),
        "again.json is shard 3/3, and so is shard-3.json"
    );
    assert_eq!(
        refused(&|it| it[1].1.run.command.truncate(1)),
        "shard-1.json is not the result of a shard: it was measured without --shard INDEX/COUNT"
    );
    assert_eq!(
        refused(&|it| it[2].1.run.command[2] = "2/4".to_owned()),
        "shard-2.json is not of the same run as shard-3.json: the number of shards is 4 in the former and 3 in the latter"
    );
    assert_eq!(
        refused(&|it| it[0].1.workloads[0].name = "a5".to_owned()),
        "shard-3.json has a5, and so has shard-2.json: their lists of workloads were not the same"
    );
    assert_eq!(refused(&Vec::clear), "there is nothing to merge");
}

fn first_start(block: &Block) -> Option<u64> {
    let measured = block.loads.iter().filter_map(|it| it.measured.as_ref());
    measured.map(|it| it.times.start).min()
}
