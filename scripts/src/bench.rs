//! `cargo xtask bench`

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::section::Sections;
use crate::setup;

/// What to run.
#[derive(clap::Args)]
pub struct BenchOptions {
    #[command(flatten)]
    setup: setup::Options,
    /// Passed on to the benchmarks: a filter, or criterion's options
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Sets up, then runs all benchmarks.
pub fn run(shell: &Shell, options: &BenchOptions) -> Result<()> {
    let mut sections = Sections::begin();
    if sections.run("setup", || setup::run(&options.setup)) {
        let arguments = &options.arguments;
        // Benchmark targets only: the unit tests of libraries would not understand criterion's options.
        sections.run("bench", || {
            cmd!(shell, "cargo bench --workspace --bench * -- {arguments...}").run()
        });
    }
    sections.finish("bench")
}
