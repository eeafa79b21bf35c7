//! How far a verification is, on standard error: a bar on a terminal; elsewhere a line for each finding and now and then.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use verify::{CaseReport, Finding, RandomReporter, Reporter};

/// Between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(30);

/// Shows how far a verification is.
pub struct Progress {
    bar: ProgressBar,
    /// What is counted, with a space before it, if it goes not without saying.
    unit: &'static str,
    /// When a line was written last; nothing on a terminal.
    last_line: Option<Mutex<Instant>>,
}

impl Progress {
    /// A bar of so many workloads at its beginning.
    pub fn of_cases(cases: usize) -> Self {
        Self::begin(cases as u64, "{bar:40} {pos}/{len}  {elapsed}  {msg}", "")
    }

    /// A bar of so many random graphs at its beginning.
    pub fn of_graphs(graphs: u64) -> Self {
        let style = "{bar:40} {pos}/{len}  {elapsed}  {per_sec}";
        Self::begin(graphs, style, " graphs")
    }

    fn begin(all: u64, style: &str, unit: &'static str) -> Self {
        let bar = ProgressBar::new(all);
        let style =
            ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Self {
            bar,
            unit,
            last_line: (!io::stderr().is_terminal()).then(|| Mutex::new(Instant::now())),
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }

    /// So many more are done.
    fn advance(&self, by: u64) {
        self.bar.inc(by);
        let Some(last) = &self.last_line else { return };
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= BETWEEN_LINES {
            *last = Instant::now();
            let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
            let _ = writeln!(io::stderr(), "verify: {done} of {all}{} done", self.unit);
        }
    }

    /// A line above the bar.
    fn line(&self, text: &str) {
        self.bar.suspend(|| {
            let _ = writeln!(io::stderr(), "verify: {text}");
        });
    }
}

impl Reporter for Progress {
    fn began(&self, workload: &str, engine: &str) {
        self.bar.set_message(format!("{workload} on {engine}"));
        self.bar.tick();
    }

    fn ended(&self, report: &CaseReport) {
        for finding in &report.findings {
            self.line(&format!(
                "{} on {}, {}: {}",
                report.workload, report.version, finding.task, finding.what
            ));
        }
        self.advance(1);
    }

    fn compared(&self) {
        self.advance(1);
    }
}

impl RandomReporter for Progress {
    fn done(&self, graphs: u64) {
        self.advance(graphs);
    }

    fn found(&self, index: u64, version: &str, finding: &Finding) {
        self.line(&format!(
            "graph {index} on {version}, {}: {}; making it smaller",
            finding.task, finding.what
        ));
    }
}
