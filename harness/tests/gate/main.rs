//! `gate`: the real binary and real workers, with faults put in where each of them must be found.
//!
//! Nothing here looks at how long something took: what is made slower is made slower by so much that no noise hides it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod counted;
mod faults;
mod support;
mod usage;
mod verdicts;
