//! `cache clear`: drop all entries and packs.

use std::path::PathBuf;

use clap::Args;

use super::{bytes, open_store, store_error};
use crate::cmd::{ExitStatus, Format};
use crate::{Error, print};
use jsc_module_cache::store::{Access, Cleared};
use sample::plural;

/// Arguments of `cache clear`.
#[derive(Debug, Args)]
pub struct ClearArgs {
    /// The store's directory
    #[arg(long, value_name = "DIR")]
    cache_dir: PathBuf,
    /// How to print what was done
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs `cache clear`.
pub fn run(arguments: &ClearArgs) -> Result<ExitStatus, Error> {
    let directory = &arguments.cache_dir;
    // Nothing to clear is no reason to create a directory.
    open_store(directory, Access::ReadOnly)?;
    let cleared = open_store(directory, Access::ReadWrite)?
        .clear()
        .map_err(|miss| store_error(directory, miss))?;
    match arguments.format {
        Format::Json => print::json(&cleared),
        Format::Table => print::line(&words(&cleared)),
    }
    Ok(ExitStatus::Success)
}

fn words(cleared: &Cleared) -> String {
    let removed = format!(
        "removed {}, {}",
        plural(cleared.files, "file", "files"),
        bytes(cleared.bytes)
    );
    match cleared.foreign {
        0 => removed,
        foreign => format!(
            "{removed}; left {} alone that a store does not make",
            plural(foreign, "file", "files")
        ),
    }
}
