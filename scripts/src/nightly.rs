//! `cargo xtask nightly`

mod alarms;
mod bisects;
mod code;
mod harness;
mod lock;
mod state;
mod steps;
mod summary;
mod what;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::root;
use crate::setup;
use code::Code;
use harness::Harness;
use lock::Lock;
use state::{Done, Of, State};
use steps::{Night, STEPS};
use what::What;

/// What a night is of.
#[derive(clap::Args)]
pub struct NightlyOptions {
    #[command(flatten)]
    setup: setup::Options,
    #[command(flatten)]
    what: What,
    /// Random graphs whose paths are compared, on each engine; none with 0
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    random: u64,
    /// As many blocks as fit into this time, preparations included
    #[arg(long, value_name = "MINUTES", conflicts_with = "blocks")]
    budget: Option<f64>,
    /// Blocks of each workload
    #[arg(long, default_value_t = 30)]
    blocks: u32,
    /// Minutes for the gate between the engine and itself
    #[arg(long, value_name = "MINUTES", default_value_t = 2.0)]
    control: f64,
    /// Minutes for each gate that is to confirm an alarm
    #[arg(long, value_name = "MINUTES", default_value_t = 10.0)]
    confirm: f64,
    /// Begin a new night even when one was not finished
    #[arg(long)]
    anew: bool,
    /// Call this program instead of building one
    #[arg(long, hide = true, value_name = "FILE", value_parser = root::absolute)]
    program: Option<PathBuf>,
}

pub const AFTER_HELP: &str = "\
A night, in this order:
  setup    as `cargo xtask setup`
  verify   every workload of --suite, or every ENTRY, on every path on every engine
  random   so many random graphs on every path on every engine, of a new seed
  measure  the workloads of --timed, or every ENTRY, on the default engine
  append   the result is added to results/history
  control  a gate between the default engine and itself: it must not find a difference
  scan     gains in the history that have become smaller (`jsc-harness results scan`)
  confirm  for each alarm a gate between the engine of before and the one of today, when both are installed
  bisect   for each alarm that a gate has confirmed between two revisions of one repository (engine add --git): which
           revision it was (`jsc-harness bisect`), which builds what it needs
  report   results/report and results/README.md

A night of your own project is of its entries, whose results HARNESS_RESULTS has to have a folder for, or of the suites of its
jsc-harness.toml (--config), whose results it keeps where that file says. The control is of a workload of this repository in any case.

State and outputs lie in results/nightly. A night that was killed goes on with the step in which it was when it is called
again with the same options at the same commit; one that is finished begins anew. HARNESS_RESULTS names another folder than
results.

Exit codes, the worst of all steps, in the order 3, 1, 4, 2, 0:
  0   fine; an alarm that a gate has denied is not a finding
  1   a finding: paths differ, or a gate has confirmed an alarm
  2   inconclusive: too few valid blocks, or an alarm that is neither confirmed nor denied
  3   invalid: a wrong observation, a cache that was silently not used
  4   could not run; another night is running; or the engine differs from itself, so that this machine cannot measure now
  64  usage";

/// Runs a night, or what is left of one.
pub fn run(shell: &Shell, options: &NightlyOptions) -> Code {
    night(shell, options).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        Code::CouldNotRun
    })
}

fn night(shell: &Shell, options: &NightlyOptions) -> Result<Code> {
    let results = results(&options.what)?;
    let folder = results.join("nightly");
    fs::create_dir_all(&folder)
        .with_context(|| format!("could not create {}", folder.display()))?;
    let lock = Lock::take(&folder)?;
    let scratch = folder.join("scratch");
    clear(&scratch)?;
    let path = folder.join("state.json");
    let of = Of {
        revision: revision(shell),
        options: options.words()?,
    };
    let mut state = match State::read(&path)? {
        Some(state) if state.ended.is_none() && state.of == of && !options.anew => {
            eprintln!("nightly: {} goes on", state.night);
            state
        }
        unfinished => {
            if let Some(state) = unfinished.filter(|it| it.ended.is_none() && !options.anew) {
                eprintln!(
                    "nightly: {} was not finished and is given up: it was of {} at {}",
                    state.night,
                    state.of.options.join(" "),
                    state.of.revision
                );
            }
            State::new(cmd!(shell, "date -u +%Y-%m-%dT%H%M%SZ").read()?, of)
        }
    };
    state.write(&path)?;
    let night = Night {
        options,
        folder: folder.join(&state.night),
        harness: Harness {
            program: options.program.as_deref(),
            lock: &lock,
            results: &results,
            scratch: scratch.clone(),
        },
    };
    fs::create_dir_all(&night.folder)
        .with_context(|| format!("could not create {}", night.folder.display()))?;
    let begin = Instant::now();
    for (name, step) in STEPS {
        if let Some(done) = state.step(name) {
            eprintln!("== {name}: {} before", done.code.name());
            continue;
        }
        eprintln!("== {name}");
        let begin = Instant::now();
        let (code, note) = step(&night, &state)?;
        let seconds = (begin.elapsed().as_secs_f64() * 10.0).round() / 10.0;
        eprintln!("== {name}: {}, {seconds:.1} s: {note}", code.name());
        state.done.push(Done {
            step: (*name).to_owned(),
            code,
            seconds,
            note,
        });
        state.write(&path)?;
    }
    let code = state.worst();
    let summary = summary::summary(&state);
    state::write(&night.folder.join("summary.md"), &summary)?;
    state.ended = Some(code);
    state.write(&path)?;
    clear(&scratch)?;
    print!("{summary}");
    eprintln!(
        "nightly: {}, {:.1} s; everything is in {}",
        code.name(),
        begin.elapsed().as_secs_f64(),
        night.folder.display()
    );
    Ok(code)
}

/// The folder of results, as `jsc-harness` finds it.
fn results(what: &What) -> Result<PathBuf> {
    match env::var_os("HARNESS_RESULTS").filter(|path| !path.is_empty()) {
        None => match what.results()? {
            Some(results) => Ok(results),
            None => Ok(env::current_dir()?.join("results")),
        },
        Some(path) if Path::new(&path).is_absolute() => Ok(path.into()),
        Some(path) => bail!(
            "HARNESS_RESULTS has to be an absolute path, and is {}",
            Path::new(&path).display()
        ),
    }
}

/// The commit of the checkout, as results have it.
fn revision(shell: &Shell) -> String {
    cmd!(
        shell,
        "git describe --always --dirty --abbrev=12 --exclude=*"
    )
    .quiet()
    .ignore_stderr()
    .read()
    .unwrap_or_else(|_| "unknown".to_owned())
}

/// Removes what a night that was killed has left behind.
fn clear(scratch: &Path) -> Result<()> {
    if scratch.exists() {
        fs::remove_dir_all(scratch)
            .with_context(|| format!("could not remove {}", scratch.display()))?;
    }
    Ok(())
}

impl NightlyOptions {
    /// The options that make a night what it is.
    fn words(&self) -> Result<Vec<String>> {
        let mut words = vec!["nightly".to_owned()];
        words.extend(self.what.words()?);
        let mut add = |name: &str, value: String| words.extend([name.to_owned(), value]);
        add("--random", self.random.to_string());
        match self.budget {
            Some(budget) => add("--budget", budget.to_string()),
            None => add("--blocks", self.blocks.to_string()),
        }
        add("--control", self.control.to_string());
        add("--confirm", self.confirm.to_string());
        Ok(words)
    }
}
