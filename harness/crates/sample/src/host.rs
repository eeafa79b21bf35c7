//! What the host of a program gives it, as a command line or a definition says it.

use std::path::{Path, PathBuf};

use resolve::{ImportMap, ResolveError, Rules};
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
    /// The rules that specifiers are resolved by.
    ///
    /// # Errors
    /// There is no such import map, or it is none.
    pub fn rules(&self) -> Result<Rules, ResolveError> {
        let usual = Rules::default();
        let or = |given: &Option<Vec<String>>, usual| given.clone().unwrap_or(usual);
        let import_map = self.import_map.as_deref().map(ImportMap::read);
        Ok(Rules {
            conditions: or(&self.conditions, usual.conditions),
            main_fields: or(&self.main_fields, usual.main_fields),
            extensions: or(&self.extensions, usual.extensions),
            import_map: import_map.transpose()?,
        })
    }

    /// The lists that are given, by the words for them.
    pub fn lists(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        let lists = [
            ("conditions", &self.conditions),
            ("main-fields", &self.main_fields),
            ("extensions", &self.extensions),
        ];
        let lists = lists.into_iter();
        lists.filter_map(|(word, list)| Some((word, list.as_deref()?)))
    }

    /// The files that are given, by the words for them.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let files = [("import-map", &self.import_map), ("prelude", &self.prelude)];
        let files = files.into_iter();
        files.filter_map(|(word, file)| Some((word, file.as_deref()?)))
    }

    /// Whether nothing is given, so that it goes without saying.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
