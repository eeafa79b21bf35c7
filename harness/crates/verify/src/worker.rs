//! The processes of one case: the same workload on the same engine in different ways.

use std::path::Path;
use std::time::Duration;

use sample::{CacheMode, CacheUse, Draw, LoadPath, Mutant, Observe, Sample, Task, WorkerFailure};
use workers::{Finished, InstalledEngine, WorkerCall};
use workloads::{Conduct, Workload};

use super::mixed::MixedLoads;
use super::mutant;
use super::stale::StaleLoads;

/// What all processes of a case have in common.
#[derive(Debug, Clone, Copy)]
pub struct Workers<'a> {
    pub engine: &'a InstalledEngine,
    pub workload: &'a Workload,
    pub cache: &'a Path,
    pub time_limit: Duration,
    pub mutant: Option<Mutant>,
}

type Ran<T> = Result<Finished<T>, WorkerFailure>;

impl Workers<'_> {
    /// Parses.
    pub fn parse(&self, observe: Observe) -> Ran<Sample> {
        self.call(self.task(LoadPath::Parse, observe)).run()
    }

    /// Parses, with true lines.
    pub fn parse_with_true_lines(&self, observe: Observe) -> Ran<Sample> {
        let task = self.task(LoadPath::Parse, observe);
        self.call(Task {
            true_lines: true,
            ..task
        })
        .run()
    }

    /// Writes the entries of everything.
    pub fn write(&self) -> Ran<Sample> {
        self.call(self.writing(LoadPath::Full)).run()
    }

    /// Makes a pack of everything that the entry imports.
    pub fn pack(&self) -> Ran<Sample> {
        self.call(self.writing(LoadPath::Graph)).run()
    }

    /// Loads on a path.
    pub fn read(&self, path: LoadPath, observe: Observe) -> Ran<Sample> {
        self.call(self.reading(path, observe)).run()
    }

    /// How the program ends when it is parsed, if with an error of which its definition does not speak.
    pub fn failure(&self) -> Option<String> {
        let sample = self.parse(Observe::Outcome).ok()?.line;
        let whole = sample.observation?.whole?;
        match self
            .workload
            .conduct(&self.engine.version, sample.modules, &whole)
        {
            Conduct::Failed(how) => Some(how),
            Conduct::Fine | Conduct::Unexpected(_) => None,
        }
    }

    /// Loads on a path, and keeps all that it writes to standard error.
    pub fn said(&self, path: LoadPath, observe: Observe) -> Ran<Sample> {
        let task = match path {
            LoadPath::Parse => self.task(path, observe),
            _ => self.reading(path, observe),
        };
        let mut call = self.call(task);
        call.keep_stderr = usize::MAX;
        call.run()
    }

    /// Loads on a path and compares each record with the parser's.
    pub fn validate(&self, path: LoadPath) -> Ran<Sample> {
        let mut task = self.reading(path, Observe::Digest);
        if let Some(cache) = &mut task.cache {
            cache.validate = true;
        }
        self.call(task).run()
    }

    /// Loads with subsets of the entries, or with one of them.
    pub fn mixed(
        &self,
        path: LoadPath,
        count: u64,
        seed: u64,
        only: Option<u64>,
    ) -> Ran<MixedLoads> {
        let draw = Draw::Mixed { count, seed, only };
        self.drawn(path, draw, only.is_some()).run_for()
    }

    /// Loads from the pack with each of `count` modules seen as changed, or with one of them.
    pub fn stale(&self, count: u64, seed: u64, only: Option<&str>) -> Ran<StaleLoads> {
        let whole = only.is_some();
        let only = only.map(str::to_owned);
        let draw = Draw::Stale { count, seed, only };
        self.drawn(LoadPath::Graph, draw, whole).run_for()
    }

    fn drawn(&self, path: LoadPath, draw: Draw, whole: bool) -> WorkerCall<'_> {
        let observe = match whole {
            true => Observe::Everything,
            false => Observe::Digest,
        };
        let task = self.reading(path, observe);
        let mut call = self.call(Task {
            draw: Some(draw),
            ..task
        });
        // Many loads, and some of them parse.
        call.time_limit = self.time_limit * 4;
        call
    }

    fn writing(&self, path: LoadPath) -> Task {
        self.task(path, Observe::Digest)
            .with_cache(CacheUse::new(self.cache, CacheMode::Auto))
    }

    fn reading(&self, path: LoadPath, observe: Observe) -> Task {
        let mut cache = CacheUse::new(self.cache, CacheMode::ReadOnly);
        cache.check = self.mutant.map_or(cache.check, mutant::check);
        let task = self.task(path, observe).with_cache(cache);
        Task {
            mutant: self.mutant,
            ..task
        }
    }

    fn task(&self, path: LoadPath, observe: Observe) -> Task {
        self.workload.task(path).observing(observe)
    }

    fn call(&self, task: Task) -> WorkerCall<'_> {
        let mut call = WorkerCall::new(self.engine, task);
        call.time_limit = self.time_limit;
        call
    }
}
