//! The project's own commands: `cargo xtask <command>`.

mod engine;
mod root;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Sets up the machine, builds engines, runs tests and benchmarks.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build, pack or list engines
    #[command(subcommand)]
    Engine(engine::Task),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = root::enter().and_then(|()| match arguments.command {
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
