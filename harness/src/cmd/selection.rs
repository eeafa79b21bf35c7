//! Which workloads a command line means, and which part of them.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use regex::Regex;
use sample::Shard;
use workers::InstalledEngine;
use workloads::{Catalog, WorkloadDef};

use super::effect::given;
use super::host_arg::HostArgs;
use crate::Error;

/// Which workloads are meant: entries that are named here, or some that are defined.
#[derive(Debug, Clone, Args)]
pub struct SelectionArgs {
    /// Programs to load instead of defined workloads: entry files, packages' directories, or directories of entry files
    #[arg(value_name = "ENTRY", conflicts_with_all = ["suite", "workloads"])]
    entries: Vec<PathBuf>,
    #[command(flatten)]
    defined: DefinedArgs,
    #[command(flatten)]
    host: HostArgs,
}

/// Which of the defined workloads are meant.
#[derive(Debug, Clone, Args)]
pub struct DefinedArgs {
    /// The workloads of this suite
    #[arg(long)]
    suite: Option<String>,
    /// The workloads whose names match this regular expression; of the suite, if one is given
    #[arg(short, long = "workloads", value_name = "REGEX")]
    workloads: Option<Regex>,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Which definitions are used.
#[derive(Debug, Clone, Default, Args)]
pub struct ConfigArgs {
    /// The definitions [default: the nearest jsc-harness.toml at or above this directory, else the built-in workloads]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ConfigArgs {
    /// The arguments that mean the same definitions again.
    pub fn words(&self) -> Vec<std::ffi::OsString> {
        let file = self.config.iter();
        file.flat_map(|it| ["--config".into(), it.clone().into_os_string()])
            .collect()
    }

    /// The definitions. What they say of results holds from now on.
    pub fn catalog(&self) -> Result<Catalog, Error> {
        let catalog = Catalog::open(self.config.as_deref())?;
        if let Some(results) = catalog.results() {
            record::use_results(&results);
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

impl DefinedArgs {
    /// The definitions.
    pub fn catalog(&self) -> Result<Catalog, Error> {
        self.config.catalog()
    }

    /// The workloads that are meant; all when nothing is said.
    ///
    /// # Errors
    /// What is wrong with the command line, in words, or with the definitions.
    pub fn workloads(&self, catalog: &Catalog) -> Result<Vec<WorkloadDef>, Error> {
        workloads(catalog, self.suite.as_deref(), self.workloads.as_ref())
    }
}

impl SelectionArgs {
    /// The definitions.
    pub fn catalog(&self) -> Result<Catalog, Error> {
        self.defined.catalog()
    }

    /// The workloads that are meant; when nothing is said, those of the suite `usual`, or all if there is no such suite.
    ///
    /// # Errors
    /// What is wrong with the command line, in words, or with the definitions.
    pub fn workloads(&self, catalog: &Catalog, usual: &str) -> Result<Vec<WorkloadDef>, Error> {
        if let Some(entries) = entries(&self.entries, &self.host)? {
            return Ok(entries);
        }
        match &self.defined {
            DefinedArgs {
                suite: None,
                workloads: None,
                ..
            } => workloads(catalog, if_there(catalog, usual)?.as_deref(), None),
            defined => defined.workloads(catalog),
        }
    }

    /// Whether entries are named.
    pub fn has_entries(&self) -> bool {
        !self.entries.is_empty()
    }

    /// The first of these arguments that is given, if one is.
    pub fn given(&self) -> Option<&'static str> {
        let given = given(&[
            ("an ENTRY", !self.entries.is_empty()),
            ("--suite", self.defined.suite.is_some()),
            ("--workloads", self.defined.workloads.is_some()),
            ("--config", self.defined.config.config.is_some()),
            ("what a host gives", !self.host.words().is_empty()),
        ]);
        given.first().copied()
    }

    /// The arguments that mean the same definitions again.
    pub fn config_words(&self) -> Vec<std::ffi::OsString> {
        self.defined.config.words()
    }

    /// The arguments that mean the same workloads again.
    pub fn words(&self) -> Vec<String> {
        let entries = self.entries.iter();
        let mut words: Vec<String> = entries.map(|it| it.display().to_string()).collect();
        let mut add = |name: &str, value: Option<String>| {
            words.extend(value.into_iter().flat_map(|it| [name.to_owned(), it]));
        };
        add("--suite", self.defined.suite.clone());
        let pattern = self.defined.workloads.as_ref();
        add("--workloads", pattern.map(Regex::to_string));
        words.extend(self.host.words());
        words
    }
}

/// The workloads that these entries are; nothing without an entry.
///
/// # Errors
/// What is wrong with the command line, in words; an entry, or what its host is to give, cannot be had.
pub fn entries(entries: &[PathBuf], host: &HostArgs) -> Result<Option<Vec<WorkloadDef>>, Error> {
    host.check(!entries.is_empty())?;
    if entries.is_empty() {
        return Ok(None);
    }
    match workloads::entries(entries, &host.checked()?) {
        Err(error @ workloads::Error::EntryTwice { .. }) => Err(Error::Usage(error.to_string())),
        entries => Ok(Some(entries?)),
    }
}

/// The suite of this name, if there is one: a project need not have it.
pub fn if_there(catalog: &Catalog, suite: &str) -> Result<Option<String>, Error> {
    let is_there = catalog.suites()?.iter().any(|it| it.name == suite);
    Ok(is_there.then(|| suite.to_owned()))
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
        let file = catalog.path().display();
        return Err(Error::Usage(match (suite, pattern) {
            (None, None) => {
                format!("{file} defines no workload; add a [[workload]], or name an ENTRY")
            }
            (Some(suite), None) => format!("the suite {suite} of {file} has no workload"),
            (suite, Some(pattern)) => {
                let among = suite.map_or(String::new(), |suite| format!("of suite {suite} "));
                format!("no workload {among}matches {pattern}; all of them: jsc-harness list")
            }
        }));
    }
    Ok(workloads)
}

/// A part of the workloads; says so if there is nothing in it.
pub fn part(workloads: Vec<WorkloadDef>, shard: Shard) -> Vec<WorkloadDef> {
    let all = workloads.len() as u64;
    let part = shard.of(workloads);
    if part.is_empty() {
        let all = sample::plural(all, "workload", "workloads");
        let _ = writeln!(io::stderr(), "note: part {shard} of {all} is empty");
    }
    part
}

/// These engines and those with these names or versions, each once; the pinned default, if there is none.
pub fn engines(
    mut engines: Vec<InstalledEngine>,
    named: &[String],
) -> Result<Vec<InstalledEngine>, Error> {
    for wanted in named {
        let engine = workers::find(wanted)?;
        if !engines.contains(&engine) {
            engines.push(engine);
        }
    }
    if engines.is_empty() {
        engines.push(workers::default()?);
    }
    Ok(engines)
}

/// A seed that nobody chose, short enough to be typed.
pub fn new_seed() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_nanos() as u64 / 1000 % 1_000_000_000)
}
