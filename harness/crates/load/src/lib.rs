//! Loading a module graph on a path, and what a run says about it afterwards.
//!
//! | file | does |
//! | --- | --- |
//! | `run` | one program to its end, and the facts about it |
//! | `worker` | the same for a worker's task: one sample |
//! | `program`, `prelude` | an entry, and what its host gives it; what runs before it |
//! | `drive` | opens, loads and closes, on every path |
//! | `gather` | a static closure, read before anything of it is built |
//! | `cache`, `entries`, `files`, `ahead` | what the engine's loader asks for: entries, sources, and both ahead of it |
//! | `report` | what became of the cache |
//! | `pack` | packs: opened, checked, made |
//! | `write` | entries, made and written |

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod ahead;
mod cache;
mod closure;
mod difference;
mod drive;
mod entries;
mod error;
mod execution;
mod files;
mod gather;
mod interference;
mod marks;
mod options;
mod pack;
mod prelude;
mod program;
mod recorder;
mod report;
mod source_file;
mod stats;
mod worker;
mod write;

pub use cache::RunCache;
pub use closure::{Obstacle, walk_closure};
pub use drive::Drive;
pub use entries::Entries;
pub use error::Error;
pub use execution::{Execution, ExecutionOptions, execute};
pub use files::{FetchStatistics, FileHost};
pub use interference::{Alter, Interference};
pub use options::{CacheOptions, default_cache_directory};
pub use pack::{BuiltPack, build_pack, pack_obstacles, stale_module};
pub use program::Program;
pub use recorder::{Detail, Recorder};
pub use report::{CacheReport, ModuleMiss, NoPack, RecordDifference};
pub use stats::{ExecutionStats, NoPackStats, ProcessStats, SCHEMA, parses};
pub use worker::work;
pub use write::{EntryWriter, Unwritable};
