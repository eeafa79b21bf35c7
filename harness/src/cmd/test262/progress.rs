//! How far the runs are, on standard error: a bar on a terminal, otherwise a line now and then.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use test262::Progress;

/// How often a line is printed when there is no terminal to draw a bar on.
const INTERVAL: Duration = Duration::from_secs(10);

const TEMPLATE: &str = "test262 [{bar:30}] {pos}/{len} runs, {elapsed_precise}, {eta} left";

/// One line that goes on changing.
pub struct ProgressLine {
    bar: Option<ProgressBar>,
    printed: Mutex<Instant>,
}

impl ProgressLine {
    /// A line that shows nothing yet.
    pub fn new() -> Self {
        let style = ProgressStyle::with_template(TEMPLATE)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("=> ");
        Self {
            bar: io::stderr().is_terminal().then(|| {
                ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style)
            }),
            printed: Mutex::new(Instant::now()),
        }
    }

    /// Shows where the runs are. May be called from any thread.
    pub fn show(&self, progress: Progress) {
        let Progress { done, total } = progress;
        if let Some(bar) = &self.bar {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
            return;
        }
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        if printed.elapsed() >= INTERVAL {
            *printed = Instant::now();
            let _ = writeln!(io::stderr(), "test262: {done} of {total} runs");
        }
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
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
