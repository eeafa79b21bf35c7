//! Results: what a measuring run found, whole, and the files that hold it.
//!
//! A [`RunRecord`] holds every sample of a run with all that its numbers depend on, voided blocks and errors included.
//! Nothing in it is derived: tables, ratios and intervals are computed anew from the samples by whoever reads them
//! ([`summary`]). Units are nanoseconds, bytes and KiB, as the names say.

mod columns;
pub mod comparison;
pub mod content;
pub mod epoch;
mod file;
pub mod growth;
mod history;
mod layout;
mod machine;
pub mod merge;
mod metric;
mod peer;
pub mod pictures;
mod program;
pub mod readme;
pub mod render;
mod run;
mod sample;
pub mod summary;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod v1;

pub use file::{RecordError, check_writable, read, temporary_in, write};
pub use history::{History, results_directory};
pub(crate) use layout::write as write_layout;
pub use machine::{Machine, Moment, Pressure};
pub use metric::Metric;
pub use peer::{
    OWN_FULL, PeerError, PeerIdentity, PeerRun, PeerSummary, PeerTimes, PeerUnmeasured,
    summarize_peers,
};
pub use run::{
    Block, Conditions, EngineIdentity, PackUse, PageCache, Program, Purpose, RunInfo, RunRecord,
    Series, Unmeasured, VoidLimits, WorkloadIdentity,
};
pub use sample::{CacheFacts, Facts, Measured, Run, SampleError, Times, Void};
pub(crate) use v1::File;
