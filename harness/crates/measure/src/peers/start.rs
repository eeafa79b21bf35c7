//! A command that can be started again and again.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use record::PeerError;
use sample::ProcessTimes;
use workers::{PAD_VARIABLE, kept_environment, output};

/// A program, its arguments, and all of its environment.
#[derive(Debug)]
pub struct Start {
    role: &'static str,
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
}

impl Start {
    /// `program` without arguments, in the environment that every process of a measurement has; what it is to a peer.
    pub fn new(role: &'static str, program: impl Into<OsString>) -> Self {
        Self {
            role,
            program: program.into(),
            arguments: Vec::new(),
            environment: kept_environment().collect(),
        }
    }

    /// The same with one more argument.
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// The same with more arguments.
    pub fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(OsString::from));
        self
    }

    /// The same with a variable.
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Runs it to its end, its environment filled up by so many bytes: what it printed, and its times.
    pub fn output(&self, pad: u32, limit: Duration) -> Result<(Vec<u8>, ProcessTimes), PeerError> {
        output(self.command(pad), limit).map_err(|failure| PeerError::Process {
            process: Some(self.name()),
            failure,
        })
    }

    /// Its program, and what of the definition it is: "prepare, `esbuild`".
    fn name(&self) -> String {
        let program = Path::new(&self.program);
        let name = program.file_name().unwrap_or(&self.program);
        format!("{}, `{}`,", self.role, name.to_string_lossy())
    }

    /// The command, its environment filled up by so many bytes.
    fn command(&self, pad: u32) -> Command {
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
