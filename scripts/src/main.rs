//! The project's own commands: `cargo xtask <command>`.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod bench;
mod engine;
mod root;
mod section;
mod setup;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Sets up the machine, builds engines, runs tests and benchmarks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing: system packages, engines and their bridges, npm packages
    Setup(setup::Options),
    /// Set up, then check formatting, lint and run all tests
    Test(setup::Options),
    /// Set up, then run all benchmarks
    Bench(bench::BenchOptions),
    /// Build, pack or list engines
    #[command(subcommand)]
    Engine(engine::Task),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = root::enter().and_then(|shell| match arguments.command {
        Task::Setup(options) => setup::run(&options),
        Task::Test(options) => test::run(&shell, &options),
        Task::Bench(options) => bench::run(&shell, &options),
        Task::Engine(task) => engine::run(task),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    /// Clap finds two arguments or groups of one name only when the command with them is parsed.
    #[test]
    fn every_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
