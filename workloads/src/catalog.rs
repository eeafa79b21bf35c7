//! All workloads and suites of one `jsc-harness.toml`.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use crate::config::{Config, FILE_NAME, RESULTS_NAME, Settings, find_upwards};
use crate::definition::{Kind, Origin, Workload, WorkloadDef};
use crate::error::Error;
use crate::growth::{self, GrowthSeries};
use crate::root::{named_root, own_root};
use crate::suite::Suite;
use crate::{captured, config, npm};

/// The workloads and suites of one `jsc-harness.toml`, read once.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// The file.
    path: PathBuf,
    config: Config,
}

impl Catalog {
    /// Reads this file; without one, the one in the folder that `HARNESS_WORKLOADS` names, the nearest one at or above the
    /// working directory, or that of this crate.
    pub fn open(file: Option<&Path>) -> Result<Catalog, Error> {
        if let Some(file) = file {
            return Catalog::read(file);
        }
        if let Some(root) = named_root() {
            return Catalog::at(&root);
        }
        let here = env::current_dir().ok();
        match here.and_then(|it| find_upwards(&it)) {
            Some(file) => Catalog::read(&file),
            None => Catalog::at(&own_root()),
        }
    }

    /// Reads the file in the folder `root`.
    pub fn at(root: &Path) -> Result<Catalog, Error> {
        Catalog::read(&root.join(FILE_NAME))
    }

    /// Reads the file `path`.
    pub fn read(path: &Path) -> Result<Catalog, Error> {
        let config = Config::read(path)?;
        refuse_duplicates(&config.workloads)?;
        Ok(Catalog {
            path: path.to_owned(),
            config,
        })
    }

    /// The file that it was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the file says besides.
    pub fn settings(&self) -> &Settings {
        &self.config.settings
    }

    /// Where results go: what the file says, else `jsc-harness-results` beside it; none if they are this repository's.
    pub fn results(&self) -> Option<PathBuf> {
        let said = self.config.settings.results.clone();
        said.or_else(|| (!self.is_own()).then(|| self.path.with_file_name(RESULTS_NAME)))
    }

    /// Whether the workloads are this repository's.
    pub fn is_own(&self) -> bool {
        config::is_in(&self.path, &own_root())
    }

    /// Every workload: programs, real packages, generated graphs, fixtures.
    pub fn workloads(&self) -> &[WorkloadDef] {
        &self.config.workloads
    }

    /// The workload called `name`.
    pub fn find(&self, name: &str) -> Result<&WorkloadDef, Error> {
        self.config
            .workloads
            .iter()
            .find(|workload| workload.name == name)
            .ok_or_else(|| Error::UnknownWorkload {
                name: name.to_string(),
                near: self.nearest(name),
            })
    }

    /// Every suite, in order of name.
    pub fn suites(&self) -> Result<Vec<Suite>, Error> {
        self.config.suites()
    }

    /// The suite called `name`.
    pub fn suite(&self, name: &str) -> Result<Suite, Error> {
        let suites = self.suites()?;
        let known = suites.iter().map(|suite| suite.name.clone()).collect();
        suites
            .into_iter()
            .find(|suite| suite.name == name)
            .ok_or_else(|| Error::UnknownSuite {
                name: name.to_string(),
                known,
            })
    }

    /// The series of growing graphs.
    pub fn growth(&self) -> Result<Vec<GrowthSeries>, Error> {
        growth::read(&self.path.with_file_name("growth.toml"))
    }

    fn nearest(&self, name: &str) -> Option<String> {
        self.config
            .workloads
            .iter()
            .map(|workload| (distance(name, &workload.name), &workload.name))
            .min()
            .filter(|(distance, _)| *distance <= 1 + name.len() / 3)
            .map(|(_, name)| name.clone())
    }
}

/// Every workload that [`Catalog::open`] finds.
pub fn list() -> Result<Vec<WorkloadDef>, Error> {
    Ok(Catalog::open(None)?.config.workloads)
}

/// The workload called `name` among them.
pub fn find(name: &str) -> Result<WorkloadDef, Error> {
    Catalog::open(None)?.find(name).cloned()
}

/// Sees to it that the workload's files exist, and gives its entry.
///
/// A generated graph is written into `dir/<name>`, the same bytes each time; what is there already stays untouched.
/// A real package must have been installed, a captured one captured; a fixture lies in the tree.
pub fn materialise(definition: &WorkloadDef, dir: &Path) -> Result<Workload, Error> {
    let (mut host, mut original) = (definition.host.clone(), None);
    let entry = match &definition.origin {
        Origin::File(entry) | Origin::Program(entry) => entry.clone(),
        Origin::Npm { entry, folder } => {
            npm::require(folder)?;
            entry.clone()
        }
        Origin::Captured { entry, folder } => {
            original = Some(entry.clone());
            let captured = captured::require(&definition.name, entry, folder)?;
            host = captured.1;
            captured.0
        }
        Origin::Generated { generator, seed } => generator
            .generate(&definition.name, *seed)
            .write(&dir.join(&definition.name))?,
    };
    Ok(Workload {
        name: definition.name.clone(),
        kind: definition.kind,
        why: definition.why.clone(),
        entry,
        original,
        modules: definition.modules,
        expected: definition.expected.clone(),
        deviation: definition.deviation.clone(),
        host,
        time_limit: definition.time_limit,
    })
}

impl WorkloadDef {
    /// The text of a generated graph, or nothing for another kind.
    pub fn graph(&self) -> Option<crate::generate::Graph> {
        match &self.origin {
            Origin::Generated { generator, seed } => Some(generator.generate(&self.name, *seed)),
            _ => None,
        }
    }

    /// Whether the workload needs what `cargo xtask setup` brings.
    pub fn needs_packages(&self) -> bool {
        matches!(self.kind, Kind::Npm | Kind::Captured)
    }
}

fn refuse_duplicates(workloads: &[WorkloadDef]) -> Result<(), Error> {
    let mut seen: BTreeMap<&str, &Path> = BTreeMap::new();
    for workload in workloads {
        if let Some(first) = seen.insert(&workload.name, &workload.defined_in) {
            return Err(Error::Duplicate {
                name: workload.name.clone(),
                first: first.to_path_buf(),
                second: workload.defined_in.clone(),
            });
        }
    }
    Ok(())
}

/// How many letters must be added, dropped or changed to make one name the other.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, letter) in left.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, other) in right.bytes().enumerate() {
            let change = diagonal + usize::from(letter != other);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances() {
        assert_eq!(
            [
                distance("tree", "tree"),
                distance("tree", "three"),
                distance("", "abc")
            ],
            [0, 1, 3]
        );
    }
}
