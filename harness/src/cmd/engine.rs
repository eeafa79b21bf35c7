//! `engine list` and `engine show`: which engines this machine has.

use clap::{Args, Subcommand};
use comfy_table::Table;
use comfy_table::presets::NOTHING;

use super::{ExitStatus, Format};
use crate::{Error, print};
use engine::Engine;
use workers::InstalledEngine;

/// Arguments of `engine`.
#[derive(Debug, Args)]
pub struct EngineArgs {
    #[command(subcommand)]
    command: EngineCommand,
}

#[derive(Debug, Subcommand)]
enum EngineCommand {
    /// List the engines that this program can run on
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
    /// Print the identity of the engine that this process runs on, as JSON
    #[command(hide = true)]
    Identity,
}

/// Runs `engine`.
pub fn run(arguments: &EngineArgs) -> Result<ExitStatus, Error> {
    match &arguments.command {
        EngineCommand::List { format } => {
            let engines = workers::list()?;
            match format {
                Format::Json => print::json(&engines),
                Format::Table => print::line(&table(&engines)),
            }
        }
        EngineCommand::Show { engine, format } => {
            let wanted = engine
                .as_deref()
                .unwrap_or(jsc_provision::pins::default_version());
            let engine = workers::find(wanted)?;
            match format {
                Format::Json => print::json(&[engine]),
                Format::Table => print::line(&details(&engine)),
            }
        }
        EngineCommand::Identity => {
            print::json(&Engine::new().map_err(workers::Error::from)?.build())
        }
    }
    Ok(ExitStatus::Success)
}

fn table(engines: &[InstalledEngine]) -> String {
    if engines.is_empty() {
        return "no engine installed; hint: cargo xtask setup".to_owned();
    }
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_header(["name", "version", "fingerprint", "build-id", "default"]);
    for engine in engines {
        let default = if engine.default { "yes" } else { "" };
        table.add_row([
            &engine.name,
            &engine.version,
            &engine.fingerprint,
            &engine.build_id,
            default,
        ]);
    }
    table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

fn details(engine: &InstalledEngine) -> String {
    let default = if engine.default { "yes" } else { "no" };
    [
        format!("name         {}", engine.name),
        format!("version      {}", engine.version),
        format!("fingerprint  {}", engine.fingerprint),
        format!("build-id     {}", engine.build_id),
        format!("directory    {}", engine.directory.display()),
        format!("default      {default}"),
        format!("features     {}", engine.features.join(" ")),
        format!("capabilities {}", engine.capabilities.join(" ")),
    ]
    .join("\n")
}
