//! Graph packs: what spoils one, what makes one stale, and the commands that look at them.
//!
//! Programs run in the real binary and on every installed engine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

mod built;
mod changes;
mod commands;
mod compilers;
mod damage;
mod edits;
mod entries;
mod failing;
mod later;
mod many;
mod moved;
mod no_pack;
mod numbers;
mod sealed;
mod trust;
mod validated;
mod while_running;
