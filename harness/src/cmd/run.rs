//! `run`: load and evaluate a module graph.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::ExitStatus;
use crate::Error;
use crate::cache::MissReason;
use crate::cache::pack::Payload;
use crate::cache::store::Loading;
use crate::engine::{FailedAt, Outcome};
use crate::installed;
use crate::load::{
    self, CacheMode, CacheOptions, CacheReport, Check, LoadPath, Run, RunOptions, RunStats,
};

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The entry module
    entry: PathBuf,
    /// The engine to run on: a name or a version from `engine list`
    #[arg(long)]
    engine: Option<String>,
    /// How the graph is loaded; with a cache option `full`, else `parse`
    #[arg(long, value_enum)]
    path: Option<PathArg>,
    #[command(flatten)]
    cache: CacheArgs,
    /// Write facts about the run as JSON to this file; `-` is standard error
    #[arg(long, value_name = "FILE")]
    stats: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct CacheArgs {
    /// Load by `--path full --cache auto` with the default cache directory
    #[arg(long)]
    experimental_esm_bytecode: bool,
    /// What may be done with the cache [default: auto]
    #[arg(long = "cache", value_enum, value_name = "MODE")]
    mode: Option<CacheArg>,
    /// The cache's directory [default: $XDG_CACHE_HOME/jsc-harness/modules]
    #[arg(long, value_name = "DIR")]
    cache_dir: Option<PathBuf>,
    /// Map small cache files, too, and not only large ones
    #[arg(long, conflicts_with = "no_map")]
    map: bool,
    /// Map no cache file: read each, which is immune to whatever happens to the file meanwhile
    #[arg(long)]
    no_map: bool,
    /// Which functions a graph pack holds
    #[arg(long, value_enum, default_value_t)]
    payload: PayloadArg,
    /// How the sources of a graph pack are checked before it is used
    #[arg(long, value_enum, default_value_t)]
    check: CheckArg,
    /// Do not let a second thread read ahead what the records in the cache say is coming
    #[arg(long)]
    no_read_ahead: bool,
    /// Build each cached module record both ways and compare them field by field; a difference is exit code 3
    #[arg(long)]
    validate: bool,
    /// Overwrite the text of each cached source once it has been hashed: a test that nothing reads it
    #[arg(long, hide = true)]
    poison_sources: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PathArg {
    /// Parse everything: stock JSC, no cache
    Parse,
    /// Parse the records, take the bytecode from the cache
    Bytecode,
    /// Take records and bytecode from the cache: no parse at all
    Full,
    /// Take the whole static closure from one pack: no parse, nothing resolved
    Graph,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CacheArg {
    /// Read entries, write those that were missing
    Auto,
    /// Read entries, change nothing
    ReadOnly,
    /// Take nothing, write everything anew
    Refresh,
    /// No cache
    Off,
}

impl From<PathArg> for LoadPath {
    fn from(path: PathArg) -> Self {
        match path {
            PathArg::Parse => Self::Parse,
            PathArg::Bytecode => Self::Bytecode,
            PathArg::Full => Self::Full,
            PathArg::Graph => Self::Graph,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum PayloadArg {
    /// Every function, call and construct code
    All,
    /// Those that the first run has executed; others are parsed when they are first called
    #[default]
    Executed,
}

impl From<PayloadArg> for Payload {
    fn from(payload: PayloadArg) -> Self {
        match payload {
            PayloadArg::All => Self::All,
            PayloadArg::Executed => Self::Executed,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckArg {
    /// By their content
    #[default]
    Content,
    /// By size, times and inode
    Stat,
    /// Not at all: for a deployment that nobody changes
    None,
}

impl From<CheckArg> for Check {
    fn from(check: CheckArg) -> Self {
        match check {
            CheckArg::Content => Self::Content,
            CheckArg::Stat => Self::Stat,
            CheckArg::None => Self::None,
        }
    }
}

/// Runs `run`.
pub fn run(arguments: &RunArgs) -> Result<ExitStatus, Error> {
    let path = arguments.path.unwrap_or(match &arguments.cache {
        CacheArgs {
            experimental_esm_bytecode: false,
            mode: None,
            cache_dir: None,
            ..
        } => PathArg::Parse,
        _ => PathArg::Full,
    });
    let cache = arguments.cache.options(path)?;
    let loaded = installed::load(arguments.engine.as_deref())?;
    let options = RunOptions {
        entry: &arguments.entry,
        path: path.into(),
        cache: cache.as_ref(),
        stats: arguments.stats.is_some(),
        recorder: None,
        observe: false,
        spin: Duration::ZERO,
        again: false,
    };
    let run = match load::run(&loaded.engine, &loaded.name, &options) {
        Ok(run) => run,
        Err(error @ Error::Entry(_)) => {
            // A program that cannot be loaded is the program's failure, not ours.
            let _ = writeln!(io::stderr(), "error: {error}");
            return Ok(ExitStatus::Finding);
        }
        Err(error) => return Err(error),
    };
    let mut status = report(&run, &arguments.entry);
    if let (Some(file), Some(stats)) = (&arguments.stats, &run.stats) {
        write_stats(file, stats)?;
    }
    if run.cache.is_some_and(|cache| !report_cache(&cache)) {
        status = ExitStatus::Invalid;
    }
    Ok(status)
}

impl CacheArgs {
    fn options(&self, path: PathArg) -> Result<Option<CacheOptions>, Error> {
        let mode = match self.mode.unwrap_or(CacheArg::Auto) {
            CacheArg::Off => return Ok(None),
            _ if path == PathArg::Parse => return Ok(None),
            CacheArg::Auto => CacheMode::Auto,
            CacheArg::ReadOnly => CacheMode::ReadOnly,
            CacheArg::Refresh => CacheMode::Refresh,
        };
        let directory = match &self.cache_dir {
            Some(directory) => directory.clone(),
            None => load::default_cache_directory()?,
        };
        Ok(Some(CacheOptions {
            directory,
            mode,
            loading: match (self.map, self.no_map) {
                (true, _) => Loading::Map,
                (_, true) => Loading::Read,
                _ => Loading::Auto,
            },
            validate: self.validate,
            payload: self.payload.into(),
            check: self.check.into(),
            read_ahead: !self.no_read_ahead,
            alter: None,
            stale: None,
            poison_sources: self.poison_sources,
        }))
    }
}

/// Says what is wrong with the cache; true when nothing is.
fn report_cache(report: &CacheReport) -> bool {
    let mut err = io::stderr();
    if let Some(refusal) = report
        .refusal
        .as_ref()
        .filter(|it| it.reason != MissReason::Absent)
    {
        let _ = writeln!(err, "warning: the cache is not used: {refusal}");
    }
    if let Some(first) = report.differences.first() {
        let _ = writeln!(
            err,
            "error: {} of the records rebuilt from the cache differ from what the parser makes; the first: {}: {}",
            report.differences.len(),
            first.module,
            first.what
        );
    }
    report.differences.is_empty()
}

fn report(run: &Run, entry: &Path) -> ExitStatus {
    let message = match &run.outcome {
        Outcome::Completed => return ExitStatus::Success,
        Outcome::Threw(error) => format!("Uncaught {error}"),
        Outcome::UnhandledRejection(reason) => format!("Uncaught (in promise) {reason}"),
        Outcome::Unsettled => format!(
            "error: {} never finished: nothing is left to run, but a top-level await still waits",
            entry.display()
        ),
    };
    let _ = writeln!(io::stderr(), "{message}");
    if let Some(module) = run.outcome.failed_module() {
        let step = match module.at {
            FailedAt::Analysis => "parsing",
            FailedAt::Link => "linking",
        };
        let importer = run
            .importer
            .as_ref()
            .map(|it| format!(", imported from {it}"))
            .unwrap_or_default();
        let _ = writeln!(io::stderr(), "    while {step} {}{importer}", module.key);
    }
    ExitStatus::Finding
}

fn write_stats(file: &Path, stats: &RunStats) -> Result<(), Error> {
    let wrong = |source| Error::Write {
        flag: "--stats",
        path: file.to_owned(),
        source,
    };
    let mut text = serde_json::to_vec_pretty(stats).map_err(|error| wrong(error.into()))?;
    text.push(b'\n');
    if file == Path::new("-") {
        return io::stderr().write_all(&text).map_err(wrong);
    }
    fs::write(file, text).map_err(wrong)
}
