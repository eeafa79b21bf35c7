//! Medians and gains of every run, in order of time.

use serde::Serialize;

use super::suite::suite;
use crate::environment::{Environments, condition};
use crate::summary::summarize;
use record::{Purpose, RunRecord, content};
use sample::LoadPath;
use stats::{Confidence, Estimate};

/// One workload, or the geometric mean over all of a run, on one path in one run.
#[derive(Debug, Serialize)]
pub struct Point<'a> {
    run: &'a str,
    /// When it began (UTC).
    time: String,
    /// The commit that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<&'a str>,
    /// See [`condition`].
    condition: String,
    /// The engine's release.
    engine: &'a str,
    /// The number of its environment.
    environment: usize,
    /// See [`suite`].
    suite: String,
    /// The workload; nothing for the geometric mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    workload: Option<String>,
    /// Names what was loaded. Points with different content are no series.
    content: String,
    path: LoadPath,
    /// Median load time in milliseconds: estimate, low and high end of the interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    time_ms: Option<[Option<f64>; 3]>,
    /// How many times as much the parse path takes: estimate, low and high end of the interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    gain: Option<[Option<f64>; 3]>,
}

/// The points of all runs of workloads.
pub fn points<'a>(history: &'a [RunRecord], environments: &mut Environments) -> Vec<Point<'a>> {
    let mut points = Vec::new();
    for record in history {
        if record.run.purpose == Purpose::Workloads {
            add(&mut points, record, environments);
        }
    }
    points
}

fn add<'a>(points: &mut Vec<Point<'a>>, record: &'a RunRecord, environments: &mut Environments) {
    let summary = summarize(record, record.main_metric(), Confidence::P95);
    for (engine, part) in summary.engines.into_iter().enumerate() {
        let environment = environments.number(record, engine);
        let point = |path: LoadPath| Point {
            run: &record.run.id,
            time: record.run.started.to_string(),
            revision: record.run.program.revision.as_deref(),
            condition: condition(record),
            suite: suite(record),
            engine: record.engines[engine].label(),
            environment,
            workload: None,
            content: String::new(),
            path,
            time_ms: None,
            gain: None,
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
                points.push(Point {
                    workload: Some(workload.workload.clone()),
                    content: content::of_workload(identity),
                    time_ms: summary.value.map(ends),
                    gain: summary.gain.map(ends),
                    ..point(summary.path)
                });
            }
        }
        for mean in part.geometric_means {
            let Some(gain) = mean.gain else { continue };
            let of = measured.iter().filter(|(path, _)| *path == mean.path);
            points.push(Point {
                content: content::of_workloads(of.map(|(_, identity)| *identity)),
                gain: Some(ends(gain)),
                ..point(mean.path)
            });
        }
    }
}

fn ends(estimate: Estimate) -> [Option<f64>; 3] {
    [
        Some(estimate.value),
        estimate.interval.map(|it| it.low),
        estimate.interval.map(|it| it.high),
    ]
}
