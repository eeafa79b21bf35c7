//! What is counted and timed of one load.

use jsc_module_cache::MissReason;
use serde::{Deserialize, Serialize};

/// Which engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineStats {
    /// Its name in `engine list`.
    pub name: String,
    /// The release.
    pub version: String,
    pub fingerprint: String,
}

/// Parses of the program's own modules, exactly; only `total_engine` includes JSC's built-ins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// Monotonic wall time in nanoseconds, from the start of the load to the end of the entry's evaluation. `fetch` includes
/// resolving; the phases do not add up to `load_total`: the rest is the loader's own work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseStats {
    /// Resolving specifiers and reading sources. By the graph path, opening the pack and waiting for its
    /// validation and for the check of its sources, which a second thread begins while the VM is made.
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

/// A module that the cache did not serve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissStats {
    /// Its key.
    pub module: String,
    pub reason: MissReason,
}
