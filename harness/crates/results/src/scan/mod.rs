//! The scan of a history: gains that have changed since some night, and between which engines. Results in, changes out;
//! nothing here does I/O.

mod series;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::environment::condition;
use record::{KeptEngine, Purpose, RunRecord};
use sample::LoadPath;
use series::{Night, Series, series};
use stats::{BACK, Change, FORE, change_point, threshold};

/// What a scan found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scan {
    /// The runs at whose ends was looked.
    pub runs: Vec<ScannedRun>,
    /// Gains that have become smaller, the clearest first.
    pub alarms: Vec<Step>,
    /// Gains that have become larger, the clearest first.
    pub improvements: Vec<Step>,
}

/// A run at whose end was looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScannedRun {
    /// Its name.
    pub run: String,
    /// See [`condition`].
    pub condition: String,
    /// How many series it continues.
    pub series: usize,
    /// How many of them have nights enough to say anything.
    pub long_enough: usize,
    /// How many nights the longest has.
    pub nights: usize,
}

/// A gain that has changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The run at whose end it was found.
    pub run: String,
    /// The workload; nothing for the geometric mean over all.
    pub workload: Option<String>,
    pub path: LoadPath,
    /// The median gain before.
    pub before: f64,
    /// And since.
    pub after: f64,
    /// By how much it changed: -2 is 2 % less.
    pub percent: f64,
    /// The standardized rank sum; see [`change_point`].
    pub z: f64,
    /// What it had to exceed.
    pub threshold: f64,
    /// For how many nights it has been so.
    pub nights: usize,
    /// The last night before.
    pub last_before: Side,
    /// The first night of the new level.
    pub first_after: Side,
    /// The newest night.
    pub newest: Side,
}

/// With what one night was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    pub run: String,
    /// When it began (UTC).
    pub started: String,
    /// Name of the engine's build.
    pub engine: String,
    /// The engine's release.
    pub version: String,
    pub fingerprint: String,
    /// The commit of this program.
    pub revision: Option<String>,
}

/// Looks at the ends of all series that the newest run of each condition continues; or at those that one run continues, as
/// if there was nothing after it. The history is in order of time. Nothing when it has no such run.
///
/// Workloads share the chance of a false alarm among each other, and geometric means do: there are few of the latter, so
/// that what concerns everything is found some nights earlier.
pub fn scan(history: &[RunRecord], run: Option<&str>) -> Option<Scan> {
    let history = match run {
        Some(run) => {
            let place = history.iter().position(|record| record.run.id == run)?;
            &history[..=place]
        }
        None => history,
    };
    let mut found = Scan {
        runs: Vec::new(),
        alarms: Vec::new(),
        improvements: Vec::new(),
    };
    let all = series(history);
    for record in newest(history, run) {
        look(record, &all, &mut found);
    }
    for steps in [&mut found.alarms, &mut found.improvements] {
        steps.sort_by(|a, b| b.z.abs().total_cmp(&a.z.abs()));
    }
    Some(found)
}

/// The newest run of each condition, or the one of that name.
fn newest<'a>(history: &'a [RunRecord], run: Option<&str>) -> Vec<&'a RunRecord> {
    let mut newest: Vec<&RunRecord> = Vec::new();
    for record in history {
        if record.run.purpose != Purpose::Workloads || run.is_some_and(|run| record.run.id != run) {
            continue;
        }
        newest.retain(|other| condition(other) != condition(record));
        newest.push(record);
    }
    newest
}

fn look(record: &RunRecord, all: &[Series<'_>], found: &mut Scan) {
    let continued = || {
        all.iter().filter(|series| {
            let last = series.nights.last();
            last.is_some_and(|night| night.record.run.id == record.run.id)
        })
    };
    let long_enough = |series: &&Series| series.nights.len() >= BACK.start() + FORE.start();
    found.runs.push(ScannedRun {
        run: record.run.id.clone(),
        condition: condition(record),
        series: continued().count(),
        long_enough: continued().filter(long_enough).count(),
        nights: continued().map(|it| it.nights.len()).max().unwrap_or(0),
    });
    for means in [true, false] {
        let family: Vec<&Series> = continued()
            .filter(|series| series.key.workload.is_none() == means)
            .filter(long_enough)
            .collect();
        let threshold = threshold(family.len());
        for series in family {
            let gains: Vec<f64> = series.nights.iter().map(|night| night.gain).collect();
            // Gains are ratios of times: positive, and finite.
            let Ok(Some(change)) = change_point(&gains, threshold) else {
                continue;
            };
            let steps = if change.after < change.before {
                &mut found.alarms
            } else {
                &mut found.improvements
            };
            steps.push(step(record, series, change, threshold));
        }
    }
}

fn step(record: &RunRecord, series: &Series<'_>, change: Change, threshold: f64) -> Step {
    let nights = &series.nights;
    Step {
        run: record.run.id.clone(),
        workload: series.key.workload.clone(),
        path: series.key.path,
        before: change.before,
        after: change.after,
        percent: 100.0 * change.shift(),
        z: change.z,
        threshold,
        nights: nights.len() - change.at,
        last_before: side(&nights[change.at - 1]),
        first_after: side(&nights[change.at]),
        newest: side(&nights[nights.len() - 1]),
    }
}

fn side(night: &Night<'_>) -> Side {
    let run = &night.record.run;
    let KeptEngine {
        name,
        version,
        fingerprint,
        ..
    } = &night.record.engines[night.engine];
    Side {
        run: run.id.clone(),
        started: run.started.to_string(),
        engine: name.clone(),
        version: version.clone(),
        fingerprint: fingerprint.clone(),
        revision: run.program.revision.clone(),
    }
}
