//! Manifests that need not be parsed again: what was taken from each, told by its content's digest.
//!
//! A `package.json` can have 200 KB (date-fns): parsing it takes longer than checking all sources of that package, while
//! seeing that it is the same costs next to nothing. Which packages exist, and what links lead to, is asked each time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::manifest::Manifest;

/// What is known of the manifests of a graph's packages, by their paths.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPackages(pub(super) BTreeMap<PathBuf, Manifest>);

impl KnownPackages {
    /// Reads what [`KnownPackages::to_json`] gives. Of anything else nothing is known.
    pub fn from_json(text: &[u8]) -> Self {
        serde_json::from_slice(text).unwrap_or_default()
    }

    /// As text, to be kept.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What is known of the manifest at `path`, if it still has the content of this digest.
    pub(super) fn get(&self, path: &Path, digest: &str) -> Option<&Manifest> {
        self.0.get(path).filter(|it| it.digest == digest)
    }
}
