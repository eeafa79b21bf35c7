//! Measuring: a worker loads one program once, in a fresh process, and says what it saw; an orchestrator starts workers,
//! block by block, and keeps everything that they say.

mod block;
mod check;
mod cold;
mod counters;
mod failure;
pub mod peers;
mod plan;
mod prepare;
mod run;
pub mod sample;
mod session;
pub mod spawn;
mod warm;
pub mod worker;

pub use failure::WorkerFailure;
pub use plan::{Amount, Plan, PlannedWorkload};
pub use prepare::Prepared;
pub use run::measure;
pub use session::{Cell, Reporter, Session, Slowed};
