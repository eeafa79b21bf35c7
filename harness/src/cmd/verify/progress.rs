//! How far a verification is, on standard error: a bar on a terminal; elsewhere a line for each finding and now and then.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use verify::{CaseReport, Reporter};

/// Between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(30);

/// Shows how far a verification is.
pub struct Progress {
    bar: ProgressBar,
    /// When a line was written last; nothing on a terminal.
    last_line: Option<Mutex<Instant>>,
}

impl Progress {
    /// A bar at its beginning.
    pub fn begin(cases: usize) -> Self {
        let bar = ProgressBar::new(cases as u64);
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len}  {elapsed}  {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Self {
            bar,
            last_line: (!io::stderr().is_terminal()).then(|| Mutex::new(Instant::now())),
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Reporter for Progress {
    fn began(&self, workload: &str, engine: &str) {
        self.bar.set_message(format!("{workload} on {engine}"));
        self.bar.tick();
    }

    fn ended(&self, report: &CaseReport) {
        self.bar.inc(1);
        for finding in &report.findings {
            self.bar.suspend(|| {
                let _ = writeln!(
                    io::stderr(),
                    "verify: {} on {}, {}: {}",
                    report.workload,
                    report.version,
                    finding.task,
                    finding.what
                );
            });
        }
        if let Some(last) = &self.last_line {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.elapsed() >= BETWEEN_LINES {
                *last = Instant::now();
                let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
                let _ = writeln!(io::stderr(), "verify: {done} of {all} done");
            }
        }
    }
}
