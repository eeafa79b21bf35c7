//! The project's own commands: `cargo xtask <command>`.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod bench;
mod engine;
mod left_out;
mod nightly;
mod root;
mod section;
mod setup;
mod test;
mod tidy;

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
    /// Check what the compiler does not: circles between files, what crates may know, long files and lines
    Tidy,
    /// Set up, then run all benchmarks
    Bench(bench::BenchOptions),
    /// Set up, verify, measure for the history, look for changes in it and confirm them, and renew the report
    #[command(after_help = nightly::AFTER_HELP)]
    Nightly(nightly::NightlyOptions),
    /// Build, pack or list engines
    #[command(subcommand)]
    Engine(engine::Task),
}

/// The exit code for a command line that is wrong: clap's own, 2, means something else here.
const USAGE: u8 = 64;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { USAGE } else { 0 });
        }
    };
    let result = root::enter().and_then(|shell| {
        match arguments.command {
            Task::Setup(options) => setup::run(&options),
            Task::Test(options) => test::run(&shell, &options),
            Task::Tidy => tidy::run(&shell),
            Task::Bench(options) => bench::run(&shell, &options),
            Task::Nightly(options) => return Ok(nightly::run(&shell, &options).into()),
            Task::Engine(task) => engine::run(task),
        }
        .map(|()| ExitCode::SUCCESS)
    });
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
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
