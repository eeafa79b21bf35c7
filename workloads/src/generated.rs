//! The definitions of generated graphs.

use std::path::Path;

use sample::HostOptions;
use serde::Deserialize;

use crate::definition::{Deviation, Expected, Kind, Origin, WorkloadDef};
use crate::error::Error;
use crate::file;
use crate::generate::Generator;

/// Reads `generated.toml`.
pub(crate) fn read(path: &Path) -> Result<Vec<WorkloadDef>, Error> {
    let file: File = file::read_toml(path)?;
    Ok(file
        .workload
        .into_iter()
        .map(|definition| definition.resolve(path))
        .collect())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    workload: Vec<Definition>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    name: String,
    why: String,
    seed: u64,
    modules: usize,
    generate: Generator,
    expected: Option<Expected>,
    deviation: Option<Deviation>,
}

impl Definition {
    fn resolve(self, path: &Path) -> WorkloadDef {
        WorkloadDef {
            name: self.name,
            kind: Kind::Generated,
            why: self.why,
            modules: Some(self.modules),
            expected: self.expected,
            section: None,
            deviation: self.deviation,
            host: HostOptions::default(),
            time_limit: None,
            suites: Vec::new(),
            defined_in: path.to_path_buf(),
            origin: Origin::Generated {
                generator: self.generate,
                seed: self.seed,
            },
        }
    }
}
