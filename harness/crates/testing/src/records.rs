//! Made-up records for tests.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sample::{LoadPath, OutcomeKind, PackUse, ParseStats, WorkerFailure};

use record::{
    Block, CacheFacts, Conditions, Facts, KeptEngine, KeptLoad, KeptWorkload, Machine, Measured,
    Moment, PageCache, Pressure, Program, Purpose, RunInfo, RunRecord, SampleError, Series, Times,
    Unmeasured, Void, VoidLimits,
};

/// The paths of a made-up record.
pub const PATHS: [LoadPath; 3] = [LoadPath::Parse, LoadPath::Bytecode, LoadPath::Full];

/// A run of one engine: `rounds` blocks of each workload, each load as long as `load` says, in nanoseconds.
pub fn record(
    workloads: &[&str],
    rounds: u32,
    load: impl Fn(&str, u32, LoadPath) -> u64,
) -> RunRecord {
    let started: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
    let machine = Machine {
        id: "0123abcd".to_owned(),
        cpu: "Some CPU".to_owned(),
        cores: 2,
        memory_gib: 24,
        architecture: "x86_64".to_owned(),
        virtual_machine: true,
        system: "Some Linux 1".to_owned(),
        kernel: "6.1".to_owned(),
        governor: None,
        huge_pages: Some("madvise".to_owned()),
        jsc_variables: BTreeMap::new(),
    };
    let engines = vec![KeptEngine {
        name: "jsc-9.9.9".to_owned(),
        version: "9.9.9".to_owned(),
        fingerprint: "f0".to_owned(),
        build_id: "b0".to_owned(),
        features: vec!["ENABLE_JIT".to_owned()],
        compiler: None,
        cmake_args: Vec::new(),
        assertions: false,
        provenance: None,
    }];
    let moment = Moment {
        load_average: [0.5, 0.25, 0.0],
        pressure: Some(Pressure {
            cpu: 1.5,
            memory: 0.0,
            io: 0.25,
        }),
    };
    RunRecord {
        run: RunInfo {
            id: RunInfo::id_of(started, &engines, &machine),
            started,
            ended: "2026-01-02T03:14:05Z".parse().unwrap(),
            purpose: Purpose::Workloads,
            command: vec!["measure".to_owned()],
            program: Program {
                version: "0.1.0".to_owned(),
                revision: Some("abc".to_owned()),
                digest: "d0".to_owned(),
                optimized: true,
            },
        },
        conditions: Conditions {
            page_cache: PageCache::Warm,
            seed: 7,
            paths: PATHS.to_vec(),
            rounds,
            warm_ups: 2,
            pad_below: 4096,
            pack: PackUse::default(),
            counted: None,
            time_limit_ms: 1000,
            void_above: VoidLimits {
                steal_percent: 2.0,
                stall_percent: 5.0,
            },
        },
        machine,
        before: moment.clone(),
        after: moment,
        engines,
        workloads: workloads.iter().map(|name| identity(name)).collect(),
        unmeasured: Vec::new(),
        peers: Vec::new(),
        peers_unmeasured: Vec::new(),
        blocks: (0..rounds)
            .flat_map(|round| (0..workloads.len()).map(move |workload| (round, workload)))
            .map(|(round, workload)| Block {
                workload,
                round,
                void: None,
                loads: PATHS
                    .iter()
                    .map(|&path| kept_load(path, load(workloads[workload], round, path)))
                    .collect(),
                peers: Vec::new(),
            })
            .collect(),
    }
}

/// A load on a path that took so long.
pub fn kept_load(path: LoadPath, load: u64) -> KeptLoad {
    let cached = path != LoadPath::Parse;
    KeptLoad {
        engine: 0,
        path,
        pad: 17,
        measured: Some(Measured {
            times: times(load, cached),
            facts: facts(path),
        }),
        error: None,
    }
}

fn identity(name: &str) -> KeptWorkload {
    KeptWorkload {
        name: name.to_owned(),
        kind: "generated".to_owned(),
        digest: format!("digest of {name}"),
        series: None,
        observations: BTreeMap::from([("jsc-9.9.9".to_owned(), "seen".to_owned())]),
    }
}

fn times(load: u64, cached: bool) -> Times {
    Times {
        start: 0,
        wall: load + 9_000_000,
        program: load + 5_000_000,
        user: load,
        system: 3_000_000,
        vm_create: 1_000_000,
        load,
        fetch: 1,
        analyze: 2,
        rebuild: cached.then_some(3),
        decode: cached.then_some(4),
        codegen: 5,
        link: 6,
        evaluate: 7,
        clock_read: 31.5,
        program_user: Some(load),
        program_system: Some(2_000_000),
        max_rss_kb: Some(20_480),
        minor_faults: Some(5000),
        major_faults: Some(0),
        voluntary_switches: Some(9),
        involuntary_switches: Some(1),
        rest: Some(1_000_000),
        private_kb: None,
        proportional_kb: None,
        file_kb: None,
        instructions_start: None,
        instructions_load: None,
        instructions_rest: None,
    }
}

fn facts(path: LoadPath) -> Facts {
    let (analyze, code) = match path {
        LoadPath::Parse => (10, 30),
        LoadPath::Bytecode => (10, 0),
        LoadPath::Full | LoadPath::Graph => (0, 0),
    };
    Facts {
        modules: 10,
        source_bytes: 1000,
        parses: ParseStats {
            analyze,
            module_code: code / 3,
            function_code: code - code / 3,
            total_engine: analyze + code + 19,
        },
        cache: (path != LoadPath::Parse).then(|| CacheFacts {
            hits: 10,
            bytes: 3500,
            misses: BTreeMap::new(),
            refusal: None,
        }),
        outcome: OutcomeKind::Completed,
        observation: Some("seen".to_owned()),
    }
}

/// 30, 20 and 10 ms, with a drift over the rounds that all paths share, and a little noise.
pub fn made_up() -> RunRecord {
    record(&["alpha", "beta"], 8, |workload, round, path| {
        let base = match path {
            LoadPath::Parse => 30_000_000,
            LoadPath::Bytecode => 20_000_000,
            LoadPath::Full | LoadPath::Graph => 10_000_000,
        };
        let size = if workload == "beta" { 2 } else { 1 };
        let noise = u64::from(round * 7919 % 11) * 10_000 * path.name().len() as u64;
        base * size * u64::from(100 + round) / 100 + noise
    })
}

/// With everything in it that a record can hold.
pub fn eventful() -> RunRecord {
    let mut record = made_up();
    record.blocks[1].void = Some(Void::MajorFaults { count: 3 });
    record.blocks[2].loads[0] = KeptLoad {
        measured: None,
        error: Some(SampleError::Worker {
            failure: WorkerFailure::Crashed {
                signal: 11,
                stderr: "oh\n".to_owned(),
            },
        }),
        ..record.blocks[2].loads[0].clone()
    };
    record.blocks[3].loads[1].error = Some(SampleError::Observation {
        expected: "seen".to_owned(),
        found: "else".to_owned(),
    });
    record.unmeasured.push(Unmeasured {
        workload: 0,
        engine: 0,
        path: LoadPath::Full,
        why: SampleError::Cache {
            what: "all modules missed".to_owned(),
        },
    });
    record.workloads[1].series = Some(Series {
        name: "modules".to_owned(),
        size: 100,
    });
    record
}
