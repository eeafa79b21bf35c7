//! What a run comes to, on standard output; what went wrong in it, on standard error; and the exit code.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::cmd::{ExitStatus, Format};
use crate::print;
use measure::Amount;
use record::{Metric, PageCache, Purpose, RunInfo, RunRecord, Unmeasured};
use results::growth::{GrowthSummary, summarize_growth};
use results::render::{Style, growth_table, peer_table, table};
use results::summary::{Summary, summarize};
use results::{PeerSummary, summarize_peers};
use stats::Confidence;

/// The fewest blocks that an interval at 95 % can be had from.
const FEWEST_FOR_AN_INTERVAL: usize = 6;

/// Costs whose growth is shown.
const GROWING: [Metric; 2] = [Metric::Load, Metric::Memory];

#[derive(Serialize)]
struct Output<'a> {
    run: &'a RunInfo,
    seed: u64,
    page_cache: PageCache,
    load_average: [f64; 3],
    rounds: u32,
    void_blocks: usize,
    unmeasured: &'a [Unmeasured],
    summary: Summary,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    growth: Vec<GrowthSummary>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    peers: Vec<PeerSummary>,
}

/// Prints the result.
pub fn print(record: &RunRecord, metric: Metric, format: Format) {
    let summary = summarize(record, metric, Confidence::P95);
    let growth = match record.run.purpose {
        Purpose::Growth => summarize_growth(record, &GROWING, Confidence::P95),
        Purpose::Workloads => Vec::new(),
    };
    match format {
        Format::Json => print::json(&Output {
            run: &record.run,
            seed: record.conditions.seed,
            page_cache: record.conditions.page_cache,
            load_average: record.before.load_average,
            rounds: record.conditions.rounds,
            void_blocks: voids(record),
            unmeasured: &record.unmeasured,
            summary,
            growth,
            peers: summarize_peers(record, Confidence::P95),
        }),
        Format::Table => {
            print::line(&conditions(record));
            for engine in &summary.engines {
                print::line(&format!("\n{}: {}", engine.engine, metric.meaning()));
                print::line(&table(&summary, engine, Style::Plain));
            }
            if !growth.is_empty() {
                print::line(&format!("\n{}", growth_table(&growth, Style::Plain)));
            }
            if !record.peers.is_empty() {
                let peers = summarize_peers(record, Confidence::P95);
                print::line("\nwhole processes, from start to end:");
                print::line(&peer_table(&peers, &record.peers, Style::Plain));
            }
        }
    }
}

/// Says what went wrong.
pub fn complain(record: &RunRecord) {
    let mut err = io::stderr();
    for (what, paths) in unmeasured(record) {
        let by = match paths.len() == record.conditions.paths.len() {
            true => String::new(),
            false => format!(" by {}", paths.join(", ")),
        };
        let Unmeasured {
            workload,
            engine,
            why,
            ..
        } = what;
        let _ = writeln!(
            err,
            "error: {}{by} on {} was not measured: {why}",
            record.workloads[*workload].name, record.engines[*engine].name,
        );
    }
    for it in summarize_peers(record, Confidence::P95) {
        if let Some(error) = it.error {
            // A runtime that crashes prints its stack; the result has it.
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            let _ = writeln!(err, "warning: {} by {}: {first}", it.workload, it.peer);
        }
    }
    for (what, (count, first)) in errors(record) {
        let _ = writeln!(
            err,
            "error: {what}: {count} loads went wrong; the first: {first}"
        );
    }
    let mut by_reason: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    for void in record.blocks.iter().filter_map(|block| block.void.as_ref()) {
        by_reason
            .entry(void.name())
            .or_insert_with(|| (0, void.to_string()))
            .0 += 1;
    }
    for (count, first) in by_reason.into_values() {
        let _ = writeln!(
            err,
            "warning: {count} of {} blocks are void; the first: {first}",
            record.blocks.len()
        );
    }
    for text in shortages(record, record.conditions.rounds as usize) {
        let _ = writeln!(err, "warning: {text}");
    }
}

/// The exit code.
pub fn status(record: &RunRecord, amount: Amount) -> ExitStatus {
    if !record.unmeasured.is_empty() || !errors(record).is_empty() {
        return ExitStatus::Invalid;
    }
    let wanted = match amount {
        Amount::Blocks(count) => count as usize,
        Amount::Budget(_) => FEWEST_FOR_AN_INTERVAL,
    };
    if shortages(record, wanted).is_empty() {
        ExitStatus::Success
    } else {
        ExitStatus::Inconclusive
    }
}

/// What could not be measured, with the paths of which the same is said.
fn unmeasured(record: &RunRecord) -> Vec<(&Unmeasured, Vec<&'static str>)> {
    let mut all: Vec<(&Unmeasured, Vec<&'static str>)> = Vec::new();
    for it in &record.unmeasured {
        let same = |(known, _): &&mut (&Unmeasured, _)| {
            (known.workload, known.engine, &known.why) == (it.workload, it.engine, &it.why)
        };
        match all.iter_mut().find(same) {
            Some((_, paths)) => paths.push(it.path.name()),
            None => all.push((it, vec![it.path.name()])),
        }
    }
    all
}

fn conditions(record: &RunRecord) -> String {
    let machine = &record.machine;
    let optimized = if record.run.program.optimized {
        ""
    } else {
        "; a program without optimizations"
    };
    format!(
        "{}: {}, {} cores, {} GiB; {}; {} blocks; seed {}; load average {:.2} before, {:.2} after{optimized}",
        record.run.id,
        machine.cpu,
        machine.cores,
        machine.memory_gib,
        record.conditions.words(),
        record.conditions.rounds,
        record.conditions.seed,
        record.before.load_average[0],
        record.after.load_average[0],
    )
}

fn voids(record: &RunRecord) -> usize {
    record
        .blocks
        .iter()
        .filter(|block| block.void.is_some())
        .count()
}

/// Loads that went wrong: for each workload, path and engine how many, and the first in words.
fn errors(record: &RunRecord) -> BTreeMap<String, (usize, String)> {
    let mut errors = BTreeMap::new();
    for (block, load) in record.loads() {
        let Some(error) = &load.error else { continue };
        let what = format!(
            "{} by {} on {}",
            record.workloads[block.workload].name,
            load.path.name(),
            record.engines[load.engine].name
        );
        errors
            .entry(what)
            .or_insert_with(|| (0, error.to_string()))
            .0 += 1;
    }
    errors
}

/// Workloads with fewer valid blocks than `wanted`.
fn shortages(record: &RunRecord, wanted: usize) -> Vec<String> {
    (0..record.workloads.len())
        .filter_map(|workload| {
            let valid = record.valid_blocks(workload).count();
            (valid < wanted).then(|| {
                format!(
                    "{} has {valid} valid blocks of {wanted}",
                    record.workloads[workload].name
                )
            })
        })
        .collect()
}
