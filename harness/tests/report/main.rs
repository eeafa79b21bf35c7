//! `report`: the real binary, on histories made of a real result, and what a real browser shows of the page.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod browser;
mod command;
mod histories;
mod looks;
