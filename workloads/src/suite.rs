//! Suites: named lists of workloads.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::definition::{Kind, WorkloadDef};
use crate::error::Error;
use crate::file;

/// A named list of workloads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suite {
    /// Its name, which is that of its file.
    pub name: String,
    /// One sentence: what it is for.
    pub why: String,
    /// The names of its workloads, each once, in the order of the definitions.
    pub workloads: Vec<String>,
}

/// Reads every suite under `folder`, in order of name, against the workloads that exist.
pub(crate) fn read_all(folder: &Path, workloads: &[WorkloadDef]) -> Result<Vec<Suite>, Error> {
    let mut suites = Vec::new();
    for path in file::children(folder)? {
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            suites.push(read(&path, workloads)?);
        }
    }
    Ok(suites)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    why: String,
    /// Kinds of which every workload belongs to the suite.
    #[serde(default)]
    kinds: Vec<Kind>,
    /// Workloads by name.
    #[serde(default)]
    workloads: Vec<String>,
}

fn read(path: &Path, workloads: &[WorkloadDef]) -> Result<Suite, Error> {
    let name = file::stem(path);
    let file: File = file::read_toml(path)?;
    if let Some(unknown) = file
        .workloads
        .iter()
        .find(|name| !workloads.iter().any(|workload| workload.name == **name))
    {
        return Err(Error::SuiteMember {
            suite: name,
            path: path.to_path_buf(),
            name: unknown.clone(),
        });
    }
    let workloads = workloads
        .iter()
        .filter(|workload| {
            file.kinds.contains(&workload.kind) || file.workloads.contains(&workload.name)
        })
        .map(|workload| workload.name.clone())
        .collect();
    Ok(Suite {
        name,
        why: file.why,
        workloads,
    })
}
