//! Module graphs to load: real packages, generated graphs, and small fixtures with what they must do.
//!
//! Every workload is defined in a file, with one sentence on why it exists:
//!
//! | kind | defined in | its modules |
//! | --- | --- | --- |
//! | npm | `npm/entries.toml` | real packages, pinned by `npm/package-lock.json`; [`npm::install`] brings them |
//! | captured | `captured/entries.toml` | the same, captured for a bare engine; [`captured::make_all`] makes them |
//! | generated | `generated.toml` | text made from parameters and a seed, the same bytes each time |
//! | fixture | `fixtures/<name>/fixture.toml` | files written by hand, with the observation that the standard demands |
//! | program | a `jsc-harness.toml`, or nothing but a path | whatever somebody runs |
//!
//! A program gets at one in two steps: [`find`] (or [`list`]) gives its definition, [`materialise`] sees to its files.
//! A [`Suite`] names several.

pub mod capture;
pub mod captured;
mod catalog;
mod config;
mod content;
mod definition;
mod entries;
mod error;
mod file;
mod fixture;
pub mod generate;
mod generated;
mod growth;
pub mod npm;
mod outcome;
mod peer;
mod root;
mod suite;

pub use catalog::{Catalog, find, list, materialise};
pub use config::{FILE_NAME, GateSettings, RESULTS_NAME, Settings, find_upwards};
pub use definition::{Deviation, Expected, ExpectedError, Kind, Workload, WorkloadDef};
pub use entries::entries;
pub use error::Error;
pub use growth::{GrowthSeries, GrowthStep};
pub use outcome::{Conduct, unexpected};
pub use peer::{BUILT_IN_PEERS, PeerDef};
pub use root::{ROOT_VARIABLE, root};
pub use suite::Suite;

/// The README's example, compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
