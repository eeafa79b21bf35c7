//! `profile`: where a load goes, by function.

mod files;
mod tables;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ::profile::{CallGraph, Part};
use clap::Args;
use measure::{Amount, Counting, Plan, PlannedWorkload};
use record::{PageCache, Purpose, VoidLimits};
use sample::{Instructions, LoadPath, PackUse};
use scratch::Scratch;
use serde::Serialize;
use workers::counting::{self, Counter};

use super::measure::scratch;
use super::selection::{self, SelectionArgs};
use super::word::word;
use super::{ExitStatus, Format};
use crate::Error;

/// Arguments of `profile`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ProfileArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    /// How the graph is loaded: one path, or two to compare
    #[arg(long = "path", value_parser = word::<LoadPath>(), value_delimiter = ',', default_value = "parse")]
    paths: Vec<LoadPath>,
    /// The engine to run on, or two to compare: names or versions from `engine list` [default: the pinned default]
    #[arg(long = "engine", value_delimiter = ',')]
    engines: Vec<String>,
    /// Put flame graphs (SVG) and what callgrind wrote into this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The same in the folder of results, profiles/WORKLOAD-LOADS, where `report` links them
    #[arg(long, conflicts_with = "out")]
    keep: bool,
    /// How many functions the table has
    #[arg(long, value_name = "N", default_value_t = 25)]
    top: usize,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const AFTER_HELP: &str = "\
One workload, by one path on one engine; or by two paths, or on two engines, and what differs. Each is loaded once under
`valgrind --tool=callgrind`, from a cache that was made before, and every instruction is counted with the function in
which it was executed, up to the end of the program: JSC's functions and ours, all threads. JSC runs without its JIT then.

The table has each function's own instructions, with what was inlined into it; of two loads those first that have become
dearer. --out adds a flame graph of each, one of the difference (the second's stacks; red: a function that is dearer than in
the first), and what callgrind wrote, for KCachegrind. A flame graph's widths are exact for the functions at the top of a stack; callgrind keeps no stacks, so
that a function's cost is divided among its callers by what their calls have cost.

Exit codes:
  0   profiled
  3   a load that crashed, showed something else, or did not use its cache
  4   could not run: no valgrind, no such engine
  64  usage";

/// What is printed of one load.
#[derive(Debug, Serialize)]
struct Profiled {
    engine: String,
    path: &'static str,
    instructions: Instructions,
    #[serde(skip)]
    graph: CallGraph,
}

/// Runs `profile`.
pub fn run(arguments: &ProfileArgs) -> Result<ExitStatus, Error> {
    let count = arguments.paths.len() * arguments.engines.len().max(1);
    if count > 2 {
        return Err(Error::Usage(format!(
            "these are {count} loads; one can be shown, or two compared: two of --path, or two of --engine"
        )));
    }
    let counter = Counter::ready()?;
    let scratch = Scratch::new()?;
    let plan = arguments.plan(counter, scratch.path())?;
    let name = &plan.workloads[0].definition.name;
    let kept = || files::kept(name, &plan);
    let out = arguments.out.clone().or_else(|| arguments.keep.then(kept));
    if let Some(out) = &out {
        files::ready(out)?;
    }
    let _ = writeln!(
        io::stderr(),
        "profile: counting {name}, which takes a while"
    );
    let (loads, unmeasured) = measure::profile(&plan, scratch.path())?;
    for it in &unmeasured {
        let engine = &plan.engines[it.engine].name;
        let path = it.path.name();
        let _ = writeln!(
            io::stderr(),
            "error: {name} by {path} on {engine}: {}",
            it.why
        );
    }
    let mut profiled = Vec::new();
    for load in &loads {
        profiled.push(Profiled {
            engine: plan.engines[load.engine].name.clone(),
            path: load.path.name(),
            instructions: load.instructions,
            graph: to_the_end(::profile::read(&load.file)?),
        });
    }
    if let Some(out) = &out {
        files::keep(out, name, &loads, &profiled)?;
    }
    match arguments.format {
        Format::Json => tables::print_json(name, &profiled),
        Format::Table => tables::print(name, &profiled, arguments.top),
    }
    Ok(match unmeasured.is_empty() {
        true => ExitStatus::Success,
        false => ExitStatus::Invalid,
    })
}

impl ProfileArgs {
    fn plan(&self, counter: Counter, scratch: &Path) -> Result<Plan, Error> {
        let catalog = self.selection.catalog()?;
        let workloads = self.selection.workloads(&catalog, "smoke")?;
        let [definition] = &workloads[..] else {
            return Err(Error::Usage(format!(
                "{} workloads are meant; name one: an ENTRY, or -w '^NAME$'",
                workloads.len()
            )));
        };
        Ok(Plan {
            purpose: Purpose::Workloads,
            command: Vec::new(),
            workloads: vec![PlannedWorkload {
                definition: definition.clone(),
                series: None,
            }],
            engines: selection::engines(Vec::new(), &self.engines)?,
            peers: Vec::new(),
            paths: self.paths.clone(),
            amount: Amount::Blocks(1),
            seed: 0,
            page_cache: PageCache::Warm,
            void_above: VoidLimits::default(),
            pack: PackUse::default(),
            time_limit: workers::TIME_LIMIT,
            as_defined: true,
            counting: Some(Counting::new(counter, scratch)),
            worker_program: None,
        })
    }
}

/// Everything up to the end of the program, as one graph: what the worker does afterwards is its own.
fn to_the_end(parts: Vec<Part>) -> CallGraph {
    let ended = parts
        .iter()
        .position(|it| it.trigger.contains(counting::PROGRAM_ENDS));
    let count = ended.map_or(parts.len(), |place| place + 1);
    let graphs = parts.into_iter().take(count).map(|it| it.graph);
    graphs.reduce(CallGraph::and).unwrap_or_default()
}
