//! `cache`: looking at cache files and keeping stores in order.

mod build;
mod build_pack;
mod clear;
mod diff;
mod document;
mod explain;
mod explain_pack;
mod facts;
mod gc;
mod inspect;
mod pack;
mod render;
mod render_pack;
mod verify;

pub use build::BuildArgs;
pub use clear::ClearArgs;
pub use diff::{DiffArgs, record_differences};
pub use explain::ExplainArgs;
pub use gc::GcArgs;
pub use inspect::InspectArgs;
pub use verify::VerifyArgs;

use clap::{Args, Subcommand};

use super::ExitStatus;
use crate::Error;
use jsc_module_cache as cache;
use jsc_module_cache::Store;

/// Arguments of `cache`.
#[derive(Debug, Args)]
pub struct CacheArgs {
    #[command(subcommand)]
    command: CacheCommand,
}

#[derive(Debug, Subcommand)]
enum CacheCommand {
    /// Write entries for every module that programs import statically, or a pack of each program
    Build(BuildArgs),
    /// Say why each module of a program, or its pack, would hit or miss now
    Explain(ExplainArgs),
    /// Show a cache file
    Inspect(InspectArgs),
    /// Check cache files completely, one line each
    Verify(VerifyArgs),
    /// Say what differs between two cache files
    Diff(DiffArgs),
    /// Drop entries and packs that no run will use again
    Gc(GcArgs),
    /// Drop all entries and packs
    Clear(ClearArgs),
}

/// Runs `cache`.
pub fn run(arguments: &CacheArgs) -> Result<ExitStatus, Error> {
    match &arguments.command {
        CacheCommand::Build(arguments) => build::run(arguments),
        CacheCommand::Explain(arguments) => explain::run(arguments),
        CacheCommand::Inspect(arguments) => inspect::run(arguments),
        CacheCommand::Verify(arguments) => verify::run(arguments),
        CacheCommand::Diff(arguments) => diff::run(arguments),
        CacheCommand::Gc(arguments) => gc::run(arguments, &workers::cache_identities()?),
        CacheCommand::Clear(arguments) => clear::run(arguments),
    }
}

/// The store in a directory that a flag names; one that cannot be used is an error here.
fn open_store(directory: &std::path::Path, access: cache::store::Access) -> Result<Store, Error> {
    let store = Store::open(directory, access, cache::store::Loading::Read);
    match store.refusal() {
        None => Ok(store),
        Some(miss) => Err(store_error(directory, miss.clone())),
    }
}

fn store_error(directory: &std::path::Path, miss: cache::Miss) -> Error {
    Error::CacheDirectory {
        directory: directory.to_owned(),
        miss,
    }
}

/// A number of bytes as people read it: exact below 10 kB, else with one decimal.
fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 10_000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_exact_while_they_are_few() {
        for (number, text) in [
            (0, "0 B"),
            (9_999, "9999 B"),
            (10_000, "10.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (7_400_000, "7.4 MB"),
        ] {
            assert_eq!(bytes(number), text);
        }
    }
}
