//! `worker`: loads one program on one path once and prints one line of JSON about it.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use load::{Interference, work};
use sample::{CacheUse, Check, Draw, LoadPath, Observe, Payload, Task};
use serde::Serialize;
use verify::{Mix, Work, alter, work_mixed, work_random, work_stale};
use workers::Loaded;

use super::ExitStatus;
use super::cache_arg::CacheArg;
use super::effect::{CacheLine, given};
use super::word::word;
use crate::Error;

/// Arguments of `worker`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct WorkerArgs {
    /// The entry module; or give --workload and --root
    #[arg(required_unless_present_any = ["root", "task"])]
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
    #[arg(long, value_parser = word::<LoadPath>(), required_unless_present = "task")]
    path: Option<LoadPath>,
    /// The cache's directory
    #[arg(long, value_name = "DIR", required_if_eq_any([("path", "bytecode"), ("path", "full"), ("path", "graph")]))]
    cache_dir: Option<PathBuf>,
    /// What may be done with the cache [default: auto]
    #[arg(long = "cache", value_enum, value_name = "MODE")]
    mode: Option<CacheArg>,
    /// Which functions the pack of the graph path holds [default: executed]
    #[arg(long, value_parser = word::<Payload>())]
    payload: Option<Payload>,
    /// How the sources of this pack are checked before it is used [default: content]
    #[arg(long, value_parser = word::<Check>())]
    check: Option<Check>,
    /// Parse each cached module, too, and compare its cached record with the parser's field by field
    #[arg(long)]
    validate: bool,
    /// Do not read modules ahead on a second thread
    #[arg(long)]
    no_read_ahead: bool,
    /// What is told of the program's behaviour
    #[arg(long, value_parser = word::<Observe>(), default_value = "none")]
    observe: Observe,
    /// Overwrite the text of each cached source once it has been hashed: a test that nothing reads it
    #[arg(long, hide = true)]
    poison_sources: bool,
    /// Everything in one line of JSON: how other commands of this program start a worker
    #[arg(
        long,
        hide = true,
        value_name = "JSON",
        conflicts_with_all = [
            "entry", "workload", "root", "path", "cache_dir", "mode", "payload", "check", "validate", "no_read_ahead",
            "observe", "poison_sources"
        ]
    )]
    task: Option<String>,
}

const AFTER_HELP: &str = "\
What the program prints is kept apart from the line and is part of what is observed. Observing happens after
everything that is timed.

Exit codes: 0 when the line is printed, however the program ended; 4 when the program could not be started; 64 usage.";

/// Runs `worker`.
pub fn run(arguments: &WorkerArgs) -> Result<ExitStatus, Error> {
    let task = arguments.task()?;
    let Loaded { engine, name } = &workers::load(arguments.engine.as_deref())?;
    let interference = &Interference {
        alter: task.mutant.map(alter),
        ..Interference::default()
    };
    let of = Work {
        engine,
        name,
        task: &task,
        interference,
    };
    match (&task.draw, &task.cache) {
        (Some(Draw::Random), _) => print(&work_random(engine, name, &task.entry)?),
        (Some(Draw::Stale { count, seed, only }), Some(cache)) => {
            print(&work_stale(of, cache, (*count, *seed), only.as_deref())?);
        }
        (Some(Draw::Mixed { count, seed, only }), Some(_)) => {
            let (count, seed, only) = (*count, *seed, *only);
            print(&work_mixed(of, Mix { count, seed, only })?);
        }
        (Some(_), None) => {
            let what = "--task: entries can be left out only where there is a cache";
            return Err(Error::Usage(what.to_owned()));
        }
        (None, _) => print(&work(engine, name, &task, interference, false)?),
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
    /// What the command line asks for.
    fn task(&self) -> Result<Task, Error> {
        if let Some(task) = &self.task {
            return serde_json::from_str(task)
                .map_err(|error| Error::Usage(format!("--task: {error}")));
        }
        if let Some(wrong) = self.line().without_effect() {
            return Err(Error::Usage(wrong));
        }
        let entry = match (&self.entry, &self.root, &self.workload) {
            (None, Some(root), Some(name)) => {
                workloads::materialise(&workloads::find(name)?, root)?.entry
            }
            // Clap has asked for one of the two.
            (entry, ..) => entry.clone().unwrap_or_default(),
        };
        Ok(Task {
            workload: self.workload.clone(),
            cache: self.cache(),
            ..Task::new(self.path(), &entry).observing(self.observe)
        })
    }

    fn path(&self) -> LoadPath {
        // Clap has asked for it.
        self.path.unwrap_or(LoadPath::Parse)
    }

    fn line(&self) -> CacheLine {
        CacheLine {
            path: self.path(),
            path_is_given: true,
            mode: self.mode,
            given: given(&[
                ("--cache-dir", self.cache_dir.is_some()),
                ("--payload", self.payload.is_some()),
                ("--check", self.check.is_some()),
                ("--validate", self.validate),
                ("--no-read-ahead", self.no_read_ahead),
                ("--poison-sources", self.poison_sources),
            ]),
        }
    }

    fn cache(&self) -> Option<CacheUse> {
        let mode = self.mode.unwrap_or(CacheArg::Auto).mode()?;
        let directory = self.cache_dir.as_ref()?;
        (self.path() != LoadPath::Parse).then(|| CacheUse {
            payload: self.payload.unwrap_or_default(),
            check: self.check.unwrap_or_default(),
            validate: self.validate,
            read_ahead: !self.no_read_ahead,
            poison_sources: self.poison_sources,
            ..CacheUse::new(directory, mode)
        })
    }
}
