//! `gate calibrate`: how often a gate on this machine is wrong, and how often it finds what is there.

mod live;
mod output;

use std::io::{self, Write};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::Args;
use regex::Regex;
use workloads::Catalog;

use super::decision::DecisionArgs;
use crate::Error;
use crate::cmd::measure::{minutes, scratch::Scratch};
use crate::cmd::void_limits::VoidLimitArgs;
use crate::cmd::{ExitStatus, Format, selection};
use crate::trial::engines;
use crate::trial::progress::Progress;
use gate::Rules;
use gate::calibrate::{Bank, BankError, Rates, Simulation, simulate};
use measure::{Amount, Counting, Plan, PlannedWorkload, Session};
use output::Calibration;
use record::{Metric, PageCache, Purpose, RunRecord};
use sample::LoadPath;
use sample::PackUse;
use workers::counting::Counter;

/// Arguments of `gate calibrate`.
#[derive(Debug, Clone, Args)]
#[command(after_help = AFTER_HELP)]
pub struct CalibrateArgs {
    /// Simulate with the blocks of these files, and measure nothing: what `gate calibrate` kept, or documents of gates
    #[arg(long = "bank", value_name = "FILE", conflicts_with_all = ["engine", "timed", "workloads", "measure", "live", "out", "steal_limit", "stall_limit"])]
    banks: Vec<PathBuf>,
    /// The engine to measure: a name or a version from `engine list` [default: the pinned default]
    #[arg(long)]
    engine: Option<String>,
    /// The suite whose workloads are measured
    #[arg(long, value_name = "SUITE", default_value = "gate")]
    timed: String,
    /// Only the workloads of this suite whose names match this regular expression
    #[arg(short, long = "workloads", value_name = "REGEX")]
    workloads: Option<Regex>,
    /// How long to measure
    #[arg(long, value_name = "MINUTES", default_value = "20", value_parser = minutes)]
    measure: Duration,
    /// Keep what was measured in this file, which must not exist
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Simulated gates for each slowdown
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    gates: u32,
    /// How much slower one cell is made, in turn
    #[arg(long = "slowdown", value_name = "PERCENT", value_delimiter = ',', default_values_t = [0.0, 2.0, 3.0, 5.0, 10.0])]
    slowdowns: Vec<f64>,
    /// How long a simulated gate may measure [default: no limit]
    #[arg(long, value_name = "MINUTES", value_parser = minutes)]
    budget: Option<Duration>,
    /// Also run N real gates for each slowdown, with one cell's loads actually slowed. Each takes --budget, or 5 minutes
    #[arg(long, value_name = "N", default_value_t = 0)]
    live: u32,
    #[command(flatten)]
    decision: DecisionArgs,
    #[command(flatten)]
    void_limits: VoidLimitArgs,
    /// Seed of every random choice [default: a new one, printed]
    #[arg(long)]
    seed: Option<u64>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const AFTER_HELP: &str = "\
Measures blocks between an engine and itself, as a gate's pilot does, and then simulates gates on them with the code that
decides real ones: for each block that a gate asks for, one of the workload's is drawn, and for each path a coin says which
of its two loads is the new engine's. One cell after the other is made slower. What comes out holds for this machine in the
state in which it was measured.

Rates come with one-sided 95 % bounds (Clopper and Pearson).

Exit codes: 0 when it was calibrated, 3 when a load went wrong, 4 when it could not run, 64 for usage.";

/// Runs `gate calibrate`.
pub fn run(arguments: &CalibrateArgs) -> Result<ExitStatus, Error> {
    let rules = arguments.decision.rules();
    if let Err(error) = rules.check() {
        return Err(Error::Usage(error.to_string()));
    }
    if let Some(slowdown) = arguments
        .slowdowns
        .iter()
        .find(|it| !(0.0..=1000.0).contains(*it))
    {
        return Err(Error::Usage(format!(
            "--slowdown {slowdown}: from 0 to 1000 percent"
        )));
    }
    if let Some(out) = &arguments.out
        && out.exists()
    {
        return Err(Error::Usage(format!(
            "--out {}: this file exists; remove it or give another name",
            out.display()
        )));
    }
    if let Some(out) = &arguments.out {
        record::check_writable(out)?;
    }
    let counting = arguments.banks.is_empty() && arguments.decision.is_counting();
    let counter = counting.then(Counter::ready).transpose()?;
    let seed = arguments.seed.unwrap_or_else(selection::new_seed);
    let measured = match arguments.banks.is_empty() {
        true => measure(arguments, &rules, counter, seed)?,
        false => Measured {
            records: arguments
                .banks
                .iter()
                .map(|file| Ok((file.display().to_string(), record::read(file)?)))
                .collect::<Result<_, Error>>()?,
            live: Vec::new(),
        },
    };
    let went_wrong = |(_, record): &(String, RunRecord)| {
        !record.unmeasured.is_empty() || record.loads().any(|(_, load)| load.error.is_some())
    };
    if let Some((name, _)) = measured.records.iter().find(|it| went_wrong(it)) {
        say(&format!("error: {name}: loads went wrong"));
        return Ok(ExitStatus::Invalid);
    }
    let other = |(_, record): &&(String, RunRecord)| !record.has(rules.metric);
    if let Some((name, record)) = measured.records.iter().find(other) {
        return Err(Error::Usage(format!(
            "{name} has {}, and the gates are to decide on {}; see --metric",
            record.main_metric().name(),
            rules.metric.name()
        )));
    }
    let bank = bank(&measured.records, rules.metric)?;
    let simulation = Simulation {
        rules,
        gates: arguments.gates,
        slowdowns: arguments.fractions(),
        budget: arguments.budget,
        seed,
        threads: thread::available_parallelism().map_or(1, usize::from),
    };
    let calibration = Calibration {
        machine: measured.records[0].1.machine.clone(),
        engine: measured.records[0].1.engines[0].label().to_owned(),
        blocks: bank.blocks.iter().map(Vec::len).min().unwrap_or(0),
        workloads: bank.workloads.clone(),
        paths: bank.paths.clone(),
        simulated: simulate(&bank, &simulation),
        live: measured.live,
        simulation,
    };
    calibration.print(arguments.format);
    Ok(ExitStatus::Success)
}

/// What was measured, or read.
struct Measured {
    records: Vec<(String, RunRecord)>,
    live: Vec<Rates>,
}

fn bank(records: &[(String, RunRecord)], metric: Metric) -> Result<Bank, Error> {
    let mut whole: Option<Bank> = None;
    for (file, record) in records {
        let wrong = |source| Error::Bank {
            file: file.clone(),
            source,
        };
        let bank = Bank::of(record, metric).map_err(wrong)?;
        match &mut whole {
            Some(whole) => whole.add(bank).map_err(wrong)?,
            None => whole = Some(bank),
        }
    }
    let wrong = |source| Error::Bank {
        file: records[0].0.clone(),
        source,
    };
    let whole = whole.ok_or(BankError::NoPairs).map_err(wrong)?;
    whole.check().map_err(wrong)?;
    Ok(whole)
}

fn measure(
    arguments: &CalibrateArgs,
    rules: &Rules,
    counter: Option<Counter>,
    seed: u64,
) -> Result<Measured, Error> {
    let pattern = arguments.workloads.as_ref();
    let timed = selection::workloads(&Catalog::open(None)?, Some(&arguments.timed), pattern)?;
    let engine = match &arguments.engine {
        Some(wanted) => workers::find(wanted)?,
        None => workers::default()?,
    };
    let scratch = Scratch::new()?;
    let mut placed = engines::place(&engine, &engine, scratch.path())?;
    placed.truncate(2);
    let progress = Progress::begin(arguments.measure);
    progress.line(&format!("{} against itself; seed {seed}", engine.name));
    let plan = Plan {
        purpose: Purpose::Workloads,
        command: arguments.command(seed),
        workloads: timed
            .into_iter()
            .map(|definition| PlannedWorkload {
                definition,
                series: None,
            })
            .collect(),
        engines: placed,
        paths: vec![LoadPath::Parse, LoadPath::Bytecode, LoadPath::Full],
        amount: Amount::Budget(arguments.measure),
        seed,
        page_cache: PageCache::Warm,
        void_above: arguments.void_limits.limits(),
        pack: PackUse::default(),
        time_limit: workers::TIME_LIMIT,
        as_defined: true,
        peers: Vec::new(),
        counting: counter.map(|it| Counting::new(it, scratch.path())),
        worker_program: None,
    };
    let mut reporter = &progress;
    let session = Session::prepare(&plan, scratch.path(), &mut reporter)?;
    let (record, live) = live::measure(arguments, rules, session, &progress)?;
    progress.end();
    let name = match &arguments.out {
        Some(out) => {
            record::write(&record, out, false)?;
            say(&format!("gate: the blocks are in {}", out.display()));
            out.display().to_string()
        }
        None => "what was measured".to_owned(),
    };
    Ok(Measured {
        records: vec![(name, record)],
        live,
    })
}

fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

impl CalibrateArgs {
    fn fractions(&self) -> Vec<f64> {
        self.slowdowns.iter().map(|it| it / 100.0).collect()
    }

    /// The command that measures the same again, without what names a file.
    fn command(&self, seed: u64) -> Vec<String> {
        let mut command = vec!["gate".to_owned(), "calibrate".to_owned()];
        let mut add = |name: &str, value: String| command.extend([name.to_owned(), value]);
        if let Some(engine) = &self.engine {
            add("--engine", engine.clone());
        }
        add("--timed", self.timed.clone());
        if let Some(workloads) = &self.workloads {
            add("--workloads", workloads.to_string());
        }
        for (name, value) in self.decision.words() {
            add(name, value);
        }
        for (name, value) in self.void_limits.words() {
            add(name, value);
        }
        add("--measure", (self.measure.as_secs_f64() / 60.0).to_string());
        add("--seed", seed.to_string());
        command
    }
}
