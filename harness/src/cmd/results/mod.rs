//! `results`: the folder of results.

mod add;
mod export;
mod merge;
mod readme;
mod scan;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::word::word;
use super::{ExitStatus, Format};
use crate::{Error, print};
use record::{History, RunRecord};

pub use readme::write_readme;

/// Arguments of `results`.
#[derive(Debug, Args)]
pub struct ResultsArgs {
    #[command(subcommand)]
    command: ResultsCommand,
}

#[derive(Debug, Subcommand)]
enum ResultsCommand {
    /// Write results/README.md and its pictures from the history
    Readme {
        /// Write nothing; exit code 1 when the file is not what the history makes it
        #[arg(long)]
        check: bool,
    },
    /// Look for gains that have become smaller since some night of the history
    #[command(after_help = scan::AFTER_HELP)]
    Scan {
        /// Scan as if this run was the newest, and ignore later ones [default: the newest run of each condition]
        #[arg(long, value_name = "ID")]
        run: Option<String>,
        /// How to print the result
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Join the results of all shards of one run into one
    #[command(after_help = merge::AFTER_HELP)]
    Merge {
        /// The file to write, which must not exist
        out: PathBuf,
        /// The result of each shard, in any order
        #[arg(required = true, value_name = "IN")]
        shards: Vec<PathBuf>,
    },
    /// Print a result in the format of another tool
    #[command(after_help = export::AFTER_HELP)]
    Export {
        /// The result file, as `measure --out` writes it; the document of a gate is one, too
        file: PathBuf,
        /// The format
        #[arg(long, value_parser = word::<export::Format>())]
        format: export::Format,
    },
    /// Add a result file to the history, and bring results/README.md up to date; one that is there already stays as it is
    Add {
        /// The file, as `measure --out` writes it
        file: PathBuf,
    },
}

/// Runs `results`.
pub fn run(arguments: &ResultsArgs) -> Result<ExitStatus, Error> {
    super::use_results_of_project()?;
    match &arguments.command {
        ResultsCommand::Readme { check: true } => readme::check(),
        ResultsCommand::Readme { check: false } => {
            print::line(&write_readme()?.display().to_string());
            Ok(ExitStatus::Success)
        }
        ResultsCommand::Scan { run, format } => scan::run(run.as_deref(), *format),
        ResultsCommand::Merge { out, shards } => merge::run(out, shards),
        ResultsCommand::Export { file, format } => export::run(file, *format),
        ResultsCommand::Add { file } => add::run(file),
    }
}

/// The whole history, in order of time.
fn history() -> Result<Vec<RunRecord>, Error> {
    let mut records = History::standard()
        .files()?
        .iter()
        .map(|file| record::read(file))
        .collect::<Result<Vec<_>, _>>()?;
    records.sort_by(|a, b| (a.run.started, &a.run.id).cmp(&(b.run.started, &b.run.id)));
    Ok(records)
}
