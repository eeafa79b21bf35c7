//! `profile`: where a load goes, by function.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ::profile::{CallGraph, Changed, Part, difference, short_name};
use clap::Args;
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use measure::{Amount, Counting, Plan, PlannedWorkload, ProfiledLoad};
use record::{PageCache, Purpose, VoidLimits};
use sample::{Instructions, LoadPath, PackUse};
use scratch::Scratch;
use serde::Serialize;
use workers::InstalledEngine;
use workers::counting::{self, Counter};

use super::measure::scratch;
use super::selection::SelectionArgs;
use super::word::word;
use super::{ExitStatus, Format};
use crate::{Error, print};

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
dearer. --out adds a flame graph of each, one of the difference (red: dearer in the second), and what callgrind wrote,
for KCachegrind. A flame graph's widths are exact for the functions at the top of a stack; callgrind keeps no stacks, so
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

#[derive(Serialize)]
struct Output<'a> {
    workload: &'a str,
    loads: &'a [Profiled],
    /// Own instructions of each function, in each load.
    functions: Vec<Changed>,
}

/// Runs `profile`.
pub fn run(arguments: &ProfileArgs) -> Result<ExitStatus, Error> {
    let count = arguments.paths.len() * arguments.engines.len().max(1);
    if count > 2 {
        return Err(Error::Usage(format!(
            "these are {count} loads; one can be shown, or two compared: two of --path, or two of --engine"
        )));
    }
    let counter = Counter::find()?;
    // Before there is anything that would be left behind.
    counting::settle()?;
    let scratch = Scratch::new()?;
    let plan = arguments.plan(counter, scratch.path())?;
    let name = &plan.workloads[0].definition.name;
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
    if let Some(out) = &arguments.out {
        keep(out, name, &loads, &profiled)?;
    }
    arguments.print(name, &profiled);
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
        let mut engines: Vec<InstalledEngine> = Vec::new();
        for wanted in &self.engines {
            engines.push(workers::find(wanted)?);
        }
        if engines.is_empty() {
            engines.push(workers::default()?);
        }
        Ok(Plan {
            purpose: Purpose::Workloads,
            command: Vec::new(),
            workloads: vec![PlannedWorkload {
                definition: definition.clone(),
                series: None,
            }],
            engines,
            peers: Vec::new(),
            paths: self.paths.clone(),
            amount: Amount::Blocks(1),
            seed: 0,
            page_cache: PageCache::Warm,
            void_above: VoidLimits::default(),
            pack: PackUse::default(),
            time_limit: Duration::from_secs(120),
            counting: Some(Counting {
                counter,
                directory: scratch.to_owned(),
            }),
            worker_program: None,
        })
    }

    fn print(&self, workload: &str, loads: &[Profiled]) {
        let empty = CallGraph::default();
        let (first, second) = match loads {
            [] => return,
            [only] => (&empty, &only.graph),
            [first, second, ..] => (&first.graph, &second.graph),
        };
        let functions = difference(first, second);
        if matches!(self.format, Format::Json) {
            print::json(&Output {
                workload,
                loads,
                functions,
            });
            return;
        }
        for table in [parts(workload, loads), self.functions(&functions, loads)] {
            let lines = table.to_string();
            let lines: Vec<&str> = lines.lines().map(str::trim_end).collect();
            print::line(&format!("{}\n", lines.join("\n")));
        }
    }

    /// The dearest functions; of two loads also those that have become cheapest.
    fn functions(&self, functions: &[Changed], loads: &[Profiled]) -> Table {
        let total = loads.iter().map(|it| it.instructions.program()).max();
        let percent =
            |count: i64| format!("{:.2}", 100.0 * count as f64 / total.unwrap_or(1) as f64);
        let mut table = plain();
        if let [_] = loads {
            table.set_header(["million", "%", "function"]);
            for it in functions.iter().take(self.top) {
                table.add_row([
                    million(it.own[1]),
                    percent(it.more()),
                    short_name(&it.function),
                ]);
            }
            return table;
        }
        table.set_header([
            "first, million",
            "second, million",
            "% of the whole",
            "function",
        ]);
        let cheapest = functions
            .iter()
            .rev()
            .take(self.top)
            .filter(|it| it.more() < 0);
        let mut cheapest: Vec<&Changed> = cheapest.collect();
        cheapest.reverse();
        let dearest = functions.iter().take(self.top).filter(|it| it.more() > 0);
        for it in dearest.chain(cheapest) {
            table.add_row([
                million(it.own[0]),
                million(it.own[1]),
                percent(it.more()),
                short_name(&it.function),
            ]);
        }
        table
    }
}

/// How many instructions each part of a worker's life took.
fn parts(workload: &str, loads: &[Profiled]) -> Table {
    let mut table = plain();
    table.set_header([
        workload,
        "to the load, million",
        "load, million",
        "rest, million",
        "whole, million",
    ]);
    for it in loads {
        let Instructions { start, load, rest } = it.instructions;
        let mut row = vec![format!("{}, {}", it.path, it.engine)];
        row.extend([start, load, rest, it.instructions.program()].map(million));
        table.add_row(row);
    }
    table
}

fn plain() -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table
}

fn million(count: u64) -> String {
    format!("{:.2}", count as f64 / 1e6)
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

/// Flame graphs, and what callgrind wrote.
fn keep(
    out: &Path,
    workload: &str,
    loads: &[ProfiledLoad],
    profiled: &[Profiled],
) -> Result<(), Error> {
    let write = |name: &str, bytes: &[u8]| {
        let path = out.join(name);
        fs::write(&path, bytes).map_err(|source| Error::Write {
            flag: "--out",
            path,
            source,
        })
    };
    fs::create_dir_all(out).map_err(|source| Error::Write {
        flag: "--out",
        path: out.to_owned(),
        source,
    })?;
    let mut stacks = Vec::new();
    for (load, it) in loads.iter().zip(profiled) {
        let label = format!("{}-{}", it.engine, it.path);
        let counted = fs::read(&load.file).map_err(|source| Error::Read {
            path: load.file.clone(),
            source,
        })?;
        write(&format!("{label}.callgrind"), &counted)?;
        let of_load = ::profile::stacks(&it.graph);
        let title = format!("{workload} by {} on {}", it.path, it.engine);
        write(
            &format!("{label}.svg"),
            &::profile::flame_graph(&title, &of_load)?,
        )?;
        stacks.push(of_load);
    }
    if let ([first, second], [a, b]) = (&stacks[..], profiled) {
        let title = format!(
            "{workload}: {}, {} against {}, {}",
            b.path, b.engine, a.path, a.engine
        );
        let drawn = ::profile::flame_graph_of_difference(&title, first, second)?;
        write("difference.svg", &drawn)?;
    }
    let _ = writeln!(
        io::stderr(),
        "profile: flame graphs are in {}",
        out.display()
    );
    Ok(())
}
