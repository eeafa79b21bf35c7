//! `results`: the folder of results.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::ExitStatus;
use crate::record::readme::{COMMAND, Readme, readme};
use crate::record::{self, History, pictures, results_directory};
use crate::{Error, print};

/// The README's name in the folder of results.
const NAME: &str = "README.md";

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

/// Writes the README of the results and its pictures, and says where it is.
pub fn write_readme() -> Result<PathBuf, Error> {
    let folder = results_directory();
    for (path, text) in made()?.into_iter().rev() {
        write(&folder.join(path), &text)?;
    }
    Ok(folder.join(NAME))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let wrong = |source| Error::Write {
        flag: "results README",
        path: path.to_owned(),
        source,
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(wrong)?;
    let mut temporary = record::temporary_in(folder).map_err(wrong)?;
    temporary.write_all(text.as_bytes()).map_err(wrong)?;
    let done = temporary.persist(path);
    done.map(drop).map_err(|error| wrong(error.error))
}

fn check() -> Result<ExitStatus, Error> {
    let folder = results_directory();
    for (path, text) in made()? {
        let path = folder.join(path);
        if fs::read_to_string(&path).unwrap_or_default() != text {
            print::line(&format!(
                "{} is not what the history makes it; next: {COMMAND}",
                path.display()
            ));
            return Ok(ExitStatus::Finding);
        }
    }
    Ok(ExitStatus::Success)
}

/// The files, below the folder of results; the README first.
fn made() -> Result<Vec<(PathBuf, String)>, Error> {
    let records = History::standard()
        .files()?
        .iter()
        .map(|file| record::read(file))
        .collect::<Result<Vec<_>, _>>()?;
    let Readme { text, pictures } = readme(&records)?;
    let mut files = vec![(PathBuf::from(NAME), text)];
    files.extend(pictures.into_iter().map(|it| {
        let path = Path::new(pictures::FOLDER).join(it.name);
        (path, it.svg)
    }));
    Ok(files)
}
