//! What a verification found.

use serde::{Deserialize, Serialize};

use super::Plan;
use observation::Difference;
use sample::ParseStats;
use sample::Unwritten;

/// Version of the JSON layout.
pub const SCHEMA: u32 = 1;

/// Everything that a verification found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub schema: u32,
    /// What the subsets of entries were drawn from.
    pub seed: u64,
    /// How entries were spoiled, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutant: Option<sample::Mutant>,
    /// Sums over everything.
    pub totals: Totals,
    /// Each workload on each engine, by name.
    #[serde(rename = "cells")]
    pub cases: Vec<CaseReport>,
}

/// Sums over all workloads and engines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Workloads, each on each engine.
    #[serde(rename = "cells")]
    pub cases: u64,
    /// Those without a finding.
    pub equal: u64,
    /// Processes that loaded a workload.
    pub processes: u64,
    /// Loads that were compared with the parse path's; a process with mixed hits and misses makes many.
    pub loads: u64,
    /// Modules served from the cache in them.
    pub hits: u64,
    /// Records compared field by field.
    pub records: u64,
}

/// A workload on an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseReport {
    pub workload: String,
    /// Where its modules come from.
    pub kind: String,
    /// The engine's name.
    pub engine: String,
    /// The engine's version.
    pub version: String,
    /// JavaScript modules that it loads.
    pub modules: u64,
    /// Digest of what it shows on the parse path.
    pub digest: String,
    /// Whether every other path shows other lines than the parse path: the true ones.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_lines: bool,
    /// Whether what it must show by the standard was compared, too.
    pub expectation: bool,
    /// How it ends, if with an error of which its definition does not speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// Modules that cannot have an entry.
    pub without_entry: Vec<Unwritten>,
    /// What its workers did.
    #[serde(rename = "runs")]
    pub workers: Vec<WorkerReport>,
    /// What is wrong; nothing when every path shows the same.
    pub findings: Vec<Finding>,
    /// How long all of it took, in milliseconds.
    pub elapsed_ms: u64,
}

/// One process, or several of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkerReport {
    /// `parse`, `parse with true lines`, `write`, the path, `validate PATH`, `mixed PATH`, `write graph` or `stale graph`.
    #[serde(rename = "run")]
    pub task: String,
    /// Loads in the process.
    pub loads: u64,
    /// Modules served from the cache, of all loads.
    pub hits: u64,
    /// Work of JSC's parser, of all loads.
    pub parses: ParseStats,
    /// From the process's start to its end, in milliseconds.
    pub elapsed_ms: u64,
}

/// Something wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// In which worker's task.
    #[serde(rename = "run")]
    pub task: String,
    /// In words.
    pub what: String,
    /// How the observations differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
}

/// Kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A path shows something else than `parse`.
    Different,
    /// A path's process crashed or hung, which that of `parse` did not.
    Crashed,
    /// The parse path does not show what the standard demands.
    Unexpected,
    /// What should have come from the cache was parsed.
    NotServed,
    /// A record was rebuilt into another than the parser makes.
    Record,
    /// The workload does not show the same each time it is parsed.
    Unstable,
    /// The workload could not be loaded at all.
    Failed,
}

impl FindingKind {
    /// Its word in JSON and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Different => "different",
            Self::Crashed => "crashed",
            Self::Unexpected => "unexpected",
            Self::NotServed => "not-served",
            Self::Record => "record",
            Self::Unstable => "unstable",
            Self::Failed => "failed",
        }
    }
}

impl Report {
    pub(super) fn new(plan: &Plan, mut cases: Vec<CaseReport>) -> Self {
        cases.sort_by(|a, b| (&a.workload, &b.version).cmp(&(&b.workload, &a.version)));
        Self {
            schema: SCHEMA,
            seed: plan.seed,
            mutant: plan.mutant,
            totals: Totals::of(&cases),
            cases,
        }
    }

    /// Whether there is a finding of this kind.
    pub fn has(&self, kind: FindingKind) -> bool {
        let mut findings = self.cases.iter().flat_map(|case| &case.findings);
        findings.any(|finding| finding.kind == kind)
    }
}

impl Totals {
    fn of(cases: &[CaseReport]) -> Self {
        let workers = || cases.iter().flat_map(|case| &case.workers);
        let records = cases.iter().map(|case| {
            let validated = case
                .workers
                .iter()
                .filter(|it| it.task.starts_with("validate"));
            validated.map(|it| it.hits).sum::<u64>()
        });
        Self {
            cases: cases.len() as u64,
            equal: cases.iter().filter(|it| it.findings.is_empty()).count() as u64,
            processes: workers().count() as u64,
            loads: workers()
                .filter(|it| it.task != "parse")
                .map(|it| it.loads)
                .sum(),
            hits: workers().map(|it| it.hits).sum(),
            records: records.sum(),
        }
    }
}
