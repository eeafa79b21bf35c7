//! `jsc-harness`, as a night calls it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};

use anyhow::{Context, Result};

use super::code::Code;
use super::lock::Lock;
use super::state;

/// How a night starts `jsc-harness`.
pub struct Harness<'a> {
    /// The program; without one, it is built from the checkout first.
    pub program: Option<&'a Path>,
    /// Held by everything that is started.
    pub lock: &'a Lock,
    /// The folder of results.
    pub results: &'a Path,
    /// Where temporary files go: what is left behind there is removed with it.
    pub scratch: PathBuf,
}

/// What one call came to.
pub struct Called {
    /// How it ended.
    pub code: Code,
    /// What it printed.
    pub stdout: String,
}

impl Harness<'_> {
    /// Runs it to its end. What it prints is kept in `output`, and shown when it is for people.
    pub fn call(&self, arguments: &[String], output: &Path) -> Result<Called> {
        eprintln!("$ jsc-harness {}", arguments.join(" "));
        fs::create_dir_all(&self.scratch)
            .with_context(|| format!("could not create {}", self.scratch.display()))?;
        let ended = self
            .command()
            .args(arguments)
            .env("HARNESS_RESULTS", self.results)
            // A night that is killed leaves nobody behind who measures for it.
            .env("HARNESS_DIES_WITH", process::id().to_string())
            .env("TMPDIR", &self.scratch)
            .stdin(self.lock.share()?)
            .stdout(Stdio::piped())
            .spawn()
            .and_then(|child| child.wait_with_output())
            .with_context(|| format!("could not start {}", self.name()))?;
        let stdout = String::from_utf8_lossy(&ended.stdout).into_owned();
        state::write(output, &stdout)?;
        if output.extension().is_some_and(|it| it == "txt") {
            eprint!("{stdout}");
        }
        Ok(Called {
            code: Code::of(ended.status.code()),
            stdout,
        })
    }

    fn command(&self) -> Command {
        match self.program {
            Some(program) => Command::new(program),
            None => {
                let mut command = Command::new("cargo");
                command.args(["run", "--quiet", "--release", "-p", "jsc-harness", "--"]);
                command
            }
        }
    }

    fn name(&self) -> String {
        self.program
            .map_or("cargo".to_owned(), |program| program.display().to_string())
    }
}
