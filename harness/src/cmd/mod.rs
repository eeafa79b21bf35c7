//! The subcommands, one file each: arguments, then `run`, which returns the exit code.

pub mod bisect;
pub mod cache;
mod cache_arg;
pub mod capture;
pub mod cmp;
mod effect;
pub mod engine;
mod file_name;
pub mod gate;
mod host_arg;
pub mod init;
pub mod list;
pub mod measure;
mod note;
pub mod profile;
pub mod report;
pub mod results;
mod root;
pub mod run;
mod selection;
mod terminal;
pub mod test262;
pub mod verify;
mod void_limits;
mod word;
pub mod worker;
pub mod written;

use clap::ValueEnum;

use selection::use_results_of_project;

/// Exit codes of every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// Fine.
    Success = 0,
    /// A finding: the loaded program threw, paths differ, a regression.
    Finding = 1,
    /// Not enough evidence for an answer.
    Inconclusive = 2,
    /// Not to be trusted: a cache silently rejected, a wrong observation.
    Invalid = 3,
    /// The command could not run: no engine, I/O, environment.
    CouldNotRun = 4,
    /// The command line is wrong.
    Usage = 64,
    /// Of one step of `git bisect run`: nobody knows.
    Skip = 125,
    /// Of one step of `git bisect run`: the command could not run, or its line is wrong. It ends the search there.
    Abort = 128,
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
