//! What becomes of workers that print no line.

use std::fmt;

use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};

/// What became of a worker that printed no line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum WorkerFailure {
    /// It was killed by a signal.
    Crashed {
        /// The signal's number.
        signal: i32,
        /// The end of what it wrote to standard error.
        stderr: String,
    },
    /// It did not end in time and was killed.
    TimedOut {
        /// The limit, in milliseconds.
        limit_ms: u64,
        /// The end of what it wrote to standard error.
        stderr: String,
    },
    /// It ended, but a process that it had started held its output open, and was killed.
    HeldOpen {
        /// The limit, in milliseconds.
        limit_ms: u64,
        /// The end of what was written to standard error.
        stderr: String,
    },
    /// It ended well, but what it printed is not a line of this version.
    Garbage {
        /// What is wrong, with a piece of what it printed.
        what: String,
        /// The end of what it wrote to standard error.
        stderr: String,
    },
    /// It could not do its work.
    Exited {
        /// Its exit code.
        code: i32,
        /// The end of what it wrote to standard error, which says why.
        stderr: String,
    },
    /// It could not be started, or not be waited for.
    NotStarted {
        /// What the system said.
        what: String,
    },
}

impl WorkerFailure {
    /// A process that could not be started, or not be waited for.
    pub fn not_started(error: &dyn fmt::Display) -> Self {
        Self::NotStarted {
            what: error.to_string(),
        }
    }
}

impl fmt::Display for WorkerFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stderr = match self {
            Self::Crashed { signal, stderr } => {
                write!(out, "crashed: killed by {}", signal_name(*signal))?;
                stderr
            }
            Self::TimedOut { limit_ms, stderr } => {
                write!(out, "did not end within {} s", *limit_ms as f64 / 1e3)?;
                stderr
            }
            Self::HeldOpen { limit_ms, stderr } => {
                let seconds = *limit_ms as f64 / 1e3;
                write!(
                    out,
                    "ended, but a process that it had started held its output open for more than {seconds} s"
                )?;
                stderr
            }
            Self::Garbage { what, stderr } => {
                write!(out, "printed garbage: {what}")?;
                stderr
            }
            Self::Exited { code, stderr } => {
                write!(out, "ended with exit code {code}")?;
                stderr
            }
            Self::NotStarted { what } => return write!(out, "could not be started: {what}"),
        };
        match stderr.trim() {
            "" => Ok(()),
            stderr => write!(out, "; standard error: {stderr}"),
        }
    }
}

fn signal_name(signal: i32) -> String {
    match Signal::try_from(signal) {
        Ok(known) => known.as_str().to_owned(),
        Err(_) => format!("signal {signal}"),
    }
}
