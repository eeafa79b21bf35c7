//! The command line of `jsc-harness`: arguments and printing. What is done is done by the crates in `crates/`.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod cmd;
mod error;
mod print;
mod trial;

pub use error::Error;
pub use print::failure as output_failure;
