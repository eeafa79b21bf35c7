//! `verify`: every path shows what the parse path shows.

mod output;
mod progress;

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;

use super::selection::{self, SelectionArgs};
use super::{ExitStatus, Format};
use crate::Error;
use crate::cmd::word::word;
use progress::Progress;
use sample::LoadPath;
use sample::Mutant;
use sample::Shard;
use verify::{Plan, verify};

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct VerifyArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    /// The paths to compare with parse [default: bytecode,full,graph]
    #[arg(long = "path", value_parser = word::<LoadPath>(), value_delimiter = ',')]
    paths: Vec<LoadPath>,
    /// The engines to run on: names or versions from `engine list` [default: the pinned default]
    #[arg(long = "engine", value_delimiter = ',')]
    engines: Vec<String>,
    /// Run on every pinned engine that is installed; engines of your own are named with --engine
    #[arg(long, conflicts_with = "engines")]
    all_engines: bool,
    /// Workloads at a time [default: one for each core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Only this part of the workloads: 1/3, 2/3 and 3/3 together are all of them
    #[arg(long, value_name = "INDEX/COUNT")]
    shard: Option<Shard>,
    /// Draws which entries are left out when hits and misses are mixed [default: a new one, printed]
    #[arg(long)]
    seed: Option<u64>,
    /// Time limit of a process, four times that for one with many loads (mixed, stale)
    #[arg(long, value_name = "SECONDS", default_value = "120")]
    time_limit: NonZeroUsize,
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

A program that does not load or does not link has no pack; neither has one with WebAssembly. Entries serve it.

Exit codes:
  0   every load showed the same
  1   paths differ, a path crashed, or a workload does not show what the standard demands
  3   invalid: a cache was silently not used, a record was rebuilt wrongly, a workload is not the same each time
  4   could not run
  64  usage";

/// Runs `verify`.
pub fn run(arguments: &VerifyArgs) -> Result<ExitStatus, Error> {
    let plan = arguments.plan()?;
    let scratch = tempfile::Builder::new()
        .prefix("jsc-harness-verify-")
        .tempdir()
        .map_err(|source| Error::TemporaryDirectory {
            parent: std::env::temp_dir(),
            source,
        })?;
    let _ = writeln!(io::stderr(), "verify: seed {}", plan.seed);
    let started = Instant::now();
    let progress = Progress::begin(plan.workloads.len() * plan.engines.len());
    let report = verify(&plan, scratch.path(), &progress);
    progress.end();
    let report = report?;
    output::print(&report, started.elapsed(), arguments.format);
    Ok(output::status(&report))
}

impl VerifyArgs {
    /// The plan; or what is wrong with the command line, in words.
    fn plan(&self) -> Result<Plan, Error> {
        if self.paths.contains(&LoadPath::Parse) {
            return Err(Error::Usage(
                "--path parse has no effect: parse is what the other paths are compared with; \
                 write bytecode, full or graph instead"
                    .to_owned(),
            ));
        }
        let catalog = self.selection.catalog()?;
        let mut workloads = self.selection.workloads(&catalog, DEFAULT_SUITE)?;
        if let Some(shard) = self.shard {
            workloads = shard.of(workloads);
        }
        let mut engines = match self.all_engines {
            true => workers::pinned()?,
            false => Vec::new(),
        };
        let named = match self.engines.is_empty() && !self.all_engines {
            true => &catalog.settings().engines,
            false => &self.engines,
        };
        for wanted in named {
            let engine = workers::find(wanted)?;
            if !engines.contains(&engine) {
                engines.push(engine);
            }
        }
        if engines.is_empty() {
            engines.push(workers::default()?);
        }
        let mut paths: Vec<LoadPath> = self.paths.clone();
        if paths.is_empty() {
            paths = vec![LoadPath::Bytecode, LoadPath::Full, LoadPath::Graph];
        }
        paths.sort_unstable();
        paths.dedup();
        Ok(Plan {
            workloads,
            engines,
            paths,
            jobs: self
                .jobs
                .unwrap_or_else(|| thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)),
            seed: self.seed.unwrap_or_else(selection::new_seed),
            time_limit: Duration::from_secs(self.time_limit.get() as u64),
            mutant: self.mutant,
        })
    }
}
