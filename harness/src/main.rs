//! `jsc-harness`: subcommand to `cmd::<name>::run`.

mod quick;

use std::env;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use harness::Error;
use harness::cmd;
use harness::cmd::ExitStatus;
use nix::sys::signal::{SigSet, Signal};

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
    /// Make of a program, with everything that it needs, a workload that runs on a bare engine
    Capture(cmd::capture::CaptureArgs),
    /// Show the workloads and the suites
    List(cmd::list::ListArgs),
    /// Prove that every path shows what the parse path shows
    Verify(cmd::verify::VerifyArgs),
    /// Load a module graph once and print one line of JSON about it
    Worker(cmd::worker::WorkerArgs),
    /// Measure load times on every path, in fresh processes
    Measure(cmd::measure::MeasureArgs),
    /// Show where a load goes, by function; of two loads, what differs
    Profile(cmd::profile::ProfileArgs),
    /// Decide whether a new engine may take the place of the one in use
    Gate(Box<cmd::gate::GateArgs>),
    /// Find the first engine of a series that behaves otherwise, or is slower
    Bisect(Box<cmd::bisect::BisectArgs>),
    /// Write a first jsc-harness.toml for a project
    Init(cmd::init::InitArgs),
    /// Put two results side by side
    Cmp(cmd::cmp::CmpArgs),
    /// Make a page of charts of all results
    Report(cmd::report::ReportArgs),
    /// Keep the folder of results
    Results(cmd::results::ResultsArgs),
    /// Run the module tests of a Test262 checkout on every path and compare
    Test262(cmd::test262::Test262Args),
    /// Print completions of this command line for a shell
    Completions(cmd::written::CompletionsArgs),
    /// Write manual pages: one for each command
    Man(cmd::written::ManArgs),
    /// Run tests for `test262`
    #[command(hide = true)]
    Test262Worker,
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
    if workers::died_with_caller() {
        return exit(ExitStatus::CouldNotRun);
    }
    let arguments = env::args_os().skip(1);
    let cli = match quick::read(arguments).map_or_else(Cli::try_parse, Ok) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return exit(match error.use_stderr() {
                true if cmd::bisect::is_step(env::args_os()) => ExitStatus::Abort,
                true => ExitStatus::Usage,
                false => ExitStatus::Success,
            });
        }
    };
    // What becomes of a process that runs tests is the result of a test, whatever ends it; its caller hands this down to it.
    if !matches!(cli.command, Command::Test262(_) | Command::Test262Worker) {
        refuse_to_die_of_large_files();
    }
    let result = match &cli.command {
        Command::Engine(arguments) => cmd::engine::run(arguments),
        Command::Run(arguments) => cmd::run::run(arguments),
        Command::Cache(arguments) => cmd::cache::run(arguments),
        Command::Capture(arguments) => cmd::capture::run(arguments),
        Command::List(arguments) => cmd::list::run(arguments),
        Command::Verify(arguments) => cmd::verify::run(arguments),
        Command::Worker(arguments) => cmd::worker::run(arguments),
        Command::Measure(arguments) => cmd::measure::run(arguments),
        Command::Profile(arguments) => cmd::profile::run(arguments),
        Command::Gate(arguments) => cmd::gate::run(arguments),
        Command::Bisect(arguments) => cmd::bisect::run(arguments),
        Command::Init(arguments) => cmd::init::run(arguments),
        Command::Cmp(arguments) => cmd::cmp::run(arguments),
        Command::Report(arguments) => cmd::report::run(arguments),
        Command::Results(arguments) => cmd::results::run(arguments),
        Command::Test262(arguments) => cmd::test262::run(arguments),
        Command::Completions(arguments) => cmd::written::completions(arguments, Cli::command()),
        Command::Man(arguments) => cmd::written::manual(arguments, Cli::command()),
        Command::Test262Worker => cmd::test262::worker(),
    };
    let status = result.unwrap_or_else(|error| failed(&error));
    exit(match harness::output_failure() {
        Some(source) => failed(&Error::Output { source }),
        None => status,
    })
}

/// A write beyond the limit for files (`ulimit -f`) ends a process, and what it was writing stays behind. Without
/// that signal the write fails like any other.
fn refuse_to_die_of_large_files() {
    // If this fails, the signal does what it always does.
    let _ = SigSet::from(Signal::SIGXFSZ).thread_block();
}

fn failed(error: &Error) -> ExitStatus {
    let _ = writeln!(std::io::stderr(), "error: {error}");
    match error {
        Error::Usage(_) => ExitStatus::Usage,
        _ => ExitStatus::CouldNotRun,
    }
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
