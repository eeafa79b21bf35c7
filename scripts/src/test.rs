//! `cargo xtask test`

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::section::Sections;
use crate::setup;

/// Sets up, then checks formatting, lints, and runs all tests.
pub fn run(shell: &Shell, options: &setup::Options) -> Result<()> {
    let mut sections = Sections::begin();
    if sections.run("setup", || setup::run(options)) {
        sections.run("format", || cmd!(shell, "cargo fmt --all --check").run());
        sections.run("lint", || {
            cmd!(
                shell,
                "cargo clippy --workspace --all-targets -- -D warnings"
            )
            .run()
        });
        sections.run("test", || cmd!(shell, "cargo test --workspace").run());
    }
    sections.finish("test")
}
