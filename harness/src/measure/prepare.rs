//! Before anything is timed: files written, caches generated, every path verified once, everything warmed up.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use workloads::{Kind, Workload};

use super::check::{Expectation, check};
use super::peers::PreparedPeer;
use super::plan::{Plan, PlannedWorkload};
use super::sample::Sample;
use super::spawn::{Finished, WorkerCall};
use super::{WorkerFailure, cold};
use crate::Error;
use crate::load::{CacheMode, LoadPath};
use crate::record::{PageCache, SampleError, Unmeasured, WorkloadIdentity};

/// Discarded loads of each workload by each path on each engine. The first of them is the one that is verified.
pub const WARM_UPS: u32 = 2;

/// A workload that is ready to be measured.
#[derive(Debug)]
pub struct Prepared {
    /// Its place in the plan.
    pub place: usize,
    /// Its entry module.
    pub entry: PathBuf,
    /// For each engine: the directory of its cache, and what every load must show.
    pub engines: Vec<PreparedEngine>,
    /// What can be measured: engine and path.
    pub cells: Vec<(usize, LoadPath)>,
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
    pub identity: WorkloadIdentity,
    /// What cannot be.
    pub unmeasured: Vec<Unmeasured>,
}

/// Prepares the workload at `place` of the plan, with its files below `scratch`.
pub fn prepare(plan: &Plan, place: usize, scratch: &Path) -> Result<Preparation, Error> {
    let PlannedWorkload { definition, series } = &plan.workloads[place];
    let workload = workloads::materialise(definition, &scratch.join("workloads"))?;
    let mut observations = BTreeMap::new();
    let mut engines = Vec::new();
    let mut cells = Vec::new();
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
                None => cells.push((index, path)),
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
            entry: workload.entry.clone(),
            engines,
            cells,
            evict,
            peers: Vec::new(),
        },
        identity: WorkloadIdentity {
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
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras {
    /// Length of the variable that fills the environment up, in bytes.
    pub pad: u32,
    /// How much longer the load is made to take.
    pub slowed_by: Duration,
}

/// Starts one worker on a prepared workload.
pub fn load(
    plan: &Plan,
    engine: usize,
    path: LoadPath,
    entry: &Path,
    cache: (&Path, CacheMode),
    extras: Extras,
) -> Result<Finished<Sample>, WorkerFailure> {
    let mut call = WorkerCall::new(&plan.engines[engine], path, entry.as_os_str())
        .argument("--observe", "digest");
    if path != LoadPath::Parse {
        call = call.cache(cache.1, cache.0);
    }
    if path == LoadPath::Graph {
        call = call
            .argument("--payload", plan.pack.payload.name())
            .argument("--check", plan.pack.check.name());
    }
    call.program = plan.worker_program.as_deref();
    if !extras.slowed_by.is_zero() {
        let nanoseconds = extras.slowed_by.as_nanos().to_string();
        call = call.argument("--spin", nanoseconds);
    }
    call.pad = extras.pad as usize;
    call.time_limit = plan.time_limit;
    call.run()
}

/// Everything that a load reads, but for the engine: its library is mapped into this very process and stays in memory.
fn to_evict(workload: &Workload, engines: &[PreparedEngine]) -> Result<Vec<PathBuf>, Error> {
    let caches: Vec<PathBuf> = engines.iter().map(|engine| engine.cache.clone()).collect();
    // A package's folder may hold a hundred times what its graph needs.
    let whole_folder = workload.kind != Kind::Npm;
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
        let mut expected = match self.load(LoadPath::Parse, CacheMode::ReadOnly) {
            Err(failure) => return everything(SampleError::Worker { failure }),
            Ok(sample) => match sample.observation {
                Some(observation) => Expectation {
                    with_true_lines: observation.digest.clone(),
                    observation: observation.digest,
                    ..Expectation::default()
                },
                None => {
                    return everything(SampleError::Observation {
                        expected: "any".to_owned(),
                        found: "none".to_owned(),
                    });
                }
            },
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
                let unwritten = sample.cache.map(|it| it.unwritten).unwrap_or_default();
                expected.without_entry = unwritten.into_iter().map(|it| it.module).collect();
            });
        }
        if generated.is_ok() && self.plan.paths.contains(&LoadPath::Graph) {
            generated = self.load(LoadPath::Graph, CacheMode::Auto).map(drop);
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
        let entry = self.workload.entry.as_os_str();
        let mut call = WorkerCall::new(engine, LoadPath::Parse, entry)
            .argument("--observe", "digest")
            .flag("--true-lines");
        call.program = self.plan.worker_program.as_deref();
        call.time_limit = self.plan.time_limit;
        let sample = call.run().ok()?.line;
        Some(sample.observation?.digest)
    }

    fn load(&self, path: LoadPath, mode: CacheMode) -> Result<Sample, WorkerFailure> {
        let cache = (self.cache, mode);
        load(
            self.plan,
            self.engine,
            path,
            &self.workload.entry,
            cache,
            Extras::default(),
        )
        .map(|finished| finished.line)
    }
}
