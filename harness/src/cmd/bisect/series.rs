//! The engines of a search, in order.

use std::path::{Path, PathBuf};
use std::time::Instant;

use ::bisect::{Built, Revision};
use jsc_provision::named::{Definition, Origin, check, provide_named, revisions, root};
use jsc_provision::{Settings, StderrLog, provide_bridge};
use workers::InstalledEngine;

use super::BisectArgs;
use crate::Error;
use crate::cmd::engine::check_sources;

/// The engines of a search, the good end first.
pub struct Series {
    revisions: Vec<Revision>,
    made_of: MadeOf,
}

/// Where engines come from.
enum MadeOf {
    /// They are there.
    Installed,
    /// They are built of a repository's revisions.
    Repository { folder: PathBuf, cmake: Vec<String> },
}

impl Series {
    /// The engines that a command line means.
    pub fn read(arguments: &BisectArgs) -> Result<Self, Error> {
        match (&arguments.git, &arguments.engines) {
            (Some(folder), _) => Self::of_repository(folder, arguments),
            (None, Some(engines)) => Self::of_engines(engines, arguments),
            (None, None) => Err(Error::Usage("--git or --engines is needed".to_owned())),
        }
    }

    /// All of them, two at least.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// Whether its engines are not built here.
    pub fn is_installed(&self) -> bool {
        matches!(self.made_of, MadeOf::Installed)
    }

    /// The same with one more at the end, whatever it is like; the second value is its place.
    pub fn with(mut self, revision: &str) -> Result<(Self, usize), Error> {
        if let MadeOf::Repository { folder, cmake } = &self.made_of {
            // Its state alone is of interest, which `revisions` gives for its good end.
            let more = revisions(folder, revision, revision)?;
            self.revisions
                .extend(more.into_iter().map(|it| of_commit(it, cmake)));
        }
        let place = self.revisions.len() - 1;
        Ok((self, place))
    }

    /// Makes an engine ready; or says why it cannot be.
    pub fn build(&self, place: usize) -> Result<Result<(InstalledEngine, Built), String>, Error> {
        let revision = &self.revisions[place];
        let begin = Instant::now();
        let mut was_built = false;
        if let MadeOf::Repository { folder, cmake } = &self.made_of {
            match build(revision, folder, cmake) {
                Ok(built) => was_built = built,
                Err(Error::Provision(error)) if error.is_of_engine() => {
                    return Ok(Err(format!("it does not build: {error}")));
                }
                Err(error) => return Err(error),
            }
        }
        let engine = workers::find(&revision.engine)?;
        let built = Built {
            fingerprint: engine.fingerprint.clone(),
            seconds: was_built.then(|| begin.elapsed().as_secs()),
        };
        Ok(Ok((engine, built)))
    }

    fn of_repository(folder: &Path, arguments: &BisectArgs) -> Result<Self, Error> {
        let folder = folder.canonicalize().map_err(|source| Error::Read {
            path: folder.to_owned(),
            source,
        })?;
        let folder = root(&folder)?;
        let end = |given: &Option<String>| given.clone().unwrap_or_default();
        let (good, bad) = (end(&arguments.good), end(&arguments.bad));
        let cmake = &arguments.cmake;
        let found = revisions(&folder, &good, &bad)?;
        let revisions: Vec<Revision> = found.into_iter().map(|it| of_commit(it, cmake)).collect();
        if revisions.len() < 2 {
            return Err(Error::BisectNothing { good, bad });
        }
        let series = Self {
            revisions,
            made_of: MadeOf::Repository {
                folder: folder.clone(),
                cmake: cmake.clone(),
            },
        };
        let first = &series.revisions[0];
        check(&definition(first, &folder, cmake))?;
        Ok(series)
    }

    fn of_engines(names: &[String], arguments: &BisectArgs) -> Result<Self, Error> {
        let place = |end: &Option<String>, flag: &str, otherwise: usize| match end {
            None => Ok(otherwise),
            Some(name) => names.iter().position(|it| it == name).ok_or_else(|| {
                Error::Usage(format!(
                    "{flag} {name} is none of --engines {}",
                    names.join(",")
                ))
            }),
        };
        let good = place(&arguments.good, "--good", 0)?;
        let bad = place(&arguments.bad, "--bad", names.len().saturating_sub(1))?;
        if good >= bad {
            return Err(Error::Usage(format!(
                "--engines {}: the good end has to come before the bad one, and there are two engines at least",
                names.join(",")
            )));
        }
        let mut revisions: Vec<Revision> = Vec::new();
        for name in &names[good..=bad] {
            let engine = workers::find(name)?;
            if revisions.iter().any(|it| it.engine == engine.name) {
                return Err(Error::Usage(format!(
                    "--engines names {} twice",
                    engine.name
                )));
            }
            let commit = engine.provenance.and_then(|it| it.revision);
            revisions.push(Revision {
                engine: engine.name,
                commit: None,
                date: None,
                title: commit.map(|it| format!("of {it}")),
            });
        }
        Ok(Self {
            revisions,
            made_of: MadeOf::Installed,
        })
    }
}

/// Builds the engine of a revision; says whether there was anything to do.
fn build(revision: &Revision, folder: &Path, cmake: &[String]) -> Result<bool, Error> {
    let sources = Path::new(jsc_sys::BRIDGE_SOURCES);
    check_sources(sources)?;
    let was_there = workers::find(&revision.engine).is_ok();
    let settings = Settings::from_env()?;
    let log = &mut StderrLog::new();
    let engine = provide_named(&definition(revision, folder, cmake), &settings, log)?;
    provide_bridge(&engine, sources, &settings, log)?;
    Ok(!was_there)
}

fn definition(revision: &Revision, folder: &Path, cmake: &[String]) -> Definition {
    Definition {
        name: revision.engine.clone(),
        origin: Origin::Git {
            repository: folder.to_owned(),
            revision: revision.commit.clone().unwrap_or_default(),
        },
        cmake: cmake.to_vec(),
    }
}

fn of_commit(revision: jsc_provision::named::Revision, cmake: &[String]) -> Revision {
    Revision {
        engine: revision.engine_name(cmake),
        commit: Some(revision.commit),
        date: Some(revision.date),
        title: Some(revision.title),
    }
}
