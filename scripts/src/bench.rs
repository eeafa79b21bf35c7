//! `cargo xtask bench`

use std::process::Command;

use anyhow::{Context, Result, bail};
use workloads::{Catalog, Kind};
use xshell::{Shell, cmd};

use crate::section::Sections;
use crate::setup;

/// Where results lie that nobody has asked to keep: below it, as in `results/`, a history and a README.
const RESULTS: &str = "target/results";

/// The suite of graphs that are worth timing.
const SUITE: &str = "bench";

/// Minutes for the first table: enough for intervals on the real graphs.
const FIRST_LOOK: &str = "0.5";

/// What shortens the benchmarks in one process: each runs until it is steady, and nothing is plotted.
const QUICK: [&str; 2] = ["--quick", "--noplot"];

/// What to run.
#[derive(clap::Args)]
pub struct BenchOptions {
    #[command(flatten)]
    setup: setup::Options,
    /// Minutes for measuring the whole suite in fresh processes
    #[arg(long, default_value = "3", conflicts_with = "arguments")]
    budget: String,
    /// Only the benchmarks in one process, with this passed on to them: a filter, or criterion's options
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Sets up, then measures: the real graphs for a first table, all benchmarks in one process briefly, and in fresh processes
/// the suite that is worth timing. Ends with the table of the latter.
pub fn run(shell: &Shell, options: &BenchOptions) -> Result<()> {
    let mut sections = Sections::begin();
    if sections.run("setup", || setup::run(&options.setup)) {
        match &options.arguments[..] {
            [] => everything(shell, &options.budget, &mut sections),
            arguments => drop(sections.run("bench", || bench(shell, arguments))),
        }
    }
    sections.finish("bench")
}

fn everything(shell: &Shell, budget: &str, sections: &mut Sections) {
    let built = sections.run("build", || {
        cmd!(shell, "cargo build --quiet --release -p jsc-harness").run()
    });
    if !built {
        return;
    }
    sections.run("first look", || {
        let graphs = real_graphs()?;
        measure(shell, &["-w", &graphs, "--budget", FIRST_LOOK])
    });
    sections.run("bench", || {
        eprintln!("each benchmark briefly; complete: cargo bench -p jsc-harness");
        bench(shell, &QUICK.map(str::to_owned))
    });
    sections.run("measure", || {
        measure(shell, &["--budget", budget, "--history"])
    });
}

/// The names of the suite's real graphs, as one regular expression. Entries that only import load what others load, too.
fn real_graphs() -> Result<String> {
    let catalog = Catalog::open(None)?;
    let mut names = Vec::new();
    for name in catalog.suite(SUITE)?.workloads {
        if catalog.find(&name)?.kind == Kind::Npm && !name.ends_with("-import") {
            names.push(name);
        }
    }
    Ok(format!("^({})$", names.join("|")))
}

/// Only the benchmark targets: the unit tests of libraries would not understand criterion's options.
fn bench(shell: &Shell, arguments: &[String]) -> Result<()> {
    // The package alone: it then has the dependencies' features that the release build has, and needs no second build.
    cmd!(
        shell,
        "cargo bench -p jsc-harness --bench * -- {arguments...}"
    )
    .run()?;
    Ok(())
}

fn measure(shell: &Shell, arguments: &[&str]) -> Result<()> {
    let results = shell.current_dir().join(RESULTS);
    let command = cmd!(
        shell,
        "cargo run --quiet --release -p jsc-harness -- measure --suite {SUITE} {arguments...}"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_look_is_at_real_graphs_of_the_suite() {
        let pattern = real_graphs().unwrap();
        let names: Vec<&str> = pattern
            .trim_start_matches("^(")
            .trim_end_matches(")$")
            .split('|')
            .collect();
        assert!(names.len() >= 5, "{pattern}");
        for name in names {
            assert_eq!(workloads::find(name).unwrap().kind, Kind::Npm, "{name}");
        }
    }
}
