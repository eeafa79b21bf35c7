//! `jsc-harness test262` on small checkouts of our own, in the real binary and on every installed engine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod checkout;
mod command;
mod host;
mod paths;
mod processes;
mod verdicts;
