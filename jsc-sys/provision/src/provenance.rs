//! Where an engine that somebody named comes from.

use serde::{Deserialize, Serialize};

/// Of an engine that is not one of `engines.toml`: what it was made of. Part of its record, and of every result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// How it was named: `tarball`, `tree`, `git`, `build`, `archive` or `dir`.
    pub kind: String,
    /// The file, the folder or the repository.
    pub location: String,
    /// The commit, where there is one: the one that was built, or the one that a tree was at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// SHA-256 of how the tree differed from that commit; absent when it did not. Of a tree outside a repository: SHA-256 of
    /// all that an engine is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<String>,
    /// SHA-256 of a tarball or an archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// BLAKE3 of the static libraries of a build folder or an unpacked engine. Revision and difference tell of the source as
    /// it is when the engine is taken; whether the libraries were built from it, only their owner knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub libraries: Option<String>,
    /// Arguments for CMake that its definition adds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cmake: Vec<String>,
}

impl Provenance {
    /// The commit, shortened, with a `+` when the tree differed from it; empty without a commit.
    pub fn short_revision(&self) -> String {
        let Some(revision) = &self.revision else {
            return String::new();
        };
        let short = revision.get(..12).unwrap_or(revision);
        match self.difference.is_some() {
            true => format!("{short}+"),
            false => short.to_string(),
        }
    }
}
