//! Everything that a test showed, for comparison between paths.

use serde::{Deserialize, Serialize};

use super::front_matter::Phase;
use engine::Thrown;

/// What a test showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// How it ended.
    pub ending: Ending,
    /// What it gave to `print`, in order.
    pub printed: Vec<String>,
    /// What it gave to `console`, in order: the stream, then the text.
    pub console: Vec<String>,
    /// What its timers threw.
    pub uncaught: Vec<ThrownError>,
    /// Rejections that nothing had handled when the microtasks had run. They end no test.
    pub rejections: Vec<ThrownError>,
}

/// How the evaluation of a test ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// It was evaluated.
    Completed,
    /// Nothing is left to do, and a top-level `await` still waits.
    Unsettled,
    /// It threw.
    Threw {
        /// At which stage.
        phase: Phase,
        /// What.
        error: ThrownError,
    },
    /// A file of `harness/` threw, and the test was not run.
    HarnessThrew {
        file: String,
        /// What.
        error: ThrownError,
    },
}

/// A thrown value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThrownError {
    /// The name of its constructor.
    pub constructor: Option<String>,
    /// `String(value)`.
    pub message: String,
    /// Its `code` property.
    pub code: Option<String>,
    /// Its stack, innermost frame first.
    pub stack: Vec<String>,
}

impl From<Thrown> for ThrownError {
    fn from(thrown: Thrown) -> Self {
        Self {
            constructor: thrown.constructor,
            message: thrown.message,
            code: thrown.code,
            stack: thrown.frames.iter().map(ToString::to_string).collect(),
        }
    }
}

/// What became of one run of one test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It ran.
    Ran(Observation),
    /// Its process ended before it.
    Crashed(Crash),
    /// It did not end within the time limit.
    TimedOut,
}

/// The end of a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Crash {
    /// Its exit code or signal, as the system names it.
    pub status: String,
    /// The last of what it wrote to standard error. Not compared: it may hold addresses.
    #[serde(skip)]
    pub last_words: String,
}
