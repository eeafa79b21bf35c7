//! `verify`: every path shows what the parse path shows.

mod output;
mod progress;
mod random;
mod tiers;

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use tempfile::TempDir;

use super::effect::given;
use super::selection::{self, SelectionArgs};
use super::{ExitStatus, Format};
use crate::Error;
use crate::cmd::word::word;
use progress::Progress;
use sample::LoadPath;
use sample::Mutant;
use sample::Shard;
use verify::{Plan, verify};
use workers::InstalledEngine;

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct VerifyArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    /// No workloads: so many random graphs, many in a process (see below)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    random: Option<u64>,
    /// Only compare which functions the tiers of the engine compile while the workloads run, by every path (see below)
    #[arg(long, conflicts_with_all = ["random", "mutant", "jobs", "seed"])]
    tier_ups: bool,
    /// The index of the first random graph [default: 0]
    #[arg(long, value_name = "INDEX")]
    first: Option<u64>,
    /// Write the smallest random graphs that show a difference into this directory [default: a new temporary one, printed]
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    /// The paths to compare with parse [default: bytecode,full,graph]
    #[arg(long = "path", value_parser = word::<LoadPath>(), value_delimiter = ',')]
    paths: Vec<LoadPath>,
    /// The engines to run on: names or versions from `engine list` [default: the pinned default]
    #[arg(long = "engine", value_delimiter = ',')]
    engines: Vec<String>,
    /// Run on every pinned engine that is installed; engines of your own are named with --engine
    #[arg(long, conflicts_with = "engines")]
    all_engines: bool,
    /// Workloads, or processes with random graphs, at a time [default: one for each core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Only this part of the workloads: 1/3, 2/3 and 3/3 together are all of them
    #[arg(long, value_name = "INDEX/COUNT")]
    shard: Option<Shard>,
    /// Draws which entries are left out when hits and misses are mixed, or the random graphs [default: a new one, printed]
    #[arg(long)]
    seed: Option<u64>,
    /// Time limit of a process, four times that for one with many loads (mixed, stale); with --random of a load
    /// [default: 120; 20 with --random]
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<NonZeroUsize>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Spoil the cache's entries like this, and validate no record: a test of this command
    #[arg(long, hide = true, value_parser = word::<Mutant>())]
    mutant: Option<Mutant>,
}

const DEFAULT_SUITE: &str = "default";

const AFTER_HELP: &str = "\
Without an ENTRY and without --suite and -w, the workloads are those of the suite default, or all if there is no such suite.

Each workload is loaded on the parse path, and what it shows is compared with what each other load shows: how it ends, its
output, the order of evaluation, errors with their stacks, dynamic imports, and every module's namespace with all values
that it leads to. Where the standard says what it must show, that is compared, too. Each load is a process of its own:

  parse            the reference
  write            on full with an empty cache, which it fills
  bytecode, full   with that cache; everything that can be in it must come from it, and nothing of that may be parsed
  validate         on full; each record is built both ways and compared field by field
  mixed            on full, in one process with a fresh VM each: some entries are left out; every subset of them for up to
                   6 modules, 32 random ones beyond. Up to 6 modules on bytecode, too
  graph, no pack   on graph with the entries that write has left, and without a pack; nothing that has one may be parsed
  write graph      on graph with an empty cache: with a pack made of what was parsed
  graph            from that pack; nothing may be parsed or generated
  stale graph      the same, in one process with a fresh VM each, with up to 4 modules in turn seen as changed: that
                   module alone is parsed, and nothing is written

A program that ends with an error is compared like any other; below the table stands how it ends.

A program that does not load or does not link has no pack; neither has one with WebAssembly. Entries serve it.

With --random, graphs are drawn from --seed and their index, and each is loaded some 15 times by all paths: from full, partial
and damaged caches, and after edits of its files, compared with parse each time. A process plays many graphs, with a fresh VM
for each load. What differs is shrunk to the smallest graph that still does, and written as a folder
(--fixtures) whose README says how to repeat it: verify --random 1 --seed SEED --first INDEX.

With --tier-ups each workload (of the suite steady, if nothing is said) runs once on each path, and JSC says what it compiles.
Code that comes from a cache has to tier up as parsed code does: the same functions, by the same tiers, as often. JSC compiles
without threads then, so that counts repeat, but for a function that is now and then compiled once more: what differs has to
do so in four loads. What JSC's own module loader compiles is left out; only parsing uses it.

Exit codes:
  0   every load showed the same; with --tier-ups, compiled the same
  1   paths differ, a path crashed, or a workload does not show what the standard demands
  3   invalid: a cache was silently not used, a record was rebuilt wrongly, a workload is not the same each time
  4   could not run
  64  usage";

/// Runs `verify`.
pub fn run(arguments: &VerifyArgs) -> Result<ExitStatus, Error> {
    if let Some(wrong) = arguments.without_effect() {
        return Err(Error::Usage(wrong));
    }
    if let Some(count) = arguments.random {
        return random::run(arguments, count);
    }
    if arguments.tier_ups {
        return tiers::run(arguments);
    }
    let plan = arguments.plan(DEFAULT_SUITE)?;
    let scratch = scratch(&std::env::temp_dir())?;
    let _ = writeln!(io::stderr(), "verify: seed {}", plan.seed);
    let started = Instant::now();
    let progress = Progress::of_cases(plan.workloads.len() * plan.engines.len());
    let report = verify(&plan, scratch.path(), &progress);
    progress.end();
    let report = report?;
    output::print(&report, started.elapsed(), arguments.format);
    Ok(output::status(&report))
}

/// A directory for caches, in `parent`.
fn scratch(parent: &Path) -> Result<TempDir, Error> {
    tempfile::Builder::new()
        .prefix("jsc-harness-verify-")
        .tempdir_in(parent)
        .map_err(|source| Error::TemporaryDirectory {
            parent: parent.to_owned(),
            source,
        })
}

impl VerifyArgs {
    /// What has no effect in this command line, in words.
    fn without_effect(&self) -> Option<String> {
        if self.paths.contains(&LoadPath::Parse) {
            return Some(
                "--path parse has no effect: parse is what the other paths are compared with; \
                 write bytecode, full or graph instead"
                    .to_owned(),
            );
        }
        let (option, why) = match self.random {
            Some(_) => (
                self.selection
                    .given()
                    .or_else(|| self.shard.map(|_| "--shard")),
                "with --random, which draws its graphs and loads no workload; leave out one of the two",
            ),
            None => (
                given(&[
                    ("--first", self.first.is_some()),
                    ("--fixtures", self.fixtures.is_some()),
                ])
                .first()
                .copied(),
                "without --random; leave it out, or write --random and a number of graphs",
            ),
        };
        Some(format!("{} has no effect {why}", option?))
    }

    /// The plan; or what is wrong with the command line, in words.
    fn plan(&self, usual: &str) -> Result<Plan, Error> {
        let catalog = self.selection.catalog()?;
        let mut workloads = self.selection.workloads(&catalog, usual)?;
        if let Some(shard) = self.shard {
            workloads = selection::part(workloads, shard);
        }
        Ok(Plan {
            workloads,
            engines: self.engines(&catalog.settings().engines)?,
            paths: self.paths(),
            jobs: self.jobs(),
            seed: self.seed(),
            time_limit: self.time_limit(120),
            mutant: self.mutant,
        })
    }

    /// The engines of the command line, or else these.
    fn engines(&self, otherwise: &[String]) -> Result<Vec<InstalledEngine>, Error> {
        let all = match self.all_engines {
            true => workers::pinned()?,
            false => Vec::new(),
        };
        let named = match self.engines.is_empty() && !self.all_engines {
            true => otherwise,
            false => &self.engines,
        };
        selection::engines(all, named)
    }

    fn paths(&self) -> Vec<LoadPath> {
        let mut paths: Vec<LoadPath> = self.paths.clone();
        if paths.is_empty() {
            paths = vec![LoadPath::Bytecode, LoadPath::Full, LoadPath::Graph];
        }
        paths.sort_unstable();
        paths.dedup();
        paths
    }

    fn jobs(&self) -> NonZeroUsize {
        self.jobs
            .unwrap_or_else(|| thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    fn seed(&self) -> u64 {
        self.seed.unwrap_or_else(selection::new_seed)
    }

    /// The limit of the command line, or so many seconds.
    fn time_limit(&self, seconds: u64) -> Duration {
        let given = self.time_limit.map(|it| it.get() as u64);
        Duration::from_secs(given.unwrap_or(seconds))
    }
}
