//! Which workloads a command line means, and which part of them.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use regex::Regex;
use workloads::{Catalog, WorkloadDef};

use super::host_arg::HostArgs;
use crate::Error;

/// Which workloads are meant: entries that are named here, or those of a definition file.
#[derive(Debug, Clone, Args)]
pub struct SelectionArgs {
    /// Programs to load instead of defined workloads: entry files, packages' directories, or directories of entry files
    #[arg(value_name = "ENTRY", conflicts_with_all = ["suite", "workloads"])]
    entries: Vec<PathBuf>,
    /// The workloads of this suite
    #[arg(long)]
    suite: Option<String>,
    /// The workloads whose names match this regular expression; of the suite, if one is given
    #[arg(short, long = "workloads", value_name = "REGEX")]
    workloads: Option<Regex>,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    host: HostArgs,
}

/// Which definitions are used.
#[derive(Debug, Clone, Default, Args)]
pub struct ConfigArgs {
    /// The definitions [default: the nearest jsc-harness.toml at or above this directory, else the built-in workloads]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ConfigArgs {
    /// The definitions. What they say of results holds from now on.
    pub fn catalog(&self) -> Result<Catalog, Error> {
        let catalog = Catalog::open(self.config.as_deref())?;
        if let Some(results) = &catalog.settings().results {
            record::use_results(results);
        }
        Ok(catalog)
    }
}

/// From now on, results are those of the project that the working directory is in, if it says where they lie.
///
/// # Errors
/// Its definitions cannot be read.
pub fn use_results_of_project() -> Result<(), Error> {
    ConfigArgs::default().catalog().map(drop)
}

impl SelectionArgs {
    /// The definitions.
    pub fn catalog(&self) -> Result<Catalog, Error> {
        self.config.catalog()
    }

    /// The workloads that are meant; when nothing is said, those of the suite `default`, or all if there is no such suite.
    ///
    /// # Errors
    /// What is wrong with the command line, in words, or with the definitions.
    pub fn workloads(&self, catalog: &Catalog, default: &str) -> Result<Vec<WorkloadDef>, Error> {
        self.host.check(!self.entries.is_empty())?;
        if !self.entries.is_empty() {
            return Ok(workloads::entries(&self.entries, &self.host.options())?);
        }
        let suite = match (&self.suite, &self.workloads) {
            (Some(suite), _) => Some(suite.as_str()),
            (None, Some(_)) => None,
            (None, None) => by_default(catalog, default)?,
        };
        workloads(catalog, suite, self.workloads.as_ref())
    }

    /// The first of these arguments that is given, if one is.
    pub fn given(&self) -> Option<&'static str> {
        let given = [
            ("an ENTRY", !self.entries.is_empty()),
            ("--suite", self.suite.is_some()),
            ("--workloads", self.workloads.is_some()),
            ("--config", self.config.config.is_some()),
            ("what a host gives", !self.host.words().is_empty()),
        ];
        given.iter().find(|(_, is_given)| *is_given).map(|it| it.0)
    }

    /// The arguments that mean the same workloads again.
    pub fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = self
            .entries
            .iter()
            .map(|it| it.display().to_string())
            .collect();
        let mut add = |name: &str, value: Option<String>| {
            words.extend(value.into_iter().flat_map(|it| [name.to_owned(), it]));
        };
        add("--suite", self.suite.clone());
        add("--workloads", self.workloads.as_ref().map(Regex::to_string));
        words.extend(self.host.words());
        words
    }
}

/// The suite of this name, if there is one: a project need not have it.
pub fn by_default<'a>(catalog: &Catalog, suite: &'a str) -> Result<Option<&'a str>, Error> {
    let suites = catalog.suites()?;
    Ok(Some(suite).filter(|suite| suites.iter().any(|it| it.name == *suite)))
}

/// The workloads of a suite whose names match; or what is wrong with the command line, in words.
pub fn workloads(
    catalog: &Catalog,
    suite: Option<&str>,
    pattern: Option<&Regex>,
) -> Result<Vec<WorkloadDef>, Error> {
    let members = match suite.map(|name| catalog.suite(name)).transpose() {
        Ok(suite) => suite.map(|suite| suite.workloads),
        Err(error @ workloads::Error::UnknownSuite { .. }) => {
            return Err(Error::Usage(error.to_string()));
        }
        Err(error) => return Err(error.into()),
    };
    let chosen = |definition: &&WorkloadDef| {
        members
            .as_ref()
            .is_none_or(|members| members.contains(&definition.name))
            && pattern.is_none_or(|pattern| pattern.is_match(&definition.name))
    };
    let workloads: Vec<WorkloadDef> = catalog.workloads().iter().filter(chosen).cloned().collect();
    if workloads.is_empty() {
        let among = suite.map_or(String::new(), |suite| format!("of suite {suite} "));
        return Err(Error::Usage(format!(
            "no workload {among}matches {}; all of them: jsc-harness list",
            pattern.map(Regex::as_str).unwrap_or_default()
        )));
    }
    Ok(workloads)
}

/// A seed that nobody chose, short enough to be typed.
pub fn new_seed() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_nanos() as u64 / 1000 % 1_000_000_000)
}
