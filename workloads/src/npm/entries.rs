//! The graphs of real packages, as `entries.toml` lists them.

use std::path::Path;

use sample::HostOptions;
use serde::Deserialize;

use crate::definition::{Expected, Kind, Origin, WorkloadDef};
use crate::error::Error;
use crate::file;

/// Reads `entries.toml` in `folder`.
pub(crate) fn entries(folder: &Path) -> Result<Vec<WorkloadDef>, Error> {
    let path = folder.join("entries.toml");
    let file: File = file::read_toml(&path)?;
    file.entry
        .into_iter()
        .map(|entry| entry.resolve(folder, &path))
        .collect()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    entry: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    entry: String,
    modules: usize,
    why: String,
    expected: Option<Expected>,
}

impl Entry {
    fn resolve(self, folder: &Path, path: &Path) -> Result<WorkloadDef, Error> {
        let entry = folder.join(&self.entry);
        if !entry.is_file() {
            return Err(Error::definition(
                path,
                format!(
                    "the entry `{}` of `{}` is not a file",
                    self.entry, self.name
                ),
            ));
        }
        Ok(WorkloadDef {
            name: self.name,
            kind: Kind::Npm,
            why: self.why,
            modules: Some(self.modules),
            expected: self.expected,
            section: None,
            deviation: None,
            host: HostOptions::default(),
            time_limit: None,
            suites: Vec::new(),
            defined_in: path.to_path_buf(),
            origin: Origin::Npm {
                entry,
                folder: folder.to_path_buf(),
            },
        })
    }
}
