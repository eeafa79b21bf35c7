//! `run`: load and evaluate a module graph.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;

use super::cache_arg::CacheArg;
use super::effect::{CacheLine, given};
use super::host_arg::HostArgs;
use super::{ExitStatus, note};
use crate::Error;
use crate::cmd::root::root;
use crate::cmd::word::word;
use engine::{FailedAt, Outcome};
use jsc_module_cache::MissReason;
use jsc_module_cache::pack::Payload;
use jsc_module_cache::store::Loading;
use load::{
    CacheOptions, CacheReport, Execution, ExecutionOptions, ExecutionStats, Interference, Program,
};
use sample::plural;

use super::terminal::Terminal;
use sample::{Check, LoadPath};

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
    #[arg(long, value_parser = word::<LoadPath>())]
    path: Option<LoadPath>,
    #[command(flatten)]
    host: HostArgs,
    #[command(flatten)]
    cache: CacheArgs,
    /// Write facts about the run as JSON to this file; `-` is standard error
    #[arg(long, value_name = "FILE")]
    stats: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct CacheArgs {
    /// Load with `--path full --cache auto` and the default cache directory
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
    #[arg(long, value_parser = word::<Payload>())]
    payload: Option<Payload>,
    /// How the sources of this pack are checked before it is used [default: content]
    #[arg(long, value_parser = word::<Check>())]
    check: Option<Check>,
    /// Find the pack, and make it, relative to this directory, so that both can be moved
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Read no modules ahead on a second thread (full does; graph does for later imports)
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

/// Runs `run`.
pub fn run(arguments: &RunArgs) -> Result<ExitStatus, Error> {
    let path = arguments.path.unwrap_or(arguments.cache.default_path());
    if let Some(wrong) = arguments.line(path).without_effect() {
        return Err(Error::Usage(wrong));
    }
    let cache = arguments.cache.options(path, &arguments.entry)?;
    let loaded = workers::load(arguments.engine.as_deref())?;
    let program = match Program::open(&arguments.entry, &arguments.host.options()) {
        Ok(program) => program,
        Err(error) => return cannot_be_loaded(error),
    };
    let interference = Interference {
        poison_sources: arguments.cache.poison_sources,
        ..Interference::default()
    };
    let options = ExecutionOptions {
        program: &program,
        path,
        cache: cache.as_ref(),
        stats: arguments.stats.is_some(),
        console: Rc::new(Terminal),
        observer: None,
        true_lines: false,
        interference: &interference,
        again: false,
    };
    let execution = match load::execute(&loaded.engine, &loaded.name, &options) {
        Ok(execution) => execution,
        Err(error) => return cannot_be_loaded(error),
    };
    let mut status = report(&execution, &arguments.entry);
    if let (Some(file), Some(stats)) = (&arguments.stats, &execution.stats) {
        write_stats(file, stats)?;
    }
    if let Some(report) = execution.cache {
        if arguments.stats.is_none() {
            note::on_cache(&report, arguments.cache.validate);
        }
        if !report_cache(&report) {
            status = ExitStatus::Invalid;
        }
    }
    Ok(status)
}

/// A program that cannot be loaded is the program's failure, not ours; so is a prelude that throws.
fn cannot_be_loaded(error: load::Error) -> Result<ExitStatus, Error> {
    match error {
        load::Error::Entry(_) | load::Error::PreludeFailed { .. } => {
            let _ = writeln!(io::stderr(), "error: {error}");
            Ok(ExitStatus::Finding)
        }
        error => Err(error.into()),
    }
}

impl RunArgs {
    fn line(&self, path: LoadPath) -> CacheLine {
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
                ("--root", cache.root.is_some()),
                ("--no-read-ahead", cache.no_read_ahead),
                ("--validate", cache.validate),
                ("--poison-sources", cache.poison_sources),
            ]),
        }
    }
}

impl CacheArgs {
    /// How a graph is loaded when the command line does not say it.
    fn default_path(&self) -> LoadPath {
        let cached = match self.mode {
            Some(mode) => mode != CacheArg::Off,
            None => self.experimental_esm_bytecode || self.cache_dir.is_some(),
        };
        if cached {
            LoadPath::Full
        } else {
            LoadPath::Parse
        }
    }

    fn options(&self, path: LoadPath, entry: &Path) -> Result<Option<CacheOptions>, Error> {
        let mode = self.mode.unwrap_or(CacheArg::Auto).mode();
        let Some(mode) = mode.filter(|_| path != LoadPath::Parse) else {
            return Ok(None);
        };
        let directory = match &self.cache_dir {
            Some(directory) => directory.clone(),
            None => load::default_cache_directory()?,
        };
        Ok(Some(CacheOptions {
            loading: match (self.map, self.no_map) {
                (true, _) => Loading::Map,
                (_, true) => Loading::Read,
                _ => Loading::Auto,
            },
            validate: self.validate,
            payload: self.payload.unwrap_or_default(),
            check: self.check.unwrap_or_default(),
            root: root(self.root.as_deref(), &[entry.to_owned()])?,
            read_ahead: !self.no_read_ahead,
            ..CacheOptions::new(directory, mode)
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

fn report(execution: &Execution, entry: &Path) -> ExitStatus {
    let message = match &execution.outcome {
        Outcome::Completed => return ExitStatus::Success,
        Outcome::Threw(error) => format!("Uncaught {error}"),
        Outcome::UnhandledRejection(reason) => format!("Uncaught (in promise) {reason}"),
        Outcome::Unsettled => format!(
            "error: {} never finished: nothing is left to run, but a top-level await still waits",
            entry.display()
        ),
    };
    let _ = writeln!(io::stderr(), "{message}");
    if let Some(module) = execution.outcome.failed_module() {
        let step = match module.at {
            FailedAt::Analysis => "parsing",
            FailedAt::Link => "linking",
        };
        let importer = execution
            .importer
            .as_ref()
            .map(|it| format!(", imported from {it}"))
            .unwrap_or_default();
        let _ = writeln!(io::stderr(), "    while {step} {}{importer}", module.key);
    }
    ExitStatus::Finding
}

fn write_stats(file: &Path, stats: &ExecutionStats) -> Result<(), Error> {
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
