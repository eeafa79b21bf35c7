//! Which block is measured next, and when it is over.

use serde::{Deserialize, Serialize};

use super::block::ValidBlock;
use super::evidence::Evidence;
use super::family::{Cell, Family, Scope};
use super::rule::{Decision, decide};
use super::rules::Rules;
use sample::LoadPath;

/// A block that is wanted: of each path one load on each engine, in an order that the source draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The workload, by its place.
    pub workload: usize,
    /// Which of the workload's blocks this is, from 0. A block that was void is asked for again.
    pub round: u32,
    pub paths: Vec<LoadPath>,
}

/// What became of a wanted block.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It was measured.
    Block(ValidBlock),
    /// Nothing may be concluded from it, for a reason that was fixed beforehand and has nothing to do with its times.
    Void,
    /// A load in it went wrong: its times are those of something else. The gate ends.
    Wrong,
    /// There is no time left for it.
    OutOfTime,
}

/// Where blocks come from: workers, a bank, or the document of a gate that is judged again.
pub trait Source {
    /// Why a block could not even be tried.
    type Error;

    /// Measures a block.
    fn block(&mut self, request: &Request) -> Result<Answer, Self::Error>;
}

/// Why a gate ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Every cell is decided.
    Decided,
    /// Cells are undecided after the last look.
    LastLook,
    /// There was no time left.
    OutOfTime,
    /// A regression was found, and nothing more was asked for.
    Regression,
    /// Most blocks were void.
    Voids,
    /// A load went wrong.
    Wrong,
}

/// What a gate found.
#[derive(Debug, Clone)]
pub struct Found {
    /// One for each cell, in the family's order.
    pub cells: Vec<CellState>,
    /// All that was measured.
    pub evidence: Evidence,
    /// Why it ended.
    pub end: End,
}

/// What is known of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellState {
    pub cell: Cell,
    /// What the last look at it said.
    pub decision: Decision,
    /// How many differences the last look was at; 0 when there was none.
    pub looked_at: usize,
}

/// Measures until every cell is decided, the looks are used up, or time is over.
///
/// Blocks go round over the workloads, so that a disturbance hits many of them a little. After each look, a path of a
/// workload is loaded no more when no undecided cell needs it; the time goes to the others. When time ends between two
/// looks, the next look is taken early, at what there is. That spends no more than was set aside for it: when time ends
/// does not depend on which of the two engines a load belongs to.
pub fn run<S: Source>(family: &Family, rules: &Rules, source: &mut S) -> Result<Found, S::Error> {
    let mut gate = Gate::new(family, rules);
    let mut round = 0;
    for &look in &rules.looks {
        while round < look {
            if let Some(end) = gate.round(round, source)? {
                if end == End::OutOfTime {
                    gate.look();
                }
                return Ok(gate.found(end));
            }
            round += 1;
        }
        gate.look();
        if gate.undecided().next().is_none() {
            return Ok(gate.found(End::Decided));
        }
        if rules.stop_at_regression && gate.regressed() {
            return Ok(gate.found(End::Regression));
        }
    }
    Ok(gate.found(End::LastLook))
}

/// Voids that are no reason to stop, however few valid blocks there are.
const TOLERATED_VOIDS: usize = 16;

struct Gate<'a> {
    family: &'a Family,
    rules: &'a Rules,
    cells: Vec<CellState>,
    evidence: Evidence,
    valid: usize,
    void: usize,
}

impl<'a> Gate<'a> {
    fn new(family: &'a Family, rules: &'a Rules) -> Self {
        let cells = family.cells().iter().map(|&cell| CellState {
            cell,
            decision: Decision::Inconclusive,
            looked_at: 0,
        });
        Self {
            family,
            rules,
            cells: cells.collect(),
            evidence: Evidence::new(family),
            valid: 0,
            void: 0,
        }
    }

    /// One block of every workload that is still wanted; the reason when that is the end.
    fn round<S: Source>(&mut self, round: u32, source: &mut S) -> Result<Option<End>, S::Error> {
        for workload in 0..self.family.workloads() {
            let paths = self.wanted(workload);
            if paths.is_empty() {
                continue;
            }
            let request = Request {
                workload,
                round,
                paths,
            };
            loop {
                match source.block(&request)? {
                    Answer::Block(block) => {
                        self.valid += 1;
                        self.evidence.add(&block);
                        break;
                    }
                    Answer::Void => {
                        self.void += 1;
                        if self.void > self.valid + TOLERATED_VOIDS {
                            return Ok(Some(End::Voids));
                        }
                    }
                    Answer::Wrong => return Ok(Some(End::Wrong)),
                    Answer::OutOfTime => return Ok(Some(End::OutOfTime)),
                }
            }
        }
        Ok(None)
    }

    /// The paths of a workload that an undecided cell needs.
    fn wanted(&self, workload: usize) -> Vec<LoadPath> {
        let needed = |path: &LoadPath| {
            self.undecided().any(|state| {
                let here = match state.cell.scope {
                    Scope::All => true,
                    Scope::Workload(other) => other == workload,
                };
                here && state.cell.quantity.paths().any(|other| other == *path)
            })
        };
        let paths = self.family.paths().iter().copied();
        paths.filter(needed).collect()
    }

    /// Decides on every undecided cell that has more differences than at the look before.
    fn look(&mut self) {
        let count = self.cells.len();
        for state in &mut self.cells {
            let differences = self.evidence.count(state.cell);
            if state.decision == Decision::Inconclusive && differences > state.looked_at {
                state.looked_at = differences;
                let values = self.evidence.values(state.cell, state.looked_at);
                state.decision = decide(&values, self.rules, count);
            }
        }
    }

    fn undecided(&self) -> impl Iterator<Item = &CellState> {
        let cells = self.cells.iter();
        cells.filter(|state| state.decision == Decision::Inconclusive)
    }

    fn regressed(&self) -> bool {
        let mut cells = self.cells.iter();
        cells.any(|state| state.decision == Decision::Regress)
    }

    fn found(self, end: End) -> Found {
        Found {
            cells: self.cells,
            evidence: self.evidence,
            end,
        }
    }
}

#[cfg(test)]
mod tests;
