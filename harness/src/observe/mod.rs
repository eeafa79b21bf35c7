//! Observations: everything that a program shows, so that two runs of it can be compared.
//!
//! A [`Recorder`] goes with a run: it keeps what is printed, and when the program has ended, it asks the realm for the
//! rest. Nothing of this runs any of the program's code. [`diff`] says in words how two observations differ.

mod diff;
mod read;
mod recorder;
mod roots;
mod stream;
mod types;
mod value;

pub use diff::{Difference, diff};
pub use recorder::{Detail, Recorder};
pub use roots::Roots;
pub use stream::Malformed;
pub use types::{
    BuiltinChange, DynamicImport, Evaluation, Frame, Module, Observation, Outcome, Printed,
    Promise, SCHEMA, UncaughtError,
};
pub use value::{Content, CutText, Inner, Object, Property, SymbolKind, Text, Value};
