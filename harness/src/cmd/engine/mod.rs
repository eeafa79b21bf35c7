//! `engine`: which engines this machine has, and engines of the user's own.

mod define;
mod gc;
mod list;

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jsc_provision::named::{Definitions, default_file};

use super::{ExitStatus, Format};
use crate::{Error, print};
use engine::Engine;

pub use define::{AddArgs, check_sources};

/// Arguments of `engine`.
#[derive(Debug, Args)]
pub struct EngineArgs {
    #[command(subcommand)]
    command: EngineCommand,
    /// The file of definitions [default: jsc-harness.toml in the working directory if it is there, or
    /// $XDG_CONFIG_HOME/jsc-harness/engines.toml]
    #[arg(long, global = true, value_name = "FILE")]
    engines: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum EngineCommand {
    /// List the engines that this program can run on, and those that are defined and not built
    List {
        /// How to print them
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Show one engine: the default, or the one with this name or version
    Show {
        /// Name or version
        engine: Option<String>,
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Define an engine of your own: a source, a build, or an engine that somebody packed. Builds nothing
    #[command(after_long_help = define::AFTER_ADD)]
    Add(AddArgs),
    /// Build a defined engine, or bring it up to date, and make its bridge
    Build {
        /// Its name
        name: String,
    },
    /// Remove a definition, with what was built of it
    Remove {
        /// Its name
        name: String,
    },
    /// Remove from the store what no engine that is pinned or defined needs
    #[command(after_long_help = gc::AFTER_GC)]
    Gc {
        /// Remove kept builds too: the next one of each compiles again what ccache does not have
        #[arg(long)]
        builds: bool,
        /// Say what would be removed, and remove nothing
        #[arg(long)]
        dry_run: bool,
        /// How to print what was done
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Print the identity of the engine that this process runs on, as JSON
    #[command(hide = true)]
    Identity,
}

/// Runs `engine`.
pub fn run(arguments: &EngineArgs) -> Result<ExitStatus, Error> {
    let definitions = || -> Result<Definitions, Error> {
        let file = match &arguments.engines {
            Some(file) => {
                // `add` begins a file; to everything else one that is not there is a mistake.
                if !matches!(arguments.command, EngineCommand::Add(_)) {
                    file.metadata().map_err(|source| Error::Read {
                        path: file.clone(),
                        source,
                    })?;
                }
                file.clone()
            }
            None => default_file()?,
        };
        Ok(Definitions::read(&file)?)
    };
    match &arguments.command {
        EngineCommand::List { format } => list::list(&definitions()?, *format),
        EngineCommand::Show { engine, format } => {
            list::show(engine.as_deref(), &definitions()?, *format)
        }
        EngineCommand::Add(add) => define::add(add, definitions()?),
        EngineCommand::Build { name } => define::build(name, &definitions()?),
        EngineCommand::Remove { name } => define::remove(name, definitions()?),
        EngineCommand::Gc {
            builds,
            dry_run,
            format,
        } => gc::run(&definitions()?, *builds, *dry_run, *format),
        EngineCommand::Identity => {
            print::json(&Engine::new().map_err(workers::Error::from)?.build());
            Ok(ExitStatus::Success)
        }
    }
}

fn remove_folder(folder: &Path) -> Result<(), Error> {
    fs::remove_dir_all(folder).map_err(|source| Error::Remove {
        path: folder.to_owned(),
        source,
    })
}
