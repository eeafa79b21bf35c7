//! The gate: does a new engine behave as the old one and load as fast? Samples in, verdict out; nothing here does I/O.
//!
//! | question | where |
//! | --- | --- |
//! | what is decided, with which errors? | [`Rules`], [`Family`] |
//! | what do the blocks so far say of one cell? | [`rule`] |
//! | which block is to be measured next, and when is it over? | [`sequential`] |
//! | what can be seen at all on this machine, now? | [`pilot`] |
//! | what does all of it come to? | [`judge`], [`Judgement`] |
//! | how is it kept, judged again and shown? | [`GateDocument`], [`render`] |
//! | how often is a gate wrong? | [`calibrate`] |
//!
//! A **cell** is one thing that may get worse: the load time of one workload on one path, the gain of one cached path on
//! one workload, or either over all workloads together. A **block** holds one load of each wanted path on both engines,
//! in random order. Each cell is looked at after fixed numbers of blocks and then passes, regresses, or needs more.
//!
//! If both engines are the same, the order within a block is the only thing that tells them apart, and it was drawn by
//! us. So every pattern of signs of the differences is equally probable whatever the noise, and the probability of a false
//! alarm is exact.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod block;
pub mod calibrate;
mod document;
mod evidence;
mod exact;
mod family;
pub mod judge;
pub mod pilot;
pub mod render;
pub mod replay;
pub mod rule;
mod rules;
pub mod sequential;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod verdict;

pub use block::{Side, TimedLoad, ValidBlock};
pub use document::{DocumentError, GateDocument, Settings};
pub use evidence::Evidence;
pub use exact::{
    AllowList, Allowance, BehaviourChange, Exact, ForeignCache, PathDifference, RecordDifference,
};
pub use family::{Cell, Family, Quantity, Scope};
pub use rule::Decision;
pub use rules::{Rules, RulesError};
pub use verdict::{CellReport, Judgement, PilotReport, Reason, Verdict};
