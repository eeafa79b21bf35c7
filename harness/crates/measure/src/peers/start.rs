//! A command that can be started again and again.

use std::ffi::OsString;
use std::process::Command;

use workers::{PAD_VARIABLE, kept_environment};

/// A program, its arguments, and all of its environment.
#[derive(Debug)]
pub struct Start {
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
}

impl Start {
    /// `program` without arguments, in the environment that every process of a measurement has.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self {
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
