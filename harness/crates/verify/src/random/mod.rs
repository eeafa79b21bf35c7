//! Random graphs by the thousand: each is loaded by every path, with hits, misses and edits, and must show what it shows
//! when it is parsed. One process plays many of them. What differs is shrunk to the smallest graph that still does.

mod fixture;
mod job;
mod plan;
mod play;
mod process;
mod report;
mod run;
mod scenario;
mod shrink;
mod stage;

pub use job::GraphReport;
pub use plan::RandomPlan;
pub use play::work_random;
pub use report::{RandomFinding, RandomReport, RandomTotals};
pub use run::{RandomReporter, verify_random};
pub use scenario::Scenario;

/// The exit code of a worker that ends itself because a load takes too long.
const HANGS: i32 = 99;

/// What the journal calls a load by the parse path.
const PARSE: &str = "parse";
