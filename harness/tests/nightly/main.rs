//! `cargo xtask nightly`: the real command, killed in the middle and called twice; and what alarms come to.
//!
//! It is tested here and not beside `xtask` because it needs the real `jsc-harness`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod alarms;
mod killed;
mod own;
mod support;
mod usage;
