//! Medians and gains of every run, in order of time. There are thousands of them in a year, so that what they have in common
//! stands once.

use std::collections::BTreeMap;

use serde::Serialize;

use super::suite::suite;
use crate::environment::{Environments, condition};
use crate::summary::summarize;
use record::{Purpose, RunRecord, content};
use sample::LoadPath;
use stats::{Confidence, Estimate};

/// All runs, and what was measured in them.
#[derive(Debug, Default, Serialize)]
pub struct Timeline<'a> {
    /// The runs of workloads, in order of time.
    nights: Vec<Night<'a>>,
    series: Vec<Series>,
}

/// One run.
#[derive(Debug, Serialize)]
struct Night<'a> {
    run: &'a str,
    /// When it began (UTC).
    time: String,
    /// The commit that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<&'a str>,
}

/// One workload, or the geometric mean over all of a run, on one path, in all runs in which it was the same.
#[derive(Debug, Serialize)]
struct Series {
    #[serde(flatten)]
    of: Of,
    /// The runs' places.
    nights: Vec<usize>,
    /// Median load times in milliseconds: estimates, low and high ends of the intervals; nothing for a mean.
    #[serde(skip_serializing_if = "Columns::is_empty")]
    time_ms: Columns,
    /// How many times as much the parse path takes: estimates, low and high ends of the intervals.
    #[serde(skip_serializing_if = "Columns::is_empty")]
    gain: Columns,
}

/// What the points of a series have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Of {
    /// See [`condition`].
    condition: String,
    /// See [`suite`].
    suite: String,
    /// The engine's release.
    engine: String,
    /// The number of its environment.
    environment: usize,
    /// The workload; nothing for the geometric mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    workload: Option<String>,
    /// Names what was loaded. Points with different content are no series.
    content: String,
    path: LoadPath,
}

/// Three columns of numbers. Each has one for each run, or all are empty.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
struct Columns([Vec<Option<f64>>; 3]);

impl Columns {
    fn push(&mut self, estimate: Option<Estimate>) {
        let interval = estimate.and_then(|it| it.interval);
        let ends = [
            estimate.map(|it| it.value),
            interval.map(|it| it.low),
            interval.map(|it| it.high),
        ];
        for (column, value) in self.0.iter_mut().zip(ends) {
            column.push(value.map(four_digits));
        }
    }

    fn is_empty(&self) -> bool {
        self.0.iter().flatten().all(Option::is_none)
    }
}

/// More than a chart can show, and less than a page has room for.
fn four_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let places = 3 - value.abs().log10().floor() as i32;
    let scale = 10f64.powi(places);
    (value * scale).round() / scale
}

/// The timeline of all runs of workloads.
pub fn timeline<'a>(history: &'a [RunRecord], environments: &mut Environments) -> Timeline<'a> {
    let mut timeline = Timeline::default();
    let mut found: BTreeMap<Of, Series> = BTreeMap::new();
    let of_workloads = history
        .iter()
        .filter(|it| it.run.purpose == Purpose::Workloads);
    for (night, record) in of_workloads.enumerate() {
        timeline.nights.push(Night {
            run: &record.run.id,
            time: record.run.started.to_string(),
            revision: record.run.program.revision.as_deref(),
        });
        for (of, time, gain) in points(record, environments) {
            let series = found.entry(of.clone()).or_insert_with(|| Series {
                of,
                nights: Vec::new(),
                time_ms: Columns::default(),
                gain: Columns::default(),
            });
            series.nights.push(night);
            series.time_ms.push(time);
            series.gain.push(gain);
        }
    }
    timeline.series = found.into_values().collect();
    timeline
}

/// What a run says: of what, how long it takes, and how many times as long the parse path.
fn points(
    record: &RunRecord,
    environments: &mut Environments,
) -> Vec<(Of, Option<Estimate>, Option<Estimate>)> {
    let mut points = Vec::new();
    let summary = summarize(record, record.main_metric(), Confidence::P95);
    for (engine, part) in summary.engines.into_iter().enumerate() {
        let environment = environments.number(record, engine);
        let of = |workload: Option<String>, content: String, path: LoadPath| Of {
            condition: condition(record),
            suite: suite(record),
            engine: record.engines[engine].label().to_owned(),
            environment,
            workload,
            content,
            path,
        };
        let mut measured = Vec::new();
        for (identity, workload) in record.workloads.iter().zip(part.workloads) {
            for summary in workload.paths {
                if summary.value.is_none() {
                    continue;
                }
                if summary.gain.is_some() {
                    measured.push((summary.path, identity));
                }
                let name = Some(workload.workload.clone());
                let of = of(name, content::of_workload(identity), summary.path);
                points.push((of, summary.value, summary.gain));
            }
        }
        for mean in part.geometric_means {
            let Some(gain) = mean.gain else { continue };
            let those = measured.iter().filter(|(path, _)| *path == mean.path);
            let content = content::of_workloads(those.map(|(_, identity)| *identity));
            points.push((of(None, content, mean.path), None, Some(gain)));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use testing::records::made_up;

    #[test]
    fn what_runs_have_in_common_stands_once() {
        let history = [made_up(), made_up()];
        let timeline = timeline(&history, &mut Environments::default());
        assert_eq!(timeline.nights.len(), 2);
        assert!(timeline.series.iter().all(|it| it.nights == [0, 1]));
        let alpha = |it: &&Series| it.of.workload.as_deref() == Some("alpha");
        let parse = timeline.series.iter().filter(alpha).count();
        assert_eq!(parse, history[0].conditions.paths.len());
        let mean = timeline.series.iter().find(|it| it.of.workload.is_none());
        assert!(mean.unwrap().time_ms.is_empty());
    }

    #[test]
    fn numbers_have_four_digits() {
        for (value, expected) in [
            (44.163320999, 44.16),
            (1.87654, 1.877),
            (0.000123456, 0.0001235),
            (1234567.0, 1235000.0),
            (0.0, 0.0),
        ] {
            assert_eq!(four_digits(value), expected);
        }
    }
}
