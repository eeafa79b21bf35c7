//! Loads, caches, verifies and measures ES module graphs on a pinned JavaScriptCore.
//!
//! The program is `jsc-harness`; this library is everything behind it.

pub mod cache;
pub mod cmd;
pub mod engine;
mod error;
pub mod graph;
pub mod installed;
pub mod load;
mod print;

pub use error::Error;
