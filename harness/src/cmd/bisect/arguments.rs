//! The command line of `bisect`.

use std::path::PathBuf;

use ::bisect::{Ask, Rules};
use clap::{ArgGroup, Args};
use sample::LoadPath;
use workloads::WorkloadDef;

use crate::Error;
use crate::cmd::Format;
use crate::cmd::selection::SelectionArgs;
use crate::cmd::word::word;

/// Arguments of `bisect`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP, group(ArgGroup::new("among").args(["git", "engines", "replay"]).required(true)))]
pub struct BisectArgs {
    /// The revision that is good, or the engine [default with --engines: the first]
    #[arg(long, value_name = "REV", required_unless_present_any = ["engines", "replay"])]
    pub good: Option<String>,
    /// The revision that is bad, or the engine [default with --engines: the last]
    #[arg(long, value_name = "REV", required_unless_present_any = ["engines", "replay"])]
    pub bad: Option<String>,
    /// A repository of WebKit, whose revisions are built as they are needed
    #[arg(long, value_name = "DIR")]
    pub git: Option<PathBuf>,
    /// Installed engines in their order, the oldest first: names or versions from `engine list`
    #[arg(long, value_name = "ENGINE", value_delimiter = ',')]
    pub engines: Option<Vec<String>>,
    /// What every engine is asked: behaviour, cache, instructions or time
    #[arg(long, value_parser = asked, required_unless_present = "replay")]
    pub ask: Option<Ask>,
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// How the workload is loaded [default: parse; for --ask cache full]
    #[arg(long, value_parser = word::<LoadPath>())]
    path: Option<LoadPath>,
    /// After how many blocks a value is looked at, ascending [default: 16,64,256; of instructions 10,20]
    #[arg(long, value_name = "BLOCKS", value_delimiter = ',')]
    looks: Option<Vec<u32>>,
    /// A definition for CMake, for sources that need it (as of `engine add`); can be given several times
    #[arg(
        long = "cmake-arg",
        value_name = "-DNAME=VALUE",
        allow_hyphen_values = true,
        requires = "git"
    )]
    pub cmake: Vec<String>,
    /// Where the document and the report are kept, and from where a search goes on [default: a folder of results/bisects
    /// that is named after the question]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Ask this revision alone, with the exit codes of `git bisect run`
    #[arg(long, value_name = "REV", requires = "git", conflicts_with = "format")]
    pub step: Option<String>,
    /// Seed of every random choice [default: a new one]
    #[arg(long)]
    pub seed: Option<u64>,
    /// Answer from the document of an earlier search, and ask nobody
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "good", "bad", "ask", "entries", "suite", "workloads", "config", "path", "looks", "cmake", "out", "step", "seed",
    ])]
    pub replay: Option<PathBuf>,
    /// How to print the answer: the summary, or the whole document
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Start this program instead of workers
    #[arg(long, hide = true, value_name = "FILE")]
    pub worker_program: Option<PathBuf>,
}

const AFTER_HELP: &str = "\
Among --git, the first parents from --good to --bad count, and of them those that change Source/JavaScriptCore, WTF, bmalloc
or what builds them. Each that is asked is built once and stays installed, as rev-COMMIT. One that does not build is skipped;
the answer may then be a range.

What is asked with --ask:
  behaviour     what the program shows. An engine belongs to the end that shows the same
  cache         whether the engine uses the cache that it wrote. An engine belongs to the end that does the same
  instructions  how many a worker executes, counted by valgrind, without JSC's JIT
  time          how long a load takes
Instructions and times of an engine are measured in the same blocks with both ends, and it belongs to the end that it lies
nearer to (signed-rank test). Over all steps and looks together, an engine is given to the wrong end with a probability of at
most 5 %. Undecided after the last look, it is skipped.

Both ends are asked first. A search that was interrupted goes on where it was when the same command is given again. DIR has
  bisect.json   all evidence; --replay gives the answer that follows from it
  report.md     a text for a bug report, once the first bad revision is found
  profile/      of instructions and times: the difference by function, as tables and as a flame graph

With git's own bisect:
  git bisect start BAD GOOD
  git bisect run jsc-harness bisect --git . --good GOOD --bad BAD --ask behaviour -w '^NAME$' --step HEAD

Exit codes:
  0   the first bad revision is found
  2   a range, or the ends could not be told apart; with --replay also a search that is not over
  3   the ends do not differ in what was asked
  4   could not run: no such revision, no compiler, an end that cannot be asked
  64  usage
With --step: 0 good, 1 bad, 125 nobody knows, 128 could not run (which ends `git bisect run`).";

impl BisectArgs {
    /// Refuses what has no effect.
    pub fn check(&self) -> Result<(), Error> {
        let ask = self.ask()?;
        if self.git.is_none() && self.step.is_some() {
            return Err(Error::Usage(
                "--step asks a revision of --git; --engines has none".to_owned(),
            ));
        }
        if self.git.is_none() && !self.cmake.is_empty() {
            return Err(Error::Usage(
                "--cmake-arg has no effect with --engines, which are built; leave it out"
                    .to_owned(),
            ));
        }
        if ask.metric().is_none() && self.looks.is_some() {
            return Err(Error::Usage(format!(
                "--looks has no effect with --ask {}, of which one answer is enough; leave it out",
                ask.name()
            )));
        }
        if ask == Ask::Cache && self.path() == LoadPath::Parse {
            return Err(Error::Usage(
                "--ask cache needs a path with a cache: --path bytecode, full or graph".to_owned(),
            ));
        }
        Ok(())
    }

    /// What is asked.
    pub fn ask(&self) -> Result<Ask, Error> {
        let missing = || Error::Usage("--ask is needed".to_owned());
        self.ask.ok_or_else(missing)
    }

    /// How the workload is loaded.
    pub fn path(&self) -> LoadPath {
        self.path.unwrap_or(match self.ask {
            Some(Ask::Cache) => LoadPath::Full,
            _ => LoadPath::Parse,
        })
    }

    /// How values are decided on.
    pub fn rules(&self, ask: Ask) -> Result<Rules, Error> {
        let rules = Rules::of(ask);
        let rules = Rules {
            looks: self.looks.clone().unwrap_or(rules.looks),
            ..rules
        };
        rules
            .check()
            .map_err(|wrong| Error::Usage(wrong.to_string()))?;
        Ok(rules)
    }

    /// The one workload that is meant.
    pub fn workload(&self) -> Result<WorkloadDef, Error> {
        let catalog = self.selection.catalog()?;
        let mut workloads = self.selection.workloads(&catalog, "smoke")?;
        match (workloads.pop(), workloads.len()) {
            (Some(workload), 0) => Ok(workload),
            (_, others) => Err(Error::Usage(format!(
                "{} workloads are meant; name one: an ENTRY, or -w '^NAME$'",
                others + 1
            ))),
        }
    }
}

fn asked(text: &str) -> Result<Ask, String> {
    let found = Ask::ALL.into_iter().find(|it| it.name() == text);
    found.ok_or_else(|| "behaviour, cache, instructions or time".to_owned())
}
