//! The live half of a gate: what starts workers for it, and the files that it leaves behind. What they show is judged in
//! the crate `gate`, which does no I/O.

pub mod caches;
pub mod engines;
pub mod equivalence;
pub mod keep;
pub mod measuring;
pub mod progress;
