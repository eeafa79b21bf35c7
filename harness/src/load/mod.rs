//! Loading a module graph by a path, and what a run says about it afterwards.

mod files;
mod process;
mod run;
mod stats;

pub use files::{Entries, FetchStatistics, FileHost};
pub use process::ProcessFacts;
pub use run::{LoadPath, Run, RunOptions, run};
pub use stats::{EngineStats, ParseStats, PhaseStats, ProcessStats, RunStats, SCHEMA};
