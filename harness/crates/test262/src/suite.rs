//! All tests by all paths: the reference and the writing of the cache first, then, in other processes, the cached paths.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tempfile::TempDir;

use super::checkout::Checkout;
use super::features::missing_features;
use super::gather;
use super::job::{Job, Load};
use super::pool::{Answer, Pool};
use super::report::Report;
use super::round::{Cache, Isolation, Round, Settings};
use super::selection::{Case, Selection};
use crate::error::Error;
use sample::LoadPath;
use workers::Loaded;

/// How far the runs are.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Runs that are done.
    pub done: usize,
    /// All runs.
    pub total: usize,
}

/// How many tests share a process. More would save next to nothing.
const JOBS_PER_PROCESS: usize = 250;

/// Runs every test of a selection on every path on the engine of this process.
pub fn run(
    loaded: &Loaded,
    checkout: &Checkout,
    selection: &Selection,
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Report, Error> {
    let started = Instant::now();
    let named = selection
        .tests
        .iter()
        .flat_map(|test| test.metadata.features());
    let missing = missing_features(&loaded.engine, named.map(String::as_str));
    let cases = selection.cases();
    let rounds = run_rounds(checkout, &cases, settings, progress)?;
    Ok(gather::report(gather::Facts {
        loaded,
        checkout,
        selection,
        cases: &cases,
        missing: &missing,
        rounds: &rounds,
        settings,
        time: started.elapsed(),
    }))
}

fn run_rounds(
    checkout: &Checkout,
    cases: &[Case<'_>],
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Vec<Round>, Error> {
    let isolations: &[bool] = match settings.isolation {
        Isolation::Shared => &[false],
        Isolation::Process => &[true],
        Isolation::Both => &[false, true],
    };
    let total = isolations.len() * cases.len() * plan().iter().map(Vec::len).sum::<usize>();
    let done = AtomicUsize::new(0);
    let count = || {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        progress(Progress { done, total });
    };
    let mut rounds = Vec::new();
    for &own_process in isolations {
        let cache = temporary_directory()?;
        let pool = Pool {
            program: program()?,
            workers: settings.jobs,
            jobs_per_process: if own_process { 1 } else { JOBS_PER_PROCESS },
            time_limit: settings.time_limit,
        };
        // A pool's processes end with its run: what one part writes, processes of another part read.
        for part in plan() {
            let jobs: Vec<Job> = cases
                .iter()
                .flat_map(|case| part.iter().map(move |kind| (case, kind)))
                .map(|(case, &(path, use_of_cache))| {
                    // What one path writes, another that writes at the same time must not find.
                    let directory = cache.path().join(match path {
                        LoadPath::Graph => "packs",
                        _ => "modules",
                    });
                    let load = Load {
                        path,
                        cache: (use_of_cache != Cache::None).then_some(directory),
                        write: use_of_cache == Cache::Write,
                        validate: settings.validate && use_of_cache == Cache::Read,
                    };
                    job(checkout, case, load)
                })
                .collect();
            let answers = pool.run(&jobs, &count)?;
            rounds.extend(split(answers, part.len()).zip(&part).map(
                |(answers, &(path, cache))| Round {
                    path,
                    cache,
                    own_process,
                    answers,
                },
            ));
        }
    }
    Ok(rounds)
}

/// The parts of a round over all cases: the reference and the writing of the cache, then every path that reads it.
fn plan() -> [Vec<(LoadPath, Cache)>; 2] {
    let [reference, cached @ ..] = LoadPath::ALL;
    [
        vec![
            (reference, Cache::None),
            (LoadPath::Full, Cache::Write),
            (LoadPath::Graph, Cache::Write),
        ],
        cached.into_iter().map(|path| (path, Cache::Read)).collect(),
    ]
}

/// Answers of which every `count`th is of one kind, by kind.
fn split(answers: Vec<Answer>, count: usize) -> impl Iterator<Item = Vec<Answer>> {
    let mut kinds: Vec<Vec<Answer>> = (0..count).map(|_| Vec::new()).collect();
    for (index, answer) in answers.into_iter().enumerate() {
        kinds[index % count].push(answer);
    }
    kinds.into_iter()
}

fn job(checkout: &Checkout, case: &Case<'_>, load: Load) -> Job {
    let harness = checkout.harness();
    Job {
        file: checkout.file(&case.test.name),
        mode: case.mode,
        includes: case
            .test
            .includes()
            .into_iter()
            .map(|name| harness.join(name))
            .collect(),
        load,
    }
}

fn program() -> Result<PathBuf, Error> {
    env::current_exe().map_err(|source| Error::Spawn {
        program: Path::new("/proc/self/exe").to_owned(),
        source,
    })
}

fn temporary_directory() -> Result<TempDir, Error> {
    tempfile::tempdir().map_err(|source| Error::TemporaryDirectory {
        parent: env::temp_dir(),
        source,
    })
}
