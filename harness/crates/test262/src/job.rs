//! What is sent to a worker process and what comes back: one JSON line each.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::observation::Observation;
use sample::{LoadPath, ParseStats, Unwritten};

/// How a test's source is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// As a module.
    Module,
    /// As a script in strict mode: `"use strict";` is put before it.
    Strict,
    /// As a script in sloppy mode.
    Sloppy,
}

impl Mode {
    /// Its word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Strict => "strict",
            Self::Sloppy => "sloppy",
        }
    }
}

/// One test to run once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    /// The test's file.
    pub file: PathBuf,
    /// How it is taken.
    pub mode: Mode,
    /// Files to evaluate before it, in this order.
    pub includes: Vec<PathBuf>,
    /// How its modules are loaded.
    pub load: Load,
}

/// How modules are loaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Load {
    pub path: LoadPath,
    /// The cache's directory; without one everything is parsed.
    pub cache: Option<PathBuf>,
    /// Whether entries are written for what the cache lacks.
    pub write: bool,
    /// Whether each cached record is built both ways and compared.
    pub validate: bool,
}

/// What running a test once came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reply {
    /// What the test showed.
    pub observation: Observation,
    /// What it took.
    pub work: Work,
}

/// What the engine and the cache did for a test's modules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// JavaScript module records made.
    pub modules: u64,
    /// Work of JSC's parser.
    pub parses: ParseStats,
    /// Modules served from the cache.
    pub hits: u64,
    /// Modules that were not, and why.
    pub misses: Vec<Note>,
    /// Modules for which no entry could be written, and why.
    pub unwritten: Vec<Unwritten>,
    /// Code of functions that was left out of the entries written.
    #[serde(default)]
    pub left_out: u64,
    /// By the graph path: why there was no pack, or, when one was to be written, why there is none.
    pub without_pack: Option<String>,
    /// Why the whole cache was not used.
    pub refusal: Option<String>,
    /// Cached records that differ from what the parser makes, and how.
    pub different_records: Vec<Note>,
}

/// Something about one module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The module's key.
    pub module: String,
    /// What there is to say.
    pub what: String,
}
