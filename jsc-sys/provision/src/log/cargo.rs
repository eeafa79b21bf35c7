//! Messages of a build script.

use super::{Log, Progress};

/// Prints for Cargo: steps are ordinary output (shown with `-vv`, or when the script fails), warnings are Cargo's.
#[derive(Debug, Default)]
pub struct CargoLog {
    named_log: bool,
}

impl CargoLog {
    /// A log for a build script.
    pub fn new() -> CargoLog {
        CargoLog::default()
    }
}

impl Log for CargoLog {
    fn step(&mut self, text: &str) {
        println!("{text}");
    }

    fn warn(&mut self, text: &str) {
        // Cargo takes one line for each warning.
        for line in text.lines() {
            println!("cargo:warning={line}");
        }
    }

    fn progress(&mut self, progress: &Progress<'_>) {
        // Cargo shows a script's output only when it ends, so a line for each step would help nobody: the log's path
        // is what a waiting person needs, and a warning is what Cargo shows first.
        if !self.named_log {
            self.named_log = true;
            self.warn(&format!(
                "{}; follow it in {}",
                progress.line(),
                progress.log.display()
            ));
        }
    }

    fn progress_done(&mut self) {
        self.named_log = false;
    }
}
