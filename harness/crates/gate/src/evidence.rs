//! What the blocks say, cell by cell.

use super::block::ValidBlock;
use super::family::{Cell, Family, Quantity, Scope};
use sample::LoadPath;
use stats::{Confidence, Estimate, RankSum, SignedRank, hodges_lehmann, rank_sum};

/// The logarithms of old and new, of every workload on every path, round by round.
#[derive(Debug, Clone)]
pub struct Evidence {
    paths: Vec<LoadPath>,
    blocks: usize,
    /// By workload, then by path: old and new of each round.
    values: Vec<Vec<Vec<[f64; 2]>>>,
}

impl Evidence {
    /// No block yet.
    pub fn new(family: &Family) -> Self {
        Self {
            paths: family.paths().to_vec(),
            blocks: 0,
            values: vec![vec![Vec::new(); family.paths().len()]; family.workloads()],
        }
    }

    /// How many workloads it is about.
    pub fn workloads(&self) -> usize {
        self.values.len()
    }

    /// How many blocks went in.
    pub fn blocks(&self) -> usize {
        self.blocks
    }

    /// Adds a workload's next block. A path that it lacks must not come back in a later one: the differences of a cell
    /// are those of the first rounds, without a gap.
    pub fn add(&mut self, block: &ValidBlock) {
        self.blocks += 1;
        for (place, path) in self.paths.iter().enumerate() {
            if let Some(pair) = block.logarithms(*path) {
                self.values[block.workload][place].push(pair);
            }
        }
    }

    /// How many differences a cell has.
    pub fn count(&self, cell: Cell) -> usize {
        match cell.scope {
            Scope::Workload(workload) => self.count_of(workload, cell.quantity),
            Scope::All => (0..self.values.len())
                .map(|workload| self.count_of(workload, cell.quantity))
                .min()
                .unwrap_or(0),
        }
    }

    /// The differences of a cell, round by round: logarithms that are above 0 where the new engine is worse. Of all
    /// workloads together, each is the mean over the workloads in one round.
    pub fn differences(&self, cell: Cell) -> Vec<f64> {
        let rounds = self.count(cell);
        match cell.scope {
            Scope::Workload(workload) => (0..rounds)
                .map(|round| self.difference(workload, cell.quantity, round))
                .collect(),
            Scope::All => (0..rounds)
                .map(|round| {
                    let sum: f64 = (0..self.values.len())
                        .map(|workload| self.difference(workload, cell.quantity, round))
                        .sum();
                    sum / self.values.len() as f64
                })
                .collect(),
        }
    }

    /// What the first rounds say of a cell.
    pub fn values(&self, cell: Cell, rounds: usize) -> Values {
        if let (Scope::Workload(workload), Quantity::Instructions(path)) =
            (cell.scope, cell.quantity)
        {
            let pairs = self.of(workload, path);
            let pairs = &pairs[..rounds.min(pairs.len())];
            return Values::Counts([0, 1].map(|side| pairs.iter().map(|it| it[side]).collect()));
        }
        let mut differences = self.differences(cell);
        differences.truncate(rounds);
        Values::Differences(differences)
    }

    fn count_of(&self, workload: usize, quantity: Quantity) -> usize {
        quantity
            .paths()
            .map(|path| self.of(workload, path).len())
            .min()
            .unwrap_or(0)
    }

    fn difference(&self, workload: usize, quantity: Quantity, round: usize) -> f64 {
        let ratio = |path: LoadPath| {
            let [old, new] = self.of(workload, path)[round];
            new - old
        };
        match quantity {
            Quantity::Time(path) | Quantity::Rest(path) | Quantity::Instructions(path) => {
                ratio(path)
            }
            // ln(parse/path) shrinks by as much as the path slows down more than parsing does.
            Quantity::Gain(path) => ratio(path) - ratio(LoadPath::Parse),
        }
    }

    fn of(&self, workload: usize, path: LoadPath) -> &[[f64; 2]] {
        match self.paths.iter().position(|it| *it == path) {
            Some(place) => &self.values[workload][place],
            None => &[],
        }
    }
}

/// What is tested of a cell; all as logarithms.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Of times: the differences of pairs, which share what disturbed both.
    Differences(Vec<f64>),
    /// Of counts: those of the old engine and those of the new one. Nothing disturbs them, so nothing pairs them.
    Counts([Vec<f64>; 2]),
}

impl Values {
    /// The probabilities of values so far above, and of values so far below, if the cell is worse by this much; nothing
    /// when there are none.
    pub fn test(&self, shift: f64) -> Option<[f64; 2]> {
        match self {
            Self::Differences(differences) => {
                let test = SignedRank::test(differences, shift).ok()?;
                Some([test.p_above, test.p_below])
            }
            Self::Counts([old, new]) => {
                let test = RankSum::test(old, new, shift).ok()?;
                Some([test.p_above, test.p_below])
            }
        }
    }

    /// By how much the cell is worse: the Hodges–Lehmann estimate that belongs to the test.
    pub fn change(&self) -> Option<Estimate> {
        match self {
            Self::Differences(differences) => hodges_lehmann(differences, Confidence::P95).ok(),
            Self::Counts([old, new]) => rank_sum::shift(old, new, Confidence::P95).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::{Side, TimedLoad};
    use super::*;
    use LoadPath::{Bytecode, Full, Parse};

    fn block(workload: usize, times: &[(LoadPath, u32, u32)]) -> ValidBlock {
        let loads = times
            .iter()
            .flat_map(|&(path, old, new)| {
                [(Side::New, new), (Side::Old, old)].map(|(side, ns)| TimedLoad {
                    side,
                    path,
                    value: f64::from(ns),
                })
            })
            .collect();
        ValidBlock { workload, loads }
    }

    fn cell(scope: Scope, quantity: Quantity) -> Cell {
        Cell { scope, quantity }
    }

    fn close(found: &[f64], expected: &[f64]) -> bool {
        found.len() == expected.len()
            && found
                .iter()
                .zip(expected)
                .all(|(a, b)| (a.exp() - b).abs() < 1e-12)
    }

    #[test]
    fn a_gain_shrinks_when_the_cached_path_slows_or_parsing_speeds_up() {
        let family = Family::new(1, &[Parse, Full], true);
        let mut evidence = Evidence::new(&family);
        evidence.add(&block(0, &[(Parse, 100, 100), (Full, 50, 60)]));
        evidence.add(&block(0, &[(Parse, 100, 80), (Full, 50, 50)]));
        evidence.add(&block(0, &[(Parse, 100, 200), (Full, 50, 100)]));
        let of = |quantity| evidence.differences(cell(Scope::Workload(0), quantity));
        assert!(close(&of(Quantity::Time(Full)), &[1.2, 1.0, 2.0]));
        assert!(close(&of(Quantity::Gain(Full)), &[1.2, 1.25, 1.0]));
    }

    #[test]
    fn all_together_is_the_geometric_mean_of_whole_rounds() {
        let family = Family::new(2, &[Parse], false);
        let mut evidence = Evidence::new(&family);
        evidence.add(&block(0, &[(Parse, 100, 200)]));
        evidence.add(&block(1, &[(Parse, 100, 50)]));
        evidence.add(&block(0, &[(Parse, 100, 400)]));
        let all = cell(Scope::All, Quantity::Time(Parse));
        assert!(close(&evidence.differences(all), &[1.0]));
        evidence.add(&block(1, &[(Parse, 100, 100)]));
        assert!(close(&evidence.differences(all), &[1.0, 2.0]));
    }

    #[test]
    fn what_was_not_loaded_counts_nothing() {
        let family = Family::new(1, &[Parse, Bytecode], true);
        let mut evidence = Evidence::new(&family);
        evidence.add(&block(0, &[(Parse, 100, 100), (Bytecode, 100, 100)]));
        evidence.add(&block(0, &[(Bytecode, 100, 100)]));
        let count = |quantity| evidence.count(cell(Scope::Workload(0), quantity));
        assert_eq!(count(Quantity::Time(Parse)), 1);
        assert_eq!(count(Quantity::Time(Bytecode)), 2);
        assert_eq!(count(Quantity::Gain(Bytecode)), 1);
        assert_eq!(count(Quantity::Time(Full)), 0);
    }
}
