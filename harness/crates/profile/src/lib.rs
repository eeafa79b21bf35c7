//! Where a load goes, by function: what callgrind wrote, as tables and flame graphs.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod callgrind;
mod difference;
mod error;
mod flame;
mod mangled;
mod names;
mod stacks;

pub use callgrind::{Call, CallGraph, Function, Part, read};
pub use difference::{Changed, difference};
pub use error::Error;
pub use flame::{flame_graph, flame_graph_of_difference};
pub use names::short_name;
pub use stacks::stacks;
