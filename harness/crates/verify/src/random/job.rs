//! What a worker is given, and what it writes down while it works, so that a crash can be told from its journal.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::report::{Finding, FindingKind};
use sample::{LoadPath, Mutant, OutcomeKind};

use super::scenario::Scenario;

/// The graphs of one worker.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    pub graphs: Graphs,
    /// The paths to compare with `parse`.
    pub paths: Vec<LoadPath>,
    /// How entries are spoiled, if they are.
    pub mutant: Option<Mutant>,
    /// What a load may take, in milliseconds.
    pub limit_ms: u64,
    /// Whether to end at the first finding.
    pub stop: bool,
}

/// Which graphs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Graphs {
    /// Those of a seed, from one index up to another.
    Drawn { seed: u64, first: u64, end: u64 },
    /// These.
    Given(Vec<Scenario>),
    /// The smallest like this one that shows something of this kind.
    Smaller(Scenario, FindingKind),
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// A load begins: the place of the graph in the job, the step, and what it is.
    At(u64, usize, String),
    /// A graph is done.
    Done(GraphReport),
    /// A smaller scenario that shows it, and what it shows.
    Smaller(Box<Scenario>, Finding),
}

/// What was found out about one graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GraphReport {
    pub index: u64,
    /// JavaScript modules that it loads when it is parsed.
    pub modules: u64,
    /// How it ended when it was first parsed.
    pub outcome: Option<OutcomeKind>,
    /// Whether any of its modules was evaluated.
    pub linked: bool,
    /// All loads, those by `parse` included.
    pub loads: u64,
    /// Modules served from caches.
    pub hits: u64,
    /// The first thing that is wrong, and at which step.
    pub finding: Option<(usize, Finding)>,
}

impl Job {
    const FILE: &str = "job.json";
    const JOURNAL: &str = "journal.jsonl";

    /// Writes it into a directory; the file's path.
    pub fn write(&self, directory: &Path) -> io::Result<PathBuf> {
        fs::create_dir_all(directory)?;
        // A journal of an earlier job is not this one's.
        let _ = fs::remove_file(directory.join(Self::JOURNAL));
        let path = directory.join(Self::FILE);
        fs::write(&path, serde_json::to_vec(self)?)?;
        Ok(path)
    }

    /// Reads it.
    pub fn read(path: &Path) -> io::Result<Self> {
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    }

    /// How many graphs it has.
    pub fn len(&self) -> u64 {
        match &self.graphs {
            Graphs::Drawn { first, end, .. } => end.saturating_sub(*first),
            Graphs::Given(scenarios) => scenarios.len() as u64,
            Graphs::Smaller(..) => 1,
        }
    }

    /// The graph at a place.
    pub fn scenario(&self, place: u64) -> Option<Scenario> {
        match &self.graphs {
            Graphs::Drawn { seed, first, .. } => {
                Some(Scenario::draw(*seed, first + place, &self.paths))
            }
            Graphs::Smaller(scenario, _) => Some(scenario.clone()),
            Graphs::Given(scenarios) => scenarios.get(usize::try_from(place).ok()?).cloned(),
        }
    }
}

/// Where a worker writes down what it does.
pub struct Journal(File);

impl Journal {
    /// An empty one beside a job.
    pub fn create(directory: &Path) -> io::Result<Self> {
        File::create(directory.join(Job::JOURNAL)).map(Self)
    }

    /// Writes a line, at once.
    pub fn write(&mut self, line: &Line) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.0.write_all(&bytes)
    }

    /// The whole lines of the journal in a directory.
    pub fn read(directory: &Path) -> Vec<Line> {
        let text = fs::read_to_string(directory.join(Job::JOURNAL)).unwrap_or_default();
        let lines = text.lines().map_while(|it| serde_json::from_str(it).ok());
        lines.collect()
    }
}
