//! The one JSON line that a worker prints: everything that one fresh process measured of one load.

use serde::{Deserialize, Serialize};

use observation::Observation;

use crate::{
    CacheMode, EngineStats, LoadCounts, LoadPath, MissStats, ParseStats, PhaseStats, ProcessFacts,
    Unwritten, WorkerFailure,
};

/// Version of the JSON layout. A reader must refuse another one.
pub const SCHEMA: u32 = 2;

/// One load of one program on one path, in a process that did nothing else before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    pub schema: u32,
    /// The workload's name, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload: Option<String>,
    /// Key of the entry module.
    pub entry: String,
    /// The engine that ran it.
    pub engine: EngineStats,
    /// The load path.
    pub path: LoadPath,
    /// JavaScript modules loaded.
    pub modules: u64,
    /// What became of the cache, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheSample>,
    /// Work of JSC's parser.
    pub parses: ParseStats,
    /// Bytes of all sources read, JSON and WebAssembly included.
    pub source_bytes: u64,
    /// The counts when the entry's evaluation had ended; those above are of the whole program.
    pub load: LoadCounts,
    /// Making the VM and the global object, in nanoseconds.
    pub vm_create_ns: u64,
    /// Where the load's time went.
    pub phases_ns: PhaseStats,
    /// From the end of the load to the end of the program, in nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest_ns: Option<u64>,
    /// The clock that measured it.
    pub clock: ClockSample,
    /// What the kernel said when the program had ended, before anything was observed or written; absent when it refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<ProcessFacts>,
    /// How the program ended.
    pub outcome: OutcomeSample,
    /// What the program showed, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observation: Option<ObservationSample>,
}

/// What became of the cache in one load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheSample {
    /// What could be done with it.
    pub mode: CacheMode,
    /// Modules served from it.
    pub hits: u64,
    /// Modules that were not, and why.
    pub misses: Vec<MissStats>,
    /// Bytes of the entries that were served.
    pub bytes: u64,
    /// Modules that were read ahead of the engine's request, of those served.
    pub read_ahead: u64,
    /// Why the whole store could not be used, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// Entries written.
    pub written: u64,
    /// Modules for which none could be written.
    pub unwritten: Vec<Unwritten>,
    /// Code of functions that was left out of the entries written, because it is out of proportion.
    #[serde(default, skip_serializing_if = "is_none")]
    pub left_out: u64,
    /// Validate mode: records that were rebuilt into others than the parser makes.
    pub differences: Vec<DifferenceSample>,
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

/// A record that differs between the two ways of making it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceSample {
    /// The module's key.
    pub module: String,
    /// The first difference in words.
    pub what: String,
}

/// The clock that measured a load.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClockSample {
    /// What one reading of the clock costs, in nanoseconds: the least of several means. A module costs a load about a
    /// dozen readings.
    pub read_ns: f64,
    /// The system-wide monotonic clock (`CLOCK_MONOTONIC`, nanoseconds) when the program had ended, before anything was
    /// observed or written. Less the orchestrator's reading before it started the worker, this is the program's wall
    /// time as a process, without what the worker does afterwards.
    pub ended_ns: u64,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeSample {
    /// In which way.
    pub kind: OutcomeKind,
    /// What `run` would have exited with: 0 when it completed, else 1.
    pub exit_code: i32,
    /// What `run` would have printed of the error, if there was one: `String(error)`, its code and its stack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// In which way a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    /// The graph was evaluated and nothing was left to do.
    Completed,
    /// An error that nothing caught.
    Threw,
    /// A promise was rejected and nothing handled it.
    UnhandledRejection,
    /// Nothing was left to do, but a top-level `await` still waited.
    Unsettled,
}

/// What a program showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservationSample {
    /// Digest (hex) of everything that was observed. Two runs that show the same have the same one, in any directory.
    pub digest: String,
    /// How long observing took, in nanoseconds. Nothing else of the sample contains it.
    pub observe_ns: u64,
    /// All of it, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<Observation>,
}

impl Sample {
    /// All that was observed; or why a worker that was asked for it did not do its part.
    ///
    /// # Errors
    /// There is none.
    pub fn into_observation(self) -> Result<Observation, WorkerFailure> {
        let whole = self.observation.and_then(|it| it.whole);
        whole.ok_or_else(|| WorkerFailure::Garbage {
            what: "no observation".to_owned(),
            stderr: String::new(),
        })
    }
}

impl OutcomeKind {
    /// Its word in JSON and in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Threw => "threw",
            Self::UnhandledRejection => "unhandled-rejection",
            Self::Unsettled => "unsettled",
        }
    }
}
