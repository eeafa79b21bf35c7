//! The cache as a user sees it: whatever the path, the cache's state and the way it came about, a program prints what it
//! prints when it is parsed, and `--stats` says exactly what was served and what was parsed.
//!
//! Every program runs in the real binary and on every installed engine. The parse path is the truth: nothing here knows
//! what a program should print but by running it without a cache.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

mod changes;
mod determinism;
mod elsewhere;
mod flag;
mod invalidation;
mod lines;
mod links;
mod packs;
mod payload;
mod programs;
mod proportion;
mod read_ahead;
mod second_vm;
mod sharing;
mod store;
mod subsets;
mod urls;
mod validate;
mod workload_paths;
