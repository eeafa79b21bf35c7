//! Measuring: starts workers, each of which loads one program once in a fresh process, block by block, and keeps everything
//! that they say.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod block;
mod check;
mod cold;
mod counters;
mod counting;
mod error;
mod load_kind;
pub mod peers;
mod plan;
mod prepare;
mod profiled;
mod run;
mod session;
mod starting;
mod warm;

pub use counting::Counting;
pub use error::Error;
pub use load_kind::{ExtraWork, LoadKind, Slowed};
pub use plan::{Amount, Plan, PlannedWorkload};
pub use prepare::Prepared;
pub use profiled::{ProfiledLoad, profile};
pub use run::measure;
pub use session::{Reporter, Session};
