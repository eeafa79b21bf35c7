//! Running one test once, in a realm of its own.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::front_matter::Phase;
use super::job::{Job, Load, Mode, Note, Reply, Work};
use super::observation::{Ending, Observation};
use engine::{
    ConsoleSink, ConsoleStream, Engine, FailedAt, LoadState, Realm, Rest, ScriptError, Statistics,
    Thrown, run_to_rest,
};
use load::{CacheOptions, CacheReport, Drive, Interference, Program, parses};
use resolve::ModuleKey;
use sample::{CacheMode, LoadPath};

/// Runs tests one after the other.
pub struct Executor<'engine> {
    engine: &'engine Engine,
    harness: HashMap<PathBuf, String>,
}

impl<'engine> Executor<'engine> {
    /// An executor on this engine.
    pub fn new(engine: &'engine Engine) -> Self {
        Self {
            engine,
            harness: HashMap::new(),
        }
    }

    /// Runs a test; the error says what of it could not even be tried.
    pub fn run(&mut self, job: &Job) -> Result<Reply, String> {
        let program =
            Program::from(ModuleKey::from_entry(&job.file).map_err(|error| error.to_string())?);
        let entry = &program.entry;
        // What scripts import is not a static closure: entries serve it, as on the full path.
        let path = match (job.load.path, job.mode) {
            (LoadPath::Graph, Mode::Strict | Mode::Sloppy) => LoadPath::Full,
            (path, _) => path,
        };
        let options = cache_options(&job.load);
        let interference = Interference::default();
        let cache = options.as_ref();
        let open = match job.mode {
            Mode::Module => Drive::open,
            Mode::Strict | Mode::Sloppy => Drive::open_script,
        };
        let mut drive = open(self.engine, &program, path, cache, &interference);
        let mut realm = drive.realm();
        // A pack that is of no use is found out before anything of the test has run.
        if !drive.prepare(&mut realm) {
            realm = drive.realm();
        }
        // By every path: what the parser skips must not look like a difference.
        realm.keep_true_lines();
        let observation = self.observe(job, &mut realm, |realm| {
            if job.mode == Mode::Module {
                drive.start(realm);
                return Ok(observe_module(realm, entry));
            }
            observe_script(realm, job.mode, entry)
        })?;
        let cache = drive.close(&mut realm).unwrap_or_default();
        Ok(Reply {
            observation,
            work: work(&realm.statistics(), cache),
        })
    }

    /// What a test shows in a realm in which nothing was done yet; `test` runs it after the files of `harness/`.
    fn observe(
        &mut self,
        job: &Job,
        realm: &mut Realm<'_>,
        test: impl FnOnce(&mut Realm<'_>) -> Result<Observation, String>,
    ) -> Result<Observation, String> {
        let console = Rc::new(Console::default());
        realm.capture_console(Rc::clone(&console) as Rc<dyn ConsoleSink>);
        realm
            .install_test262()
            .map_err(|error| format!("$262 cannot be defined: {error}"))?;
        let mut observation = match self.include(realm, &job.includes)? {
            Some(ending) => observation(ending, run_to_rest(realm), realm),
            None => test(realm)?,
        };
        observation.console = console.printed.take();
        Ok(observation)
    }

    /// Evaluates the files of `harness/`. The ending of the test, if one of them throws.
    fn include(
        &mut self,
        realm: &mut Realm<'_>,
        includes: &[PathBuf],
    ) -> Result<Option<Ending>, String> {
        for file in includes {
            let source = match self.harness.get(file) {
                Some(source) => source,
                None => {
                    let source = read(file)?;
                    self.harness.entry(file.clone()).or_insert(source)
                }
            };
            let url = ModuleKey::from_path(file).map_err(|error| error.to_string())?;
            if let Err(ScriptError::Syntax(error) | ScriptError::Threw(error)) =
                realm.evaluate_script(source, url.as_str())
            {
                return Ok(Some(Ending::HarnessThrew {
                    file: url.as_str().to_owned(),
                    error: (*error).into(),
                }));
            }
        }
        Ok(None)
    }
}

/// Keeps what a test's console prints, and shows it on standard error, for when the process comes to a bad end.
#[derive(Default)]
struct Console {
    printed: RefCell<Vec<String>>,
}

impl ConsoleSink for Console {
    fn print(&self, stream: ConsoleStream, text: &str) {
        let _ = io::stderr().write_all(text.as_bytes());
        let name = match stream {
            ConsoleStream::Out => "out",
            ConsoleStream::Error => "error",
        };
        self.printed.borrow_mut().push(format!("{name}: {text}"));
    }
}

/// What the module `entry` shows, whose load has begun.
fn observe_module(realm: &mut Realm<'_>, entry: &ModuleKey) -> Observation {
    let mut rest = run_to_rest(realm);
    let ending = match std::mem::replace(&mut rest.load, LoadState::Pending) {
        LoadState::Fulfilled => Ending::Completed,
        LoadState::Pending => Ending::Unsettled,
        LoadState::Rejected(error) => Ending::Threw {
            phase: phase(&error, entry, realm.statistics()),
            error: error.into(),
        },
    };
    observation(ending, rest, realm)
}

fn observe_script(
    realm: &mut Realm<'_>,
    mode: Mode,
    entry: &ModuleKey,
) -> Result<Observation, String> {
    let source = read(entry.path())?;
    let source = match mode {
        Mode::Strict => format!("\"use strict\";\n{source}"),
        _ => source,
    };
    let ending = match realm.evaluate_script(&source, entry.as_str()) {
        Ok(()) => Ending::Completed,
        Err(ScriptError::Syntax(error)) => Ending::Threw {
            phase: Phase::Parse,
            error: (*error).into(),
        },
        Err(ScriptError::Threw(error)) => Ending::Threw {
            phase: Phase::Runtime,
            error: (*error).into(),
        },
    };
    Ok(observation(ending, run_to_rest(realm), realm))
}

/// The stage at which loading `entry` failed.
fn phase(error: &Thrown, entry: &ModuleKey, statistics: Statistics) -> Phase {
    // Only evaluation takes this time, and no evaluation begins before everything is linked.
    if statistics.evaluate_ns > 0 {
        return Phase::Runtime;
    }
    match &error.module {
        Some(module) if module.at == FailedAt::Analysis && module.key == entry.as_str() => {
            Phase::Parse
        }
        _ => Phase::Resolution,
    }
}

fn observation(ending: Ending, rest: Rest, realm: &mut Realm<'_>) -> Observation {
    Observation {
        ending,
        printed: realm.take_printed(),
        console: Vec::new(),
        uncaught: rest.uncaught.into_iter().map(Into::into).collect(),
        rejections: rest.rejections.into_iter().map(Into::into).collect(),
    }
}

fn cache_options(load: &Load) -> Option<CacheOptions> {
    let mode = match load.write {
        true => CacheMode::Auto,
        false => CacheMode::ReadOnly,
    };
    Some(CacheOptions {
        validate: load.validate,
        ..CacheOptions::new(load.cache.clone()?, mode)
    })
}

fn work(statistics: &Statistics, cache: CacheReport) -> Work {
    let note = |module: String, what: String| Note { module, what };
    Work {
        modules: statistics.modules,
        parses: parses(statistics),
        hits: cache.hits,
        misses: cache
            .misses
            .into_iter()
            .map(|it| note(it.module, it.miss.to_string()))
            .collect(),
        unwritten: cache.unwritten,
        left_out: cache.left_out,
        without_pack: cache.no_pack.map(|it| it.why()),
        refusal: cache.refusal.map(|miss| miss.to_string()),
        different_records: cache
            .differences
            .into_iter()
            .map(|it| note(it.module, it.what))
            .collect(),
    }
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))
}
