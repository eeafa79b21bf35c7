//! What a verification of random graphs found.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::job::GraphReport;
use super::scenario::Scenario;
use crate::report::{Finding, SCHEMA};
use sample::{Mutant, OutcomeKind};

/// Everything that a verification of random graphs found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RandomReport {
    pub schema: u32,
    /// What the graphs were drawn from.
    pub seed: u64,
    /// The index of the first graph.
    pub first: u64,
    /// Engines by version.
    pub engines: Vec<String>,
    /// How entries were spoiled, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutant: Option<Mutant>,
    pub totals: RandomTotals,
    /// What is wrong, by index.
    pub findings: Vec<RandomFinding>,
    pub elapsed_ms: u64,
}

/// Sums over all graphs and engines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RandomTotals {
    /// Graphs, each on each engine.
    pub graphs: u64,
    /// Those of which at least one module's code was run.
    pub linked: u64,
    /// Those that ended well.
    pub completed: u64,
    /// Modules of these graphs when they were parsed.
    pub modules: u64,
    /// Loads, those by `parse` included.
    pub loads: u64,
    /// Modules served from caches.
    pub hits: u64,
    /// Graphs with something wrong.
    pub findings: u64,
    /// Graphs that crash the engine when they are parsed, or hang it: no path can be compared with that.
    pub engine_crashes: u64,
}

/// Something wrong with a graph on an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RandomFinding {
    pub index: u64,
    /// The engine's version.
    pub version: String,
    /// What is wrong with the smallest graph that shows it.
    pub finding: Finding,
    /// That graph and its steps; what was drawn where nothing was shrunk.
    pub scenario: Scenario,
    /// Where it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixture: Option<PathBuf>,
}

impl RandomReport {
    /// A report of nothing yet.
    pub(super) fn new(seed: u64, first: u64, engines: Vec<String>, mutant: Option<Mutant>) -> Self {
        Self {
            schema: SCHEMA,
            seed,
            first,
            engines,
            mutant,
            totals: RandomTotals::default(),
            findings: Vec::new(),
            elapsed_ms: 0,
        }
    }
}

impl RandomTotals {
    /// Counts one graph.
    pub(super) fn add(&mut self, graph: &GraphReport) {
        self.graphs += 1;
        self.linked += u64::from(graph.linked);
        self.completed += u64::from(graph.outcome == Some(OutcomeKind::Completed));
        self.modules += graph.modules;
        self.loads += graph.loads;
        self.hits += graph.hits;
        self.findings += u64::from(graph.finding.is_some());
    }

    /// Counts all of these, too.
    pub(super) fn include(&mut self, other: &Self) {
        self.graphs += other.graphs;
        self.linked += other.linked;
        self.completed += other.completed;
        self.modules += other.modules;
        self.loads += other.loads;
        self.hits += other.hits;
        self.findings += other.findings;
        self.engine_crashes += other.engine_crashes;
    }

    /// How many in a hundred graphs a part of them is.
    pub fn percent(&self, part: u64) -> u64 {
        (part * 100).checked_div(self.graphs).unwrap_or(0)
    }
}
