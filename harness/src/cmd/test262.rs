//! `test262`: the module tests of a Test262 checkout on every load path, compared.

mod progress;
mod table;

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::{Args, ValueEnum};
use regex::Regex;

use self::progress::ProgressLine;
use super::{ExitStatus, Format};
use crate::{Error, print};
use sample::Shard;
use test262::{Checkout, Isolation, Report, Selection, Settings};

/// Arguments of `test262`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Test262Args {
    /// The checkout: the directory with harness/ and test/
    directory: PathBuf,
    /// Run only tests whose path below test/ matches this regular expression
    filter: Option<Regex>,
    /// The engine to run on: a name or a version from `engine list`
    #[arg(long)]
    engine: Option<String>,
    /// Worker processes at a time [default: one for each core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Run only this part of the tests: 1/3, 2/3 and 3/3 together are all of them
    #[arg(long, value_name = "INDEX/COUNT")]
    shard: Option<Shard>,
    /// Which tests share a process; each has a VM of its own in any case
    #[arg(long, value_enum, default_value_t)]
    isolation: IsolationArg,
    /// Parse each cached module, too, and compare its cached record with the parser's field by field
    #[arg(long)]
    validate: bool,
    /// Seconds that one run of one test may take
    #[arg(long, value_name = "SECONDS", default_value = "20")]
    timeout: NonZeroUsize,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXIT_CODES: &str = "\
Runs test/language/{module-code,import,export,expressions/dynamic-import,expressions/import.meta} and every other test
with `flags: [module]`, as INTERPRETING.md of the checkout says. Each test runs on `parse`; on `full` and `graph` with a
cache that is read and written; and, in other processes, on `bytecode`, `full` and `graph` with the cache that these wrote.
Scripts run on `full` in place of `graph`, because packs are for module tests.

Every run of a test must show the same: ending, error, stack, output, unhandled rejections. Tests that fail on every path
alike are the engine's own failures, and are listed. Tests of features that the engine lacks are run and compared too.

Exit codes:
  0   every path gave the same result (whether or not tests pass)
  1   paths differ
  3   invalid: a cached path parsed what had an entry, or a cached record is wrong
  4   could not run: no checkout, no engine, no test is selected, a worker failed
  64  usage";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum IsolationArg {
    /// Many tests run in one process, one after the other
    #[default]
    Shared,
    /// Each run has a process of its own
    Process,
    /// Everything is run both ways, and the results compared
    Both,
}

/// Runs `test262`.
pub fn run(arguments: &Test262Args) -> Result<ExitStatus, Error> {
    let loaded = workers::load(arguments.engine.as_deref())?;
    let checkout = Checkout::open(&arguments.directory)?;
    let selection = Selection::new(&checkout, arguments.filter.as_ref(), arguments.shard)?;
    let settings = Settings {
        jobs: arguments
            .jobs
            .unwrap_or_else(|| thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)),
        time_limit: Duration::from_secs(arguments.timeout.get() as u64),
        isolation: match arguments.isolation {
            IsolationArg::Shared => Isolation::Shared,
            IsolationArg::Process => Isolation::Process,
            IsolationArg::Both => Isolation::Both,
        },
        validate: arguments.validate,
    };
    let line = ProgressLine::new();
    let report = test262::run(&loaded, &checkout, &selection, &settings, &|progress| {
        line.show(progress)
    });
    line.clear();
    let report = report?;
    match arguments.format {
        Format::Json => print::json(&report),
        Format::Table => print::line(&table::text(&report)),
    }
    Ok(status(&report))
}

/// Runs jobs for `test262` until standard input ends.
pub fn worker() -> Result<ExitStatus, Error> {
    let loaded = workers::load(None)?;
    test262::serve(&loaded.engine).map_err(|error| Error::Worker {
        reason: error.to_string(),
    })?;
    Ok(ExitStatus::Success)
}

fn status(report: &Report) -> ExitStatus {
    let mut err = io::stderr();
    if !report.breaches.is_empty() {
        let _ = writeln!(
            err,
            "error: {} runs by cached paths were not what they should be; the result proves nothing",
            report.breaches.len()
        );
        return ExitStatus::Invalid;
    }
    if !report.differences.is_empty() {
        let _ = writeln!(
            err,
            "error: {} results differ between paths",
            report.differences.len()
        );
        return ExitStatus::Finding;
    }
    ExitStatus::Success
}
