//! A run: when, of what, under which conditions, and its blocks.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::kept_load::{KeptLoad, SampleError, Void};
use super::machine::{Machine, Moment};
use super::peer::{KeptPeer, PeerRun, PeerUnmeasured};
use sample::{LoadPath, PackUse};

/// A measuring run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRecord {
    /// When, by which program, what for.
    pub run: RunInfo,
    /// What was the same for all samples.
    pub conditions: Conditions,
    pub machine: Machine,
    /// The machine's state when the run began.
    pub before: Moment,
    /// And when it ended.
    pub after: Moment,
    /// The engines. Samples name them by their place in this list.
    pub engines: Vec<KeptEngine>,
    /// The workloads. Blocks name them by their place in this list.
    pub workloads: Vec<KeptWorkload>,
    /// What was to be measured and could not be, because it failed before anything was timed.
    pub unmeasured: Vec<Unmeasured>,
    /// Other runtimes that were measured in the same blocks. Their processes name them by their place in this list.
    pub peers: Vec<KeptPeer>,
    /// Peers that could not be measured on a workload.
    pub peers_unmeasured: Vec<PeerUnmeasured>,
    /// Every block, in the order in which they ran.
    pub blocks: Vec<Block>,
}

/// When, by which program, and what for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInfo {
    /// Names the run: time, engines, machine. Also the name of its file in the history.
    pub id: String,
    /// When it began (UTC).
    pub started: Timestamp,
    /// When it ended (UTC).
    pub ended: Timestamp,
    /// What it was for.
    pub purpose: Purpose,
    /// How it was asked for: the command's arguments, except files and folders.
    pub command: Vec<String>,
    /// The program that measured.
    pub program: Program,
}

impl RunInfo {
    /// The name of a run: when it began, its engines, the kind of machine.
    pub fn id_of(started: Timestamp, engines: &[KeptEngine], machine: &Machine) -> String {
        let mut versions: Vec<&str> = engines.iter().map(KeptEngine::label).collect();
        versions.dedup();
        format!(
            "{}-{}-{}",
            started.strftime("%Y-%m-%dT%H%M%SZ"),
            versions.join("+"),
            machine.id
        )
    }
}

/// What a run was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Workloads by name.
    Workloads,
    /// Workloads of growing size.
    Growth,
}

/// The program that measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    pub version: String,
    /// The commit of the checkout that it was built from, as `git describe` says it when the run begins; `-dirty` when
    /// files had been changed. Nothing when there is no checkout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Digest (hex) of the executable file.
    pub digest: String,
    /// Whether it was built with optimizations.
    pub optimized: bool,
}

/// What was the same for all samples of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conditions {
    /// Whether files were in memory.
    pub page_cache: PageCache,
    /// The seed of every random choice.
    pub seed: u64,
    /// The load paths measured.
    pub paths: Vec<LoadPath>,
    /// Blocks of each workload: those asked for, or those that the budget allowed.
    pub rounds: u32,
    /// Discarded loads before the first block, of each workload on each path on each engine.
    pub warm_ups: u32,
    /// The variable that fills the environment up has a random length below this, in bytes.
    pub pad_below: u32,
    /// How packs of the graph path were made and checked.
    #[serde(default, skip_serializing_if = "PackUse::is_default")]
    pub pack: PackUse,
    /// What counted instructions, if anything did: nothing else of such a run means anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Counted>,
    /// How long a worker might take, in milliseconds.
    pub time_limit_ms: u64,
    /// When a block was void.
    pub void_above: VoidLimits,
}

/// How instructions were counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The program and its version: `valgrind-3.19.0`.
    pub by: String,
    /// Variables that set options of JSC, so that counts repeat.
    pub variables: BTreeMap<String, String>,
}

impl Counted {
    /// In words: by what, and with which variables.
    pub fn words(&self) -> String {
        let variables = self.variables.iter();
        let variables: Vec<String> = variables
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!(
            "instructions counted by {}, {}",
            self.by,
            variables.join(" ")
        )
    }
}

impl Conditions {
    /// In words, as far as they tell series of results apart: the page cache, and what is not as usual.
    pub fn words(&self) -> String {
        let page_cache = match self.page_cache {
            PageCache::Warm => "warm",
            PageCache::Cold => "cold",
        };
        let counted = self.counted.as_ref();
        format!(
            "{page_cache} page cache{}{}{}",
            self.pack.words(),
            self.void_above.words(),
            counted.map_or(String::new(), |it| format!("; {}", it.words()))
        )
    }
}

/// Above what a block is void.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct VoidLimits {
    /// Share of the processors' time that the hypervisor gave to others.
    pub steal_percent: f64,
    /// Share of the block's time in which every process waited for memory, or, with a warm page cache, for a disk.
    pub stall_percent: f64,
}

/// Chosen beforehand, from what a quiet machine shows: nothing of either.
impl Default for VoidLimits {
    fn default() -> Self {
        Self {
            steal_percent: 2.0,
            stall_percent: 5.0,
        }
    }
}

impl VoidLimits {
    /// What differs from the usual, to be appended to the words about the page cache. Empty if nothing does.
    pub fn words(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        let (steal, stall) = (self.steal_percent, self.stall_percent);
        format!(", blocks void above {steal} % stolen and {stall} % stalled")
    }
}

/// Whether the files of a load were in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageCache {
    /// All of them.
    Warm,
    /// Sources and cache entries had been dropped before each load.
    Cold,
}

/// An engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptEngine {
    /// Name of the build.
    pub name: String,
    /// The WebKitGTK release.
    pub version: String,
    /// Digest (hex) of what makes engines differ: the library, the bridge, the options in force.
    pub fingerprint: String,
    /// GNU build-id (hex).
    pub build_id: String,
    /// The build options that are on.
    pub features: Vec<String>,
    /// The compiler that made the engine; absent in records of before 2026-12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compiler: Option<String>,
    /// The arguments that CMake was given, without folders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cmake_args: Vec<String>,
    /// Whether JSC's assertions are compiled in: times are those of the assertions too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assertions: bool,
    /// Where it comes from, if it is none of the pinned releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<KeptProvenance>,
}

/// Where an engine of the user's own comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptProvenance {
    /// `tarball`, `tree`, `git`, `build`, `archive` or `dir`.
    pub kind: String,
    /// The file, the folder or the repository.
    pub location: String,
    /// The commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// SHA-256 of how the source differed from that commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<String>,
    /// SHA-256 of a tarball or an archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// BLAKE3 of the static libraries of a build folder or an unpacked engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub libraries: Option<String>,
}

impl KeptEngine {
    /// What people call it: the release of a pinned engine, the name of one of the user's own, whose release says little.
    pub fn label(&self) -> &str {
        match self.provenance {
            Some(_) => &self.name,
            None => &self.version,
        }
    }

    /// Label, commit and assertions, where there is something to say of them.
    pub fn description(&self) -> String {
        let mut text = self.label().to_owned();
        if let Some(provenance) = &self.provenance {
            text += &format!(" ({}", provenance.kind);
            if let Some(revision) = &provenance.revision {
                text += &format!(" {}", revision.get(..12).unwrap_or(revision));
            }
            if provenance.difference.is_some() {
                text += ", changed since";
            }
            text += ")";
        }
        if self.assertions {
            text += ", with assertions";
        }
        text
    }
}

/// A workload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptWorkload {
    pub name: String,
    /// Where its modules come from: `npm`, `generated`, `fixture`.
    pub kind: String,
    /// Digest (hex) of its content: two workloads with the same one are the same files.
    pub digest: String,
    /// Its place in a series of growing size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Series>,
    /// By engine (name): digest of what the parse path showed before anything was timed. Every sample must show the
    /// same.
    pub observations: BTreeMap<String, String>,
}

/// A place in a series of workloads that differ in size alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// What grows: `modules` or `bytes`.
    pub name: String,
    /// How many of it there are.
    pub size: u64,
}

/// A workload on a path on an engine that could not be measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmeasured {
    /// The workload, as its place in [`RunRecord::workloads`].
    pub workload: usize,
    /// The engine, as its place in [`RunRecord::engines`].
    pub engine: usize,
    pub path: LoadPath,
    pub why: SampleError,
}

/// One block: one workload on every path on every engine, in random order.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The workload, as its place in [`RunRecord::workloads`].
    pub workload: usize,
    /// Which of the workload's blocks this is, from 0. A block that was voided is done again under the same number.
    pub round: u32,
    /// Why nothing may be concluded from this block, if so.
    pub void: Option<Void>,
    /// Its loads, in the order in which they ran.
    pub loads: Vec<KeptLoad>,
    /// Processes of peers, in the order in which they ran; their `start` says where between the loads.
    pub peers: Vec<PeerRun>,
}

impl RunRecord {
    /// The blocks of a workload that may be used.
    pub fn valid_blocks(&self, workload: usize) -> impl Iterator<Item = &Block> {
        self.blocks
            .iter()
            .filter(move |block| block.workload == workload && block.void.is_none())
    }

    /// Every load of the run.
    pub fn loads(&self) -> impl Iterator<Item = (&Block, &KeptLoad)> {
        self.blocks
            .iter()
            .flat_map(|block| block.loads.iter().map(move |load| (block, load)))
    }
}

impl Block {
    /// The sample of an engine on a path, if it is there and nothing is wrong with it.
    pub fn sample(&self, engine: usize, path: LoadPath) -> Option<&KeptLoad> {
        self.loads
            .iter()
            .find(|load| load.engine == engine && load.path == path)
            .filter(|load| load.error.is_none() && load.measured.is_some())
    }

    /// The wall time of a peer's process in milliseconds, if nothing is wrong with it.
    pub fn peer(&self, peer: usize) -> Option<f64> {
        let run = self.peers.iter().find(|run| run.peer == peer)?;
        let times = run.times.filter(|_| run.error.is_none())?;
        Some(times.wall as f64 / 1e6)
    }
}
