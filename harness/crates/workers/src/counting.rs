//! Counting a worker's instructions with `valgrind --tool=callgrind`.
//!
//! It runs a program on a processor that it simulates, one thread at a time, some fifty times as slowly. What it counts does
//! not depend on what else the machine does.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sample::Instructions;

use crate::settled::settle;

/// Functions of `load::marks`, each with what has been counted when it is entered.
const BEGINS: &str = "load::marks::load_begins";
const ENDS: &str = "load::marks::load_ends";
/// Behind it a worker does what only it does.
pub const PROGRAM_ENDS: &str = "load::marks::program_ends";

/// Settings of JSC with which counts repeat. Without a JIT nothing depends on when a compiler thread gets its turn, and one
/// collector thread marks what several would share by chance. What JSC makes of `reoptimizationRetryCounterMax` depends on
/// the order of the variables, which valgrind changes, unless it is given; it is part of what an engine is known by.
pub const OPTIONS: [(&str, &str); 3] = [
    ("JSC_numberOfGCMarkers", "1"),
    ("JSC_reoptimizationRetryCounterMax", "21"),
    ("JSC_useJIT", "0"),
];

/// The file in which callgrind's counts are.
pub const FILE: &str = "callgrind.out";

/// How many times a worker may take as long as it may without being counted.
pub const SLOWER: u32 = 50;

/// Valgrind on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    program: PathBuf,
    /// `valgrind-3.19.0`.
    pub version: String,
}

/// What is wrong with counting.
#[derive(Debug, thiserror::Error)]
pub enum CountingError {
    /// It is not installed.
    #[error(
        "counting instructions needs valgrind, which is not there; hint: apt-get install valgrind"
    )]
    NoValgrind,
    /// What it wrote lacks a part.
    #[error("callgrind did not see {mark}; it wrote {}", .file.display())]
    NoMark {
        /// The function that was never entered.
        mark: &'static str,
        file: PathBuf,
    },
    /// What it wrote cannot be read.
    #[error(transparent)]
    Unreadable(#[from] profile::Error),
    /// This program could not be started again with the settings.
    #[error("cannot run this program again: {0}")]
    Again(io::Error),
}

impl Counter {
    /// The one on the `PATH`, in a process with [`OPTIONS`]: this program starts again with them, if it has not got them. To
    /// be called before there is anything that would be left behind.
    pub fn ready() -> Result<Self, CountingError> {
        let counter = Self::find()?;
        settle(&OPTIONS).map_err(CountingError::Again)?;
        Ok(counter)
    }

    fn find() -> Result<Self, CountingError> {
        let output = Command::new("valgrind")
            .arg("--version")
            .stdin(Stdio::null())
            .output()
            .map_err(|_| CountingError::NoValgrind)?;
        let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        match version.starts_with("valgrind-") {
            true => Ok(Self {
                program: "valgrind".into(),
                version,
            }),
            false => Err(CountingError::NoValgrind),
        }
    }

    /// The same command under callgrind, which writes into `file`: a part for each border of the load.
    pub fn around(&self, command: &Command, file: &Path) -> Command {
        let mut counted = Command::new(&self.program);
        counted.args(["--quiet", "--tool=callgrind", "--combine-dumps=yes"]);
        for mark in [BEGINS, ENDS, PROGRAM_ENDS] {
            counted.arg(format!("--dump-before={mark}*"));
        }
        let mut out = std::ffi::OsString::from("--callgrind-out-file=");
        out.push(file);
        counted.arg(out).arg(command.get_program());
        counted.args(command.get_args()).env_clear();
        for (name, value) in command.get_envs() {
            if let Some(value) = value {
                counted.env(name, value);
            }
        }
        counted
    }
}

/// The counts in what callgrind wrote.
pub fn read(file: &Path) -> Result<Instructions, CountingError> {
    let parts = profile::read(file)?;
    let until = |mark: &'static str| {
        let part = parts.iter().find(|it| it.trigger.contains(mark));
        part.map(|it| it.total)
            .ok_or_else(|| CountingError::NoMark {
                mark,
                file: file.to_owned(),
            })
    };
    Ok(Instructions {
        start: until(BEGINS)?,
        load: until(ENDS)?,
        rest: until(PROGRAM_ENDS)?,
    })
}
