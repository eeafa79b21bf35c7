//! Results: what a measuring run found, whole, and the files that hold it.
//!
//! A [`RunRecord`] holds every sample of a run with all that its numbers depend on, voided blocks and errors included.
//! Nothing in it is derived: tables, ratios and intervals are computed from the samples by whoever reads them.
//! Units are nanoseconds, bytes and KiB, as the names say.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod columns;
pub mod content;
mod file;
mod history;
mod input;
mod kept_load;
mod layout;
mod machine;
pub mod merge;
mod metric;
mod peer;
mod program;
mod run;
mod v1;

pub use file::{RecordError, check_writable, read, temporary_in, write, write_whole};
pub use history::{History, has_named_results, results_directory, use_results};
pub use input::read_text;
pub use kept_load::{CacheFacts, Facts, KeptLoad, Measured, SampleError, Times, Void};
pub use layout::write as write_layout;
pub use machine::{Machine, Moment, Pressure};
pub use metric::{Metric, Pairs};
pub use peer::{KeptPeer, OWN_FULL, PeerError, PeerRun, PeerTimes, PeerUnmeasured, PrintedBy};
pub use run::{
    Block, Conditions, Counted, KeptEngine, KeptProvenance, KeptWorkload, PageCache, Program,
    Purpose, RunInfo, RunRecord, Series, Unmeasured, VoidLimits,
};
pub use v1::File;
