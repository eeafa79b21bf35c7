//! A result in the formats of other tools.
//!
//! | format | read by | what it has |
//! | --- | --- | --- |
//! | CSV (RFC 4180) | spreadsheets, data frames | every load, void and wrong ones too |
//! | Go benchmark format (golang.org/design/14313-benchmark-format) | benchstat | every valid load |
//! | Bencher Metric Format (bencher.dev/docs/reference/bencher-metric-format) | Bencher | medians with intervals |
//! | `customSmallerIsBetter` | github-action-benchmark | medians with intervals |
//! | OpenMetrics 1.0 (openmetrics.io) | Prometheus and what reads its text | medians with intervals |

mod csv;
mod go;
mod json;
mod openmetrics;

use record::{Metric, RunRecord};
use sample::{LoadPath, words};
use stats::{Confidence, Estimate, median};

words! {
    /// The format of another tool.
    pub enum Format {
        /// Comma-separated values, a row for each load
        Csv = "csv",
        /// Go's benchmark format, which benchstat reads
        Go = "go",
        /// Bencher Metric Format, JSON
        Bmf = "bmf",
        /// JSON for github-action-benchmark, as customSmallerIsBetter
        Github = "github",
        /// OpenMetrics, which Prometheus reads
        Openmetrics = "openmetrics",
    }
}

/// A result in a format. Metrics that it has nothing of are left out.
pub fn export(record: &RunRecord, format: Format) -> String {
    match format {
        Format::Csv => csv::text(record),
        Format::Go => go::text(record),
        Format::Bmf => json::bencher(record),
        Format::Github => json::github(record),
        Format::Openmetrics => openmetrics::text(record),
    }
}

/// One workload on one path on one engine: what a tool calls a benchmark.
#[derive(Debug, Clone, Copy)]
struct Series<'a> {
    record: &'a RunRecord,
    workload: usize,
    engine: usize,
    path: LoadPath,
}

impl<'a> Series<'a> {
    /// All of a result, in the order of its workloads.
    fn all(record: &'a RunRecord) -> Vec<Self> {
        let mut all = Vec::new();
        for workload in 0..record.workloads.len() {
            for engine in 0..record.engines.len() {
                all.extend(record.conditions.paths.iter().map(|path| Self {
                    record,
                    workload,
                    engine,
                    path: *path,
                }));
            }
        }
        all
    }

    fn workload(&self) -> &'a str {
        &self.record.workloads[self.workload].name
    }

    fn engine(&self) -> &'a str {
        self.record.engines[self.engine].label()
    }

    /// `lodash-es/full/2.52.6`.
    fn name(&self) -> String {
        format!("{}/{}/{}", self.workload(), self.path.name(), self.engine())
    }

    /// The median of a metric, in its base unit; nothing without a valid sample.
    fn median(&self, metric: Metric) -> Option<Estimate> {
        let values = self
            .record
            .values(self.workload, self.engine, self.path, metric);
        let middle = median(&values, Confidence::P95).ok()?;
        Some(middle.map(|value| base(metric, value)))
    }
}

/// What this result has something of.
fn metrics(record: &RunRecord) -> Vec<Metric> {
    let all = Metric::ALL.into_iter();
    all.filter(|it| record.says(*it)).collect()
}

/// A value in the unit that other tools expect: nanoseconds, bytes, instructions.
fn base(metric: Metric, value: f64) -> f64 {
    match metric {
        Metric::Memory | Metric::Private | Metric::Proportional | Metric::File => {
            value * 1024.0 * 1024.0
        }
        Metric::Load | Metric::Rest | Metric::Process | Metric::Cpu | Metric::Instructions => {
            value * 1e6
        }
    }
}

/// A number without more digits than it has.
fn plain(value: f64) -> String {
    match value.fract() == 0.0 && value.abs() < 1e15 {
        true => format!("{value:.0}"),
        false => format!("{value}"),
    }
}

#[cfg(test)]
mod tests;
