//! What the engines think of each other's caches.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use gate::replay::place;
use gate::{ForeignCache, RecordDifference};
use jsc_module_cache::MissReason;
use jsc_module_cache::store::EntryName;
use measure::{Plan, Prepared};
use sample::{CacheMode, CacheSample, CacheUse, LoadPath, WorkerFailure};
use workers::WorkerCall;

use crate::Error;

/// What the new engine does with the cache that the old one wrote for a workload. The cache is not changed.
pub fn foreign(
    plan: &Plan,
    prepared: &Prepared,
    name: &str,
) -> Result<ForeignCache, WorkerFailure> {
    let cache = &prepared.engines[place::OLD].cache;
    let load = |engine: usize, path: LoadPath| {
        let cache = CacheUse::new(cache, CacheMode::ReadOnly);
        let task = prepared.workload.task(path).with_cache(cache);
        let mut call = WorkerCall::new(&plan.engines[engine], task);
        call.program = plan.worker_program.as_deref();
        call.time_limit = prepared.workload.time_limit_or(plan.time_limit);
        call.run().map(|finished| finished.line.cache)
    };
    let own = load(place::OLD, LoadPath::Full)?;
    let foreign = load(place::NEW, LoadPath::Full)?;
    let misses = foreign.iter().flat_map(|it| &it.misses);
    let (engine, other): (Vec<_>, Vec<_>) =
        misses.partition(|miss| miss.reason == MissReason::Engine);
    let own_misses: BTreeSet<&str> = own
        .iter()
        .flat_map(|it| it.misses.iter().map(|miss| miss.module.as_str()))
        .collect();
    // What the old engine has no entry for is missing for the new one, too.
    let otherwise: BTreeSet<String> = other
        .into_iter()
        .filter(|miss| !own_misses.contains(miss.module.as_str()))
        .map(|miss| miss.reason.to_string())
        .collect();
    Ok(ForeignCache {
        workload: name.to_owned(),
        hits: foreign.as_ref().map_or(0, |it| it.hits),
        rejected: engine.len() as u64,
        otherwise: otherwise.into_iter().collect(),
        entries: own.map_or(0, |it| it.hits),
        pack: match plan.paths.contains(&LoadPath::Graph) {
            true => foreign_pack(load)?,
            false => None,
        },
    })
}

/// What the new engine does with the old one's pack; nothing when there is none.
fn foreign_pack(
    load: impl Fn(usize, LoadPath) -> Result<Option<CacheSample>, WorkerFailure>,
) -> Result<Option<String>, WorkerFailure> {
    let from_pack = |cache: &Option<CacheSample>| {
        let cache = cache.iter();
        cache.map(|it| it.hits).sum::<u64>() > 0
    };
    if !from_pack(&load(place::OLD, LoadPath::Graph)?) {
        return Ok(None);
    }
    let foreign = load(place::NEW, LoadPath::Graph)?;
    let miss = foreign.iter().flat_map(|it| &it.misses).next();
    Ok(Some(match miss {
        Some(miss) if !from_pack(&foreign) => miss.reason.to_string(),
        _ => "used".to_owned(),
    }))
}

/// What differs between the module records of two cache files, in words, and the key of their module.
pub type RecordDifferences<'a> = dyn Fn(&Path, &Path) -> Result<(String, Vec<String>), Error> + 'a;

/// Differences that are kept of each workload.
const MOST: usize = 5;

/// How the module records of a workload differ between the engines' caches; nothing when they do not.
pub fn records_differ(
    prepared: &Prepared,
    name: &str,
    record_differences: &RecordDifferences<'_>,
) -> Result<Option<RecordDifference>, Error> {
    let old = entries(&prepared.engines[place::OLD].cache)?;
    let new = entries(&prepared.engines[place::NEW].cache)?;
    let mut difference = RecordDifference {
        workload: name.to_owned(),
        modules: 0,
        differ: 0,
        what: Vec::new(),
    };
    for (module, old) in old {
        let Some(new) = new.get(&module) else {
            continue;
        };
        let (key, what) = record_differences(&old, new)?;
        difference.modules += 1;
        if what.is_empty() {
            continue;
        }
        difference.differ += 1;
        // Where the module lies is this machine's business.
        let file = key.rsplit('/').next().unwrap_or_default();
        let shown = what.into_iter().map(|what| format!("{file}: {what}"));
        let room = MOST - difference.what.len();
        difference.what.extend(shown.take(room));
    }
    Ok((difference.differ > 0).then_some(difference))
}

/// The entries of a cache, by what they are for: key and source.
fn entries(cache: &Path) -> Result<BTreeMap<(u64, u64), PathBuf>, Error> {
    let wrong = |source| Error::Read {
        path: cache.to_owned(),
        source,
    };
    let mut entries = BTreeMap::new();
    if !cache.is_dir() {
        return Ok(entries);
    }
    for entry in fs::read_dir(cache).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if let Some(name) = EntryName::of_path(&path) {
            entries.insert((name.key, name.source), path);
        }
    }
    Ok(entries)
}
