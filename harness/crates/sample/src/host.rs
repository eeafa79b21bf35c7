//! What the host of a program gives it, as a command line or a definition says it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How a program's specifiers are resolved, and what runs before it; by default all is as in Node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HostOptions {
    /// The conditions that hold in `exports` and `imports`, in the place of `node`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Vec<String>>,
    /// The fields of a `package.json` that may name a package's entry, in the place of `main`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_fields: Option<Vec<String>>,
    /// What is appended to a path where no file is: nothing, unless they are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Vec<String>>,
    /// An import map (HTML): a JSON file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import_map: Option<PathBuf>,
    /// A module that runs first, in the same realm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prelude: Option<PathBuf>,
}

impl HostOptions {
    /// Whether nothing is given, so that it goes without saying.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
