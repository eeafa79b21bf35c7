//! One block: loads of one workload, on some paths on both engines.

use serde::{Deserialize, Serialize};

use sample::LoadPath;

/// One of the two engines that a gate compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The engine that is in use.
    Old,
    /// The engine that is to take its place.
    New,
}

impl Side {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Old, Self::New];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }
}

/// One load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimedLoad {
    /// The engine.
    pub side: Side,
    pub path: LoadPath,
    /// What is compared: how long it took, in milliseconds, or its instructions, in millions.
    pub value: f64,
}

/// A valid block: of every wanted path one load on each engine, in the order in which they ran.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidBlock {
    /// The workload, by its place.
    pub workload: usize,
    pub loads: Vec<TimedLoad>,
}

impl ValidBlock {
    /// The logarithms of old and of new on a path; nothing when one of the two is missing or is 0.
    pub fn logarithms(&self, path: LoadPath) -> Option<[f64; 2]> {
        let of = |side| {
            self.loads
                .iter()
                .find(|load| load.side == side && load.path == path)
                .filter(|load| load.value > 0.0)
                .map(|load| load.value.ln())
        };
        Some([of(Side::Old)?, of(Side::New)?])
    }

    /// The logarithm of new over old on a path; nothing when one of the two is missing or took no time.
    pub fn log_ratio(&self, path: LoadPath) -> Option<f64> {
        self.logarithms(path).map(|[old, new]| new - old)
    }

    /// The block with old and new exchanged.
    pub fn swapped(&self) -> Self {
        let mut swapped = self.clone();
        for load in &mut swapped.loads {
            load.side = load.side.other();
        }
        swapped
    }
}
