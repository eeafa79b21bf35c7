//! How each peer is prepared and started.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use sample::{LoadPath, WorkerFailure};
use workers::{InstalledEngine, PAD_VARIABLE, kept_environment, output, program_on};

/// A way to run an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// This program's `run`, on a path.
    Own(LoadPath),
    /// Bun, on the source.
    Bun(PathBuf),
    /// A program that Bun compiled of the entry, with bytecode.
    BunCompiled(PathBuf),
    /// Node, on the source.
    Node(PathBuf),
    /// Node with its compile cache.
    NodeCache(PathBuf),
    /// Deno, on the source.
    Deno(PathBuf),
    /// Deno with its code cache, which it uses unless told otherwise.
    DenoCache(PathBuf),
}

/// What every peer runs.
#[derive(Debug, Clone, Copy)]
pub struct Program<'a> {
    /// Its entry module.
    pub entry: &'a Path,
    /// The cache that the workers use.
    pub cache: &'a Path,
}

/// A command that can be started again and again.
#[derive(Debug)]
pub struct Start {
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
}

/// What makes Deno take packages as npm has installed them, ask nobody and fetch nothing.
const DENO: [&str; 6] = [
    "run",
    "--allow-all",
    "--no-prompt",
    "--no-lock",
    "--node-modules-dir=manual",
    "--cached-only",
];

impl Kind {
    /// Prepares it for an entry, with its files in `directory`.
    pub fn prepare(
        &self,
        engine: &InstalledEngine,
        program: Program<'_>,
        directory: &Path,
        limit: Duration,
    ) -> Result<Start, WorkerFailure> {
        fs::create_dir_all(directory).map_err(|error| WorkerFailure::not_started(&error))?;
        let Program { entry, .. } = program;
        Ok(match self {
            Self::Own(path) => own(engine, program, *path)?,
            Self::Bun(bun) => Start::new(bun).argument(entry),
            Self::BunCompiled(bun) => {
                let compiled = directory.join("program");
                let build = Start::new(bun)
                    .arguments(&["build", "--compile", "--bytecode", "--format=esm"])
                    .argument("--outfile")
                    .argument(&compiled)
                    .argument(entry);
                output(build.command(0), limit)?;
                Start::new(&compiled)
            }
            Self::Node(node) => Start::new(node).argument(entry),
            Self::NodeCache(node) => Start::new(node)
                .argument(entry)
                .variable("NODE_COMPILE_CACHE", directory),
            Self::Deno(deno) => Start::new(deno)
                .arguments(&DENO)
                .argument("--no-code-cache")
                .argument(entry)
                .deno_directory(directory),
            Self::DenoCache(deno) => Start::new(deno)
                .arguments(&DENO)
                .argument(entry)
                .deno_directory(directory),
        })
    }
}

/// `jsc-harness run`, with the cache that the workers use.
fn own(
    engine: &InstalledEngine,
    program: Program<'_>,
    path: LoadPath,
) -> Result<Start, WorkerFailure> {
    let command = program_on(engine, None).map_err(|error| WorkerFailure::not_started(&error))?;
    let mut start = Start::new(command.get_program()).arguments(&[
        "run",
        "--engine",
        &engine.name,
        "--path",
        path.name(),
    ]);
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            start = start.variable(name, value);
        }
    }
    if path != LoadPath::Parse {
        start = start
            .arguments(&["--cache", "read-only", "--cache-dir"])
            .argument(program.cache);
    }
    Ok(start.argument(program.entry))
}

impl Start {
    fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            environment: kept_environment().collect(),
        }
    }

    fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(OsString::from));
        self
    }

    fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    fn deno_directory(self, directory: &Path) -> Self {
        self.variable("DENO_DIR", directory)
            .variable("DENO_NO_UPDATE_CHECK", "1")
    }

    /// The command, its environment filled up by so many bytes.
    pub fn command(&self, pad: u32) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env_clear()
            .envs(self.environment.iter().cloned());
        if pad > 0 {
            command.env(PAD_VARIABLE, "x".repeat(pad as usize));
        }
        command
    }
}
