//! What the samples of a run come to: medians, ratios to the parse path, geometric means.

use serde::Serialize;

use record::Facts;
use record::{Metric, Pairs};
use record::{Purpose, RunRecord};
use sample::LoadPath;
use stats::{Confidence, Estimate, geometric_mean, log_ratios, median, ratio};

/// What a run comes to, in one metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    pub metric: &'static str,
    /// The unit of its values.
    pub unit: &'static str,
    /// How sure each interval is at least.
    pub confidence: f64,
    /// One part for each engine.
    pub engines: Vec<EngineSummary>,
}

/// The part of one engine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EngineSummary {
    /// Its name.
    pub engine: String,
    /// One row for each workload.
    pub workloads: Vec<WorkloadSummary>,
    /// By path: the geometric mean of the gains of all workloads; none when they are one graph in several sizes.
    pub geometric_means: Vec<GainSummary>,
}

/// One workload on one engine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorkloadSummary {
    /// Its name.
    pub workload: String,
    /// JavaScript modules loaded.
    pub modules: Option<u64>,
    /// Bytes of all sources.
    pub source_bytes: Option<u64>,
    /// One for each path, in the order in which the run names them.
    #[serde(rename = "cells")]
    pub paths: Vec<PathSummary>,
}

/// One workload on one engine on one path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathSummary {
    pub path: LoadPath,
    /// The median over all valid samples; nothing when there is none.
    pub value: Option<Estimate>,
    /// How many times as much the parse path takes, from samples of the same block.
    pub gain: Option<Estimate>,
    /// Modules analyzed and code generated, each time.
    pub parses: Option<u64>,
    /// Bytes of cache entries for each byte of source.
    pub cache_bytes_per_source_byte: Option<f64>,
    /// Loads with which something is wrong.
    pub errors: usize,
}

/// How many times as much the parse path takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GainSummary {
    /// The path that it is compared with.
    pub path: LoadPath,
    /// The ratio.
    pub gain: Option<Estimate>,
    /// Of how many workloads.
    pub workloads: usize,
}

/// Sums up a run in one metric.
pub fn summarize(record: &RunRecord, metric: Metric, confidence: Confidence) -> Summary {
    Summary {
        metric: metric.name(),
        unit: metric.unit(),
        confidence: confidence.level(),
        engines: (0..record.engines.len())
            .map(|engine| EngineSummary {
                engine: record.engines[engine].name.clone(),
                workloads: (0..record.workloads.len())
                    .map(|workload| {
                        summarize_workload(record, workload, engine, metric, confidence)
                    })
                    .collect(),
                geometric_means: record
                    .conditions
                    .paths
                    .iter()
                    // Sizes were chosen to show growth; their mean would mean nothing.
                    .filter(|path| {
                        **path != LoadPath::Parse && record.run.purpose == Purpose::Workloads
                    })
                    .map(|path| mean_gain(record, engine, *path, metric, confidence))
                    .collect(),
            })
            .collect(),
    }
}

/// How many times as much the parse path takes as `path`, from samples of the same block.
pub fn gain(
    record: &RunRecord,
    workload: usize,
    engine: usize,
    path: LoadPath,
    metric: Metric,
    confidence: Confidence,
) -> Option<Estimate> {
    let Pairs { first, second, .. } = gain_pairs(record, workload, engine, path, metric)?;
    ratio(&first, &second, confidence).ok()
}

fn summarize_workload(
    record: &RunRecord,
    workload: usize,
    engine: usize,
    metric: Metric,
    confidence: Confidence,
) -> WorkloadSummary {
    let facts = |path: LoadPath| -> Option<&Facts> {
        record.valid_blocks(workload).find_map(|block| {
            let measured = block.sample(engine, path)?.measured.as_ref()?;
            Some(&measured.facts)
        })
    };
    let any = record.conditions.paths.iter().find_map(|path| facts(*path));
    WorkloadSummary {
        workload: record.workloads[workload].name.clone(),
        modules: any.map(|facts| facts.modules),
        source_bytes: any.map(|facts| facts.source_bytes),
        paths: record
            .conditions
            .paths
            .iter()
            .map(|&path| PathSummary {
                path,
                value: median(&record.values(workload, engine, path, metric), confidence).ok(),
                gain: gain(record, workload, engine, path, metric, confidence),
                parses: facts(path).map(Facts::parses),
                cache_bytes_per_source_byte: facts(path)
                    .and_then(Facts::cache_bytes_per_source_byte),
                errors: record
                    .loads()
                    .filter(|(block, load)| {
                        block.workload == workload
                            && load.engine == engine
                            && load.path == path
                            && load.error.is_some()
                    })
                    .count(),
            })
            .collect(),
    }
}

fn gain_pairs(
    record: &RunRecord,
    workload: usize,
    engine: usize,
    path: LoadPath,
    metric: Metric,
) -> Option<Pairs> {
    let pairs = record.pairs(workload, (engine, LoadPath::Parse), (engine, path), metric);
    (path != LoadPath::Parse && !pairs.rounds.is_empty()).then_some(pairs)
}

fn mean_gain(
    record: &RunRecord,
    engine: usize,
    path: LoadPath,
    metric: Metric,
    confidence: Confidence,
) -> GainSummary {
    let of_workloads: Vec<Pairs> = (0..record.workloads.len())
        .filter_map(|workload| gain_pairs(record, workload, engine, path, metric))
        .collect();
    GainSummary {
        path,
        gain: geometric_mean(&whole_rounds(&of_workloads), confidence).ok(),
        workloads: of_workloads.len(),
    }
}

/// The logarithmic ratios of every round that all workloads have.
fn whole_rounds(workloads: &[Pairs]) -> Vec<Vec<f64>> {
    let Some(first) = workloads.first() else {
        return Vec::new();
    };
    let logarithms: Vec<Vec<f64>> = workloads
        .iter()
        .filter_map(|pairs| log_ratios(&pairs.first, &pairs.second).ok())
        .collect();
    if logarithms.len() < workloads.len() {
        return Vec::new();
    }
    first
        .rounds
        .iter()
        .filter_map(|round| {
            workloads
                .iter()
                .zip(&logarithms)
                .map(|(pairs, logarithms)| {
                    let place = pairs.rounds.iter().position(|other| other == round)?;
                    Some(logarithms[place])
                })
                .collect()
        })
        .collect()
}
