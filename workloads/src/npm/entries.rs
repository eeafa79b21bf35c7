//! The programs of a folder with npm packages, as its `entries.toml` lists them.

use std::path::Path;

use sample::HostOptions;
use serde::Deserialize;

use crate::definition::{Expected, Kind, Origin, WorkloadDef};
use crate::error::Error;
use crate::file;

/// Reads `entries.toml` in `folder`. The programs are loaded as they are, or [`Kind::Captured`].
pub(crate) fn entries(folder: &Path, kind: Kind) -> Result<Vec<WorkloadDef>, Error> {
    let path = folder.join("entries.toml");
    let file: File = file::read_toml(&path)?;
    file.entry
        .into_iter()
        .map(|entry| entry.resolve(kind, folder, &path))
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
    fn resolve(self, kind: Kind, folder: &Path, path: &Path) -> Result<WorkloadDef, Error> {
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
        let folder = folder.to_path_buf();
        Ok(WorkloadDef {
            name: self.name,
            kind,
            why: self.why,
            modules: Some(self.modules),
            expected: self.expected,
            section: None,
            deviation: None,
            host: HostOptions::default(),
            time_limit: None,
            suites: Vec::new(),
            defined_in: path.to_path_buf(),
            origin: match kind {
                Kind::Captured => Origin::Captured { entry, folder },
                _ => Origin::Npm { entry, folder },
            },
        })
    }
}
