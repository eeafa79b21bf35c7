//! Suites: named lists of workloads.

use serde::Serialize;

/// A named list of workloads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suite {
    /// Its name.
    pub name: String,
    /// One sentence: what it is for; may be empty.
    pub why: String,
    /// The names of its workloads, each once, in the order of the definitions.
    pub workloads: Vec<String>,
}
