//! Messages for a person at a terminal, or for a log file.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Log, Progress};

/// How often a state is printed when there is no terminal to redraw it on.
const PLAIN_INTERVAL: Duration = Duration::from_secs(30);

/// The bar's line. indicatif's prefix carries the log's path.
const TEMPLATE: &str = "{msg} [{bar:30}] {pos}/{len} {elapsed_precise} (log {prefix})";

/// Prints to stderr: a bar on a terminal, otherwise a line now and then.
#[derive(Debug)]
pub struct StderrLog {
    terminal: bool,
    bar: Option<ProgressBar>,
    last_line: Option<Instant>,
}

impl StderrLog {
    /// A log on this process's stderr.
    pub fn new() -> StderrLog {
        StderrLog {
            terminal: stderr().is_terminal(),
            bar: None,
            last_line: None,
        }
    }

    fn print(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| say(text)),
            None => say(text),
        }
    }

    fn draw(&mut self, progress: &Progress<'_>) {
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template(TEMPLATE)
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::with_draw_target(Some(progress.total), ProgressDrawTarget::stderr())
                .with_style(style.progress_chars("=> "))
                .with_message(progress.task.to_string())
                .with_prefix(progress.log.display().to_string())
                .with_elapsed(progress.elapsed)
        });
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    }
}

/// A log that nobody can read is no reason to end.
fn say(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

impl Default for StderrLog {
    fn default() -> StderrLog {
        StderrLog::new()
    }
}

impl Log for StderrLog {
    fn step(&mut self, text: &str) {
        self.print(text);
    }

    fn warn(&mut self, text: &str) {
        self.print(&format!("warning: {text}"));
    }

    fn progress(&mut self, progress: &Progress<'_>) {
        if self.terminal {
            return self.draw(progress);
        }
        let due = self
            .last_line
            .is_none_or(|last| last.elapsed() >= PLAIN_INTERVAL);
        if due {
            self.last_line = Some(Instant::now());
            say(&format!(
                "{} (log {})",
                progress.line(),
                progress.log.display()
            ));
        }
    }

    fn progress_done(&mut self) {
        self.last_line = None;
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bars_template_is_understood() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}
