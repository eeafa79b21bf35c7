//! How often a gate is wrong: thousands of gates through the code that decides, on blocks that were measured between an
//! engine and itself.

use std::convert::Infallible;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::block::{Side, TimedLoad, ValidBlock};
use super::family::{Cell, Quantity, Scope};
use super::judge::family_of;
use super::replay::answer;
use super::rule::Decision;
use super::rules::Rules;
use super::sequential::{self, Answer, End, Found, Request, Source};
use record::{Metric, RunRecord};
use sample::LoadPath;
use stats::Random;

/// Blocks between an engine and itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Bank {
    /// The names of the workloads.
    pub workloads: Vec<String>,
    /// The paths that every block has.
    pub paths: Vec<LoadPath>,
    /// By workload: its blocks, at least one.
    pub blocks: Vec<Vec<BankedBlock>>,
}

/// The fewest blocks of a workload that a bank is of use with.
pub const FEWEST_BANKED: usize = 16;

/// Why a record is not a bank.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// There is nothing to compare an engine with.
    #[error(
        "it has no blocks between an engine and itself; such blocks are in the document of a gate, and in what `gate calibrate` keeps"
    )]
    NoPairs,
    /// There are too few.
    #[error(
        "it has {found} blocks of {workload} between an engine and itself; {FEWEST_BANKED} are the fewest that are of use"
    )]
    TooFew {
        workload: String,
        /// How many blocks it has.
        found: usize,
    },
    /// Two records have other workloads or paths.
    #[error("it has other workloads or paths than the first one")]
    Other,
}

impl Bank {
    /// The blocks of a record, for what is compared, whose loads are all on one engine, by whatever place it has, and all
    /// valid. A gate's pilot consists of such blocks, and a gate between an engine and itself of nothing else.
    pub fn of(record: &RunRecord, metric: Metric) -> Result<Self, BankError> {
        let paths = &record.conditions.paths;
        let mut bank = Self {
            workloads: record.workloads.iter().map(|it| it.name.clone()).collect(),
            paths: paths.clone(),
            blocks: vec![Vec::new(); record.workloads.len()],
        };
        for block in record.blocks.iter().filter(|block| block.void.is_none()) {
            let banked = BankedBlock::of(block, record, metric);
            bank.blocks[block.workload].extend(banked);
        }
        if bank.blocks.iter().all(Vec::is_empty) {
            return Err(BankError::NoPairs);
        }
        Ok(bank)
    }

    /// Adds the blocks of another bank of the same workloads.
    pub fn add(&mut self, other: Self) -> Result<(), BankError> {
        if (&self.workloads, &self.paths) != (&other.workloads, &other.paths) {
            return Err(BankError::Other);
        }
        for (blocks, more) in self.blocks.iter_mut().zip(other.blocks) {
            blocks.extend(more);
        }
        Ok(())
    }

    /// Refuses a bank with too few blocks.
    pub fn check(&self) -> Result<(), BankError> {
        let short = |(_, blocks): &(&String, &Vec<BankedBlock>)| blocks.len() < FEWEST_BANKED;
        match self.workloads.iter().zip(&self.blocks).find(short) {
            Some((workload, blocks)) => Err(BankError::TooFew {
                workload: workload.clone(),
                found: blocks.len(),
            }),
            None => Ok(()),
        }
    }
}

impl BankedBlock {
    /// A block between two places of one engine with every path, if it is one.
    fn of(block: &record::Block, record: &RunRecord, metric: Metric) -> Option<Self> {
        let first = block.loads.iter().map(|load| load.engine).min()?;
        let second = block.loads.iter().map(|load| load.engine).max()?;
        let fingerprint = |place: usize| &record.engines[place].fingerprint;
        if first == second || fingerprint(first) != fingerprint(second) {
            return None;
        }
        let Answer::Block(pairs) = answer(block, second, metric) else {
            return None;
        };
        let paths = &record.conditions.paths;
        let whole = paths.iter().all(|path| pairs.log_ratio(*path).is_some());
        let cost = |path: &LoadPath| {
            let runs = block.loads.iter().filter(|load| load.path == *path);
            let walls = runs.filter_map(|load| Some(load.measured.as_ref()?.times.wall));
            Duration::from_nanos(walls.sum())
        };
        whole.then(|| Self {
            block: pairs,
            costs: paths.iter().map(cost).collect(),
        })
    }
}

/// A block of a bank.
#[derive(Debug, Clone, PartialEq)]
pub struct BankedBlock {
    pub block: ValidBlock,
    /// By path: how long both loads of it occupied the machine, workers' starts and ends included.
    pub costs: Vec<Duration>,
}

/// What to simulate.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// The rules of the gates.
    pub rules: Rules,
    /// How many gates for each slowdown.
    pub gates: u32,
    /// How much slower one cell of the new engine is made, as fractions; 0 makes gates between equals.
    pub slowdowns: Vec<f64>,
    /// How long a gate may measure; no limit when there is none.
    pub budget: Option<Duration>,
    /// The seed of everything random.
    pub seed: u64,
    /// On how many threads. The result does not depend on it.
    pub threads: usize,
}

/// What became of the gates with one slowdown.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// How much slower one cell was made: a fraction.
    pub slowdown: f64,
    /// How many gates.
    pub gates: u64,
    /// How many found a regression.
    pub regress: u64,
    /// How many passed.
    pub pass: u64,
    /// How many did neither.
    pub inconclusive: u64,
    /// How many named the cell that had been made slower.
    pub named: u64,
    /// Blocks measured by all of them.
    pub blocks: u64,
    /// Time that measuring them would have taken, in seconds.
    pub seconds: f64,
    /// By the cell that was made slower: how many gates, and how many found a regression.
    pub cells: Vec<CellRates>,
}

/// The gates in which one cell was made slower.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellRates {
    pub workload: String,
    pub path: LoadPath,
    /// How many gates.
    pub gates: u64,
    /// How many of them found a regression.
    pub regress: u64,
    /// How many of them passed.
    pub pass: u64,
}

/// Simulates gates on the blocks of a bank. For each block that a gate asks for, one of the workload's is drawn, and for
/// each path a coin says which of its two loads is the new engine's. That is exactly what measuring does when the engines
/// are equal. The load of the cell that is to be slower then takes that much longer.
pub fn simulate(bank: &Bank, simulation: &Simulation) -> Vec<Rates> {
    let slowdowns = simulation.slowdowns.iter();
    slowdowns
        .map(|&slowdown| rates(bank, simulation, slowdown))
        .collect()
}

fn rates(bank: &Bank, simulation: &Simulation, slowdown: f64) -> Rates {
    let threads = simulation.threads.max(1);
    let part = |first: usize| {
        let mut rates = Rates::empty(bank, slowdown);
        for gate in (first..simulation.gates as usize).step_by(threads) {
            simulate_one(bank, simulation, gate, &mut rates);
        }
        rates
    };
    let parts: Vec<Rates> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || part(first)))
            .collect();
        let join = |worker: thread::ScopedJoinHandle<'_, Rates>| match worker.join() {
            Ok(rates) => rates,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        workers.into_iter().map(join).collect()
    });
    let mut whole = Rates::empty(bank, slowdown);
    for part in &parts {
        whole.add(part);
    }
    whole
}

fn simulate_one(bank: &Bank, simulation: &Simulation, gate: usize, rates: &mut Rates) {
    let rules = &simulation.rules;
    let family = family_of(rules, bank.workloads.len(), &bank.paths);
    // The same gates for every slowdown, so that only the slowdown differs.
    let mut random = Random::new(simulation.seed, &format!("gate {gate}"));
    let target = gate % rates.cells.len();
    let (workload, path) = (
        target / bank.paths.len(),
        bank.paths[target % bank.paths.len()],
    );
    let mut source = Resampled {
        bank,
        random: &mut random,
        slower: (workload, path, 1.0 + rates.slowdown),
        left: simulation.budget.unwrap_or(Duration::MAX),
        blocks: 0,
        seconds: 0.0,
    };
    let Ok(found) = sequential::run(&family, rules, &mut source);
    rates.blocks += source.blocks;
    rates.seconds += source.seconds;
    rates.count((workload, path), &found);
}

impl Rates {
    /// No gate yet.
    pub fn empty(bank: &Bank, slowdown: f64) -> Self {
        let cell = |workload: &String, path: LoadPath| CellRates {
            workload: workload.clone(),
            path,
            gates: 0,
            regress: 0,
            pass: 0,
        };
        let cells = bank.workloads.iter();
        Self {
            slowdown,
            cells: cells
                .flat_map(|workload| bank.paths.iter().map(move |path| cell(workload, *path)))
                .collect(),
            ..Self::default()
        }
    }

    /// Counts a gate in which the load of this workload on this path had been made slower.
    pub fn count(&mut self, (workload, path): (usize, LoadPath), found: &Found) {
        let decisions = || found.cells.iter().map(|state| state.decision);
        let regress = decisions().any(|decision| decision == Decision::Regress);
        let pass = found.end == End::Decided && !regress;
        // One for each path of each workload, in this order.
        let paths = self.cells.len() / found.evidence.workloads();
        let of_workload = &mut self.cells[workload * paths..(workload + 1) * paths];
        let Some(cell) = of_workload.iter_mut().find(|cell| cell.path == path) else {
            return;
        };
        self.gates += 1;
        cell.gates += 1;
        if regress {
            self.regress += 1;
            cell.regress += 1;
        } else if pass {
            self.pass += 1;
            cell.pass += 1;
        } else {
            self.inconclusive += 1;
        }
        let slower =
            [Quantity::Time, Quantity::Rest, Quantity::Instructions].map(|quantity| Cell {
                scope: Scope::Workload(workload),
                quantity: quantity(path),
            });
        let named = |state: &&sequential::CellState| {
            slower.contains(&state.cell) && state.decision == Decision::Regress
        };
        self.named += u64::from(found.cells.iter().find(named).is_some());
    }

    fn add(&mut self, other: &Self) {
        self.gates += other.gates;
        self.regress += other.regress;
        self.pass += other.pass;
        self.inconclusive += other.inconclusive;
        self.named += other.named;
        self.blocks += other.blocks;
        self.seconds += other.seconds;
        for (cell, other) in self.cells.iter_mut().zip(&other.cells) {
            cell.gates += other.gates;
            cell.regress += other.regress;
            cell.pass += other.pass;
        }
    }
}

/// A source that draws blocks from a bank.
struct Resampled<'a> {
    bank: &'a Bank,
    random: &'a mut Random,
    slower: (usize, LoadPath, f64),
    left: Duration,
    blocks: u64,
    seconds: f64,
}

impl Resampled<'_> {
    /// Nearly 1. A block that is drawn twice must not give equal differences, which measured ones never are: the test
    /// would have to treat them as ties.
    fn nearly_one(&mut self) -> f64 {
        1.0 + self.random.below(1 << 30) as f64 * 1e-16
    }
}

impl Source for Resampled<'_> {
    type Error = Infallible;

    fn block(&mut self, request: &Request) -> Result<Answer, Infallible> {
        let blocks = &self.bank.blocks[request.workload];
        let drawn = &blocks[self.random.below(blocks.len() as u64) as usize];
        let wanted = |path: LoadPath| request.paths.contains(&path);
        let cost: Duration = (self.bank.paths.iter())
            .zip(&drawn.costs)
            .filter(|(path, _)| wanted(**path))
            .map(|(_, cost)| *cost)
            .sum();
        match self.left.checked_sub(cost) {
            Some(left) => self.left = left,
            None => return Ok(Answer::OutOfTime),
        }
        self.blocks += 1;
        self.seconds += cost.as_secs_f64();
        let mut loads = Vec::with_capacity(2 * request.paths.len());
        for &path in &request.paths {
            let swap = self.random.below(2) == 1;
            for load in drawn.block.loads.iter().filter(|load| load.path == path) {
                let side = if swap { load.side.other() } else { load.side };
                let (slow_workload, slow_path, factor) = self.slower;
                let slow =
                    side == Side::New && (request.workload, path) == (slow_workload, slow_path);
                let factor = if slow { factor } else { 1.0 };
                let value = load.value * factor * self.nearly_one();
                loads.push(TimedLoad { side, path, value });
            }
        }
        Ok(Answer::Block(ValidBlock {
            workload: request.workload,
            loads,
        }))
    }
}

#[cfg(test)]
mod tests;
