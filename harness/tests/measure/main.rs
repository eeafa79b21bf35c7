//! `measure`, `cmp` and `results`: the real binary, real workers, and every way in which a worker goes wrong.
//!
//! Nothing here looks at how long something took.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod cold;
mod comparing;
mod counting;
mod growing;
mod injected;
mod peers;
mod profiling;
mod programs;
mod results;
mod runs;
mod scanning;
mod sharding;
mod support;
mod usage;
