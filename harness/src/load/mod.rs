//! Loading a module graph by a path, and what a run says about it afterwards.

mod ahead;
mod alter;
mod cache;
mod closure;
mod difference;
mod files;
mod graph;
mod process;
mod run;
mod source_file;
mod stats;
mod write;

pub use alter::Alter;
pub use cache::{
    CacheMode, CacheOptions, CacheReport, ModuleMiss, RecordDifference, RunCache,
    default_cache_directory,
};
pub use closure::{Obstacle, walk_closure};
pub use files::{FetchStatistics, FileHost};
pub use graph::{Check, DrivenGraph, stale_module};
pub use process::ProcessFacts;
pub use run::{LoadPath, Run, RunOptions, monotonic_ns, run};
pub use stats::{
    EngineStats, LoadCounts, MissStats, ParseStats, PhaseStats, ProcessStats, RunStats, SCHEMA,
};
pub(crate) use write::write_missing;
pub use write::{EntryWriter, NOT_LINKED};
