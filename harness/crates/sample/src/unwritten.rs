//! Modules that no entry could be written for, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A module that no entry could be written for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unwritten {
    /// Its key.
    pub module: String,
    pub why: WhyUnwritten,
    /// The same in words.
    pub reason: String,
}

/// Why nothing could be written for a module, or for the graph of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyUnwritten {
    /// It does not parse: it has to fail as it does when it is parsed.
    Syntax,
    /// It links to nothing: the same.
    NotLinked,
    /// It could not be loaded: the same.
    NotLoaded,
    /// Enough was written in this run; a later one writes more.
    Enough,
    /// It is a module, but not one that a cache file can hold.
    Unsupported,
    /// The file could not be written.
    Store,
}

impl WhyUnwritten {
    /// Whether none of the module's code ever runs, so that it fails on every path alike.
    pub fn never_runs(self) -> bool {
        matches!(self, Self::Syntax | Self::NotLinked | Self::NotLoaded)
    }
}

impl Unwritten {
    /// A module for which nothing could be written, and why in words.
    pub fn new(module: impl Into<String>, why: WhyUnwritten, reason: impl Into<String>) -> Self {
        Self {
            module: module.into(),
            why,
            reason: reason.into(),
        }
    }

    /// A module that does not link.
    pub fn not_linked(module: impl Into<String>) -> Self {
        Self::new(module, WhyUnwritten::NotLinked, "it does not link")
    }

    /// A module that has to wait for a later run.
    pub fn enough(module: impl Into<String>) -> Self {
        let reason = "enough was written in this run; a later one writes more";
        Self::new(module, WhyUnwritten::Enough, reason)
    }
}

impl fmt::Display for Unwritten {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.module, self.reason)
    }
}
