//! `results`: the folder of results.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ExitStatus;
use crate::record::readme::{COMMAND, readme};
use crate::record::{self, History, results_directory};
use crate::{Error, print};

/// Arguments of `results`.
#[derive(Debug, Args)]
pub struct ResultsArgs {
    #[command(subcommand)]
    command: ResultsCommand,
}

#[derive(Debug, Subcommand)]
enum ResultsCommand {
    /// Write results/README.md from the history
    Readme {
        /// Write nothing; exit code 1 when the file is not what the history makes it
        #[arg(long)]
        check: bool,
    },
}

/// Runs `results`.
pub fn run(arguments: &ResultsArgs) -> Result<ExitStatus, Error> {
    match &arguments.command {
        ResultsCommand::Readme { check: true } => check(),
        ResultsCommand::Readme { check: false } => {
            let path = write_readme()?;
            print::line(&path.display().to_string());
            Ok(ExitStatus::Success)
        }
    }
}

/// Writes the README of the results, and says where it is.
pub fn write_readme() -> Result<PathBuf, Error> {
    let path = readme_path();
    let wrong = |source| Error::Write {
        flag: "results README",
        path: path.clone(),
        source,
    };
    let text = made()?;
    let folder = results_directory();
    fs::create_dir_all(&folder).map_err(wrong)?;
    let mut temporary = record::temporary_in(&folder).map_err(wrong)?;
    temporary.write_all(text.as_bytes()).map_err(wrong)?;
    temporary
        .persist(&path)
        .map_err(|error| wrong(error.error))?;
    Ok(path)
}

fn check() -> Result<ExitStatus, Error> {
    let path = readme_path();
    let present = fs::read_to_string(&path).unwrap_or_default();
    if present == made()? {
        return Ok(ExitStatus::Success);
    }
    print::line(&format!(
        "{} is not what the history makes it; next: {COMMAND}",
        path.display()
    ));
    Ok(ExitStatus::Finding)
}

fn readme_path() -> PathBuf {
    results_directory().join("README.md")
}

fn made() -> Result<String, Error> {
    let records = History::standard()
        .files()?
        .iter()
        .map(|file| record::read(file))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(readme(&records))
}
