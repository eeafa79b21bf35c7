//! Two results side by side, as far as they compare.

use serde::Serialize;

use super::summary::{PathSummary, Summary, WorkloadSummary, summarize};
use record::{Counted, Metric, RunRecord};
use sample::LoadPath;
use stats::{Confidence, Estimate};

/// Two results side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    pub metric: &'static str,
    /// The unit of its values.
    pub unit: &'static str,
    /// The two runs, by their names.
    pub runs: [String; 2],
    /// In what the two runs differ, in words.
    pub differences: Vec<String>,
    /// Why the runs can only be put side by side; nothing when they compare.
    pub incomparable: Option<String>,
    /// Cells that both have.
    pub rows: Vec<Row>,
    /// Workloads that cannot be compared, and why.
    pub left_out: Vec<LeftOut>,
    /// How many pairs of intervals have a value in common.
    pub overlap: Overlap,
}

/// One workload on one path on an engine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    pub workload: String,
    /// The engine of each side.
    pub engines: [String; 2],
    pub path: LoadPath,
    /// The median of each side.
    pub values: [Option<Estimate>; 2],
    /// The second median divided by the first, if the runs compare.
    pub ratio: Option<f64>,
    /// Whether the intervals of the medians overlap, if the runs compare and both have one.
    pub values_overlap: Option<bool>,
    /// The gain of each side: how many times as much its parse path takes.
    pub gains: [Option<Estimate>; 2],
    /// Whether the intervals of the gains overlap, if the runs compare and both have one.
    pub gains_overlap: Option<bool>,
}

/// A workload that cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Its name.
    pub workload: String,
    pub reason: String,
}

/// How many pairs of intervals have a value in common.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Overlap {
    /// Pairs of medians that do.
    pub values: usize,
    /// Of how many.
    pub values_of: usize,
    /// Pairs of gains that do.
    pub gains: usize,
    /// Of how many.
    pub gains_of: usize,
}

/// Puts two runs side by side.
///
/// Two runs are not a paired experiment: what changes slowly on a machine is part of the difference between them, and no
/// interval holds it. So nothing is tested here. Gains compare better than times do: each is made of samples that ran
/// side by side.
pub fn compare(runs: [&RunRecord; 2], metric: Metric, confidence: Confidence) -> Comparison {
    let summaries = runs.map(|run| summarize(run, metric, confidence));
    let incomparable = incomparable(runs);
    let mut left_out = Vec::new();
    let mut rows = Vec::new();
    for (first, second) in engine_pairs(runs) {
        for (place, identity) in runs[0].workloads.iter().enumerate() {
            let found = runs[1]
                .workloads
                .iter()
                .position(|other| other.name == identity.name);
            let reason = match found {
                None => "only the first run has it",
                Some(other) if runs[1].workloads[other].digest != identity.digest => {
                    "its files are not the same in both runs"
                }
                Some(other) => {
                    let pair = [(first, place), (second, other)];
                    rows.extend(paths(&summaries, pair, incomparable.is_none()));
                    continue;
                }
            };
            leave_out(&mut left_out, &identity.name, reason);
        }
    }
    for identity in &runs[1].workloads {
        if !runs[0].workloads.iter().any(|it| it.name == identity.name) {
            leave_out(&mut left_out, &identity.name, "only the second run has it");
        }
    }
    let overlap = overlap(&rows);
    Comparison {
        metric: metric.name(),
        unit: metric.unit(),
        runs: runs.map(|run| run.run.id.clone()),
        differences: differences(runs),
        incomparable,
        rows,
        left_out,
        overlap,
    }
}

/// Which engine is put beside which: those of one name; or the only ones, whatever their names.
fn engine_pairs(runs: [&RunRecord; 2]) -> Vec<(usize, usize)> {
    let [first, second] = runs.map(|run| &run.engines);
    if first.len() == 1 && second.len() == 1 {
        return vec![(0, 0)];
    }
    first
        .iter()
        .enumerate()
        .filter_map(|(place, engine)| {
            let other = second.iter().position(|other| other.name == engine.name)?;
            Some((place, other))
        })
        .collect()
}

fn paths(
    summaries: &[Summary; 2],
    pair: [(usize, usize); 2],
    comparable: bool,
) -> impl Iterator<Item = Row> {
    let side = |side: usize| {
        let (engine, workload) = pair[side];
        let engine = &summaries[side].engines[engine];
        (engine.engine.clone(), &engine.workloads[workload])
    };
    let (first_engine, first) = side(0);
    let (second_engine, second) = side(1);
    let of = |workload: &WorkloadSummary, path: LoadPath| -> Option<PathSummary> {
        workload
            .paths
            .iter()
            .find(|it| it.path == path && it.value.is_some())
            .cloned()
    };
    let rows: Vec<Row> = first
        .paths
        .iter()
        .filter_map(|it| {
            let paths = [of(first, it.path)?, of(second, it.path)?];
            let [a, b] = &paths;
            let (values, gains) = ([a.value, b.value], [a.gain, b.gain]);
            Some(Row {
                workload: first.workload.clone(),
                engines: [first_engine.clone(), second_engine.clone()],
                path: it.path,
                values,
                ratio: comparable
                    .then(|| Some(b.value?.value / a.value?.value))
                    .flatten(),
                values_overlap: comparable.then(|| overlaps(values)).flatten(),
                gains,
                gains_overlap: comparable.then(|| overlaps(gains)).flatten(),
            })
        })
        .collect();
    rows.into_iter()
}

fn overlaps(pair: [Option<Estimate>; 2]) -> Option<bool> {
    let [first, second] = pair.map(|estimate| estimate.and_then(|it| it.interval));
    Some(first?.overlaps(&second?))
}

fn overlap(rows: &[Row]) -> Overlap {
    let count = |of: fn(&Row) -> Option<bool>| {
        let known = rows.iter().filter_map(of);
        let total = known.clone().count();
        (known.filter(|overlaps| *overlaps).count(), total)
    };
    let (values, values_of) = count(|row| row.values_overlap);
    let (gains, gains_of) = count(|row| row.gains_overlap);
    Overlap {
        values,
        values_of,
        gains,
        gains_of,
    }
}

/// Why the runs can only be put side by side.
fn incomparable(runs: [&RunRecord; 2]) -> Option<String> {
    let [first, second] = runs;
    if first.machine.id != second.machine.id {
        Some("they were measured on different machines".to_owned())
    } else if first.conditions.page_cache != second.conditions.page_cache {
        Some("one was measured with a warm page cache, the other with a cold one".to_owned())
    } else if first.conditions.counted.is_some() != second.conditions.counted.is_some() {
        Some("of one instructions were counted, of the other times were taken".to_owned())
    } else if first.run.program.optimized != second.run.program.optimized {
        Some("one was measured by a program built without optimizations".to_owned())
    } else {
        None
    }
}

/// In what the runs differ, in words; what is the same is not mentioned.
fn differences(runs: [&RunRecord; 2]) -> Vec<String> {
    let mut found = Vec::new();
    let mut note = |what: &str, of: &dyn Fn(&RunRecord) -> String| {
        let [first, second] = runs.map(of);
        if first != second {
            found.push(format!("{what}: {first}; {second}"));
        }
    };
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    note("machine", &|run| {
        let machine = &run.machine;
        format!(
            "{} ({}, {} cores, {} GiB)",
            machine.id, machine.cpu, machine.cores, machine.memory_gib
        )
    });
    note("system", &|run| run.machine.system.clone());
    note("kernel", &|run| run.machine.kernel.clone());
    note("governor", &|run| or_none(&run.machine.governor));
    note("huge pages", &|run| or_none(&run.machine.huge_pages));
    note("JSC variables", &|run| {
        let variables: Vec<String> = run
            .machine
            .jsc_variables
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        or_none(&(!variables.is_empty()).then(|| variables.join(" ")))
    });
    note("engines", &|run| {
        let engines: Vec<String> = run
            .engines
            .iter()
            .map(|engine| format!("{} {}", engine.description(), engine.fingerprint))
            .collect();
        engines.join(", ")
    });
    note("page cache", &|run| {
        format!("{:?}", run.conditions.page_cache).to_lowercase()
    });
    note("instructions", &|run| {
        or_none(&run.conditions.counted.as_ref().map(Counted::words))
    });
    note("packs", &|run| {
        let pack = run.conditions.pack;
        format!("{}, {}", pack.payload.name(), pack.checked())
    });
    note("limits of void blocks", &|run| {
        let limits = run.conditions.void_above;
        let (steal, stall) = (limits.steal_percent, limits.stall_percent);
        format!("{steal} % stolen, {stall} % stalled")
    });
    note("program", &|run| run.run.program.digest.clone());
    found
}

fn leave_out(left_out: &mut Vec<LeftOut>, workload: &str, reason: &str) {
    if !left_out.iter().any(|it| it.workload == workload) {
        left_out.push(LeftOut {
            workload: workload.to_owned(),
            reason: reason.to_owned(),
        });
    }
}
