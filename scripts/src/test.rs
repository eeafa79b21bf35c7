//! `cargo xtask test`

use anyhow::Result;
use jsc_provision::env::{TEST_ALL_ENGINES, TESTS_LEFT_OUT};
use xshell::{Shell, cmd};

use crate::left_out::LeftOut;
use crate::section::Sections;
use crate::setup;
use crate::tidy;

/// Sets up, then checks formatting, order and lints, and runs all tests. Says at the end what was left out for
/// want of an engine.
pub fn run(shell: &Shell, options: &setup::Options) -> Result<()> {
    let left_out = LeftOut::begin()?;
    let mut sections = Sections::begin();
    if sections.run("setup", || setup::run(options)) {
        sections.run("format", || cmd!(shell, "cargo fmt --all --check").run());
        sections.run("tidy", || tidy::run(shell));
        sections.run("lint", || {
            cmd!(
                shell,
                "cargo clippy --workspace --all-targets -- -D warnings"
            )
            .run()
        });
        sections.run("test", || {
            let tests = cmd!(shell, "cargo test --workspace --no-fail-fast")
                .env(TESTS_LEFT_OUT, left_out.file());
            match options.all_engines {
                true => tests.env(TEST_ALL_ENGINES, "1"),
                false => tests.env_remove(TEST_ALL_ENGINES),
            }
            .run()
        });
    }
    eprint!("{}", left_out.summary()?);
    sections.finish("test")
}
