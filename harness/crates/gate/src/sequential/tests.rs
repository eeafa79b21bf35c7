//! A machine that is made up: every load takes what a function says.

use std::convert::Infallible;

use super::super::block::{Side, TimedLoad};
use super::super::family::Quantity;
use super::*;
use LoadPath::{Bytecode, Full, Parse};
use stats::Random;

const PATHS: [LoadPath; 3] = [Parse, Bytecode, Full];

/// How much slower the new engine is: workload and path.
type Slower = fn(usize, LoadPath) -> f64;

struct Machine {
    random: Random,
    /// Spread of one load's logarithm.
    noise: f64,
    slower: Slower,
    /// A load that scatters eight times as much.
    noisy: Option<(usize, LoadPath)>,
    /// Answers that come before anything is measured.
    odd: Vec<Answer>,
    /// Blocks until time is over.
    time: usize,
    asked: Vec<Request>,
}

impl Machine {
    fn new(noise: f64, slower: Slower) -> Self {
        Self {
            random: Random::new(5, "machine"),
            noise,
            slower,
            noisy: None,
            odd: Vec::new(),
            time: usize::MAX,
            asked: Vec::new(),
        }
    }

    fn gate(&mut self, workloads: usize, rules: &Rules) -> (Family, Found) {
        let family = Family::new(workloads, &PATHS, rules.gains);
        let Ok(found) = run(&family, rules, self);
        (family, found)
    }

    fn load(&mut self, workload: usize, path: LoadPath, side: Side) -> TimedLoad {
        let uniform = (self.random.below(1 << 32) as f64 + 0.5) / (1u64 << 32) as f64;
        let slower = match side {
            Side::Old => 1.0,
            Side::New => (self.slower)(workload, path),
        };
        let noisy = self.noisy == Some((workload, path));
        let noise = self.noise * if noisy { 8.0 } else { 1.0 };
        let ns = 5e7 * slower * (noise * (2.0 * uniform - 1.0)).exp();
        TimedLoad {
            side,
            path,
            value: ns,
        }
    }
}

impl Source for Machine {
    type Error = Infallible;

    fn block(&mut self, request: &Request) -> Result<Answer, Infallible> {
        if self.asked.len() == self.time {
            return Ok(Answer::OutOfTime);
        }
        self.asked.push(request.clone());
        if let Some(odd) = self.odd.pop() {
            return Ok(odd);
        }
        let mut loads = Vec::new();
        for &path in &request.paths {
            for side in Side::BOTH {
                loads.push(self.load(request.workload, path, side));
            }
        }
        self.random.shuffle(&mut loads);
        Ok(Answer::Block(ValidBlock {
            workload: request.workload,
            loads,
        }))
    }
}

fn same(_: usize, _: LoadPath) -> f64 {
    1.0
}

fn decision(found: &Found, scope: Scope, quantity: Quantity) -> Decision {
    let cell = Cell { scope, quantity };
    found
        .cells
        .iter()
        .find(|state| state.cell == cell)
        .unwrap()
        .decision
}

#[test]
fn a_quiet_machine_is_done_at_the_first_look() {
    let mut machine = Machine::new(0.01, same);
    let (family, found) = machine.gate(3, &Rules::default());
    assert_eq!(found.end, End::Decided);
    assert_eq!(machine.asked.len(), 3 * 16);
    assert_eq!(found.cells.len(), family.cells().len());
    assert!(found.cells.iter().all(|it| it.decision == Decision::Pass));
    // Round by round over the workloads.
    let order: Vec<_> = machine.asked.iter().map(|it| it.workload).collect();
    assert_eq!(order[..6], [0, 1, 2, 0, 1, 2]);
}

#[test]
fn one_slow_cell_is_named_and_the_others_pass() {
    let slower: Slower = |workload, path| match (workload, path) {
        (1, Full) => 1.1,
        _ => 1.0,
    };
    let (_, found) = Machine::new(0.01, slower).gate(3, &Rules::default());
    let of = |workload, quantity| decision(&found, Scope::Workload(workload), quantity);
    assert_eq!(of(1, Quantity::Time(Full)), Decision::Regress);
    assert_eq!(of(1, Quantity::Gain(Full)), Decision::Regress);
    assert_eq!(of(1, Quantity::Time(Parse)), Decision::Pass);
    assert_eq!(of(0, Quantity::Time(Full)), Decision::Pass);
}

#[test]
fn a_faster_parser_shrinks_the_gain_alone() {
    let slower: Slower = |_, path| if path == Parse { 0.9 } else { 1.0 };
    let (_, found) = Machine::new(0.01, slower).gate(1, &Rules::default());
    let of = |quantity| decision(&found, Scope::Workload(0), quantity);
    assert_eq!(of(Quantity::Time(Parse)), Decision::Pass);
    assert_eq!(of(Quantity::Time(Full)), Decision::Pass);
    assert_eq!(of(Quantity::Gain(Full)), Decision::Regress);
    let rules = Rules {
        gains: false,
        ..Rules::default()
    };
    let (_, found) = Machine::new(0.01, slower).gate(1, &rules);
    assert!(found.cells.iter().all(|it| it.decision == Decision::Pass));
}

#[test]
fn finished_cells_are_loaded_no_more() {
    let rules = Rules {
        gains: false,
        ..Rules::default()
    };
    let mut machine = Machine::new(0.01, same);
    machine.noisy = Some((0, Full));
    let (_, found) = machine.gate(8, &rules);
    assert!(machine.asked.len() > 8 * 16, "{}", machine.asked.len());
    let later = &machine.asked[8 * 16..];
    assert!(
        later
            .iter()
            .all(|it| it.workload == 0 && it.paths == [Full])
    );
    let full = found
        .cells
        .iter()
        .find(|it| it.cell.scope == Scope::Workload(0) && it.cell.quantity == Quantity::Time(Full))
        .unwrap();
    assert!(full.looked_at > 16);
    assert!(rules.looks.contains(&(full.looked_at as u32)));
}

#[test]
fn noise_becomes_no_verdict() {
    let rules = Rules::default();
    let (_, found) = Machine::new(2.0, same).gate(1, &rules);
    assert_eq!(found.end, End::LastLook);
    for state in found.cells {
        assert_eq!(state.decision, Decision::Inconclusive, "{state:?}");
        assert_eq!(state.looked_at, rules.most_blocks() as usize);
    }
}

#[test]
fn the_look_is_taken_early_when_time_ends() {
    let slower: Slower = |_, path| if path == Full { 1.2 } else { 1.0 };
    let mut machine = Machine::new(0.02, slower);
    // Not a round number: workload 0 has one block more than workload 1.
    machine.time = 27;
    let (_, found) = machine.gate(2, &Rules::default());
    assert_eq!(found.end, End::OutOfTime);
    let looked_at = |scope| {
        let quantity = Quantity::Time(Full);
        let cell = Cell { scope, quantity };
        let mut states = found.cells.iter();
        states.find(|it| it.cell == cell).unwrap().looked_at
    };
    assert_eq!(looked_at(Scope::Workload(0)), 14);
    assert_eq!(looked_at(Scope::Workload(1)), 13);
    assert_eq!(looked_at(Scope::All), 13);
    assert_eq!(
        decision(&found, Scope::Workload(0), Quantity::Time(Full)),
        Decision::Regress
    );
}

#[test]
fn without_time_there_is_no_verdict() {
    let mut machine = Machine::new(0.01, same);
    machine.time = 0;
    let (_, found) = machine.gate(2, &Rules::default());
    assert_eq!(found.end, End::OutOfTime);
    assert!(found.cells.iter().all(|it| it.looked_at == 0));
}

#[test]
fn the_first_regression_can_end_it() {
    let slower: Slower = |workload, path| match (workload, path) {
        (0, Parse) => 1.2,
        _ => 1.015,
    };
    let rules = Rules {
        stop_at_regression: true,
        ..Rules::default()
    };
    let mut machine = Machine::new(0.03, slower);
    let (_, found) = machine.gate(2, &rules);
    assert_eq!(found.end, End::Regression);
    assert_eq!(machine.asked.len(), 2 * 16);
}

#[test]
fn void_blocks_are_measured_again() {
    let mut machine = Machine::new(0.01, same);
    machine.odd = vec![Answer::Void; 3];
    let (_, found) = machine.gate(1, &Rules::default());
    assert_eq!(found.end, End::Decided);
    assert_eq!(machine.asked.len(), 16 + 3);
    assert!(machine.asked[..4].iter().all(|it| it.round == 0));
}

#[test]
fn when_most_blocks_are_void_it_ends() {
    let mut machine = Machine::new(0.01, same);
    machine.odd = vec![Answer::Void; 1000];
    let (_, found) = machine.gate(1, &Rules::default());
    assert_eq!(found.end, End::Voids);
    assert_eq!(machine.asked.len(), TOLERATED_VOIDS + 1);
}

#[test]
fn a_wrong_load_ends_it_at_once() {
    let mut machine = Machine::new(0.01, same);
    machine.odd = vec![Answer::Wrong];
    let (_, found) = machine.gate(1, &Rules::default());
    assert_eq!(found.end, End::Wrong);
    assert_eq!(machine.asked.len(), 1);
}
