//! `run`: load and evaluate a module graph.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::ExitStatus;
use crate::Error;
use crate::engine::Outcome;
use crate::installed;
use crate::load::{self, LoadPath, RunOptions, RunStats};

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The entry module
    entry: PathBuf,
    /// The engine to run on: a name or a version from `engine list`
    #[arg(long)]
    engine: Option<String>,
    /// How the graph is loaded
    #[arg(long, value_enum, default_value_t = PathArg::Parse)]
    path: PathArg,
    /// Write facts about the run as JSON to this file; `-` is standard error
    #[arg(long, value_name = "FILE")]
    stats: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PathArg {
    /// Parse everything: stock JSC, no cache
    Parse,
}

/// Runs `run`.
pub fn run(arguments: &RunArgs) -> Result<ExitStatus, Error> {
    let loaded = installed::load(arguments.engine.as_deref())?;
    let options = RunOptions {
        entry: &arguments.entry,
        path: match arguments.path {
            PathArg::Parse => LoadPath::Parse,
        },
        stats: arguments.stats.is_some(),
    };
    let run = load::run(&loaded.engine, &loaded.name, &options)?;
    let status = report(&run.outcome, &arguments.entry);
    if let (Some(file), Some(stats)) = (&arguments.stats, &run.stats) {
        write_stats(file, stats)?;
    }
    Ok(status)
}

fn report(outcome: &Outcome, entry: &Path) -> ExitStatus {
    let message = match outcome {
        Outcome::Completed => return ExitStatus::Success,
        Outcome::Threw(error) => format!("Uncaught {error}"),
        Outcome::UnhandledRejection(reason) => format!("Uncaught (in promise) {reason}"),
        Outcome::Unsettled => format!(
            "error: {} never finished: nothing is left to run, but a top-level await still waits",
            entry.display()
        ),
    };
    let _ = writeln!(io::stderr(), "{message}");
    ExitStatus::Finding
}

fn write_stats(file: &Path, stats: &RunStats) -> Result<(), Error> {
    let wrong = |source| Error::Write {
        flag: "--stats",
        path: file.to_owned(),
        source,
    };
    let mut text = serde_json::to_vec_pretty(stats).map_err(|error| wrong(error.into()))?;
    text.push(b'\n');
    if file == Path::new("-") {
        return io::stderr().write_all(&text).map_err(wrong);
    }
    fs::write(file, text).map_err(wrong)
}
