//! One load of one workload, as it is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use sample::WorkerFailure;
use sample::{Instructions, ProcessTimes};
use sample::{LoadPath, ParseStats};
use sample::{OutcomeKind, Sample};

/// One load.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptLoad {
    /// The engine, as its place in [`super::RunRecord::engines`].
    pub engine: usize,
    /// The load path.
    pub path: LoadPath,
    /// Length of the variable that filled the environment up, in bytes.
    pub pad: u32,
    /// What was measured; nothing when the worker failed.
    pub measured: Option<Measured>,
    /// What is wrong with it, if anything is: such a load is never part of a comparison.
    pub error: Option<SampleError>,
}

/// What a worker and its orchestrator measured of one load.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Times, faults and switches.
    pub times: Times,
    /// What must be the same each time.
    pub facts: Facts,
}

/// The numbers of one load. Everything is in nanoseconds unless the name says otherwise. What does not apply to a path,
/// or the kernel would not say, is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// When the worker was started, from the start of the run.
    pub start: u64,
    /// Wall time of the process, from before its start until it was known to have ended.
    pub wall: u64,
    /// Wall time of the process to the end of its program, without what the worker does afterwards.
    pub program: u64,
    /// Processor time of the process in user mode.
    pub user: u64,
    /// Processor time of the process in the kernel.
    pub system: u64,
    /// Making the VM.
    pub vm_create: u64,
    /// From the start of the load to the end of the entry's evaluation.
    pub load: u64,
    /// Phases of it; see [`sample::PhaseStats`].
    pub fetch: u64,
    /// Parsing and analyzing modules.
    pub analyze: u64,
    /// Rebuilding records from cache entries.
    pub rebuild: Option<u64>,
    /// Decoding bytecode.
    pub decode: Option<u64>,
    /// Parsing and generating module code.
    pub codegen: u64,
    /// Linking.
    pub link: u64,
    /// Evaluating.
    pub evaluate: u64,
    /// What reading the clock once cost.
    pub clock_read: f64,
    /// Processor time in user mode to the end of the program.
    pub program_user: Option<u64>,
    /// Processor time in the kernel to the end of the program.
    pub program_system: Option<u64>,
    /// Peak resident set, in KiB.
    pub max_rss_kb: Option<u64>,
    /// Page faults served without I/O.
    pub minor_faults: Option<u64>,
    /// Page faults that read a file.
    pub major_faults: Option<u64>,
    /// Times a thread gave the processor up.
    pub voluntary_switches: Option<u64>,
    /// Times a thread was put off the processor.
    pub involuntary_switches: Option<u64>,
    /// From the end of the load to the end of the program; results of before 2026-11-29 do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<u64>,
    /// Memory that no other process has mapped when the program has ended, in KiB; results of before 2026-11-29 do not have
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_kb: Option<u64>,
    /// The same with what several processes have mapped divided among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proportional_kb: Option<u64>,
    /// What of its memory belongs to files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_kb: Option<u64>,
    /// Instructions until the load began, if they were counted; times are then those of a simulated processor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions_start: Option<u64>,
    /// Instructions of the load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions_load: Option<u64>,
    /// Instructions from the end of the load to the end of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions_rest: Option<u64>,
}

/// What does not vary from one load of a workload on a path on an engine to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// JavaScript modules loaded.
    pub modules: u64,
    /// Bytes of all sources.
    pub source_bytes: u64,
    /// Work of JSC's parser.
    pub parses: ParseStats,
    /// What became of the cache, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheFacts>,
    /// How the program ended.
    pub outcome: OutcomeKind,
    /// Digest of what the program showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observation: Option<String>,
}

/// What became of the cache in one load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheFacts {
    /// Modules served from it.
    pub hits: u64,
    /// Bytes of the entries that were served.
    pub bytes: u64,
    /// Modules that were not, counted by reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub misses: BTreeMap<String, u64>,
    /// Why the whole store could not be used, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
}

/// What is wrong with a load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "kebab-case")]
pub enum SampleError {
    /// The worker gave no sample.
    #[error("the worker {failure}")]
    Worker {
        /// What became of it.
        failure: WorkerFailure,
    },
    /// The program showed something else than on the parse path.
    #[error("observation {found} differs from the parse path's {expected}")]
    Observation {
        /// The parse path's digest.
        expected: String,
        /// This load's.
        found: String,
    },
    /// The program does not do what its definition says, or ends with an error of which that does not speak.
    #[error("{what}")]
    Unexpected {
        /// In words, with what may help.
        what: String,
    },
    /// A path that loads from the cache did not do so.
    #[error("the cache was not used: {what}")]
    Cache {
        /// What happened instead.
        what: String,
    },
    /// The worker loaded on another engine or on another path than it was told to.
    #[error("the worker answered for {found} when it was asked for {expected}")]
    WrongAnswer {
        /// What it was told to load.
        expected: String,
        /// What it loaded.
        found: String,
    },
}

/// Why nothing may be concluded from a block. The reasons were chosen beforehand and have nothing to do with how long the
/// loads took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "void", rename_all = "kebab-case")]
pub enum Void {
    /// Files were to be in memory, and were read.
    #[error("{count} major page faults with a warm page cache")]
    MajorFaults {
        /// Page faults that read a file, of all loads of the block.
        count: u64,
    },
    /// The hypervisor ran something else.
    #[error("{percent:.1} % of the processors' time was stolen by the hypervisor")]
    Steal {
        /// Share of the processors' time during the block.
        percent: f64,
    },
    /// All processes waited for memory or a disk.
    #[error("everything stood still for {percent:.1} % of the block, waiting for {resource}")]
    Stall {
        /// `memory` or `io`.
        resource: String,
        /// Share of the block's time.
        percent: f64,
    },
    /// Files were to be read, and were in memory.
    #[error("{read} bytes were read from the disk, {expected} had been dropped from memory")]
    NotCold {
        /// Bytes that the load read from the disk.
        read: u64,
        /// Bytes of sources and entries that it needed.
        expected: u64,
    },
}

impl Void {
    /// Its word in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::MajorFaults { .. } => "major-faults",
            Self::Steal { .. } => "steal",
            Self::Stall { .. } => "stall",
            Self::NotCold { .. } => "not-cold",
        }
    }
}

impl Measured {
    /// What is kept of a worker's line and of what was seen of it from outside. `origin_ns` is the monotonic clock when
    /// the run began.
    pub fn new(
        sample: &Sample,
        process: &ProcessTimes,
        instructions: Option<Instructions>,
        origin_ns: u64,
    ) -> Self {
        let phases = &sample.phases_ns;
        let inside = sample.process.as_ref();
        let memory = inside.and_then(|it| it.memory);
        Self {
            times: Times {
                start: process.started_ns.saturating_sub(origin_ns),
                wall: process.wall_ns,
                program: sample.clock.ended_ns.saturating_sub(process.started_ns),
                user: process.user_ns,
                system: process.system_ns,
                vm_create: sample.vm_create_ns,
                load: phases.load_total,
                fetch: phases.fetch,
                analyze: phases.analyze,
                rebuild: phases.rebuild,
                decode: phases.decode,
                codegen: phases.codegen,
                link: phases.link,
                evaluate: phases.evaluate,
                clock_read: sample.clock.read_ns,
                program_user: inside.map(|it| it.user_ns),
                program_system: inside.map(|it| it.system_ns),
                max_rss_kb: inside.map(|it| it.max_rss_kb),
                minor_faults: inside.map(|it| it.minor_faults),
                major_faults: inside.map(|it| it.major_faults),
                voluntary_switches: inside.map(|it| it.voluntary_switches),
                involuntary_switches: inside.map(|it| it.involuntary_switches),
                rest: sample.rest_ns,
                private_kb: memory.map(|it| it.private_kb),
                proportional_kb: memory.map(|it| it.proportional_kb),
                file_kb: memory.map(|it| it.file_kb),
                instructions_start: instructions.map(|it| it.start),
                instructions_load: instructions.map(|it| it.load),
                instructions_rest: instructions.map(|it| it.rest),
            },
            facts: Facts::new(sample),
        }
    }
}

impl Facts {
    /// The facts in a worker's line.
    pub fn new(sample: &Sample) -> Self {
        Self {
            modules: sample.modules,
            source_bytes: sample.source_bytes,
            parses: sample.parses,
            cache: sample.cache.as_ref().map(|cache| {
                let mut misses = BTreeMap::new();
                for miss in &cache.misses {
                    *misses.entry(miss.reason.as_str().to_owned()).or_insert(0) += 1;
                }
                CacheFacts {
                    hits: cache.hits,
                    bytes: cache.bytes,
                    misses,
                    refusal: cache.refusal.clone(),
                }
            }),
            outcome: sample.outcome.kind,
            observation: sample.observation.as_ref().map(|it| it.digest.clone()),
        }
    }

    /// Modules analyzed and code generated: what a complete cache leaves nothing of.
    pub fn parses(&self) -> u64 {
        self.parses.analyze + self.parses.module_code + self.parses.function_code
    }

    /// Bytes of cache for each byte of source, if there is a cache.
    pub fn cache_bytes_per_source_byte(&self) -> Option<f64> {
        let cache = self.cache.as_ref()?;
        (self.source_bytes > 0).then(|| cache.bytes as f64 / self.source_bytes as f64)
    }
}
