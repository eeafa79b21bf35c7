//! What an engine answered.

use serde::{Deserialize, Serialize};

/// An engine that can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Built {
    /// Its fingerprint.
    pub fingerprint: String,
    /// How long building it took, in seconds; nothing when it was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
}

/// What was learned of an engine between the ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// What it shows, or how it serves; as words that are the same whenever that is the same.
    Fact(String),
    /// Blocks of three values each: of the good end, of the bad end, and of this engine.
    Blocks(Vec<[f64; 3]>),
    /// It could not be asked, and why: it does not build, or its loads go wrong.
    None(String),
}

/// What was learned of both ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactsOfEnds {
    /// The facts.
    Facts {
        /// Of the good end.
        good: String,
        /// Of the bad end.
        bad: String,
    },
    /// Blocks of two values each: of the good end and of the bad end.
    Blocks(Vec<[f64; 2]>),
}
