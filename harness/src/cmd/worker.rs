//! `worker`: loads one program by one path once and prints one line of JSON about it.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::effect::{CacheLine, given};
use super::run::{CacheArg, CheckArg, PathArg, PayloadArg};
use super::{ExitStatus, usage_error};
use crate::Error;
use crate::cache::store::Loading;
use crate::installed;
use crate::load::CacheOptions;
use crate::measure::worker::{Observe, Task, work};
use crate::verify::{Mix, Mutant, work_mixed, work_stale};

/// Arguments of `worker`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct WorkerArgs {
    /// The entry module; or give --workload and --root
    #[arg(required_unless_present = "root")]
    entry: Option<PathBuf>,
    /// The workload's name, from `list`
    #[arg(long, value_name = "NAME")]
    workload: Option<String>,
    /// Load the entry of --workload; the files of a generated one are written into this directory if they are not there
    #[arg(
        long,
        value_name = "DIR",
        requires = "workload",
        conflicts_with = "entry"
    )]
    root: Option<PathBuf>,
    /// The engine to run on: a name or a version from `engine list`
    #[arg(long)]
    engine: Option<String>,
    /// How the graph is loaded
    #[arg(long, value_enum)]
    path: PathArg,
    /// The cache's directory
    #[arg(long, value_name = "DIR", required_if_eq_any([("path", "bytecode"), ("path", "full"), ("path", "graph")]))]
    cache_dir: Option<PathBuf>,
    /// What may be done with the cache [default: auto]
    #[arg(long = "cache", value_enum, value_name = "MODE")]
    mode: Option<CacheArg>,
    /// Which functions the pack of the graph path holds [default: executed]
    #[arg(long, value_enum)]
    payload: Option<PayloadArg>,
    /// How the sources of this pack are checked before it is used [default: content]
    #[arg(long, value_enum, conflicts_with = "mutant")]
    check: Option<CheckArg>,
    /// Parse each cached module, too, and compare its cached record with the parser's field by field
    #[arg(long)]
    validate: bool,
    /// Do not read modules ahead on a second thread
    #[arg(long)]
    no_read_ahead: bool,
    /// What is told of the program's behaviour
    #[arg(long, value_enum, default_value = "none")]
    observe: ObserveArg,
    /// Overwrite the text of each cached source once it has been hashed: a test that nothing reads it
    #[arg(long, hide = true)]
    poison_sources: bool,
    /// Load with this many subsets of the entries, each in a fresh VM; with every subset when there are few entries
    #[arg(
        long,
        hide = true,
        value_name = "COUNT",
        requires = "cache_dir",
        group = "drawn"
    )]
    mixed: Option<u64>,
    /// Load from the pack with each of this many modules seen as changed, each time in a fresh VM
    #[arg(
        long,
        hide = true,
        value_name = "COUNT",
        requires = "cache_dir",
        group = "drawn"
    )]
    stale: Option<u64>,
    /// Load with this module seen as changed only
    #[arg(long, hide = true, value_name = "KEY", requires = "stale")]
    stale_module: Option<String>,
    /// What the subsets and the changed modules are drawn from
    #[arg(long, hide = true, default_value_t = 0, requires = "drawn")]
    seed: u64,
    /// Load with this subset only
    #[arg(long, hide = true, requires = "mixed")]
    subset: Option<u64>,
    /// Spoil the cache's entries like this: a test of `verify`
    #[arg(long, hide = true, value_enum)]
    mutant: Option<Mutant>,
    /// Load with true lines, as from a cache: what the parser skips never shifts them
    #[arg(long, hide = true)]
    true_lines: bool,
    /// Make the load this much slower
    #[arg(long, hide = true, value_name = "NS", default_value_t = 0)]
    spin: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ObserveArg {
    /// Nothing
    None,
    /// A digest of everything
    Digest,
    /// The digest, how the program ended and what it printed
    Outcome,
    /// Everything
    Full,
}

const AFTER_HELP: &str = "\
What the program prints is kept apart from the line and is part of what is observed. Observing happens after
everything that is timed.

Exit codes: 0 when the line is printed, however the program ended; 4 when the program could not be started; 64 usage.";

/// Runs `worker`.
pub fn run(arguments: &WorkerArgs) -> Result<ExitStatus, Error> {
    if let Some(wrong) = arguments.line().without_effect() {
        return Ok(usage_error(&wrong));
    }
    let loaded = installed::load(arguments.engine.as_deref())?;
    let entry = match (&arguments.entry, &arguments.root, &arguments.workload) {
        (Some(entry), ..) => entry.clone(),
        (None, Some(root), Some(name)) => {
            workloads::materialise(&workloads::find(name)?, root)?.entry
        }
        // Clap has asked for one of the two.
        _ => PathBuf::new(),
    };
    let cache = arguments.cache();
    let task = Task {
        workload: arguments.workload.as_deref(),
        entry: &entry,
        path: arguments.path.into(),
        cache: cache.as_ref(),
        observe: match arguments.observe {
            ObserveArg::None => Observe::Nothing,
            ObserveArg::Digest => Observe::Digest,
            ObserveArg::Outcome => Observe::Outcome,
            ObserveArg::Full => Observe::Everything,
        },
        true_lines: arguments.true_lines,
        spin: Duration::from_nanos(arguments.spin),
        again: false,
    };
    match (arguments.mixed, arguments.stale, &cache) {
        (_, Some(count), Some(cache)) => print(&work_stale(
            &loaded,
            &task,
            cache,
            (count, arguments.seed),
            arguments.stale_module.as_deref(),
        )?),
        (Some(count), None, Some(cache)) => print(&work_mixed(
            &loaded,
            &task,
            cache,
            Mix {
                count,
                seed: arguments.seed,
                only: arguments.subset,
            },
        )?),
        _ => print(&work(&loaded, &task)?),
    }
    Ok(ExitStatus::Success)
}

fn print(line: &impl Serialize) {
    let mut out = io::stdout().lock();
    // Serializing our own types cannot fail; whoever started this process sees a line that is not whole.
    let _ = serde_json::to_writer(&mut out, line);
    let _ = writeln!(out);
}

impl WorkerArgs {
    fn line(&self) -> CacheLine {
        CacheLine {
            path: self.path,
            path_is_given: true,
            mode: self.mode,
            given: given(&[
                ("--cache-dir", self.cache_dir.is_some()),
                ("--payload", self.payload.is_some()),
                ("--check", self.check.is_some()),
                ("--validate", self.validate),
                ("--no-read-ahead", self.no_read_ahead),
                ("--poison-sources", self.poison_sources),
                ("--mixed", self.mixed.is_some()),
                ("--stale", self.stale.is_some()),
                ("--mutant", self.mutant.is_some()),
            ]),
        }
    }

    fn cache(&self) -> Option<CacheOptions> {
        let mode = self.mode.unwrap_or(CacheArg::Auto).mode()?;
        if self.path == PathArg::Parse {
            return None;
        }
        let check = self.check.unwrap_or_default().into();
        Some(CacheOptions {
            payload: self.payload.unwrap_or_default().into(),
            check: self.mutant.map_or(check, Mutant::check),
            directory: self.cache_dir.clone()?,
            mode,
            loading: Loading::Auto,
            validate: self.validate,
            read_ahead: !self.no_read_ahead,
            alter: self.mutant.map(Mutant::alter),
            stale: None,
            poison_sources: self.poison_sources,
        })
    }
}
