//! `gate`: does a new engine behave as the old one, use its cache, and load as fast?

mod calibrate;
mod decision;
mod replay;
mod run;
mod tier_ups;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use regex::Regex;

use decision::DecisionArgs;

use super::effect::where_counting;
use super::host_arg::HostArgs;
use super::measure::minutes;
use super::selection::{self, ConfigArgs};
use super::{ExitStatus, Format};
use crate::Error;
use crate::cmd::void_limits::VoidLimitArgs;
use crate::cmd::word::word;
use gate::{Rules, Verdict};
use sample::LoadPath;
use sample::Mutant;
use workloads::Catalog;

/// Arguments of `gate`.
#[derive(Debug, Clone, Args)]
#[command(after_help = AFTER_HELP, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct GateArgs {
    #[command(subcommand)]
    command: Option<GateCommand>,
    /// The engine that is in use: a name or a version from `engine list`
    #[arg(long, value_name = "ENGINE", required_unless_present = "replay")]
    from: Option<String>,
    /// The engine that is to take its place
    #[arg(long, value_name = "ENGINE", required_unless_present = "replay")]
    to: Option<String>,
    /// Programs to gate on instead of defined workloads: entry files, packages' directories, or directories of entry files
    #[arg(value_name = "ENTRY", conflicts_with_all = ["suite", "timed", "workloads"])]
    entries: Vec<PathBuf>,
    /// The suite whose workloads are compared in behaviour [default: default, or all if there is no such suite]
    #[arg(long)]
    suite: Option<String>,
    /// The suite whose workloads are timed [default: gate, or all if there is no such suite]
    #[arg(long, value_name = "SUITE")]
    timed: Option<String>,
    /// Only the workloads of both suites whose names match this regular expression
    #[arg(short, long = "workloads", value_name = "REGEX")]
    workloads: Option<Regex>,
    /// How the graphs are loaded, of parse, bytecode, full and graph [default: parse,bytecode,full]
    #[arg(long = "path", value_parser = word::<LoadPath>(), value_delimiter = ',')]
    paths: Vec<LoadPath>,
    /// How long the gate may take, everything included [default: 10]
    #[arg(long, value_name = "MINUTES", value_parser = minutes)]
    budget: Option<Duration>,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    host: HostArgs,
    /// Seed of every random choice [default: a new one, printed]
    #[arg(long)]
    seed: Option<u64>,
    /// Where the document and the summary are kept [default: results/gates/TIME-ENGINES-MACHINE]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Changes of behaviour that are known and allowed (TOML)
    #[arg(long, value_name = "FILE")]
    allow: Option<PathBuf>,
    /// Gate an engine that has JSC's assertions compiled in
    #[arg(long)]
    allow_assertions: bool,
    #[command(flatten)]
    decision: DecisionArgs,
    #[command(flatten)]
    void_limits: VoidLimitArgs,
    /// Compare load times only, not what the cached paths gain
    #[arg(long)]
    no_gains: bool,
    /// End at the look that finds the first regression
    #[arg(long)]
    stop_at_regression: bool,
    /// Judge the document of an earlier gate again, and measure nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "from", "to", "entries", "config", "suite", "timed", "workloads", "paths", "budget", "seed", "out", "allow", "metric", "margin_low", "margin_high",
        "looks", "steal_limit", "stall_limit", "no_gains", "allow_assertions", "stop_at_regression", "inject", "mutant", "worker_program",
    ])]
    replay: Option<PathBuf>,
    /// How to print the result: the summary, or the whole document
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Make the loads of one workload on one path on the new engine slower: WORKLOAD:PATH:PERCENT
    #[arg(long, hide = true, value_name = "CELL", value_parser = crate::trial::measuring::slowdown)]
    inject: Option<crate::trial::measuring::Slowdown>,
    /// Spoil the cache's entries like this where paths are compared
    #[arg(long, hide = true, value_parser = word::<Mutant>())]
    mutant: Option<Mutant>,
    /// Start this program instead of workers
    #[arg(long, hide = true, value_name = "FILE")]
    worker_program: Option<PathBuf>,
}

#[derive(Debug, Clone, Subcommand)]
enum GateCommand {
    /// Say how often a gate on this machine is wrong, and how often it finds what is there
    Calibrate(calibrate::CalibrateArgs),
}

/// The suite that is compared in behaviour when nobody says otherwise, and the one that is timed.
const OBSERVED: &str = "default";
const TIMED: &str = "gate";
/// The same of a gate on what comes after the load.
const STEADY: &str = "steady";

/// How long a gate may take when nobody says otherwise.
const BUDGET: Duration = Duration::from_secs(600);

const AFTER_HELP: &str = "\
The gate compares, in this order:
  1. behaviour: every workload of --suite on every path on the new engine against parsing, then the new engine against
     the old one. Changes have to be allowed by --allow: entries `[[allow]]` with `workload`, `why`, and `contains` to
     allow only a change with that text.
  2. caches, exactly: the new engine uses what it wrote, and rejects what the old one wrote because of the engine.
  3. the old engine against itself, to say beforehand what slowdown can be found on this machine now.
  4. load times, and what the cached paths gain: blocks with one load of each path on both engines in random order. Each
     comparison is looked at after so many blocks as --looks says, and ends when it is decided. The time that is left goes
     to the others.

With --metric rest the times of step 4 are those from the end of the load to the end of the program, of the suite steady: a
faster start must not be paid for later. Before it, what tiers up on the new engine is compared by every path (`verify
--tier-ups`); other functions than on the parse path are a regression.

With --metric instructions no time is taken: valgrind counts the instructions of each worker to the end of its program (see
`measure --help`), which does not depend on what else the machine does. There is no step 3; in step 4 the counts of the
two engines are two samples (rank-sum test), a comparison passes after 4 counts of each at the earliest, and regresses
after 10. All of the gate runs without JSC's JIT then, behaviour included.

Verdicts:
  pass          behaviour and caches are right, and every comparison is surely not worse by --margin-high
  regress       at least one comparison is surely worse by more than --margin-low; if nothing is worse, a whole gate
                says so with a probability of at most 1 %
  inconclusive  not enough evidence for either within the budget
  invalid       behaviour differs, a cache was not used or not rejected as it must be, or a load failed: times mean nothing

DIR/gate.json holds everything that the verdict depends on, and --replay gives the same verdict from it, byte for byte. It
is a result file, too. DIR/summary.md is the summary for a pull request.

Exit codes:
  0   pass
  1   regress
  2   inconclusive
  3   invalid
  4   could not run, or the old engine differs from itself: this machine cannot measure now
  64  usage";

/// Runs `gate`.
pub fn run(arguments: &GateArgs) -> Result<ExitStatus, Error> {
    match (&arguments.command, &arguments.replay) {
        (Some(GateCommand::Calibrate(arguments)), _) => calibrate::run(arguments),
        (None, Some(file)) => replay::run(file, arguments.format).map(status),
        (None, None) => run::run(arguments).map(status),
    }
}

fn status(verdict: Verdict) -> ExitStatus {
    match verdict {
        Verdict::Pass => ExitStatus::Success,
        Verdict::Regress => ExitStatus::Finding,
        Verdict::Inconclusive => ExitStatus::Inconclusive,
        Verdict::Invalid => ExitStatus::Invalid,
    }
}

impl GateArgs {
    /// The first option that can have no effect, and why.
    fn without_effect(&self) -> Option<String> {
        if self.decision.is_counting() {
            return where_counting(&[
                ("--no-gains", self.no_gains),
                (
                    "--steal-limit or --stall-limit",
                    !self.void_limits.words().is_empty(),
                ),
            ]);
        }
        if self.decision.is_of_rest() && self.no_gains {
            return Some(
                "--no-gains has no effect with --metric rest, of which no cache gains anything"
                    .to_owned(),
            );
        }
        let paths = self.paths();
        let has_gains = paths.contains(&LoadPath::Parse) && paths.len() > 1;
        (self.no_gains && !has_gains).then(|| {
            "--no-gains has no effect: a gain is the time on parse over that on another path, and --path does not name both"
                .to_owned()
        })
    }

    /// The same, where nothing is said as the definitions say.
    fn settled(&self, catalog: &Catalog) -> Result<Self, Error> {
        let settings = &catalog.settings().gate;
        let suite = |given: &Option<String>, set: &Option<String>, usual: &str| match given
            .as_ref()
            .or(set.as_ref())
        {
            _ if !self.entries.is_empty() => Ok(None),
            Some(suite) => Ok(Some(suite.clone())),
            None => selection::if_there(catalog, usual),
        };
        let settled = Self {
            suite: suite(&self.suite, &settings.suite, OBSERVED)?,
            timed: match self.decision.is_of_rest() {
                // Programs that do nothing behind their load are not worth timing there.
                true => suite(&self.timed, &None, STEADY)?,
                false => suite(&self.timed, &settings.timed, TIMED)?,
            },
            paths: match self.paths.is_empty() {
                true => settings.path.clone(),
                false => self.paths.clone(),
            },
            budget: match (self.budget, settings.budget) {
                (None, Some(given)) => Some(minutes(&given.to_string()).map_err(|why| {
                    Error::Usage(format!(
                        "budget of [gate] in {}: {why}",
                        workloads::FILE_NAME
                    ))
                })?),
                (given, _) => given,
            },
            allow: self.allow.clone().or_else(|| settings.allow.clone()),
            decision: self.decision.settled(settings),
            ..self.clone()
        };
        match settled.without_effect() {
            Some(wrong) => Err(Error::Usage(wrong)),
            None => Ok(settled),
        }
    }

    /// How long the gate may take.
    fn budget(&self) -> Duration {
        self.budget.unwrap_or(BUDGET)
    }

    fn rules(&self) -> Rules {
        let rules = self.decision.rules();
        Rules {
            gains: rules.gains && !self.no_gains,
            stop_at_regression: self.stop_at_regression,
            ..rules
        }
    }

    fn paths(&self) -> Vec<LoadPath> {
        let mut paths: Vec<LoadPath> = self.paths.clone();
        if paths.is_empty() {
            paths = vec![LoadPath::Parse, LoadPath::Bytecode, LoadPath::Full];
        }
        paths.sort_unstable();
        paths.dedup();
        paths
    }

    /// The command that measures the same again, without what names a file.
    fn command(&self, from: &str, to: &str, seed: u64) -> Vec<String> {
        let rules = self.rules();
        let minutes = self.budget().as_secs_f64() / 60.0;
        let paths: Vec<&str> = self.paths().iter().map(|path| path.name()).collect();
        let mut command: Vec<String> = vec!["gate".to_owned()];
        let mut add = |name: &str, value: String| command.extend([name.to_owned(), value]);
        add("--from", from.to_owned());
        add("--to", to.to_owned());
        for (name, suite) in [("--suite", &self.suite), ("--timed", &self.timed)] {
            if let Some(suite) = suite {
                add(name, suite.clone());
            }
        }
        if let Some(workloads) = &self.workloads {
            add("--workloads", workloads.to_string());
        }
        add("--path", paths.join(","));
        add("--budget", minutes.to_string());
        for (name, value) in self.decision.words() {
            add(name, value);
        }
        for (name, value) in self.void_limits.words() {
            add(name, value);
        }
        add("--seed", seed.to_string());
        command.extend(self.entries.iter().map(|it| it.display().to_string()));
        command.extend(self.host.words());
        if self.no_gains {
            command.push("--no-gains".to_owned());
        }
        if rules.stop_at_regression {
            command.push("--stop-at-regression".to_owned());
        }
        if self.allow_assertions {
            command.push("--allow-assertions".to_owned());
        }
        command
    }
}
