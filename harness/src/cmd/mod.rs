//! The subcommands, one file each: arguments, then `run`, which returns the exit code.

pub mod cache;
pub mod engine;
pub mod run;

use clap::ValueEnum;

/// Exit codes of every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// Fine.
    Success = 0,
    /// A finding: the loaded program threw, paths differ, a regression.
    Finding = 1,
    /// Not to be trusted: a cache silently rejected, a wrong observation.
    Invalid = 3,
    /// The command could not run: no engine, I/O, environment.
    CouldNotRun = 4,
    /// The command line is wrong.
    Usage = 64,
}

/// How data is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}
