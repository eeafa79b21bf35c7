//! `report`: the real binary, on histories made of a real result, and what a real browser shows of the page.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

#[path = "../cli/common/mod.rs"]
#[expect(dead_code, unused_imports, reason = "other tests use more of it")]
mod common;

mod browser;
mod command;
mod histories;
mod looks;
