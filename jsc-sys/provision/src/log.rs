//! Where messages and progress go.

mod cargo;
mod stderr;

use std::path::Path;
use std::time::Duration;

pub use cargo::CargoLog;
pub use stderr::StderrLog;

/// Receives what the work has to say.
pub trait Log {
    /// One decision or action, with its reason.
    fn step(&mut self, text: &str);

    /// Something is not as it should be, but the work goes on.
    fn warn(&mut self, text: &str);

    /// How far a long task is. Called often; showing it seldom is the receiver's business.
    fn progress(&mut self, progress: &Progress<'_>) {
        let _ = progress;
    }

    /// The long task last reported has ended, well or badly.
    fn progress_done(&mut self) {}
}

/// How far a long task is.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// What is being done.
    pub task: &'a str,
    /// Steps done.
    pub done: u64,
    /// Steps in all, as far as is known now.
    pub total: u64,
    /// Time since the task began.
    pub elapsed: Duration,
    /// The file that holds the task's full output.
    pub log: &'a Path,
}

impl Progress<'_> {
    /// The state as one line of text, without the log's path.
    fn line(&self) -> String {
        format!(
            "{}: {}/{} steps, {}",
            self.task,
            self.done,
            self.total,
            clock(self.elapsed)
        )
    }
}

/// A duration as minutes and seconds.
pub(crate) fn clock(duration: Duration) -> String {
    let seconds = duration.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_one_line() {
        let progress = Progress {
            task: "building",
            done: 12,
            total: 3456,
            elapsed: Duration::from_secs(754),
            log: Path::new("/log"),
        };
        assert_eq!(progress.line(), "building: 12/3456 steps, 12:34");
    }
}
