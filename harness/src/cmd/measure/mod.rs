//! `measure`: load times of workloads on every path, from fresh processes.

mod output;
mod progress;
pub(super) mod scratch;

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use workloads::Catalog;

use super::effect::{given, where_counting};
use super::selection::{self, SelectionArgs};
use super::{ExitStatus, Format};
use crate::Error;
use crate::cmd::void_limits::VoidLimitArgs;
use crate::cmd::word::word;
use measure::{Amount, Counting, Plan, PlannedWorkload, measure, peers};
use progress::Progress;
use record::{History, Metric, PageCache, Purpose, RunRecord, Series};
use sample::Shard;
use sample::{Check, LoadPath, PackUse, Payload};
use scratch::Scratch;
use workers::counting::Counter;

/// Arguments of `measure`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct MeasureArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    /// Only this part of the workloads: 1/3, 2/3 and 3/3 together are all of them
    #[arg(long, value_name = "INDEX/COUNT", conflicts_with = "growth")]
    shard: Option<Shard>,
    /// Generated graphs of growing size, and how the costs grow with it
    #[arg(long, conflicts_with_all = ["entries", "suite", "workloads"])]
    growth: bool,
    /// How the graphs are loaded [default: all of them]
    #[arg(long = "path", value_parser = word::<LoadPath>(), value_delimiter = ',')]
    paths: Vec<LoadPath>,
    /// The engines to run on: names or versions from `engine list` [default: the pinned default]
    #[arg(long = "engine", value_delimiter = ',')]
    engines: Vec<String>,
    /// Blocks of each workload; a block loads it once on every path on every engine [default: 30; with --growth 8; with
    /// --metric instructions 3]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000), conflicts_with = "budget")]
    blocks: Option<u32>,
    /// As many blocks as fit into this time, preparations included
    #[arg(long, value_name = "MINUTES", value_parser = minutes)]
    budget: Option<Duration>,
    /// Seed of the order of loads and of the size of environments [default: a new one, printed]
    #[arg(long)]
    seed: Option<u64>,
    /// Drop sources and cache entries from memory before each load
    #[arg(long)]
    cold: bool,
    /// Which functions the packs of the graph path hold [default: executed]
    #[arg(long, value_parser = word::<Payload>())]
    payload: Option<Payload>,
    /// How the sources of these packs are checked before they are used [default: content]
    #[arg(long, value_parser = word::<Check>())]
    check: Option<Check>,
    /// Also run the same entries in Bun, Node, Deno and the peers of jsc-harness.toml, as whole processes in the same blocks
    #[arg(long, conflicts_with_all = ["cold", "growth"])]
    peers: bool,
    #[command(flatten)]
    void_limits: VoidLimitArgs,
    /// How long one load may take
    #[arg(long, value_name = "SECONDS", default_value = "120", value_parser = seconds)]
    time_limit: Duration,
    /// Keep the result in this file, which must not exist
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Keep the result in the history, and bring the README.md beside it up to date: in the folder that jsc-harness.toml
    /// names [default: jsc-harness-results beside it; results in this repository]
    #[arg(long)]
    history: bool,
    /// Which number the table shows; results hold all of them. Instructions are counted instead of taking times
    #[arg(long, value_parser = word::<Metric>(), default_value = "load")]
    metric: Metric,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Start this program instead of workers
    #[arg(long, hide = true, value_name = "FILE")]
    worker_program: Option<PathBuf>,
}

/// What is measured when nothing is said.
const DEFAULT_SUITE: &str = "bench";

const AFTER_HELP: &str = "\
Without an ENTRY and without --suite and -w, the workloads are those of the suite bench, or all if there is no such suite.

Each load is a fresh process. Before anything is timed, every workload is loaded on the parse path, its cache is generated,
and every path is checked to show the same; every sample is checked again. A program that ends with an error is not timed,
unless its definition says that it must. A block loads one workload once on every path on every engine, in random order; a
round has one block of each workload. One process runs at a time.

A block is void, and done again twice at most, when files had to be read although the page cache is warm, when the
hypervisor stole time, or when the whole machine stood still waiting for memory or a disk; never because of how long
something took. On a machine that always loses some time, --steal-limit takes what there is: the random order within a
block keeps comparisons right, and intervals are wider. Results with other limits are series of their own.

The table shows medians with 95 % intervals, how many times as much the parse path takes (from loads of the same block),
what was analyzed and compiled on each path, and bytes of cache for each byte of source.

--peers adds processes of other runtimes, and of `jsc-harness run` on each path, to every block: from the start of the
process to its end, with what starting a runtime costs. Bun also as a program compiled with bytecode; Node also with its
compile cache, as a snapshot and as a single executable, both of a bundle; Deno also with its code cache. Of a workload
that was captured they load the original. What a peer prints must be what this program prints; otherwise it is not
measured on that workload, which changes no exit code. `cargo xtask setup --peers` installs pinned runtimes; a [[peer]]
of jsc-harness.toml (`jsc-harness init` shows one) is any other program.

--metric instructions runs each worker under `valgrind --tool=callgrind`, some fifty times as slowly, and counts the
instructions of all its threads, by part of its life: until the load begins, the load, the rest of the program. JSC runs
without its JIT then, with one collector thread. Counts do not depend on what else the machine does; they say nothing of
waiting, of caches of the processor, or of compiled code. Such results are series of their own.

--cold drops what the graph consists of. The engine itself stays in memory.

Exit codes:
  0   everything was measured
  2   fewer valid blocks than asked for; with --budget, too few for an interval
  3   a load that crashed, hung, printed garbage, showed something else, or did not use its cache; a program that ends
      with an error; see the result
  4   could not run
  64  usage";

/// Runs `measure`.
pub fn run(arguments: &MeasureArgs) -> Result<ExitStatus, Error> {
    let counter = arguments.is_counting().then(Counter::ready).transpose()?;
    let scratch = Scratch::new()?;
    let counting = counter.map(|it| Counting::new(it, scratch.path()));
    let plan = arguments.plan(counting)?;
    arguments.check_writable()?;
    let mut progress = Progress::begin();
    let _ = writeln!(io::stderr(), "measure: seed {}", plan.seed);
    let record = measure(&plan, scratch.path(), &mut progress);
    progress.end();
    let record = record?;
    arguments.keep(&record)?;
    output::print(&record, arguments.metric, arguments.format);
    output::complain(&record);
    Ok(output::status(&record, plan.amount))
}

impl MeasureArgs {
    /// The plan; or what is wrong with the command line, in words.
    fn plan(&self, counting: Option<Counting>) -> Result<Plan, Error> {
        if let Some(out) = &self.out
            && out.exists()
        {
            return Err(Error::Usage(format!(
                "--out {}: this file exists; remove it or give another name",
                out.display()
            )));
        }
        if let Some(wrong) = self.without_effect() {
            return Err(Error::Usage(wrong));
        }
        if self.check == Some(Check::None) {
            return Err(Error::Usage(
                "--check none is followed only where nobody can write to the sources; to measure without a check write \
                 --check unsealed"
                    .to_owned(),
            ));
        }
        let catalog = self.selection.catalog()?;
        if self.history && self.selection.has_entries() && !may_keep_entries(&catalog) {
            return Err(Error::Usage(NO_PROJECT.to_owned()));
        }
        let workloads = self.planned_workloads(&catalog)?;
        let settings = catalog.settings();
        let named = match self.engines.is_empty() {
            true => &settings.engines,
            false => &self.engines,
        };
        let engines = selection::engines(Vec::new(), named)?;
        let peers = match engines.first() {
            Some(engine) if self.peers || (settings.peers && !self.cold && !self.growth) => {
                peers::find(engine, &self.paths(), &settings.own_peers)?
            }
            _ => Vec::new(),
        };
        let usual = match (self.is_counting(), self.growth) {
            (true, _) => 3,
            (false, true) => 8,
            (false, false) => 30,
        };
        let blocks = self.blocks.unwrap_or(usual);
        let seed = self.seed.unwrap_or_else(selection::new_seed);
        Ok(Plan {
            purpose: if self.growth {
                Purpose::Growth
            } else {
                Purpose::Workloads
            },
            command: self.command(seed),
            workloads,
            engines,
            peers,
            paths: self.paths(),
            amount: self.budget.map_or(Amount::Blocks(blocks), Amount::Budget),
            seed,
            page_cache: if self.cold {
                PageCache::Cold
            } else {
                PageCache::Warm
            },
            void_above: self.void_limits.limits(),
            pack: self.pack(),
            time_limit: self.time_limit,
            as_defined: true,
            counting,
            worker_program: self.worker_program.clone(),
        })
    }

    fn is_counting(&self) -> bool {
        self.metric == Metric::Instructions
    }

    /// The first option that can have no effect, and why.
    fn without_effect(&self) -> Option<String> {
        let of_times = [
            ("--peers", self.peers),
            ("--growth", self.growth),
            ("--cold", self.cold),
            (
                "--steal-limit or --stall-limit",
                !self.void_limits.words().is_empty(),
            ),
        ];
        if self.is_counting()
            && let Some(wrong) = where_counting(&of_times)
        {
            return Some(wrong);
        }
        if self.paths().contains(&LoadPath::Graph) {
            return None;
        }
        let of_packs = [
            ("--payload", self.payload.is_some()),
            ("--check", self.check.is_some()),
        ];
        let option = given(&of_packs).into_iter().next()?;
        Some(format!(
            "{option} has no effect without the graph path, which alone uses packs; leave it out, or add graph to --path"
        ))
    }

    fn planned_workloads(&self, catalog: &Catalog) -> Result<Vec<PlannedWorkload>, Error> {
        if self.growth {
            return growing(catalog);
        }
        let mut workloads = self.selection.workloads(catalog, DEFAULT_SUITE)?;
        if let Some(shard) = self.shard {
            workloads = selection::part(workloads, shard);
        }
        let planned = |definition| PlannedWorkload {
            definition,
            series: None,
        };
        Ok(workloads.into_iter().map(planned).collect())
    }

    fn pack(&self) -> PackUse {
        PackUse {
            payload: self.payload.unwrap_or_default(),
            check: self.check.unwrap_or_default(),
        }
    }

    fn paths(&self) -> Vec<LoadPath> {
        let mut paths: Vec<LoadPath> = self.paths.clone();
        if paths.is_empty() {
            paths = vec![
                LoadPath::Parse,
                LoadPath::Bytecode,
                LoadPath::Full,
                LoadPath::Graph,
            ];
        }
        paths.sort_unstable();
        paths.dedup();
        paths
    }

    /// The command that gives the same schedule again, without what names a file.
    fn command(&self, seed: u64) -> Vec<String> {
        let mut command = vec!["measure".to_owned()];
        command.extend(self.selection.words());
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                command.extend([name.to_owned(), value]);
            }
        };
        add("--shard", self.shard.map(|shard| shard.to_string()));
        add("--engine", some(self.engines.join(",")));
        let paths: Vec<&str> = self.paths().iter().map(|path| path.name()).collect();
        add("--path", some(paths.join(",")));
        add("--blocks", self.blocks.map(|blocks| blocks.to_string()));
        let minutes = self.budget.map(|budget| budget.as_secs_f64() / 60.0);
        add("--budget", minutes.map(|minutes| minutes.to_string()));
        add("--seed", Some(seed.to_string()));
        let PackUse { payload, check } = self.pack();
        if !self.pack().is_default() {
            add("--payload", Some(payload.name().to_owned()));
            add("--check", Some(check.name().to_owned()));
        }
        for (name, value) in self.void_limits.words() {
            add(name, Some(value));
        }
        if self.growth {
            command.push("--growth".to_owned());
        }
        if self.peers {
            command.push("--peers".to_owned());
        }
        if self.cold {
            command.push("--cold".to_owned());
        }
        command
    }

    /// What is measured for an hour must not be lost for want of a folder.
    fn check_writable(&self) -> Result<(), Error> {
        if let Some(out) = &self.out {
            record::check_writable(out)?;
        }
        if self.history {
            History::standard().check_writable()?;
        }
        Ok(())
    }

    fn keep(&self, record: &RunRecord) -> Result<(), Error> {
        let mut err = io::stderr();
        if let Some(out) = &self.out {
            record::write(record, out, false)?;
            let _ = writeln!(err, "measure: the result is in {}", out.display());
        }
        if self.history && record.workloads.is_empty() {
            let _ = writeln!(
                err,
                "measure: nothing was measured, and nothing is added to the history"
            );
        } else if self.history {
            let history = History::standard();
            let file = history.add(record)?;
            let _ = writeln!(err, "measure: the result is in {}", file.display());
            super::results::write_readme()?;
        }
        if self.out.is_none() && !self.history {
            let _ = writeln!(
                err,
                "measure: the result is not kept; --out FILE or --history keeps it"
            );
        }
        Ok(())
    }
}

/// Why entries have no history of their own.
const NO_PROJECT: &str = "--history: these entries belong to no project, and the history here is that of this repository's own \
                          workloads; write a jsc-harness.toml (jsc-harness init), or keep the result with --out FILE";

/// Whether the history is not that of this repository's workloads.
fn may_keep_entries(catalog: &Catalog) -> bool {
    !catalog.is_own() || record::has_named_results()
}

/// Every graph of every series of growing size.
fn growing(catalog: &Catalog) -> Result<Vec<PlannedWorkload>, Error> {
    let mut planned = Vec::new();
    for series in catalog.growth()? {
        planned.extend(series.steps.into_iter().map(|step| PlannedWorkload {
            definition: step.workload,
            series: Some(Series {
                name: series.name.clone(),
                size: step.size,
            }),
        }));
    }
    Ok(planned)
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

pub(super) fn minutes(text: &str) -> Result<Duration, String> {
    positive(text).map(|minutes| Duration::from_secs_f64(minutes * 60.0))
}

fn seconds(text: &str) -> Result<Duration, String> {
    positive(text).map(Duration::from_secs_f64)
}

fn positive(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|number| (0.001..1e6).contains(number))
        .ok_or_else(|| "a number above 0 is needed".to_owned())
}
