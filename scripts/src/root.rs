//! The repository's root folder.

use std::env;
use std::path::Path;

use anyhow::{Context, Result};

/// The folder with the bridge's C++ files, from the root.
pub const BRIDGE: &str = "jsc-sys/bridge";

/// Makes the root the current folder, so that every path below is one from there.
pub fn enter() -> Result<()> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = manifest.parent().context("the folder of xtask has no parent")?;
    env::set_current_dir(root).with_context(|| format!("could not enter {}", root.display()))
}
