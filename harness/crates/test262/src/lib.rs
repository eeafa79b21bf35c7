//! The module tests of a Test262 checkout, on every load path: each test is run on each path in worker processes, judged
//! as Test262 says, and compared with what it did on the first path.
//!
//! How tests are to be run is in the checkout's `INTERPRETING.md`. The judgement says how good the engine is; what
//! this program is about is the comparison, and the proof that a cached path was not silently a parsing one.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod checkout;
mod compare;
mod error;
mod execute;
mod features;
mod front_matter;
mod gather;
mod job;
mod judge;
mod observation;
mod pool;
mod proof;
mod report;
mod round;
mod selection;
mod suite;
mod worker;

pub use checkout::Checkout;
pub use error::Error;
pub use job::Mode;
pub use report::{
    Breach, CheckoutName, Column, Difference, EngineName, MissingFeature, Report, Result, Status,
    TestReport, WithoutEntry, WithoutPack,
};
pub use round::{Isolation, Settings};
pub use selection::Selection;
pub use suite::{Progress, run};
pub use worker::serve;
