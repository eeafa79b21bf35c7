//! `cargo xtask bench`

use std::process::Command;

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::section::Sections;
use crate::setup;

/// Where results lie that nobody has asked to keep: below it, as in `results/`, a history and a README.
const RESULTS: &str = "target/results";

/// What to run.
#[derive(clap::Args)]
pub struct BenchOptions {
    #[command(flatten)]
    setup: setup::Options,
    /// Minutes for measuring in fresh processes
    #[arg(long, default_value = "4", conflicts_with = "arguments")]
    budget: String,
    /// Only the benchmarks in one process, with this passed on to them: a filter, or criterion's options
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Sets up, then runs all benchmarks: those in one process, then, in fresh processes, the suite that is worth timing. Ends
/// with the table of the latter.
pub fn run(shell: &Shell, options: &BenchOptions) -> Result<()> {
    let mut sections = Sections::begin();
    if sections.run("setup", || setup::run(&options.setup)) {
        let arguments = &options.arguments;
        // Benchmark targets only: the unit tests of libraries would not understand criterion's options.
        sections.run("bench", || {
            cmd!(shell, "cargo bench --workspace --bench * -- {arguments...}").run()
        });
        if arguments.is_empty() {
            sections.run("measure", || measure(shell, &options.budget));
        }
    }
    sections.finish("bench")
}

fn measure(shell: &Shell, budget: &str) -> Result<()> {
    let results = shell.current_dir().join(RESULTS);
    let arguments = [
        "measure",
        "--suite",
        "bench",
        "--budget",
        budget,
        "--history",
    ];
    let command = cmd!(
        shell,
        "cargo run --quiet --release -p jsc-harness -- {arguments...}"
    );
    eprintln!("$ {command}");
    let status = Command::from(command)
        .env("HARNESS_RESULTS", results)
        .status()
        .context("could not start cargo")?;
    match status.code() {
        Some(0) => Ok(()),
        Some(2) => {
            eprintln!(
                "warning: not everything has an interval; a quieter machine or a longer --budget gives more"
            );
            Ok(())
        }
        _ => bail!("jsc-harness measure: {status}"),
    }
}
