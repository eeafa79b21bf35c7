//! What `run --stats` writes: facts about one run, each measured; what does not apply to the path is left out.
//!
//! Counts are of the whole program, from its first module to its end. Those of the load alone stand beside them, in `load`.

use serde::{Deserialize, Serialize};

use super::cache::ModuleMiss;
use crate::cache::MissReason;
use crate::engine::Statistics;

/// Version of the JSON layout.
pub const SCHEMA: u32 = 2;

/// Facts about one run of one module graph.
#[derive(Debug, Clone, Serialize)]
pub struct RunStats {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The engine that ran it.
    pub engine: EngineStats,
    /// The load path.
    pub path: &'static str,
    /// Key of the entry module.
    pub entry: String,
    /// JavaScript modules loaded.
    pub modules: u64,
    /// Modules served from the cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<u64>,
    /// Of those, the ones that a second thread had read before the engine asked for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_ahead: Option<u64>,
    /// Modules that were not, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub misses: Option<Vec<MissStats>>,
    /// Work of JSC's parser.
    pub parses: ParseStats,
    /// Bytes of all sources read, JSON and WebAssembly included.
    pub source_bytes: u64,
    /// Bytes of the entries that were served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_bytes: Option<u64>,
    /// The counts when the entry's evaluation had ended.
    pub load: LoadCounts,
    /// Where the load's time went.
    pub phases_ns: PhaseStats,
    /// The process.
    pub process: ProcessStats,
}

/// What had been counted when the entry's evaluation ended, or failed: `modules`, `hits`, `misses` and `parses` of the load,
/// without what the program did and imported later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadCounts {
    /// JavaScript modules loaded.
    pub modules: u64,
    /// Modules served from the cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hits: Option<u64>,
    /// Modules that were not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misses: Option<u64>,
    /// Work of JSC's parser.
    pub parses: ParseStats,
}

impl LoadCounts {
    /// What the engine says, and the hits and misses of the cache, if there is one.
    pub(super) fn new(statistics: &Statistics, served: Option<(u64, u64)>) -> Self {
        Self {
            modules: statistics.modules,
            hits: served.map(|(hits, _)| hits),
            misses: served.map(|(_, misses)| misses),
            parses: ParseStats::new(statistics),
        }
    }
}

/// A module that the cache did not serve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissStats {
    /// Its key.
    pub module: String,
    /// Why.
    pub reason: MissReason,
}

impl From<&ModuleMiss> for MissStats {
    fn from(miss: &ModuleMiss) -> Self {
        Self {
            module: miss.module.clone(),
            reason: miss.miss.reason,
        }
    }
}

/// Which engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineStats {
    /// Its name in `engine list`.
    pub name: String,
    /// The release.
    pub version: String,
    /// Its fingerprint.
    pub fingerprint: String,
}

/// Parses of the program's own modules, exactly; only `total_engine` includes JSC's built-ins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParseStats {
    /// Modules parsed and analyzed into a record.
    pub analyze: u64,
    /// Times a module's top-level code was parsed and generated. Two modules with the same text share one.
    pub module_code: u64,
    /// Times a function's code was parsed and generated.
    pub function_code: u64,
    /// Every parse of the process since JSC was set up.
    pub total_engine: u64,
}

impl ParseStats {
    /// What the engine says.
    pub(super) fn new(statistics: &Statistics) -> Self {
        Self {
            analyze: statistics.analyses,
            module_code: statistics.module_code,
            function_code: statistics.function_code,
            total_engine: statistics.engine_parses,
        }
    }
}

/// Monotonic wall time in nanoseconds, from the start of the load to the end of the entry's evaluation. `fetch` includes
/// resolving; the phases do not add up to `load_total`: the rest is the loader's own work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseStats {
    /// Resolving specifiers and reading sources. By the graph path, opening the pack and waiting for its validation and for the
    /// check of its sources, which a second thread begins while the VM is made.
    pub fetch: u64,
    /// Parsing and analyzing modules.
    pub analyze: u64,
    /// Rebuilding records from cache entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rebuild: Option<u64>,
    /// Decoding top-level bytecode from cache entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decode: Option<u64>,
    /// Parsing and generating top-level module code.
    pub codegen: u64,
    /// Module declaration instantiation.
    pub link: u64,
    /// Evaluating module bodies.
    pub evaluate: u64,
    /// All of it.
    pub load_total: u64,
}

/// The process that ran it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ProcessStats {
    /// Making the VM and the global object, in nanoseconds.
    pub vm_create_ns: u64,
    /// Peak resident set, in KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_rss_kb: Option<u64>,
    /// Page faults served without I/O.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minor_faults: Option<u64>,
    /// Page faults that read a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub major_faults: Option<u64>,
}
