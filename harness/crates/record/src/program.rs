//! The program that measures.

use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use super::run::Program;

impl Program {
    /// This program.
    pub fn this() -> Self {
        let digest = env::current_exe()
            .and_then(fs::read)
            .map(|bytes| blake3::hash(&bytes).to_hex()[..16].to_owned())
            .unwrap_or_default();
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            revision: revision(Path::new(env!("CARGO_MANIFEST_DIR"))),
            digest,
            optimized: !cfg!(debug_assertions),
        }
    }
}

/// What `git describe` says, if there is a checkout and a git.
fn revision(folder: &Path) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args([
            "describe",
            "--always",
            "--dirty",
            "--abbrev=12",
            "--exclude=*",
        ])
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty()).then(|| text.to_owned())
}
