//! Loads, caches, verifies and measures ES module graphs on a pinned JavaScriptCore.
//!
//! The program is `jsc-harness`; this library is everything behind it.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod cache;
pub mod cmd;
pub mod engine;
mod error;
pub mod gate;
pub mod graph;
mod input;
pub mod installed;
pub mod load;
pub mod measure;
pub mod observe;
pub mod parent;
mod print;
pub mod record;
pub mod report;
pub mod scan;
pub mod shard;
pub mod stats;
pub mod test262;
pub mod verify;

pub use error::Error;
pub use print::failure as output_failure;
