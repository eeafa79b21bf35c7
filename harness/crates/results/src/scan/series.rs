//! What can be followed from night to night: gains, as long as nothing but engine and program changes.

use crate::environment::{condition, surroundings};
use crate::summary::summarize;
use record::{Purpose, RunRecord, content};
use sample::LoadPath;
use stats::Confidence;

/// A series of gains.
#[derive(Debug)]
pub struct Series<'a> {
    /// What it is of.
    pub key: Key,
    /// Its nights, oldest first.
    pub nights: Vec<Night<'a>>,
}

/// What a series is of. The engine is not part of it: a new engine is just what may change a gain, and gains compare from
/// one engine to the next as times do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// See [`condition`].
    pub condition: String,
    /// See [`surroundings`].
    pub surroundings: String,
    /// The release of one of several engines that were measured side by side; nothing when a run had one engine.
    pub side_by_side: Option<String>,
    /// The workload; nothing for the geometric mean.
    pub workload: Option<String>,
    /// Names what was loaded.
    pub content: String,
    pub path: LoadPath,
}

/// One value of a series.
#[derive(Debug, Clone, Copy)]
pub struct Night<'a> {
    /// The run.
    pub record: &'a RunRecord,
    /// The engine, as its place in the run.
    pub engine: usize,
    /// How many times as much the parse path takes.
    pub gain: f64,
}

/// All series of a history in order of time.
pub fn series(history: &[RunRecord]) -> Vec<Series<'_>> {
    let mut all: Vec<Series> = Vec::new();
    let runs = history.iter();
    for record in runs.filter(|record| record.run.purpose == Purpose::Workloads) {
        for (key, night) in gains(record) {
            match all.iter_mut().find(|series| series.key == key) {
                Some(series) => series.nights.push(night),
                None => all.push(Series {
                    key,
                    nights: vec![night],
                }),
            }
        }
    }
    all
}

fn gains(record: &RunRecord) -> Vec<(Key, Night<'_>)> {
    let mut gains = Vec::new();
    let summary = summarize(record, record.main_metric(), Confidence::P95);
    for (engine, part) in summary.engines.into_iter().enumerate() {
        let key = |path: LoadPath| Key {
            condition: condition(record),
            surroundings: surroundings(record),
            side_by_side: (record.engines.len() > 1)
                .then(|| record.engines[engine].label().to_owned()),
            workload: None,
            content: String::new(),
            path,
        };
        let night = |gain: f64| Night {
            record,
            engine,
            gain,
        };
        let mut measured = Vec::new();
        for (identity, workload) in record.workloads.iter().zip(&part.workloads) {
            for summary in &workload.paths {
                let Some(gain) = summary.gain else { continue };
                measured.push((summary.path, identity));
                let key = Key {
                    workload: Some(identity.name.clone()),
                    content: content::of_workload(identity),
                    ..key(summary.path)
                };
                gains.push((key, night(gain.value)));
            }
        }
        for mean in &part.geometric_means {
            let Some(gain) = mean.gain else { continue };
            let of = measured.iter().filter(|(path, _)| *path == mean.path);
            let key = Key {
                content: content::of_workloads(of.map(|(_, identity)| *identity)),
                ..key(mean.path)
            };
            gains.push((key, night(gain.value)));
        }
    }
    gains
}
