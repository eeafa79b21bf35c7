//! Manifests that need not be parsed again: what was taken from each, told by its content's digest.
//!
//! A `package.json` can have 200 KB (date-fns): parsing it takes longer than checking all sources of that package, while
//! seeing that it is the same costs next to nothing. Which packages exist, and what links lead to, is asked each time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ModuleKey;
use crate::cache::Digest;

/// What is known of the manifests of a graph's packages, by their paths.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPackages(pub(super) BTreeMap<PathBuf, Manifest>);

/// What a `package.json` says that matters here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// Of the file's bytes.
    pub digest: Digest,
    pub name: Option<Box<str>>,
    pub main: Option<Box<str>>,
    pub has_exports: bool,
    pub has_imports: bool,
    /// The files that subpaths are exported as, before links are followed; those that were asked for, by their subpaths:
    /// empty, or `/` and the rest.
    pub exports: BTreeMap<String, PathBuf>,
}

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
    pub(super) fn get(&self, path: &Path, digest: Digest) -> Option<&Manifest> {
        self.0.get(path).filter(|it| it.digest == digest)
    }
}

impl Manifest {
    /// The module that a subpath is exported as, if that is known and still there.
    pub fn known_export(&self, subpath: &str) -> Option<ModuleKey> {
        let real = self.exports.get(subpath)?.canonicalize().ok()?;
        Some(ModuleKey::of_real_path(real, None, None))
    }
}

/// Whether what a manifest exports depends on its text alone: of an array, the first target that exists is taken.
pub(super) fn exports_are_definite(manifest: &[u8]) -> bool {
    fn has_array(value: &Value) -> bool {
        match value {
            Value::Array(_) => true,
            Value::Object(fields) => fields.values().any(has_array),
            _ => false,
        }
    }
    let manifest = serde_json::from_slice::<Value>(manifest);
    manifest.is_ok_and(|it| !it.get("exports").is_none_or(has_array))
}
