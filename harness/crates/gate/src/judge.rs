//! From everything that a gate recorded to its judgement. Measuring ends with this, and judging again begins with it.

use super::block::{Side, ValidBlock};
use super::evidence::Evidence;
use super::exact::{AllowList, Exact};
use super::family::{Cell, Family, Quantity, Scope};
use super::pilot;
use super::replay::{Replay, ReplayError, answer, of_pilot, place};
use super::rule::{Decision, Look, improved};
use super::rules::Rules;
use super::sequential::{self, Answer, CellState, End, Found};
use super::verdict::{CellReport, Judgement, PilotReport, Reason, Verdict};
use record::{KeptLoad, Metric, RunRecord};
use sample::LoadPath;
use stats::{Confidence, Estimate, median};

/// Everything that a verdict depends on.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a> {
    pub rules: &'a Rules,
    /// Behaviour changes that are allowed.
    pub allowed: &'a AllowList,
    /// What was compared exactly.
    pub exact: &'a Exact,
    /// What was measured: the engines at the places of [`place`], the pilot's blocks and the gate's.
    pub record: &'a RunRecord,
}

/// The family of a record's cells.
pub fn family(rules: &Rules, record: &RunRecord) -> Family {
    let (workloads, paths) = (record.workloads.len(), &record.conditions.paths);
    family_of(rules, workloads, paths)
}

/// The family of so many workloads, each loaded by these paths.
pub fn family_of(rules: &Rules, workloads: usize, paths: &[LoadPath]) -> Family {
    match rules.metric {
        Metric::Instructions => Family::counted(workloads, paths),
        Metric::Rest => Family::rest(workloads, paths),
        _ => Family::new(workloads, paths, rules.gains),
    }
}

/// The differences of the pilot's blocks.
pub fn pilot_evidence(family: &Family, rules: &Rules, record: &RunRecord) -> Evidence {
    let mut evidence = Evidence::new(family);
    for block in record.blocks.iter().filter(|block| of_pilot(block)) {
        if let Answer::Block(block) = answer(block, place::AGAIN, rules.metric) {
            evidence.add(&block);
        }
    }
    evidence
}

/// What makes a gate invalid before anything is timed, so that nothing is.
pub fn obstacles(recorded: &Recorded<'_>) -> Vec<Reason> {
    let Exact {
        paths_differ,
        foreign_caches,
        ..
    } = recorded.exact;
    let first = |what: &[String]| what.first().cloned().unwrap_or_default();
    let paths = paths_differ.iter().map(|it| Reason::PathsDiffer {
        workload: it.workload.clone(),
        path: it.path.clone(),
        what: first(&it.what),
    });
    let caches = foreign_caches.iter().filter_map(|it| {
        Some(Reason::ForeignCache {
            workload: it.workload.clone(),
            what: it.wrong()?,
        })
    });
    let unmeasured = recorded
        .record
        .unmeasured
        .iter()
        .map(|it| Reason::WrongLoad {
            workload: recorded.record.workloads[it.workload].name.clone(),
            engine: side(it.engine),
            path: it.path,
            what: it.why.to_string(),
        });
    paths.chain(caches).chain(unmeasured).collect()
}

/// Judges. The same record gives the same judgement, whoever judges.
pub fn judge(recorded: &Recorded<'_>) -> Result<Judgement, ReplayError> {
    let Recorded {
        rules,
        allowed,
        exact,
        record,
    } = *recorded;
    let family = family(rules, record);
    let mut reasons = obstacles(recorded);
    let unallowed = exact
        .behaviour
        .iter()
        .filter(|it| allowed.reason(it).is_none());
    let measurable = reasons.is_empty();
    reasons.extend(unallowed.map(|it| Reason::BehaviourChanged {
        workload: it.workload.clone(),
        what: it.what.first().cloned().unwrap_or_default(),
    }));
    reasons.extend(exact.tier_ups.iter().map(|it| Reason::TierUps {
        workload: it.workload.clone(),
        path: it.path.clone(),
        what: it.what.first().cloned().unwrap_or_default(),
    }));
    reasons.extend(wrong_loads(record));
    let mut replay = Replay::new(&record.blocks, rules.metric);
    let mut found = None;
    if measurable {
        let it = sequential::run(&family, rules, &mut replay)?;
        reasons.extend(more_parses(record));
        reasons.extend(measured_reasons(&it, record, &replay));
        found = Some(it);
    }
    replay.end()?;
    let mut cells = match &found {
        Some(found) => report(found, rules, record, &replay),
        None => Vec::new(),
    };
    cells.sort_by(|a, b| {
        let key = |it: &CellReport| (it.decision, -badness(it));
        let ((a, worse_a), (b, worse_b)) = (key(a), key(b));
        a.cmp(&b).then(worse_a.total_cmp(&worse_b))
    });
    reasons.sort_by(|a, b| {
        let key = |it: &Reason| match it {
            Reason::Worse {
                quantity, ratio, ..
            } => -worsening(*quantity, *ratio),
            _ => f64::NEG_INFINITY,
        };
        a.verdict()
            .cmp(&b.verdict())
            .then(key(a).total_cmp(&key(b)))
    });
    let engines = &record.engines;
    Ok(Judgement {
        verdict: reasons.first().map_or(Verdict::Pass, Reason::verdict),
        same_engine: engines[place::OLD].fingerprint == engines[place::NEW].fingerprint,
        end: found.as_ref().map(|it| it.end),
        reasons,
        cells,
        pilot: pilot_report(&family, rules, record),
    })
}

/// How much worse a cell is: the logarithm of its ratio, turned so that more is worse.
fn badness(cell: &CellReport) -> f64 {
    worsening(cell.quantity, cell.ratio.unwrap_or(1.0))
}

fn worsening(quantity: Quantity, ratio: f64) -> f64 {
    match quantity {
        Quantity::Time(_) | Quantity::Rest(_) | Quantity::Instructions(_) => ratio.ln(),
        Quantity::Gain(_) => -ratio.ln(),
    }
}

fn side(engine: usize) -> Side {
    if engine == place::NEW {
        Side::New
    } else {
        Side::Old
    }
}

fn wrong_loads(record: &RunRecord) -> impl Iterator<Item = Reason> {
    record.loads().filter_map(|(block, load)| {
        Some(Reason::WrongLoad {
            workload: record.workloads[block.workload].name.clone(),
            engine: side(load.engine),
            path: load.path,
            what: load.error.as_ref()?.to_string(),
        })
    })
}

/// Parses on cached paths are counted, not timed: one more is a finding.
fn more_parses(record: &RunRecord) -> Vec<Reason> {
    let fewest = |workload: usize, engine: usize, path: LoadPath| {
        let wanted = |load: &&KeptLoad| (load.engine, load.path) == (engine, path);
        record
            .loads()
            .filter(|(block, _)| block.workload == workload)
            .map(|(_, load)| load)
            .filter(wanted)
            .filter_map(|load| Some(load.measured.as_ref()?.facts.parses()))
            .min()
    };
    let mut reasons = Vec::new();
    for (place, workload) in record.workloads.iter().enumerate() {
        for &path in record
            .conditions
            .paths
            .iter()
            .filter(|it| **it != LoadPath::Parse)
        {
            let old = fewest(place, place::OLD, path);
            let new = fewest(place, place::NEW, path);
            if let (Some(old), Some(new)) = (old, new)
                && new > old
            {
                reasons.push(Reason::MoreParses {
                    workload: workload.name.clone(),
                    path,
                    old,
                    new,
                });
            }
        }
    }
    reasons
}

fn measured_reasons(found: &Found, record: &RunRecord, replay: &Replay<'_>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = found
        .cells
        .iter()
        .filter(|state| state.decision == Decision::Regress)
        .map(|state| Reason::Worse {
            workload: name(state.cell, record),
            quantity: state.cell.quantity,
            ratio: ratio(found, state).unwrap_or(1.0),
        })
        .collect();
    let undecided = || {
        let mut cells = found.cells.iter();
        cells
            .by_ref()
            .filter(|it| it.decision == Decision::Inconclusive)
            .count()
    };
    match found.end {
        End::OutOfTime | End::LastLook if undecided() > 0 => reasons.push(Reason::Undecided {
            cells: undecided(),
            of: found.cells.len(),
            out_of_time: found.end == End::OutOfTime,
        }),
        End::Voids => {
            let (void, valid) = replay.voids();
            reasons.push(Reason::Voids { void, valid });
        }
        End::Decided | End::OutOfTime | End::LastLook | End::Regression | End::Wrong => {}
    }
    reasons
}

fn name(cell: Cell, record: &RunRecord) -> Option<String> {
    match cell.scope {
        Scope::All => None,
        Scope::Workload(workload) => Some(record.workloads[workload].name.clone()),
    }
}

fn report(
    found: &Found,
    rules: &Rules,
    record: &RunRecord,
    replay: &Replay<'_>,
) -> Vec<CellReport> {
    let count = found.cells.len();
    let blocks: Vec<Vec<ValidBlock>> = (0..record.workloads.len())
        .map(|workload| replay.valid(workload).collect())
        .collect();
    let of = |state: &CellState| {
        let differences = looked_at(found, state);
        let values = found.evidence.values(state.cell, state.looked_at);
        let look = Look::at(&values, rules);
        let medians = match state.cell.scope {
            Scope::All => [None, None],
            Scope::Workload(workload) => {
                let used = &blocks[workload][..state.looked_at.min(blocks[workload].len())];
                Side::BOTH.map(|side| typical(used, side, state.cell.quantity))
            }
        };
        CellReport {
            workload: name(state.cell, record),
            quantity: state.cell.quantity,
            decision: state.decision,
            improved: improved(&values, rules, count),
            blocks: state.looked_at,
            worse_in: differences.iter().filter(|it| **it > 0.0).count(),
            ratio: ratio(found, state),
            interval: interval(found, state),
            old: medians[0],
            new: medians[1],
            p_worse: look.map(|it| it.p_worse),
            p_not_worse: look.map(|it| it.p_not_worse),
        }
    };
    found.cells.iter().map(of).collect()
}

fn ratio(found: &Found, state: &CellState) -> Option<f64> {
    let centre = change(found, state)?.value;
    Some(rounded(direction(state.cell.quantity, centre).exp()))
}

/// By how much the logarithm of a cell changed.
fn change(found: &Found, state: &CellState) -> Option<Estimate> {
    let values = found.evidence.values(state.cell, state.looked_at);
    values.change()
}

fn interval(found: &Found, state: &CellState) -> Option<[f64; 2]> {
    let interval = change(found, state)?.interval?;
    let ends =
        [interval.low, interval.high].map(|end| rounded(direction(state.cell.quantity, end).exp()));
    Some([ends[0].min(ends[1]), ends[0].max(ends[1])])
}

fn looked_at(found: &Found, state: &CellState) -> Vec<f64> {
    let mut differences = found.evidence.differences(state.cell);
    differences.truncate(state.looked_at);
    differences
}

/// Differences are above 0 where the new engine is worse; a gain is then smaller.
fn direction(quantity: Quantity, difference: f64) -> f64 {
    match quantity {
        Quantity::Time(_) | Quantity::Rest(_) | Quantity::Instructions(_) => difference,
        Quantity::Gain(_) => -difference,
    }
}

/// The median of a quantity on one engine: milliseconds, times, or millions of instructions.
fn typical(blocks: &[ValidBlock], side: Side, quantity: Quantity) -> Option<f64> {
    let time = |block: &ValidBlock, path: LoadPath| {
        let mut loads = block.loads.iter();
        loads
            .find(|load| load.side == side && load.path == path)
            .map(|load| load.value)
    };
    let values: Vec<f64> = blocks
        .iter()
        .filter_map(|block| match quantity {
            Quantity::Time(path) | Quantity::Rest(path) | Quantity::Instructions(path) => {
                time(block, path)
            }
            Quantity::Gain(path) => Some(time(block, LoadPath::Parse)? / time(block, path)?),
        })
        .collect();
    Some(rounded(median(&values, Confidence::P95).ok()?.value))
}

fn pilot_report(family: &Family, rules: &Rules, record: &RunRecord) -> Option<PilotReport> {
    if rules.metric == Metric::Instructions {
        // What counts differ by is seen in each cell.
        return None;
    }
    let evidence = pilot_evidence(family, rules, record);
    let blocks = family
        .cells()
        .iter()
        .map(|cell| evidence.count(*cell))
        .min()
        .filter(|count| *count > 0)?;
    Some(summarize_pilot(
        family,
        rules,
        &evidence,
        blocks,
        rules.most_blocks(),
    ))
}

/// What a pilot says of a gate that will have so many blocks of each workload.
pub fn summarize_pilot(
    family: &Family,
    rules: &Rules,
    evidence: &Evidence,
    blocks: usize,
    planned: u32,
) -> PilotReport {
    let cells = family.cells();
    let noise = pilot::noise(family, evidence);
    let found = |noise: Option<f64>| pilot::least_found(noise?, planned, rules, cells.len());
    let times = |together: bool| {
        let times = cells.iter().zip(&noise).filter(move |(cell, _)| {
            matches!(cell.quantity, Quantity::Time(_) | Quantity::Rest(_))
                && (cell.scope == Scope::All) == together
        });
        let mut found: Vec<f64> = times.filter_map(|(_, noise)| found(*noise)).collect();
        found.sort_by(f64::total_cmp);
        found
    };
    let single = times(false);
    let too_noisy = noise
        .iter()
        .flatten()
        .filter(|noise| pilot::blocks_to_pass(**noise, rules) > f64::from(planned))
        .count();
    PilotReport {
        blocks,
        least_found: (!single.is_empty()).then(|| {
            [
                single[0],
                single[single.len() / 2],
                single[single.len() - 1],
            ]
            .map(rounded)
        }),
        least_found_together: times(true).last().copied().map(rounded),
        too_noisy,
        cells: cells.len(),
    }
}

/// Six decimals: less than any measurement has, and the same on every machine.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
