//! How the costs of a load grow with the size of its graph.

use std::collections::BTreeMap;

use serde::Serialize;

use record::Metric;
use record::RunRecord;
use sample::LoadPath;
use stats::{Confidence, Estimate, Growth, growth, median};

/// One cost of one series on one path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GrowthSummary {
    /// The series: what grows.
    pub series: String,
    pub engine: String,
    pub path: LoadPath,
    pub metric: &'static str,
    /// The unit of its values.
    pub unit: &'static str,
    /// Its sizes, in ascending order.
    pub steps: Vec<GrowthStep>,
    /// The exponent over all sizes: 1 is linear. Nothing when no round is whole.
    pub exponent: Option<Estimate>,
}

/// One size of a series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GrowthStep {
    /// Modules, or mean bytes of source for each module: as loaded, not as asked for.
    pub size: f64,
    /// The median of the cost.
    pub value: Option<Estimate>,
    /// The exponent from the size before to this one.
    pub exponent: Option<Estimate>,
}

/// Every series of a run, on every path, in these metrics.
pub fn summarize_growth(
    record: &RunRecord,
    metrics: &[Metric],
    confidence: Confidence,
) -> Vec<GrowthSummary> {
    let mut summaries = Vec::new();
    for (name, workloads) in series(record) {
        for engine in 0..record.engines.len() {
            for metric in metrics {
                for path in &record.conditions.paths {
                    let place = Place {
                        record,
                        engine,
                        path: *path,
                        metric: *metric,
                        confidence,
                    };
                    summaries.push(place.summarize(&name, &workloads));
                }
            }
        }
    }
    summaries
}

/// The workloads of every series, by size; the series in the order of the run.
fn series(record: &RunRecord) -> Vec<(String, Vec<usize>)> {
    let mut found: Vec<(String, BTreeMap<u64, usize>)> = Vec::new();
    for (place, workload) in record.workloads.iter().enumerate() {
        let Some(series) = &workload.series else {
            continue;
        };
        let known = found.iter().position(|(name, _)| *name == series.name);
        let known = known.unwrap_or_else(|| {
            found.push((series.name.clone(), BTreeMap::new()));
            found.len() - 1
        });
        found[known].1.insert(series.size, place);
    }
    found
        .into_iter()
        .map(|(name, workloads)| (name, workloads.into_values().collect()))
        .collect()
}

struct Place<'a> {
    record: &'a RunRecord,
    engine: usize,
    path: LoadPath,
    metric: Metric,
    confidence: Confidence,
}

impl Place<'_> {
    fn summarize(&self, series: &str, workloads: &[usize]) -> GrowthSummary {
        let sizes: Vec<f64> = workloads
            .iter()
            .map(|workload| self.size(series, *workload))
            .collect();
        let fitted: Option<Growth> = growth(&sizes, &self.rounds(workloads), self.confidence).ok();
        let steps = workloads
            .iter()
            .enumerate()
            .map(|(index, workload)| {
                let values = self
                    .record
                    .values(*workload, self.engine, self.path, self.metric);
                GrowthStep {
                    size: sizes[index],
                    value: median(&values, self.confidence).ok(),
                    exponent: index
                        .checked_sub(1)
                        .and_then(|before| fitted.as_ref()?.steps.get(before).copied()),
                }
            })
            .collect();
        GrowthSummary {
            series: series.to_owned(),
            engine: self.record.engines[self.engine].name.clone(),
            path: self.path,
            metric: self.metric.name(),
            unit: self.metric.unit(),
            steps,
            exponent: fitted.map(|growth| growth.exponent),
        }
    }

    /// What a workload's size came out as. A graph that could not be loaded has the size that was asked for.
    fn size(&self, series: &str, workload: usize) -> f64 {
        let asked = self.record.workloads[workload].series.as_ref();
        let facts = self.record.valid_blocks(workload).find_map(|block| {
            let measured = block.sample(self.engine, self.path)?.measured.as_ref()?;
            Some(&measured.facts)
        });
        match facts {
            Some(facts) if series == "bytes" => {
                facts.source_bytes as f64 / (facts.modules as f64).max(1.0)
            }
            Some(facts) => facts.modules as f64,
            None => asked.map_or(0.0, |series| series.size as f64),
        }
    }

    /// The cost of every size, for each round that has all of them.
    fn rounds(&self, workloads: &[usize]) -> Vec<Vec<f64>> {
        let by_round: Vec<BTreeMap<u32, f64>> = workloads
            .iter()
            .map(|workload| {
                self.record
                    .valid_blocks(*workload)
                    .filter_map(|block| {
                        let run = block.sample(self.engine, self.path)?;
                        Some((block.round, self.metric.of(run.measured.as_ref()?)?))
                    })
                    .collect()
            })
            .collect();
        let Some(first) = by_round.first() else {
            return Vec::new();
        };
        first
            .keys()
            .filter_map(|round| {
                by_round
                    .iter()
                    .map(|costs| costs.get(round).copied())
                    .collect()
            })
            .collect()
    }
}
