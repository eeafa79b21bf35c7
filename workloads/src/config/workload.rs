//! A `[[workload]]` of a `jsc-harness.toml`.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use resolve::ImportMap;
use sample::HostOptions;
use serde::Deserialize;
use toml::Spanned;

use super::Config;
use crate::definition::{Expected, WorkloadDef};
use crate::error::Error;

/// The longest that a load may be allowed to take.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What the table says, as it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WorkloadTable {
    name: Option<Spanned<String>>,
    entry: Spanned<PathBuf>,
    why: Option<String>,
    /// Suites that it belongs to, besides those that name it.
    #[serde(default)]
    suites: Vec<String>,
    modules: Option<usize>,
    expected: Option<Expected>,
    conditions: Option<Vec<Spanned<String>>>,
    main_fields: Option<Vec<Spanned<String>>>,
    extensions: Option<Vec<Spanned<String>>>,
    import_map: Option<Spanned<PathBuf>>,
    prelude: Option<Spanned<PathBuf>>,
    /// Seconds.
    time_limit: Option<Spanned<f64>>,
}

impl WorkloadTable {
    /// Where the file names it.
    pub fn at(&self) -> Range<usize> {
        let name = self.name.as_ref().map(Spanned::span);
        name.unwrap_or_else(|| self.entry.span())
    }
}

impl Config {
    /// The workload that this table defines; files are relative to `folder`.
    pub(super) fn workload(
        &self,
        table: WorkloadTable,
        folder: &Path,
    ) -> Result<WorkloadDef, Error> {
        let name = match &table.name {
            Some(name) if name.get_ref().trim().is_empty() => {
                return Err(self.wrong(name.span(), "a name is empty".to_owned()));
            }
            Some(name) => name.get_ref().clone(),
            None => table.entry.get_ref().display().to_string(),
        };
        let optional = |given: &Option<Spanned<PathBuf>>, what: &str| {
            let given = given.as_ref();
            given.map(|it| self.file(it, folder, what)).transpose()
        };
        let import_map = optional(&table.import_map, "import map")?;
        if let (Some(given), Some(path)) = (&table.import_map, &import_map) {
            ImportMap::read(path).map_err(|error| self.wrong(given.span(), error.to_string()))?;
        }
        let host = HostOptions {
            import_map,
            prelude: optional(&table.prelude, "prelude")?,
            conditions: self.words(table.conditions, "condition", "", "")?,
            main_fields: self.words(table.main_fields, "main field", "", "")?,
            extensions: self.words(
                table.extensions,
                "extension",
                ".",
                ": it begins with a dot, as in .js",
            )?,
        };
        let entry = self.file(&table.entry, folder, "entry")?;
        let at = table.entry.span();
        if entry.extension().is_some_and(|it| it == "json") {
            return Err(self.wrong(
                at,
                "an entry cannot be JSON, which a program can only import".to_owned(),
            ));
        }
        let exit_code = table.expected.as_ref().map(|it| it.exit_code);
        if exit_code.is_some_and(|it| !(0..=1).contains(&it)) {
            return Err(self.wrong(
                at,
                "`expected.exit-code` is 0, or 1 for an error that nothing catches".to_owned(),
            ));
        }
        if table.modules == Some(0) {
            return Err(self.wrong(at, "`modules` is at least 1: the entry is one".to_owned()));
        }
        Ok(WorkloadDef {
            why: table.why.unwrap_or_default(),
            modules: table.modules,
            expected: table.expected,
            time_limit: self.time_limit(table.time_limit.as_ref())?,
            suites: table.suites,
            ..WorkloadDef::program(name, entry, host, &self.path)
        })
    }

    fn file(&self, given: &Spanned<PathBuf>, folder: &Path, what: &str) -> Result<PathBuf, Error> {
        let path = folder.join(given.get_ref());
        match path.is_file() {
            true => Ok(path),
            false => Err(self.wrong(
                given.span(),
                format!("the {what} `{}` is not a file", given.get_ref().display()),
            )),
        }
    }

    /// Words that each have more than what they begin with, and no slash.
    fn words(
        &self,
        given: Option<Vec<Spanned<String>>>,
        what: &str,
        begin: &str,
        hint: &str,
    ) -> Result<Option<Vec<String>>, Error> {
        let Some(given) = given else { return Ok(None) };
        let is_one = |word: &str| {
            let rest = word.strip_prefix(begin).unwrap_or_default();
            !rest.is_empty() && !rest.contains(|it: char| it == '/' || it.is_whitespace())
        };
        if let Some(wrong) = given.iter().find(|it| !is_one(it.get_ref())) {
            let what = format!("`{}` is no {what}{hint}", wrong.get_ref());
            return Err(self.wrong(wrong.span(), what));
        }
        Ok(Some(given.into_iter().map(Spanned::into_inner).collect()))
    }

    fn time_limit(&self, given: Option<&Spanned<f64>>) -> Result<Option<Duration>, Error> {
        let Some(given) = given else { return Ok(None) };
        match Duration::try_from_secs_f64(*given.get_ref()) {
            Ok(limit) if !limit.is_zero() && limit <= LONGEST => Ok(Some(limit)),
            _ => {
                let what = format!(
                    "a time limit is a number of seconds, above 0 and at most {}",
                    LONGEST.as_secs()
                );
                Err(self.wrong(given.span(), what))
            }
        }
    }
}
