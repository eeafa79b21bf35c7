//! Made-up gates for tests: every load takes what a function says.

use std::convert::Infallible;

use super::block::Side;
use super::document::{GateDocument, Settings};
use super::exact::Exact;
use super::judge::family;
use super::replay::{answer, of_pilot, place};
use super::sequential::{Answer, Request, Source, run};
use ::testing::records as testing;
use ::testing::records::PATHS;
use record::{Block, KeptLoad, RunRecord};
use sample::LoadPath;
use stats::Random;

/// How many times as long a load takes on the new engine: workload and path.
pub type Slower = fn(usize, LoadPath) -> f64;

/// Does something to a block.
pub type Odd = fn(&mut Block);

/// A machine that takes about 50 ms for each load.
pub struct Model {
    pub noise: f64,
    pub slower: Slower,
    /// Blocks until time is over, the pilot's not counted.
    pub time: usize,
    /// What becomes of the block of this number before it is recorded.
    pub odd: Option<(usize, Odd)>,
    pub workloads: &'static [&'static str],
    pub settings: Settings,
}

pub fn same(_: usize, _: LoadPath) -> f64 {
    1.0
}

/// A machine on which the new engine takes so many times as long.
pub fn model(noise: f64, slower: Slower) -> Model {
    Model {
        noise,
        slower,
        time: usize::MAX,
        odd: None,
        workloads: &["alpha", "beta"],
        settings: Settings {
            exact: Exact {
                suite: "smoke".to_owned(),
                workloads: 18,
                paths: PATHS.to_vec(),
                ..Exact::default()
            },
            ..Settings::default()
        },
    }
}

impl Model {
    /// Measures a whole gate.
    pub fn gate(&self) -> GateDocument {
        GateDocument::new(self.settings.clone(), self.record()).unwrap()
    }

    /// The record of a whole gate.
    pub fn record(&self) -> RunRecord {
        let mut record = testing::record(self.workloads, 0, |_, _, _| 0);
        let old = record.engines[0].clone();
        let mut new = old.clone();
        "9.9.10".clone_into(&mut new.version);
        "f1".clone_into(&mut new.fingerprint);
        record.engines = vec![old.clone(), old, new];
        let rules = &self.settings.rules;
        let family = family(rules, &record);
        let mut machine = Machine {
            model: self,
            random: Random::new(3, "machine"),
            blocks: Vec::new(),
        };
        for round in 0..super::pilot::BLOCKS {
            for workload in 0..self.workloads.len() {
                let request = Request {
                    workload,
                    round,
                    paths: PATHS.to_vec(),
                };
                let block = machine.measure(&request, place::AGAIN);
                machine.blocks.push(block);
            }
        }
        let Ok(_) = run(&family, rules, &mut machine);
        record.blocks = machine.blocks;
        record
    }
}

/// The same gate with old and new exchanged, as far as blocks go: the pilot's stay as they are.
pub fn swapped(record: &RunRecord) -> RunRecord {
    let mut swapped = record.clone();
    let (old, new) = (
        record.engines[place::OLD].clone(),
        record.engines[place::NEW].clone(),
    );
    swapped.engines = vec![new.clone(), new, old];
    for block in swapped.blocks.iter_mut().filter(|block| !of_pilot(block)) {
        for load in &mut block.loads {
            load.engine = place::NEW - load.engine;
        }
    }
    swapped
}

struct Machine<'a> {
    model: &'a Model,
    random: Random,
    blocks: Vec<Block>,
}

impl Machine<'_> {
    fn measure(&mut self, request: &Request, other: usize) -> Block {
        let mut loads = Vec::new();
        for &path in &request.paths {
            for side in Side::BOTH {
                loads.push(self.load(request.workload, path, side, other));
            }
        }
        self.random.shuffle(&mut loads);
        Block {
            workload: request.workload,
            round: request.round,
            void: None,
            loads,
            peers: Vec::new(),
        }
    }

    fn load(&mut self, workload: usize, path: LoadPath, side: Side, other: usize) -> KeptLoad {
        let uniform = (self.random.below(1 << 32) as f64 + 0.5) / (1u64 << 32) as f64;
        let model = self.model;
        let slow = side == Side::New && other == place::NEW;
        let slower = if slow {
            (model.slower)(workload, path)
        } else {
            1.0
        };
        let ns = 5e7 * slower * (model.noise * (2.0 * uniform - 1.0)).exp();
        let mut load = testing::kept_load(path, ns as u64);
        load.engine = match side {
            Side::Old => place::OLD,
            Side::New => other,
        };
        load
    }
}

impl Source for Machine<'_> {
    type Error = Infallible;

    fn block(&mut self, request: &Request) -> Result<Answer, Infallible> {
        let pilot = super::pilot::BLOCKS as usize * self.model.workloads.len();
        let done = self.blocks.len() - pilot;
        if done == self.model.time {
            return Ok(Answer::OutOfTime);
        }
        let mut block = self.measure(request, place::NEW);
        if let Some((number, change)) = self.model.odd
            && number == done
        {
            change(&mut block);
        }
        let answer = answer(&block, place::NEW, self.model.settings.rules.metric);
        self.blocks.push(block);
        Ok(answer)
    }
}
