//! Before anything is timed: files written, caches generated, every path verified once, everything warmed up.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use workloads::{Conduct, Kind, Workload};

use record::{KeptWorkload, PageCache, SampleError, Unmeasured};
use sample::{CacheMode, CacheUse, LoadPath, Observe, Sample, WorkerFailure};
use workers::{Finished, WorkerCall};

use super::check::{Expectation, check};
use super::cold;
use super::error::Error;
use super::load_kind::ExtraWork;
use super::peers::PreparedPeer;
use super::plan::{Plan, PlannedWorkload};

/// Discarded loads of each workload on each path on each engine. The first of them is the one that is verified.
pub const WARM_UPS: u32 = 2;

/// A workload that is ready to be measured.
#[derive(Debug)]
pub struct Prepared {
    /// Its place in the plan.
    pub place: usize,
    /// Its files.
    pub workload: Workload,
    /// For each engine: the directory of its cache, and what every load must show.
    pub engines: Vec<PreparedEngine>,
    /// What can be measured: engine and path.
    pub kinds: Vec<(usize, LoadPath)>,
    /// What to drop from memory before each load, when the page cache is to be cold.
    pub evict: Vec<PathBuf>,
    /// The peers that can run it.
    pub peers: Vec<PreparedPeer>,
}

/// A workload's state on one engine.
#[derive(Debug)]
pub struct PreparedEngine {
    /// Where its entries lie.
    pub cache: PathBuf,
    /// What every load must show.
    pub expected: Expectation,
}

/// A prepared workload, how it is named in the record, and what of it cannot be measured.
#[derive(Debug)]
pub struct Preparation {
    /// What is to be measured.
    pub prepared: Prepared,
    /// How it is named.
    pub identity: KeptWorkload,
    /// What cannot be.
    pub unmeasured: Vec<Unmeasured>,
}

/// Prepares the workload at `place` of the plan, with its files below `scratch`.
pub fn prepare(plan: &Plan, place: usize, scratch: &Path) -> Result<Preparation, Error> {
    let PlannedWorkload { definition, series } = &plan.workloads[place];
    let workload = workloads::materialise(definition, &scratch.join("workloads"))?;
    let mut observations = BTreeMap::new();
    let mut engines = Vec::new();
    let mut kinds = Vec::new();
    let mut unmeasured = Vec::new();
    for (index, engine) in plan.engines.iter().enumerate() {
        // Short names of one length: nothing of a load depends on how long they are.
        let cache = scratch.join(format!("cache/{index:02}/{place:04}"));
        let verifier = Verifier {
            plan,
            workload: &workload,
            engine: index,
            cache: &cache,
        };
        let verified = verifier.run();
        if let Some(expected) = &verified.expected {
            observations.insert(engine.name.clone(), expected.observation.clone());
        }
        for (path, error) in verified.paths {
            match error {
                None => kinds.push((index, path)),
                Some(why) => unmeasured.push(Unmeasured {
                    workload: place,
                    engine: index,
                    path,
                    why,
                }),
            }
        }
        engines.push(PreparedEngine {
            cache,
            expected: verified.expected.unwrap_or_default(),
        });
    }
    let evict = match plan.page_cache {
        PageCache::Warm => Vec::new(),
        PageCache::Cold => to_evict(&workload, &engines)?,
    };
    Ok(Preparation {
        prepared: Prepared {
            place,
            workload: workload.clone(),
            engines,
            kinds,
            evict,
            peers: Vec::new(),
        },
        identity: KeptWorkload {
            name: workload.name.clone(),
            kind: workload.kind.to_string(),
            digest: definition.content_digest()?,
            series: series.clone(),
            observations,
        },
        unmeasured,
    })
}

/// What one load has besides others.
#[derive(Debug, Clone, Copy)]
pub struct Extras {
    /// Length of the variable that fills the environment up, in bytes.
    pub pad: u32,
    /// What the load does besides.
    pub slowed_by: ExtraWork,
    /// Whether its instructions are counted, if those of the plan are.
    pub counted: bool,
    /// What is told of what the program shows.
    pub observe: Observe,
}

impl Default for Extras {
    fn default() -> Self {
        Self {
            pad: 0,
            slowed_by: ExtraWork::default(),
            counted: false,
            observe: Observe::Digest,
        }
    }
}

/// Starts one worker on a prepared workload.
pub fn load(
    plan: &Plan,
    engine: usize,
    path: LoadPath,
    workload: &Workload,
    cache: (&Path, CacheMode),
    extras: Extras,
) -> Result<Finished<Sample>, WorkerFailure> {
    let mut task = workload.task(path).observing(extras.observe);
    if path != LoadPath::Parse {
        let (directory, mode) = cache;
        task = task.with_cache(CacheUse::new(directory, mode).packs(plan.pack));
    }
    task.spin_ns = u64::try_from(extras.slowed_by.time.as_nanos()).unwrap_or(u64::MAX);
    task.spin_rounds = extras.slowed_by.rounds;
    let mut call = WorkerCall::new(&plan.engines[engine], task);
    call.program = plan.worker_program.as_deref();
    call.pad = extras.pad as usize;
    call.time_limit = workload.time_limit_or(plan.time_limit);
    plan.run(call, extras.counted)
}

/// Everything that a load reads, except the engine: its library is mapped into this very process and stays in memory.
fn to_evict(workload: &Workload, engines: &[PreparedEngine]) -> Result<Vec<PathBuf>, Error> {
    let caches: Vec<PathBuf> = engines.iter().map(|engine| engine.cache.clone()).collect();
    // A package's or a program's folder may hold a hundred times what its graph needs.
    let whole_folder = matches!(workload.kind, Kind::Generated | Kind::Fixture);
    let mut files =
        cold::sources(&workload.entry, &caches, whole_folder).map_err(|source| Error::Evict {
            path: workload.entry.clone(),
            source,
        })?;
    files.extend(caches.into_iter().filter(|cache| cache.is_dir()));
    Ok(files)
}

struct Verifier<'a> {
    plan: &'a Plan,
    workload: &'a Workload,
    engine: usize,
    cache: &'a Path,
}

struct Verified {
    expected: Option<Expectation>,
    paths: Vec<(LoadPath, Option<SampleError>)>,
}

impl Verifier<'_> {
    fn run(&self) -> Verified {
        let everything = |error: SampleError| Verified {
            expected: None,
            paths: self
                .plan
                .paths
                .iter()
                .map(|path| (*path, Some(error.clone())))
                .collect(),
        };
        let mut expected = match self.parsed() {
            Ok(digest) => Expectation {
                with_true_lines: digest.clone(),
                observation: digest,
                ..Expectation::default()
            },
            Err(error) => return everything(error),
        };
        let mut generated = Ok(());
        if self.plan.paths.iter().any(|path| *path != LoadPath::Parse) {
            generated = self.load(LoadPath::Full, CacheMode::Refresh).map(|sample| {
                let found = sample.observation.map(|it| it.digest);
                if found.is_some_and(|it| it != expected.observation)
                    && let Some(true_lines) = self.with_true_lines()
                {
                    expected.with_true_lines = true_lines;
                }
                if let Some(cache) = sample.cache {
                    expected.without_entry = cache.unwritten;
                    expected.left_out = cache.left_out > 0;
                }
            });
        }
        if generated.is_ok() && self.plan.paths.contains(&LoadPath::Graph) {
            // Not from entries: of them it would have both ways to call a function.
            generated = self.load(LoadPath::Graph, CacheMode::Refresh).map(drop);
        }
        let paths = self
            .plan
            .paths
            .iter()
            .map(|&path| {
                let error = match (path, &generated) {
                    (LoadPath::Parse, _) | (_, Ok(())) => self.verify(path, &expected),
                    (_, Err(failure)) => Some(SampleError::Worker {
                        failure: failure.clone(),
                    }),
                };
                (path, error)
            })
            .collect();
        Verified {
            expected: Some(expected),
            paths,
        }
    }

    /// Digest of what the program shows when it is parsed; or why nothing is measured of it: it is not what it must be.
    fn parsed(&self) -> Result<String, SampleError> {
        let extras = Extras {
            observe: Observe::Outcome,
            ..Extras::default()
        };
        let sample = self
            .load_with(LoadPath::Parse, CacheMode::ReadOnly, extras)
            .map_err(|failure| SampleError::Worker { failure })?;
        let none = || SampleError::Observation {
            expected: "any".to_owned(),
            found: "none".to_owned(),
        };
        let observation = sample.observation.ok_or_else(none)?;
        let whole = observation.whole.ok_or_else(none)?;
        let version = &self.plan.engines[self.engine].version;
        match self.workload.conduct(version, sample.modules, &whole) {
            Conduct::Unexpected(what) if self.plan.as_defined => {
                Err(SampleError::Unexpected { what })
            }
            Conduct::Failed(what) => Err(SampleError::Unexpected { what }),
            Conduct::Fine | Conduct::Unexpected(_) => Ok(observation.digest),
        }
    }

    /// Loads as often as it takes to warm up, and checks each time.
    fn verify(&self, path: LoadPath, expected: &Expectation) -> Option<SampleError> {
        (0..WARM_UPS).find_map(|_| match self.load(path, CacheMode::ReadOnly) {
            Ok(sample) => check(&sample, &self.plan.engines[self.engine], path, expected),
            Err(failure) => Some(SampleError::Worker { failure }),
        })
    }

    /// Digest of what parsing shows with true lines.
    fn with_true_lines(&self) -> Option<String> {
        let engine = &self.plan.engines[self.engine];
        let task = self.workload.task(LoadPath::Parse);
        let mut task = task.observing(Observe::Digest);
        task.true_lines = true;
        let mut call = WorkerCall::new(engine, task);
        call.program = self.plan.worker_program.as_deref();
        call.time_limit = self.workload.time_limit_or(self.plan.time_limit);
        let sample = self.plan.run(call, false).ok()?.line;
        Some(sample.observation?.digest)
    }

    fn load(&self, path: LoadPath, mode: CacheMode) -> Result<Sample, WorkerFailure> {
        self.load_with(path, mode, Extras::default())
    }

    fn load_with(
        &self,
        path: LoadPath,
        mode: CacheMode,
        extras: Extras,
    ) -> Result<Sample, WorkerFailure> {
        let cache = (self.cache, mode);
        load(self.plan, self.engine, path, self.workload, cache, extras)
            .map(|finished| finished.line)
    }
}
