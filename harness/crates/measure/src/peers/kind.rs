//! What a peer is: this program, or another.

use std::fmt;
use std::fs;
use std::path::Path;
use std::time::Duration;

use record::PeerError;
use sample::{HostOptions, LoadPath, WorkerFailure};
use workers::{InstalledEngine, program_on};
use workloads::{PeerDef, Workload};

use super::recipe;
use super::start::Start;

/// A way to run a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// This program's `run`, on a path.
    Own(LoadPath),
    /// Another program.
    Other(PeerDef),
}

/// What every peer runs.
#[derive(Debug, Clone, Copy)]
pub struct Program<'a> {
    /// The workload.
    pub workload: &'a Workload,
    /// The cache that the workers use.
    pub cache: &'a Path,
}

impl Kind {
    /// Prepares it for a program, with its files in `directory`.
    pub fn prepare(
        &self,
        engine: &InstalledEngine,
        program: Program<'_>,
        directory: &Path,
        limit: Duration,
    ) -> Result<Start, PeerError> {
        fs::create_dir_all(directory).map_err(|error| not_started(&error))?;
        match self {
            Self::Own(path) => own(engine, program, *path),
            Self::Other(peer) => {
                let workload = program.workload;
                let entry = workload.original.as_ref().unwrap_or(&workload.entry);
                recipe::prepare(peer, entry, directory, limit)
            }
        }
    }

    /// What it must print, if not what our parse path prints.
    pub fn prints(&self) -> Option<Vec<u8>> {
        match self {
            Self::Own(_) => None,
            Self::Other(peer) => {
                let lines = peer.prints.as_ref()?.iter();
                Some(
                    lines
                        .flat_map(|line| [line.as_bytes(), b"\n"].concat())
                        .collect(),
                )
            }
        }
    }
}

/// `jsc-harness run`, with what the workload's host gives and the cache that the workers use.
fn own(engine: &InstalledEngine, program: Program<'_>, path: LoadPath) -> Result<Start, PeerError> {
    let command = program_on(engine, None).map_err(|error| not_started(&error))?;
    let mut start = Start::new("command", command.get_program()).arguments(&[
        "run",
        "--engine",
        &engine.name,
        "--path",
        path.name(),
    ]);
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            start = start.variable(name, value);
        }
    }
    if path != LoadPath::Parse {
        start = start
            .arguments(&["--cache", "read-only", "--cache-dir"])
            .argument(program.cache);
    }
    let start = with_host(start, &program.workload.host);
    Ok(start.argument(&program.workload.entry))
}

fn not_started(error: &dyn fmt::Display) -> PeerError {
    PeerError::Process {
        process: None,
        failure: WorkerFailure::not_started(error),
    }
}

/// The options that `run` has for what a host gives.
fn with_host(mut start: Start, host: &HostOptions) -> Start {
    for (word, list) in host.lists() {
        start = start.argument(format!("--{word}")).argument(list.join(","));
    }
    for (word, file) in host.files() {
        start = start.argument(format!("--{word}")).argument(file);
    }
    start
}
