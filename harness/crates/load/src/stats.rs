//! What `run --stats` writes: facts about one run, each measured; what does not apply to the path is left out.
//!
//! Counts are of the whole program, from its first module to its end. Those of the load alone stand beside them, in `load`.

use std::path::PathBuf;

use engine::Statistics;
use jsc_module_cache::MissReason;
use sample::{EngineStats, LoadCounts, MissStats, ParseStats, PhaseStats};
use serde::Serialize;

use super::report::{ModuleMiss, NoPack};

/// Version of the JSON layout.
pub const SCHEMA: u32 = 2;

/// Facts about one run of one module graph.
#[derive(Debug, Clone, Serialize)]
pub struct ExecutionStats {
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
    /// The graph path: why no pack was used, and none will be the next time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_pack: Option<NoPackStats>,
    /// The graph path: a directory of sources that somebody can write to, so that `--check none` was not followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsealed: Option<PathBuf>,
    /// With `--validate`: cached records that were compared with the parser's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validated: Option<u64>,
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
    pub process: ProcessStats,
}

/// Why there is no usable pack after a run on the graph path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoPackStats {
    /// The module that makes the pack unusable, or the entry.
    pub module: String,
    pub reason: MissReason,
    /// The same in words.
    pub detail: String,
    /// Why none can be written, in words; `null`: one can be, but this run only reads.
    pub unwritten: Option<String>,
}

impl From<&NoPack> for NoPackStats {
    fn from(no_pack: &NoPack) -> Self {
        let ModuleMiss { module, miss } = &no_pack.unused;
        Self {
            module: module.clone(),
            reason: miss.reason,
            detail: miss.detail.to_string(),
            unwritten: no_pack.unwritten.as_ref().map(|it| it.reason.clone()),
        }
    }
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

/// What the engine counted of its parser.
pub fn parses(statistics: &Statistics) -> ParseStats {
    ParseStats {
        analyze: statistics.analyses,
        module_code: statistics.module_code,
        function_code: statistics.function_code,
        total_engine: statistics.engine_parses,
    }
}

/// What the engine counted, and the hits and misses of the cache, if there is one.
pub fn counts(statistics: &Statistics, served: Option<(u64, u64)>) -> LoadCounts {
    LoadCounts {
        modules: statistics.modules,
        hits: served.map(|(hits, _)| hits),
        misses: served.map(|(_, misses)| misses),
        parses: parses(statistics),
    }
}

/// A miss without its details.
pub fn miss(miss: &ModuleMiss) -> MissStats {
    MissStats {
        module: miss.module.clone(),
        reason: miss.miss.reason,
    }
}
