//! Peers: other runtimes, and this program as people start it, that run the same entries as whole processes.

use serde::{Deserialize, Serialize};

use sample::WorkerFailure;

/// The peer that others are compared with: this program on the full path.
pub const OWN_FULL: &str = "jsc-harness, full";

/// A program that runs entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPeer {
    /// Its name, with the way in which it is used.
    pub name: String,
    /// Its version, in its own words.
    pub version: String,
    /// How it is started, without folders.
    pub command: String,
}

/// One process of a peer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeerRun {
    /// The peer, as its place in [`super::RunRecord::peers`].
    pub peer: usize,
    /// Length of the variable that filled the environment up, in bytes.
    pub pad: u32,
    /// What was measured; nothing when it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<PeerTimes>,
    /// What was wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<PeerError>,
}

/// A peer's process from outside, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerTimes {
    /// When it was started, since the run began.
    pub start: u64,
    /// From before its start until it was known to have ended.
    pub wall: u64,
    /// Processor time in user mode.
    pub user: u64,
    /// Processor time in the kernel.
    pub system: u64,
}

/// What was wrong with a peer's process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "kebab-case")]
pub enum PeerError {
    /// It failed.
    #[error("{} {failure}", .process.as_deref().unwrap_or("it"))]
    Process {
        /// Which of its programs, and what that was to do; results of before 2026-11-29 do not say it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        process: Option<String>,
        /// How.
        failure: WorkerFailure,
    },
    /// It printed something else than it must.
    #[error("it printed {found:?} where {} {expected:?}", reference(.by))]
    Output {
        /// The first line that differs, as it must be; empty behind the last one.
        expected: String,
        /// And as the peer printed it.
        found: String,
        /// Who says what it must print.
        #[serde(default, skip_serializing_if = "PrintedBy::is_usual")]
        by: PrintedBy,
    },
}

/// Who says what a peer must print.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrintedBy {
    /// This program, by printing it on the parse path.
    #[default]
    ParsePath,
    /// The peer's definition.
    Definition,
}

impl PrintedBy {
    fn is_usual(&self) -> bool {
        *self == Self::ParsePath
    }
}

fn reference(by: &PrintedBy) -> &'static str {
    match by {
        PrintedBy::ParsePath => "this program prints",
        PrintedBy::Definition => "its `prints` in jsc-harness.toml has",
    }
}

/// A peer that could not be measured on a workload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerUnmeasured {
    /// The workload, as its place in [`super::RunRecord::workloads`].
    pub workload: usize,
    /// The peer, as its place in [`super::RunRecord::peers`].
    pub peer: usize,
    pub why: PeerError,
}
