//! `run`: load and evaluate a module graph.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::effect::{CacheLine, given};
use super::{ExitStatus, note, plural, usage_error};
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
#[command(after_help = AFTER_HELP)]
pub struct RunArgs {
    /// The entry module
    entry: PathBuf,
    /// The engine to run on: a name or a version from `engine list`
    #[arg(long)]
    engine: Option<String>,
    /// How the graph is loaded [default: full with a cache, parse without]
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
    /// Which functions the pack of the graph path holds [default: executed]
    #[arg(long, value_enum)]
    payload: Option<PayloadArg>,
    /// How the sources of this pack are checked before it is used [default: content]
    #[arg(long, value_enum)]
    check: Option<CheckArg>,
    /// Do not read modules ahead on a second thread, as full does, and graph for what a program imports later
    #[arg(long)]
    no_read_ahead: bool,
    /// Parse each cached module, too, and compare its cached record with the parser's field by field; a difference is exit
    /// code 3
    #[arg(long)]
    validate: bool,
    /// Overwrite the text of each cached source once it has been hashed: a test that nothing reads it
    #[arg(long, hide = true)]
    poison_sources: bool,
}

const AFTER_HELP: &str = "\
A cache is used when --path is not parse, or with --cache, --cache-dir or --experimental-esm-bytecode. An option that has no
effect together with the others is a usage error.

Notes on the cache (why --path graph has no pack, that --validate compared nothing) are part of --stats; without --stats they
are printed on standard error.

Exit codes:
  0   the program ended well
  1   the program threw, or cannot be loaded
  3   --validate found a cached record that is not the parser's
  4   could not run
  64  usage";

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

impl PathArg {
    /// Its word in the command line.
    pub fn name(self) -> &'static str {
        LoadPath::from(self).name()
    }
}

impl CacheArg {
    /// What may be done with the cache; nothing when there is none.
    pub fn mode(self) -> Option<CacheMode> {
        match self {
            Self::Auto => Some(CacheMode::Auto),
            Self::ReadOnly => Some(CacheMode::ReadOnly),
            Self::Refresh => Some(CacheMode::Refresh),
            Self::Off => None,
        }
    }

    /// Its word in the command line.
    pub fn name(self) -> &'static str {
        self.mode().map_or("off", CacheMode::name)
    }
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
    let path = arguments.path.unwrap_or(arguments.cache.default_path());
    if let Some(wrong) = arguments.line(path).without_effect() {
        return Ok(usage_error(&wrong));
    }
    let cache = arguments.cache.options(path)?;
    let loaded = installed::load(arguments.engine.as_deref())?;
    let options = RunOptions {
        entry: &arguments.entry,
        path: path.into(),
        cache: cache.as_ref(),
        stats: arguments.stats.is_some(),
        recorder: None,
        observe: false,
        true_lines: false,
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
    if let Some(report) = run.cache {
        if arguments.stats.is_none() {
            note::on_cache(&report, arguments.cache.validate);
        }
        if !report_cache(&report) {
            status = ExitStatus::Invalid;
        }
    }
    Ok(status)
}

impl RunArgs {
    fn line(&self, path: PathArg) -> CacheLine {
        let cache = &self.cache;
        CacheLine {
            path,
            path_is_given: self.path.is_some(),
            mode: cache.mode,
            given: given(&[
                (
                    "--experimental-esm-bytecode",
                    cache.experimental_esm_bytecode,
                ),
                ("--cache-dir", cache.cache_dir.is_some()),
                ("--map", cache.map),
                ("--no-map", cache.no_map),
                ("--payload", cache.payload.is_some()),
                ("--check", cache.check.is_some()),
                ("--no-read-ahead", cache.no_read_ahead),
                ("--validate", cache.validate),
                ("--poison-sources", cache.poison_sources),
            ]),
        }
    }
}

impl CacheArgs {
    /// How a graph is loaded when the command line does not say it.
    fn default_path(&self) -> PathArg {
        let cached = match self.mode {
            Some(mode) => mode != CacheArg::Off,
            None => self.experimental_esm_bytecode || self.cache_dir.is_some(),
        };
        if cached {
            PathArg::Full
        } else {
            PathArg::Parse
        }
    }

    fn options(&self, path: PathArg) -> Result<Option<CacheOptions>, Error> {
        let mode = self.mode.unwrap_or(CacheArg::Auto).mode();
        let Some(mode) = mode.filter(|_| path != PathArg::Parse) else {
            return Ok(None);
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
            payload: self.payload.unwrap_or_default().into(),
            check: self.check.unwrap_or_default().into(),
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
            "error: {} of {} {} from what the parser makes; the first: {}: {}",
            report.differences.len(),
            plural(report.compared, "compared record", "compared records"),
            if report.differences.len() == 1 {
                "differs"
            } else {
                "differ"
            },
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
