//! Loading a module graph by a path, and what a run says about it afterwards.

mod cache;
mod closure;
mod difference;
mod files;
mod process;
mod run;
mod stats;

pub use cache::{
    CacheMode, CacheOptions, CacheReport, EntryWriter, ModuleMiss, RecordDifference, RunCache,
    default_cache_directory,
};
pub use closure::{Obstacle, walk_closure};
pub use files::{Entries, FetchStatistics, FileHost};
pub use process::ProcessFacts;
pub use run::{LoadPath, Run, RunOptions, run};
pub use stats::{EngineStats, MissStats, ParseStats, PhaseStats, ProcessStats, RunStats, SCHEMA};
