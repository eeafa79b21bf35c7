//! What is written of the command line's own definition: completions and manual pages.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_complete::Shell;

use super::ExitStatus;
use crate::{Error, print};

/// The program's name.
const NAME: &str = "jsc-harness";

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS_HELP)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

const COMPLETIONS_HELP: &str = "\
  jsc-harness completions bash > ~/.local/share/bash-completion/completions/jsc-harness
  jsc-harness completions zsh > DIR/_jsc-harness       a directory of $fpath
  jsc-harness completions fish > ~/.config/fish/completions/jsc-harness.fish";

/// Arguments of `man`.
#[derive(Debug, Args)]
#[command(
    after_help = "Then: man -l DIR/jsc-harness.1, or put DIR's files into a man1 of $MANPATH."
)]
pub struct ManArgs {
    /// The directory, which is made if it is not there. Pages that are there are replaced
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Prints completions.
pub fn completions(arguments: &CompletionsArgs, mut command: Command) -> Result<ExitStatus, Error> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, NAME, &mut text);
    print::text(&String::from_utf8_lossy(&text));
    Ok(ExitStatus::Success)
}

/// Writes manual pages.
pub fn manual(arguments: &ManArgs, command: Command) -> Result<ExitStatus, Error> {
    let folder = &arguments.folder;
    let written = fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command.name(NAME), folder));
    written.map_err(|source| Error::Write {
        flag: "man",
        path: folder.clone(),
        source,
    })?;
    Ok(ExitStatus::Success)
}
