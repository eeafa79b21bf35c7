//! Why measuring could not go on. What goes wrong with a worker is not an error: it is kept with the samples.

use std::io;
use std::path::PathBuf;

/// Why measuring could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The workloads or suites cannot be had.
    #[error(transparent)]
    Workloads(#[from] workloads::Error),
    /// The files of a workload cannot be dropped from memory.
    #[error("cannot drop the files of {} from memory: {source}", .path.display())]
    Evict {
        /// The workload's entry.
        path: PathBuf,
        source: io::Error,
    },
    /// What was counted cannot be kept.
    #[error("cannot keep {}: {source}", .path.display())]
    Keep { path: PathBuf, source: io::Error },
    /// A peer of a project does not say its version.
    #[error(
        "the peer `{peer}` does not say its version: `{command}` {failure}; mend `version` in jsc-harness.toml, or leave it out"
    )]
    PeerVersion {
        peer: String,
        command: String,
        failure: sample::WorkerFailure,
    },
    /// Peers were asked for, and this machine has none.
    #[error(
        "there is no bun, node or deno to measure beside, and no [[peer]] in jsc-harness.toml; hint: cargo xtask setup --peers"
    )]
    NoPeers,
}
