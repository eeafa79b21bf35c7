//! How far a gate is, on standard error: a bar on a terminal, a line now and then elsewhere.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use measure::Reporter;

/// Between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(30);

/// Shows how far a gate is; from any thread.
pub struct Progress {
    bar: Option<ProgressBar>,
    begin: Instant,
    budget: Duration,
    last_line: Mutex<Instant>,
}

impl Progress {
    /// At the beginning of a gate that may take so long.
    pub fn begin(budget: Duration) -> Self {
        let style = ProgressStyle::with_template("{bar:30} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let terminal = io::stderr().is_terminal();
        let seconds = budget.as_secs().max(1);
        Self {
            bar: terminal.then(|| ProgressBar::new(seconds).with_style(style)),
            begin: Instant::now(),
            budget,
            last_line: Mutex::new(Instant::now()),
        }
    }

    /// A line that stays.
    pub fn line(&self, text: &str) {
        let print = || {
            let _ = writeln!(io::stderr(), "gate: {text}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
        *self.last_line() = Instant::now();
    }

    /// What is done now, and what was before is over.
    pub fn now(&self, text: &str) {
        let left = self.left().as_secs();
        let text = format!(
            "{text}; at most {} left",
            HumanDuration(Duration::from_secs(left))
        );
        if let Some(bar) = &self.bar {
            bar.set_position(self.begin.elapsed().as_secs().min(self.budget.as_secs()));
            bar.set_message(text);
        } else if self.due() {
            self.line(&text);
        }
    }

    /// How much of the budget is left.
    pub fn left(&self) -> Duration {
        self.budget.saturating_sub(self.begin.elapsed())
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn due(&self) -> bool {
        self.last_line().elapsed() >= BETWEEN_LINES
    }

    fn last_line(&self) -> std::sync::MutexGuard<'_, Instant> {
        self.last_line
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reporter for &Progress {
    fn preparing(&mut self, workload: &str, done: usize, total: usize) {
        self.now(&format!("preparing {workload} ({} of {total})", done + 1));
    }

    /// A gate says itself how far it is.
    fn progress(&mut self, _: f64, _: Option<Duration>) {}

    fn note(&mut self, text: &str) {
        self.line(text);
    }
}
