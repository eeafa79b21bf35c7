//! Small graphs written by hand, each with what it must do by the standard.

use std::path::Path;

use sample::HostOptions;
use serde::Deserialize;

use crate::definition::{Deviation, Expected, Kind, Origin, WorkloadDef};
use crate::error::Error;
use crate::file;

/// The file in a fixture's folder that describes it.
const DESCRIPTION: &str = "fixture.toml";

/// Reads every fixture under `folder`, in order of name. A fixture is called as its folder is.
pub(crate) fn read_all(folder: &Path) -> Result<Vec<WorkloadDef>, Error> {
    let mut fixtures = Vec::new();
    for path in file::children(folder)? {
        if path.is_dir() {
            fixtures.push(read(&path)?);
        }
    }
    Ok(fixtures)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    why: String,
    section: String,
    entry: String,
    modules: Option<usize>,
    expected: Expected,
    deviation: Option<Deviation>,
}

fn read(folder: &Path) -> Result<WorkloadDef, Error> {
    let path = folder.join(DESCRIPTION);
    let description: Description = file::read_toml(&path)?;
    let entry = folder.join(&description.entry);
    if !entry.is_file() {
        return Err(Error::definition(
            &path,
            format!("its entry `{}` is not a file", description.entry),
        ));
    }
    Ok(WorkloadDef {
        name: file::stem(folder),
        kind: Kind::Fixture,
        why: description.why,
        modules: description.modules,
        expected: Some(description.expected),
        section: Some(description.section),
        deviation: description.deviation,
        host: HostOptions::default(),
        time_limit: None,
        suites: Vec::new(),
        defined_in: path,
        origin: Origin::File(entry),
    })
}
