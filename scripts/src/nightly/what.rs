//! What a night verifies and measures: suites of this repository, of another project, or entries.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use workloads::Catalog;

use crate::root;

/// The arguments that say it.
#[derive(clap::Args)]
pub struct What {
    /// Programs of yours instead of suites: entry files, packages' directories, or directories of entry files
    #[arg(value_name = "ENTRY", value_parser = root::absolute, conflicts_with_all = ["suite", "timed", "workloads"])]
    entries: Vec<PathBuf>,
    /// The jsc-harness.toml of a project of yours
    #[arg(long, value_name = "FILE", value_parser = root::absolute)]
    config: Option<PathBuf>,
    /// The suite whose paths are compared [default: all, or every workload of --config]
    #[arg(long)]
    suite: Option<String>,
    /// The suite whose workloads are timed [default: bench, or every workload of a --config without such a suite]
    #[arg(long, value_name = "SUITE")]
    timed: Option<String>,
    /// Of both suites only the workloads whose names match this regular expression
    #[arg(short, long, value_name = "REGEX")]
    workloads: Option<String>,
}

/// The suite of everything, and the one that is timed.
const USUAL: [&str; 2] = ["all", "bench"];

impl What {
    /// Where results go, if they are those of a project.
    pub fn results(&self) -> Result<Option<PathBuf>> {
        match &self.config {
            Some(config) => Ok(Catalog::read(config)?.results()),
            None if self.entries.is_empty() => Ok(None),
            None => bail!(
                "results/ here has the nights of this repository's own workloads; name another folder for those of your \
                 entries with HARNESS_RESULTS, or a jsc-harness.toml with --config (jsc-harness init writes one)"
            ),
        }
    }

    /// Options of `verify` that mean what is verified.
    pub fn verified(&self) -> Result<Vec<String>> {
        self.chosen("--suite", &self.suite, USUAL[0], self.workloads.as_deref())
    }

    /// Options of `measure` that mean what is timed.
    pub fn measured(&self) -> Result<Vec<String>> {
        self.chosen("--suite", &self.timed, USUAL[1], self.workloads.as_deref())
    }

    /// Options of `gate` that mean what is timed; of that only these workloads, if any are named.
    pub fn gated(&self, only: &[String]) -> Result<Vec<String>> {
        let names: Vec<String> = only.iter().map(|it| regex::escape(it)).collect();
        let pattern = match names.is_empty() {
            true => self.workloads.clone(),
            false => Some(format!("^({})$", names.join("|"))),
        };
        self.chosen("--timed", &self.timed, USUAL[1], pattern.as_deref())
    }

    /// Options of `bisect` that mean this workload.
    pub fn bisected(&self, workload: &str) -> Result<Vec<String>> {
        if let Some(entry) = self.entries.iter().find(|it| it.ends_with(workload)) {
            return Ok(vec![text(entry)?]);
        }
        let mut words = Vec::new();
        if let Some(config) = &self.config {
            words.extend(["--config".to_owned(), text(config)?]);
        }
        words.extend([
            "--workloads".to_owned(),
            format!("^{}$", regex::escape(workload)),
        ]);
        Ok(words)
    }

    /// The workloads of this repository that a control may measure.
    pub fn control(&self, usual: &str) -> Vec<String> {
        let is_own = self.entries.is_empty() && self.config.is_none();
        let pattern = self.workloads.as_deref().filter(|_| is_own);
        let timed = self.timed.as_deref().filter(|_| is_own);
        [
            ["--timed", timed.unwrap_or(USUAL[1])],
            ["--workloads", pattern.unwrap_or(usual)],
        ]
        .concat()
        .into_iter()
        .map(str::to_owned)
        .collect()
    }

    /// The words that mean the same again.
    pub fn words(&self) -> Result<Vec<String>> {
        let mut words = paths(&self.entries)?;
        if let Some(config) = &self.config {
            words.extend(["--config".to_owned(), text(config)?]);
        }
        for (name, value) in [
            ("--suite", &self.suite),
            ("--timed", &self.timed),
            ("--workloads", &self.workloads),
        ] {
            words.extend(value.iter().flat_map(|it| [name.to_owned(), it.clone()]));
        }
        Ok(words)
    }

    fn chosen(
        &self,
        option: &str,
        suite: &Option<String>,
        usual: &str,
        pattern: Option<&str>,
    ) -> Result<Vec<String>> {
        if !self.entries.is_empty() {
            return paths(&self.entries);
        }
        let mut words = Vec::new();
        let mut suite = suite.clone();
        match &self.config {
            None => suite = suite.or(Some(usual.to_owned())),
            Some(config) => {
                words.extend(["--config".to_owned(), text(config)?]);
                let suites = Catalog::read(config)?.suites()?;
                let is_there = suites.iter().any(|it| it.name == usual);
                suite = suite.or(is_there.then(|| usual.to_owned()));
            }
        }
        match (&suite, pattern) {
            // Something has to be said; this means every workload.
            (None, None) => words.extend(["--workloads", "."].map(str::to_owned)),
            _ => {
                words.extend(suite.into_iter().flat_map(|it| [option.to_owned(), it]));
                let pattern = pattern.into_iter();
                words.extend(pattern.flat_map(|it| ["--workloads".to_owned(), it.to_owned()]));
            }
        }
        Ok(words)
    }
}

fn paths(paths: &[PathBuf]) -> Result<Vec<String>> {
    paths.iter().map(|it| text(it)).collect()
}

fn text(path: &Path) -> Result<String> {
    match path.to_str() {
        Some(text) => Ok(text.to_owned()),
        None => bail!("{} is not UTF-8", path.display()),
    }
}
