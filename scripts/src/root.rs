//! The repository's root folder.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::Shell;

/// The folder with the bridge's C++ files, from the root.
pub const BRIDGE: &str = "jsc-sys/bridge";

/// Makes the root the current folder, so that every path in this program is one from there, and returns a shell in it.
pub fn enter() -> Result<Shell> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = manifest
        .parent()
        .context("the folder of xtask has no parent")?;
    env::set_current_dir(root).with_context(|| format!("could not enter {}", root.display()))?;
    Shell::new().context("could not start a shell")
}

/// A path that a person gave, as one that stays right when the current folder changes. For clap.
pub fn absolute(path: &str) -> Result<PathBuf, std::io::Error> {
    std::path::absolute(path)
}
