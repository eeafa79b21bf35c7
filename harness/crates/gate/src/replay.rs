//! The blocks of a recorded gate, handed out again in the order in which they were measured.

use super::block::{Side, TimedLoad, ValidBlock};
use super::sequential::{Answer, Request, Source};
use record::{self, Metric};
use sample::LoadPath;

/// The engines of a gate's record, by their places: the old one, the old one once more, the new one.
pub mod place {
    /// The engine in use.
    pub const OLD: usize = 0;
    /// The same, from another folder and with another cache: what the pilot compares with the first.
    pub const AGAIN: usize = 1;
    /// The engine that is to take its place.
    pub const NEW: usize = 2;
}

/// What a recorded block answers, when the second engine of the pair is at `other` and this is compared.
pub fn answer(block: &record::Block, other: usize, metric: Metric) -> Answer {
    if block.loads.iter().any(|load| load.error.is_some()) {
        return Answer::Wrong;
    }
    if block.void.is_some() {
        return Answer::Void;
    }
    let timed = |load: &record::KeptLoad| {
        let side = if load.engine == other {
            Side::New
        } else {
            Side::Old
        };
        let measured = load.measured.as_ref()?;
        Some(TimedLoad {
            side,
            path: load.path,
            value: metric.of(measured)?,
        })
    };
    Answer::Block(ValidBlock {
        workload: block.workload,
        loads: block.loads.iter().filter_map(timed).collect(),
    })
}

/// Whether a recorded block belongs to the pilot: none of its loads is on the new engine.
pub fn of_pilot(block: &record::Block) -> bool {
    block.loads.iter().all(|load| load.engine != place::NEW)
}

/// A record whose blocks are not those that its rules ask for: it was changed, or cut.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// Another block was to come.
    #[error(
        "block {index} is not the one that the rules ask for: workload {workload}, round {round}, {paths}"
    )]
    Other {
        /// Its place among the blocks of the record.
        index: usize,
        /// The workload that is asked for, by its place.
        workload: usize,
        round: u32,
        paths: String,
    },
    /// No block was to come any more.
    #[error("block {index} comes after the end of the gate")]
    TooMany {
        /// Its place among the blocks of the record.
        index: usize,
    },
}

/// Hands out the blocks of a record that are not its pilot's.
pub struct Replay<'a> {
    blocks: Vec<(usize, &'a record::Block)>,
    metric: Metric,
    next: usize,
}

impl<'a> Replay<'a> {
    /// From the first block, for what is to be compared.
    pub fn new(blocks: &'a [record::Block], metric: Metric) -> Self {
        let blocks = blocks.iter().enumerate();
        Self {
            blocks: blocks.filter(|(_, block)| !of_pilot(block)).collect(),
            metric,
            next: 0,
        }
    }

    /// The valid blocks of a workload that were handed out.
    pub fn valid(&self, workload: usize) -> impl Iterator<Item = ValidBlock> {
        let handed_out = self.blocks[..self.next].iter();
        handed_out
            .filter(move |(_, block)| block.workload == workload)
            .filter_map(|(_, block)| match answer(block, place::NEW, self.metric) {
                Answer::Block(block) => Some(block),
                _ => None,
            })
    }

    /// How many of those handed out were void, and how many were not.
    pub fn voids(&self) -> (usize, usize) {
        let void = self.blocks[..self.next].iter();
        let void = void.filter(|(_, block)| block.void.is_some()).count();
        (void, self.next - void)
    }

    /// Refuses blocks that were not asked for.
    pub fn end(&self) -> Result<(), ReplayError> {
        match self.blocks.get(self.next) {
            Some((index, _)) => Err(ReplayError::TooMany { index: *index }),
            None => Ok(()),
        }
    }
}

impl Source for Replay<'_> {
    type Error = ReplayError;

    fn block(&mut self, request: &Request) -> Result<Answer, ReplayError> {
        let Some((index, block)) = self.blocks.get(self.next) else {
            return Ok(Answer::OutOfTime);
        };
        let mut found: Vec<(usize, LoadPath)> = block
            .loads
            .iter()
            .map(|load| (load.engine, load.path))
            .collect();
        found.sort_unstable();
        let mut wanted: Vec<(usize, LoadPath)> = [place::OLD, place::NEW]
            .into_iter()
            .flat_map(|engine| request.paths.iter().map(move |path| (engine, *path)))
            .collect();
        wanted.sort_unstable();
        let same = (block.workload, block.round) == (request.workload, request.round);
        if !same || found != wanted {
            let paths: Vec<_> = request.paths.iter().map(|path| path.name()).collect();
            return Err(ReplayError::Other {
                index: *index,
                workload: request.workload,
                round: request.round,
                paths: paths.join(" "),
            });
        }
        self.next += 1;
        Ok(answer(block, place::NEW, self.metric))
    }
}
