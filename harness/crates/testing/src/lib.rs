//! What several crates' tests share. No program depends on this crate.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

pub mod front;
pub mod records;
pub mod sample_store;
pub mod samples;
