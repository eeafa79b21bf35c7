//! The newest run of every condition and suite, in detail.

use std::collections::BTreeMap;

use serde::Serialize;

use super::suite::suite;
use crate::environment::condition;
use crate::growth::{GrowthSummary, summarize_growth};
use crate::summary::{EngineSummary, summarize};
use crate::{PeerSummary, summarize_peers};
use record::{KeptPeer, Measured, Metric, Purpose, RunRecord, Times};
use sample::LoadPath;
use stats::Confidence;

/// The newest run of its condition, purpose and suite.
#[derive(Debug, Serialize)]
pub struct Newest<'a> {
    run: &'a str,
    /// When it began (UTC).
    time: String,
    purpose: Purpose,
    condition: String,
    /// See [`suite`].
    suite: String,
    machine: String,
    /// The program's commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<&'a str>,
    /// The command that measures the same again.
    command: String,
    rounds: u32,
    blocks: usize,
    /// Why blocks were void, and how many.
    voids: BTreeMap<&'static str, usize>,
    /// Load averages over one minute, before and after.
    load_average: [f64; 2],
    /// Engine releases, in the order of everything below.
    engines: Vec<String>,
    /// By metric: one summary for each engine.
    summaries: Vec<MetricSummary>,
    /// Mean time of each phase.
    phases: Vec<Phases<'a>>,
    /// Every load, in the order in which they ran.
    samples: Vec<Point<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    growth: Vec<GrowthSummary>,
    /// Other runtimes, and what they took.
    peers: &'a [KeptPeer],
    peer_summaries: Vec<PeerSummary>,
}

#[derive(Debug, Serialize)]
struct MetricSummary {
    metric: &'static str,
    meaning: &'static str,
    unit: &'static str,
    engines: Vec<EngineSummary>,
}

/// Mean times of one workload on one path, in milliseconds. Means add up, medians would not.
#[derive(Debug, Serialize)]
struct Phases<'a> {
    engine: usize,
    workload: &'a str,
    path: LoadPath,
    load: f64,
    phases: Vec<(&'static str, f64)>,
    /// Mean bytes of cache entries and of sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_bytes: Option<u64>,
    source_bytes: u64,
}

/// One load.
#[derive(Debug, Serialize)]
struct Point<'a> {
    engine: usize,
    workload: &'a str,
    path: LoadPath,
    /// Seconds since the run began.
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<f64>,
    /// Load time in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    ms: Option<f64>,
    /// Why its block was void, or what was wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    wrong: Option<String>,
}

/// The newest run of every condition, purpose and suite; the newest first.
pub fn newest(history: &[RunRecord]) -> Vec<Newest<'_>> {
    let mut newest: BTreeMap<_, &RunRecord> = BTreeMap::new();
    for record in history {
        let growth = record.run.purpose == Purpose::Growth;
        let known = newest
            .entry((condition(record), growth, suite(record)))
            .or_insert(record);
        if known.run.started <= record.run.started {
            *known = record;
        }
    }
    let mut newest: Vec<&RunRecord> = newest.into_values().collect();
    newest.sort_by(|a, b| (b.run.started, &b.run.id).cmp(&(a.run.started, &a.run.id)));
    newest.into_iter().map(detail).collect()
}

fn detail(record: &RunRecord) -> Newest<'_> {
    let mut voids = BTreeMap::new();
    for void in record.blocks.iter().filter_map(|block| block.void.as_ref()) {
        *voids.entry(void.name()).or_insert(0) += 1;
    }
    let growing = record.run.purpose == Purpose::Growth;
    let machine = &record.machine;
    Newest {
        run: &record.run.id,
        time: record.run.started.to_string(),
        purpose: record.run.purpose,
        condition: condition(record),
        suite: suite(record),
        machine: format!(
            "{}, {} cores, {} GiB, Linux {}",
            machine.cpu, machine.cores, machine.memory_gib, machine.kernel
        ),
        revision: record.run.program.revision.as_deref(),
        command: record.run.command.join(" "),
        rounds: record.conditions.rounds,
        blocks: record.blocks.len(),
        voids,
        load_average: [record.before.load_average[0], record.after.load_average[0]],
        engines: record
            .engines
            .iter()
            .map(record::KeptEngine::description)
            .collect(),
        summaries: if growing {
            Vec::new()
        } else {
            let metrics = record.metrics().into_iter();
            metrics.map(|it| summary(record, it)).collect()
        },
        phases: phases(record),
        peers: &record.peers,
        peer_summaries: summarize_peers(record, Confidence::P95),
        samples: if growing { Vec::new() } else { samples(record) },
        growth: if growing {
            summarize_growth(record, &[Metric::Load, Metric::Memory], Confidence::P95)
        } else {
            Vec::new()
        },
    }
}

fn summary(record: &RunRecord, metric: Metric) -> MetricSummary {
    MetricSummary {
        metric: metric.name(),
        meaning: metric.meaning(),
        unit: metric.unit(),
        engines: summarize(record, metric, Confidence::P95).engines,
    }
}

fn phases(record: &RunRecord) -> Vec<Phases<'_>> {
    let mut all = Vec::new();
    for (place, workload) in record.workloads.iter().enumerate() {
        for engine in 0..record.engines.len() {
            for &path in &record.conditions.paths {
                let measured: Vec<&Measured> = record
                    .valid_blocks(place)
                    .filter_map(|block| block.sample(engine, path)?.measured.as_ref())
                    .collect();
                let Some(first) = measured.first() else {
                    continue;
                };
                let mean = |of: fn(&Times) -> u64| {
                    let sum: f64 = measured.iter().map(|it| of(&it.times) as f64).sum();
                    sum / measured.len() as f64 / 1e6
                };
                all.push(Phases {
                    engine,
                    workload: &workload.name,
                    path,
                    load: mean(|it| it.load),
                    phases: vec![
                        ("fetch", mean(|it| it.fetch)),
                        ("analyze", mean(|it| it.analyze)),
                        ("rebuild", mean(|it| it.rebuild.unwrap_or(0))),
                        ("decode", mean(|it| it.decode.unwrap_or(0))),
                        ("codegen", mean(|it| it.codegen)),
                        ("link", mean(|it| it.link)),
                        ("evaluate", mean(|it| it.evaluate)),
                    ],
                    cache_bytes: first.facts.cache.as_ref().map(|it| it.bytes),
                    source_bytes: first.facts.source_bytes,
                });
            }
        }
    }
    all
}

fn samples(record: &RunRecord) -> Vec<Point<'_>> {
    record
        .loads()
        .map(|(block, load)| {
            let times = load.measured.as_ref().map(|measured| &measured.times);
            let void = block.void.as_ref().map(|void| format!("void: {void}"));
            Point {
                engine: load.engine,
                workload: &record.workloads[block.workload].name,
                path: load.path,
                second: times.map(|it| it.start as f64 / 1e9),
                ms: times.map(|it| it.load as f64 / 1e6),
                wrong: load.error.as_ref().map(ToString::to_string).or(void),
            }
        })
        .collect()
}
