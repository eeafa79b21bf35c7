//! Histories for reports, made of one real result.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use record::{
    Block, History, KeptPeer, PageCache, PeerError, PeerRun, PeerTimes, PeerUnmeasured, Purpose,
    RunRecord, Series, Void,
};

/// Names as long as those of real workloads.
const NAMES: [&str; 8] = [
    "babylon-flow-graph",
    "date-fns-locale",
    "three-bundle",
    "lodash-es",
    "three-webgpu",
    "generated-tree-3000",
    "micromark",
    "d3",
];

/// The real result.
pub fn real() -> RunRecord {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/measure/samples/v1.json");
    record::read(&file).unwrap()
}

/// Forty nights of eight workloads through two environments, one night with a cold page cache, and the growth of two
/// series.
pub fn rich() -> Vec<RunRecord> {
    let mut history: Vec<RunRecord> = (0..40).map(night).collect();
    let mut cold = night(40);
    cold.conditions.page_cache = PageCache::Cold;
    history.push(cold);
    history.push(growth());
    history
}

/// Writes result files.
pub fn write(folder: &Path, history: &[RunRecord]) {
    let files = History::at(folder);
    for record in history {
        files.add(record).unwrap();
    }
}

fn night(night: u32) -> RunRecord {
    let mut record = of(&NAMES, night);
    if night >= 25 {
        record.machine.kernel = "9.9.9-next".to_owned();
    }
    record.peers = ["jsc-harness, full", "bun, compiled"]
        .map(|name| KeptPeer {
            name: name.to_owned(),
            version: "1.2.3".to_owned(),
            command: format!("{name} ENTRY"),
        })
        .to_vec();
    record.peers_unmeasured = vec![PeerUnmeasured {
        workload: NAMES.len() - 1,
        peer: 1,
        why: PeerError::Output {
            expected: "a".to_owned(),
            found: "b".to_owned(),
            by: Default::default(),
        },
    }];
    for (place, block) in record.blocks.iter_mut().enumerate() {
        scale(
            block,
            1.0 + (place % 8) as f64 * (1.0 + f64::from(night) / 100.0),
        );
        block.peers = (0..2)
            .map(|peer| PeerRun {
                peer,
                pad: 1,
                times: Some(PeerTimes {
                    start: place as u64,
                    wall: 1_000_000 * (90 + 13 * peer as u64 + place as u64 % 7),
                    user: 1,
                    system: 1,
                }),
                error: None,
            })
            .collect();
        if place % 17 == 3 {
            block.void = Some(Void::Steal { percent: 4.0 });
        }
    }
    record
}

fn growth() -> RunRecord {
    let mut record = of(&NAMES, 41);
    record.run.purpose = Purpose::Growth;
    for (place, workload) in record.workloads.iter_mut().enumerate() {
        let step = place as u32 % 4;
        workload.series = Some(Series {
            name: if place < 4 { "modules" } else { "bytes" }.to_owned(),
            size: 10_u64.pow(step),
        });
    }
    for block in &mut record.blocks {
        let size = 10_f64.powi(block.workload as i32 % 4);
        scale(block, size);
        for load in &mut block.loads {
            if let Some(measured) = &mut load.measured {
                measured.facts.modules = if block.workload < 4 { size as u64 } else { 10 };
                measured.facts.source_bytes = 1000 * size as u64;
            }
        }
    }
    record
}

/// The real result as one of these workloads, so many days later.
fn of(names: &[&str], day: u32) -> RunRecord {
    let real = real();
    let mut record = real.clone();
    let day = SignedDuration::from_hours(24 * i64::from(day));
    let started: Timestamp = real.run.started + day;
    record.run.started = started;
    record.run.ended = real.run.ended + day;
    record.run.id = record::RunInfo::id_of(started, &real.engines, &real.machine);
    record.run.program.optimized = true;
    record.unmeasured.clear();
    record.workloads = names
        .iter()
        .map(|name| {
            let mut workload = real.workloads[0].clone();
            workload.name = (*name).to_owned();
            workload.digest = format!("digest of {name}");
            workload
        })
        .collect();
    let first: Vec<&Block> = real.valid_blocks(0).collect();
    record.blocks = first
        .iter()
        .flat_map(|block| {
            (0..names.len()).map(|workload| Block {
                workload,
                ..(*block).clone()
            })
        })
        .collect();
    record
}

fn scale(block: &mut Block, by: f64) {
    let scaled = |time: u64| (time as f64 * by) as u64;
    for measured in block
        .loads
        .iter_mut()
        .filter_map(|load| load.measured.as_mut())
    {
        let times = &mut measured.times;
        for time in [
            &mut times.load,
            &mut times.program,
            &mut times.analyze,
            &mut times.link,
            &mut times.evaluate,
        ] {
            *time = scaled(*time);
        }
    }
}
