//! What is asked of one engine alone: what a program shows, and whether the cache is used.

use std::fs;
use std::path::{Path, PathBuf};

use ::bisect::Ask;
use jsc_module_cache::Digest;
use observation::{Observation, diff};
use sample::{
    CacheMode, CacheUse, Excused, LoadPath, NotServed, Observe, Sample, Unwritten, WorkerFailure,
};
use workers::{InstalledEngine, TIME_LIMIT, WorkerCall};
use workloads::{Workload, WorkloadDef};

use crate::Error;
use crate::cmd::measure::scratch::Scratch;

/// Differences that are told.
const MOST: usize = 5;

/// A workload that engines are asked about.
pub struct Subject<'a> {
    pub ask: Ask,
    pub path: LoadPath,
    pub workload: &'a Workload,
    /// Where caches are written.
    pub scratch: &'a Path,
    /// A program to start in the worker's place, for tests.
    pub worker_program: Option<&'a Path>,
}

/// A digest of what a workload is: its definition and its entry, and of all that it imports how much there is and what it
/// shows on the engine at hand. Whoever edits a module asks another question.
pub fn digest(definition: &WorkloadDef, worker_program: Option<&Path>) -> Result<String, Error> {
    let content = definition.content_digest()?;
    let scratch = Scratch::new()?;
    let workload = workloads::materialise(definition, scratch.path())?;
    let subject = Subject {
        ask: Ask::Behaviour,
        path: LoadPath::Parse,
        workload: &workload,
        scratch: scratch.path(),
        worker_program,
    };
    let loads = subject.loads(&workers::default()?, Observe::Digest);
    let of = loads
        .loaded
        .as_ref()
        .map_or((0, 0), |it| (it.modules, it.source_bytes));
    let whole = format!("{content} {of:?} {}", of_behaviour(&loads));
    Ok(Digest::of(whole.as_bytes()).to_string())
}

impl Subject<'_> {
    /// The fact of an engine, in words that are the same whenever it is the same; or why there is none: two loads do not
    /// agree.
    pub fn fact(&self, engine: &InstalledEngine) -> Result<String, String> {
        let once = || self.loads(engine, Observe::Digest);
        let (first, second) = (self.in_words(&once()), self.in_words(&once()));
        match first == second {
            true => Ok(first),
            false => Err(format!(
                "two loads do not agree: first {first}, then {second}"
            )),
        }
    }

    /// What differs between two engines, in words.
    pub fn differences(&self, good: &InstalledEngine, bad: &InstalledEngine) -> Vec<String> {
        let loads = [good, bad].map(|engine| self.loads(engine, Observe::Everything));
        if self.ask == Ask::Cache {
            let [before, after] = loads.map(|it| self.of_cache_in_full(&it));
            return vec![format!("before: {before}"), format!("after: {after}")];
        }
        match loads.map(|it| it.loaded.and_then(Sample::into_observation)) {
            [Ok(before), Ok(after)] => {
                let differences = diff(&before, &after, MOST);
                differences.iter().map(ToString::to_string).collect()
            }
            [before, after] => {
                let words = |it: Result<Observation, WorkerFailure>| match it {
                    Ok(_) => "it ran to its end".to_owned(),
                    Err(failure) => format!("a worker {failure}"),
                };
                vec![
                    format!("before: {}", words(before)),
                    format!("after: {}", words(after)),
                ]
            }
        }
    }

    fn in_words(&self, loads: &Loads) -> String {
        match self.ask {
            Ask::Cache => self.of_cache(loads),
            _ => of_behaviour(loads),
        }
    }

    /// Loads once, from a cache that was just written if the path has one.
    fn loads(&self, engine: &InstalledEngine, observe: Observe) -> Loads {
        if self.path == LoadPath::Parse {
            return Loads {
                written: None,
                loaded: self.load(engine, self.path, None, observe),
            };
        }
        let cache = self.scratch.join("facts");
        // A cache of another engine must not be in the way; if it is not there, nothing is to be removed.
        let _ = fs::remove_dir_all(&cache);
        let load = |path, mode| self.load(engine, path, Some((cache.clone(), mode)), observe);
        let mut written = load(LoadPath::Full, CacheMode::Refresh);
        if written.is_ok() && self.path == LoadPath::Graph {
            let pack = load(LoadPath::Graph, CacheMode::Refresh);
            written = pack.and(written);
        }
        let loaded = match &written {
            Ok(_) => load(self.path, CacheMode::ReadOnly),
            Err(failure) => Err(failure.clone()),
        };
        Loads {
            written: written.ok(),
            loaded,
        }
    }

    fn load(
        &self,
        engine: &InstalledEngine,
        path: LoadPath,
        cache: Option<(PathBuf, CacheMode)>,
        observe: Observe,
    ) -> Result<Sample, WorkerFailure> {
        let mut task = self.workload.task(path).observing(observe);
        if let Some((directory, mode)) = cache {
            task = task.with_cache(CacheUse::new(&directory, mode));
        }
        let mut call = WorkerCall::new(engine, task);
        call.program = self.worker_program;
        call.time_limit = self.workload.time_limit_or(TIME_LIMIT);
        call.run().map(|finished| finished.line)
    }

    /// Without numbers: how many modules and functions there are may change from one revision to the next.
    fn of_cache(&self, loads: &Loads) -> String {
        let served = match &loads.loaded {
            Ok(sample) => self.served(loads, sample),
            Err(failure) => return failed(failure),
        };
        match served {
            Ok(()) => "the cache is used".to_owned(),
            Err(NotServed::Missed { reason, .. }) => format!("modules miss: {reason}"),
            Err(NotServed::Analyzed { .. }) => "records are not used".to_owned(),
            Err(NotServed::ModuleCode { .. }) => "code of modules is not used".to_owned(),
            Err(NotServed::FunctionCode { .. }) => "code of functions is not used".to_owned(),
            Err(NotServed::Uncounted { .. }) => "modules are not counted".to_owned(),
            Err(other @ (NotServed::NoCache | NotServed::Refused(_))) => other.to_string(),
        }
    }

    /// The same with numbers.
    fn of_cache_in_full(&self, loads: &Loads) -> String {
        match &loads.loaded {
            Err(failure) => failed(failure),
            Ok(sample) => match self.served(loads, sample) {
                Ok(()) => {
                    let hits = sample.cache.as_ref().map_or(0, |it| it.hits);
                    format!("{hits} of {} modules from the cache", sample.modules)
                }
                Err(why) => why.to_string(),
            },
        }
    }

    fn served(&self, loads: &Loads, sample: &Sample) -> Result<(), NotServed> {
        let written = loads.written.as_ref().and_then(|it| it.cache.as_ref());
        let unwritten: &[Unwritten] = written.map_or(&[], |it| &it.unwritten);
        let left_out = written.is_some_and(|it| it.left_out > 0);
        sample.served(&Excused::on(self.path, unwritten, left_out))
    }
}

/// What became of the loads that an engine was asked by.
struct Loads {
    /// The load that wrote the entries.
    written: Option<Sample>,
    loaded: Result<Sample, WorkerFailure>,
}

fn of_behaviour(loads: &Loads) -> String {
    match &loads.loaded {
        Err(failure) => failed(failure),
        Ok(sample) => {
            let digest = sample.observation.as_ref().map(|it| it.digest.as_str());
            format!("observation {}", digest.unwrap_or("none"))
        }
    }
}

/// Without what it wrote, which may have addresses in it.
fn failed(failure: &WorkerFailure) -> String {
    let words = failure.to_string();
    let ended = words.split("; standard error: ").next();
    format!("a worker {}", ended.unwrap_or_default())
}
