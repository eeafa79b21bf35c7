//! Observations: everything that a program shows, so that two runs of it can be compared.
//!
//! The bridge tells an observation as bytes (`jsc-sys/bridge/observe.h`), which [`read`] takes apart. [`diff`] says in words
//! how two observations differ. No engine in here.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod diff;
mod read;
mod roots;
mod stream;
mod types;
mod value;

pub use diff::{Difference, diff};
pub use read::{Told, read};
pub use roots::Roots;
pub use stream::{Malformed, Stream, cut};
pub use types::{
    BuiltinChange, DynamicImport, Evaluation, Frame, Module, Observation, Outcome, Printed, SCHEMA,
    UncaughtError,
};
pub use value::{Content, CutText, Inner, Object, Promise, Property, SymbolKind, Text, Value};
