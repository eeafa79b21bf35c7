//! What is computed from records of runs: tables and comparisons, pictures and texts for the README, alarms over a history,
//! and the page that shows all of it. A record holds samples only; every number here is made from them.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod comparison;
pub mod environment;
pub mod export;
pub mod growth;
pub mod page;
mod peers;
pub mod pictures;
pub mod readme;
pub mod render;
pub mod scan;
pub mod summary;
#[cfg(test)]
mod tests;

pub use peers::{PeerSummary, summarize_peers};
