//! `worker`, `list` and `verify`, and what they rest on: the observation of a program.
//!
//! Programs run in the real binary and on every installed engine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

mod command;
mod differences;
mod list;
mod mutants;
mod observed;
mod random;
mod tiers;
mod tokens;
mod values;
mod workers;
