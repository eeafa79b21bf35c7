//! The verdict of a whole gate.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::block::Side;
use super::family::Quantity;
use super::rule::Decision;
use super::sequential::End;
use sample::LoadPath;

/// The answer of a gate. No two of them are ever exchanged for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Something is wrong with what was to be compared: nothing may be concluded from times.
    Invalid,
    /// Something got worse.
    Regress,
    /// The evidence within the budget is not enough for either.
    Inconclusive,
    /// Nothing got worse by the upper margin or more.
    Pass,
}

impl Verdict {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Regress => "regress",
            Self::Inconclusive => "inconclusive",
            Self::Pass => "pass",
        }
    }
}

/// What a gate says, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The answer.
    pub verdict: Verdict,
    /// Whether both engines are the same: then the gate tests itself.
    pub same_engine: bool,
    /// Why measuring ended; nothing when it never began.
    pub end: Option<End>,
    /// What the verdict rests on, the worst first; empty when it is `pass`.
    pub reasons: Vec<Reason>,
    /// Every cell, the worst first.
    pub cells: Vec<CellReport>,
    /// What the old engine against itself said beforehand; nothing when it was not measured.
    pub pilot: Option<PilotReport>,
}

/// Something that a verdict other than `pass` rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// A path of the new engine shows something else than parsing.
    PathsDiffer {
        workload: String,
        /// How it was loaded.
        path: String,
        /// The first difference.
        what: String,
    },
    /// The new engine shows something else than the old one, and that is not allowed.
    BehaviourChanged {
        workload: String,
        /// The first difference.
        what: String,
    },
    /// The new engine did not treat the old one's cache as it must.
    ForeignCache {
        workload: String,
        /// What it did.
        what: String,
    },
    /// A load was not what it was to be.
    WrongLoad {
        workload: String,
        engine: Side,
        path: LoadPath,
        /// What was wrong with it.
        what: String,
    },
    /// On the new engine other functions tier up on a path that loads from the cache than on the parse path.
    TierUps {
        workload: String,
        /// How it was loaded.
        path: String,
        /// The first functions.
        what: String,
    },
    /// A path that loads from the cache parses more on the new engine.
    MoreParses {
        workload: String,
        path: LoadPath,
        /// Modules analyzed and code generated on the old engine.
        old: u64,
        /// And on the new one.
        new: u64,
    },
    /// A cell got worse.
    Worse {
        /// The workload; nothing when it is all of them together.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        workload: Option<String>,
        /// What got worse.
        #[serde(flatten)]
        quantity: Quantity,
        /// New over old.
        ratio: f64,
    },
    /// Most blocks were void.
    Voids {
        /// How many.
        void: usize,
        /// How many were not.
        valid: usize,
    },
    /// Cells are undecided.
    Undecided {
        /// How many.
        cells: usize,
        /// Of how many.
        of: usize,
        /// Whether more time would have helped; if not, the last look was reached.
        out_of_time: bool,
    },
}

impl Reason {
    /// What the verdict is because of it.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::PathsDiffer { .. }
            | Self::BehaviourChanged { .. }
            | Self::ForeignCache { .. }
            | Self::WrongLoad { .. } => Verdict::Invalid,
            Self::MoreParses { .. } | Self::TierUps { .. } | Self::Worse { .. } => Verdict::Regress,
            Self::Voids { .. } | Self::Undecided { .. } => Verdict::Inconclusive,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PathsDiffer {
                workload,
                path,
                what,
            } => write!(
                out,
                "{workload}: the new engine's path {path} shows something else than parsing: {what}"
            ),
            Self::BehaviourChanged { workload, what } => {
                write!(
                    out,
                    "{workload}: the new engine behaves differently: {what}"
                )
            }
            Self::ForeignCache { workload, what } => write!(out, "{workload}: {what}"),
            Self::WrongLoad {
                workload,
                engine,
                path,
                what,
            } => write!(
                out,
                "{workload}: a load by {} on the {} engine is not what it was to be: {what}",
                path.name(),
                engine.name()
            ),
            Self::TierUps {
                workload,
                path,
                what,
            } => write!(
                out,
                "{workload}: by {path} other functions tier up than by parse: {what}"
            ),
            Self::MoreParses {
                workload,
                path,
                old,
                new,
            } => write!(
                out,
                "{workload}: by {} the new engine parses {new} times, the old one {old} times",
                path.name()
            ),
            Self::Worse {
                workload,
                quantity,
                ratio,
            } => {
                let workload = workload.as_deref().unwrap_or("all workloads together");
                write!(out, "{workload}: {}", worse(*quantity, *ratio))
            }
            Self::Voids { void, valid } => write!(
                out,
                "{void} blocks were void and {valid} were not: wait for a quieter machine, or allow more with --steal-limit"
            ),
            Self::Undecided {
                cells,
                of,
                out_of_time: true,
            } => write!(out, "{cells} of {of} cells are undecided: time ran out"),
            Self::Undecided { cells, of, .. } => write!(
                out,
                "{cells} of {of} cells are undecided after the last look: the machine is too noisy for the margin"
            ),
        }
    }
}

fn worse(quantity: Quantity, ratio: f64) -> String {
    let percent = 100.0 * (ratio - 1.0);
    match quantity {
        Quantity::Time(path) => format!("loading by {} takes {percent:+.1} %", path.name()),
        Quantity::Rest(path) => format!(
            "what comes after loading by {} takes {percent:+.1} %",
            path.name()
        ),
        Quantity::Instructions(path) => format!(
            "loading by {} takes {percent:+.2} % instructions",
            path.name()
        ),
        Quantity::Gain(path) => format!(
            "what {} gains over parse changed by {percent:+.1} %",
            path.name()
        ),
    }
}

/// One cell in a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellReport {
    /// The workload; nothing when it is all of them together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload: Option<String>,
    /// What was compared.
    #[serde(flatten)]
    pub quantity: Quantity,
    /// What is said of it.
    pub decision: Decision,
    /// Whether it surely got better.
    pub improved: bool,
    /// How many blocks that rests on.
    pub blocks: usize,
    /// In how many of them the new engine was worse.
    pub worse_in: usize,
    /// New over old: the Hodges–Lehmann estimate, rounded to six decimals as all numbers here. Of a time, above 1 is
    /// worse; of a gain, below 1. Nothing without blocks.
    pub ratio: Option<f64>,
    /// The interval of the ratio at 95 %, if there are blocks enough.
    pub interval: Option<[f64; 2]>,
    /// The median on the old engine: milliseconds of a time, times of a gain, millions of instructions. Nothing for all
    /// workloads together.
    pub old: Option<f64>,
    /// And on the new one.
    pub new: Option<f64>,
    /// The probability of this evidence or more if the cell is not worse. To be compared with the share of one look.
    pub p_worse: Option<f64>,
    /// The probability of this evidence or less if the cell is worse by the upper margin.
    pub p_not_worse: Option<f64>,
}

/// What the old engine against itself said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PilotReport {
    /// Blocks of each workload.
    pub blocks: usize,
    /// The least slowdown of a load time of one workload that is found with 95 % probability at the last look, as
    /// fractions: of the quietest cell, of the one in the middle, of the noisiest.
    pub least_found: Option<[f64; 3]>,
    /// The same of the geometric mean over all workloads: the noisiest path.
    pub least_found_together: Option<f64>,
    /// Cells that will probably not pass even at the last look, though nothing changed.
    pub too_noisy: usize,
    /// Of how many.
    pub cells: usize,
}
