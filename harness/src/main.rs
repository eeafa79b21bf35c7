//! `jsc-harness`: subcommand to `cmd::<name>::run`.

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use harness::Error;
use harness::cmd::{self, ExitStatus};

/// Loads, caches, verifies and measures ES module graphs on a pinned JavaScriptCore
#[derive(Debug, Parser)]
#[command(version, disable_help_subcommand = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the engines that this machine has
    Engine(cmd::engine::EngineArgs),
    /// Load and evaluate a module graph
    Run(cmd::run::RunArgs),
    /// Build, look at and keep caches of modules
    Cache(cmd::cache::CacheArgs),
}

const EXIT_CODES: &str = "\
Exit codes:
  0   fine
  1   a finding: the loaded program threw, paths differ, a regression
  2   inconclusive
  3   invalid: a cache silently rejected, a wrong observation
  4   could not run: no engine, I/O, environment
  64  usage";

fn main() -> ExitCode {
    let cli = match Cli::command()
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches))
    {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return exit(if error.use_stderr() {
                ExitStatus::Usage
            } else {
                ExitStatus::Success
            });
        }
    };
    let result = match &cli.command {
        Command::Engine(arguments) => cmd::engine::run(arguments),
        Command::Run(arguments) => cmd::run::run(arguments),
        Command::Cache(arguments) => cmd::cache::run(arguments),
    };
    exit(result.unwrap_or_else(|error| could_not_run(&error)))
}

fn could_not_run(error: &Error) -> ExitStatus {
    let _ = writeln!(std::io::stderr(), "error: {error}");
    ExitStatus::CouldNotRun
}

fn exit(status: ExitStatus) -> ExitCode {
    ExitCode::from(status as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clap finds two arguments or groups of one name only when the command with them is parsed.
    #[test]
    fn every_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
