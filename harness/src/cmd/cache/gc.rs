//! `cache gc`: drop entries and packs that no run will use again.

use std::io::{self, Write};
use std::path::PathBuf;
use std::{fs, io::ErrorKind};

use clap::Args;
use url::Url;

use super::{bytes, open_store, store_error};
use crate::cmd::{ExitStatus, Format};
use crate::{Error, print};
use jsc_module_cache::store::{Access, GcPolicy, GcReport, ModuleState, Tally};
use jsc_module_cache::{Identity, SourceHash};
use sample::plural;

/// Arguments of `cache gc`.
#[derive(Debug, Args)]
pub struct GcArgs {
    /// The store's directory
    #[arg(long, value_name = "DIR")]
    cache_dir: PathBuf,
    /// Keep entries and packs of engines that are not installed, or with other options than now
    #[arg(long)]
    all_engines: bool,
    /// How to print what was done
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs `cache gc`; `live` are the engines in use.
pub fn run(arguments: &GcArgs, live: &[Identity]) -> Result<ExitStatus, Error> {
    let directory = &arguments.cache_dir;
    // Nothing to collect is no reason to create a directory.
    open_store(directory, Access::ReadOnly)?;
    let store = open_store(directory, Access::ReadWrite)?;
    let policy = GcPolicy {
        live: (!arguments.all_engines).then_some(live),
    };
    let report = store
        .gc(&policy, state_of)
        .map_err(|miss| store_error(directory, miss))?;
    match arguments.format {
        Format::Json => print::json(&report),
        Format::Table => print::line(&words(&report)),
    }
    for failure in &report.failed {
        let _ = writeln!(io::stderr(), "warning: {failure}");
    }
    Ok(ExitStatus::Success)
}

/// What became of the module with this key.
fn state_of(key: &str) -> ModuleState {
    let path = Url::parse(key)
        .ok()
        .filter(|url| url.scheme() == "file")
        .and_then(|url| url.to_file_path().ok());
    let Some(path) = path else {
        return ModuleState::Unknown;
    };
    match fs::read(path) {
        Ok(source) => ModuleState::Source(SourceHash::of(&source)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            ModuleState::Gone
        }
        Err(_) => ModuleState::Unknown,
    }
}

fn words(report: &GcReport) -> String {
    let line = |what: &str, tally: &Tally| {
        format!(
            "{what:<13}  {}, {}",
            plural(tally.files, "file", "files"),
            bytes(tally.bytes)
        )
    };
    [
        line("kept", &report.kept),
        line("other engine", &report.other_engine),
        line("module gone", &report.gone),
        line("source stale", &report.stale),
        line("invalid", &report.invalid),
        line("unfinished", &report.temporary),
    ]
    .join("\n")
}
