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
use crate::cache;
use crate::cache::pack::Payload;
use crate::cache::store::Loading;
use crate::engine::{
    ConsoleSink, ConsoleStream, Engine, FailedAt, LoadState, Realm, Rest, ScriptError, Statistics,
    Thrown, run_to_rest,
};
use crate::graph::resolve::ModuleKey;
use crate::load::{
    CacheMode, CacheOptions, CacheReport, Check, DrivenGraph, FileHost, LoadPath, RunCache,
    write_missing,
};

/// Runs tests one after the other.
pub struct Executor<'engine> {
    engine: &'engine Engine,
    identity: cache::Identity,
    harness: HashMap<PathBuf, String>,
}

impl<'engine> Executor<'engine> {
    /// An executor on this engine.
    pub fn new(engine: &'engine Engine) -> Self {
        Self {
            engine,
            identity: engine.identity().for_cache(),
            harness: HashMap::new(),
        }
    }

    /// Runs a test; the error says what of it could not even be tried.
    pub fn run(&mut self, job: &Job) -> Result<Reply, String> {
        let entry = ModuleKey::from_entry(&job.file).map_err(|error| error.to_string())?;
        match cache_options(&job.load) {
            // What scripts import is no static closure: entries serve it, as by the full path.
            Some(options) if job.load.path == LoadPath::Graph && job.mode == Mode::Module => {
                self.run_graph(job, &entry, &options)
            }
            options => self.run_modules(job, &entry, options.as_ref()),
        }
    }

    fn run_graph(
        &mut self,
        job: &Job,
        entry: &ModuleKey,
        options: &CacheOptions,
    ) -> Result<Reply, String> {
        let mut graph = DrivenGraph::open(self.engine, entry, options);
        let mut realm = graph.realm();
        realm.keep_true_lines();
        let observation = self.observe(job, &mut realm, |realm| {
            if !graph.load(realm) {
                return Err("JSC did not take a valid pack".to_owned());
            }
            Ok(observe_module(realm, entry))
        })?;
        let (cache, without_pack) = graph.finish(&mut realm);
        Ok(Reply {
            observation,
            work: Work {
                without_pack,
                ..work(&realm.statistics(), cache)
            },
        })
    }

    fn run_modules(
        &mut self,
        job: &Job,
        entry: &ModuleKey,
        options: Option<&CacheOptions>,
    ) -> Result<Reply, String> {
        let mut host = FileHost::new(entry);
        let report = options.map(|options| {
            let entries =
                RunCache::new(options, self.identity, job.load.path != LoadPath::Bytecode);
            let report = entries.report();
            host.set_cache(entries);
            report
        });
        let mut realm = Realm::with_validation(self.engine, Box::new(host), job.load.validate);
        // By every path: what the parser skips must not look like a difference.
        realm.keep_true_lines();
        let observation = self.observe(job, &mut realm, |realm| {
            if job.mode == Mode::Module {
                realm.load(entry.as_str());
                return Ok(observe_module(realm, entry));
            }
            observe_script(realm, job.mode, entry)
        })?;

        let mut cache = report.map(|report| report.take()).unwrap_or_default();
        if let Some(options) = options {
            let unlinkable = realm.unlinkable_modules();
            write_missing(self.engine, options, self.identity, &mut cache, &unlinkable);
        }
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
    Some(CacheOptions {
        directory: load.cache.clone()?,
        mode: if load.write {
            CacheMode::Auto
        } else {
            CacheMode::ReadOnly
        },
        loading: Loading::Auto,
        validate: load.validate,
        payload: Payload::Executed,
        check: Check::Content,
        read_ahead: true,
        alter: None,
        stale: None,
        poison_sources: false,
    })
}

fn work(statistics: &Statistics, cache: CacheReport) -> Work {
    let note = |module: String, what: String| Note { module, what };
    Work {
        modules: statistics.modules,
        analyses: statistics.analyses,
        module_code: statistics.module_code,
        function_code: statistics.function_code,
        hits: cache.hits,
        misses: cache
            .misses
            .into_iter()
            .map(|it| note(it.module, it.miss.to_string()))
            .collect(),
        unwritten: cache
            .unwritten
            .into_iter()
            .map(|(module, why)| note(module, why))
            .collect(),
        without_pack: None,
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
