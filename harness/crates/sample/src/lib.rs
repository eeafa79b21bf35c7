//! What all crates that drive or judge loads share: the words, the sample of one load, the task of a worker, and the one
//! rule for "served from the cache". No engine in here.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod counts;
mod failure;
mod host;
mod instructions;
mod line;
mod memory;
mod mutant;
mod process;
mod served;
mod shard;
mod task;
mod unwritten;
mod word;
mod words;

pub use counts::{EngineStats, LoadCounts, MissStats, ParseStats, PhaseStats};
pub use failure::WorkerFailure;
pub use host::HostOptions;
pub use instructions::Instructions;
pub use line::{
    CacheSample, ClockSample, DifferenceSample, ObservationSample, OutcomeKind, OutcomeSample,
    SCHEMA, Sample,
};
pub use memory::MemoryFacts;
pub use mutant::Mutant;
pub use process::{ProcessFacts, ProcessTimes, monotonic_ns};
pub use served::{Counted, Excused, NotServed, served};
pub use shard::Shard;
pub use task::{CacheUse, Draw, Observe, Task};
pub use unwritten::{Unwritten, WhyUnwritten};
pub use word::{Word, plural};
pub use words::{CacheMode, Check, LoadPath, PackUse, Payload};
