//! How far a run is, on standard error: a bar on a terminal, a line now and then elsewhere.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use measure::Reporter;

/// Between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(30);

/// The bar's steps.
const STEPS: u64 = 1000;

/// Shows how far a run is.
pub struct Progress {
    bar: ProgressBar,
    terminal: bool,
    last_line: Option<Instant>,
}

impl Progress {
    /// A bar at its beginning.
    pub fn begin() -> Self {
        let bar = ProgressBar::new(STEPS);
        let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Self {
            bar,
            terminal: io::stderr().is_terminal(),
            last_line: None,
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn line(&mut self, text: &str) {
        let due = self
            .last_line
            .is_none_or(|last| last.elapsed() >= BETWEEN_LINES);
        if !self.terminal && due {
            self.last_line = Some(Instant::now());
            let _ = writeln!(io::stderr(), "measure: {text}");
        }
    }
}

impl Reporter for Progress {
    fn preparing(&mut self, workload: &str, done: usize, total: usize) {
        let text = format!("preparing {workload} ({} of {total})", done + 1);
        self.bar.set_message(text.clone());
        self.bar.tick();
        self.line(&text);
    }

    fn progress(&mut self, share: f64, left: Option<Duration>) {
        self.bar.set_position((share * STEPS as f64) as u64);
        let left = left.map_or_else(String::new, |left| {
            format!("{} left", HumanDuration(whole_seconds(left)))
        });
        self.bar.set_message(left.clone());
        self.line(&format!("{:.0} % measured, {left}", 100.0 * share));
    }

    fn note(&mut self, text: &str) {
        self.bar.suspend(|| {
            let _ = writeln!(io::stderr(), "warning: {text}");
        });
    }
}

fn whole_seconds(time: Duration) -> Duration {
    Duration::from_secs(time.as_secs())
}
