//! Hits and misses in one graph: many loads in one process, each in a fresh VM, each with other entries left out.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use engine::Engine;
use jsc_module_cache::{Miss, MissReason};
use load::{Alter, Interference, work};
use sample::{ParseStats, Sample, Task};

use super::error::Error;
use super::subsets::Subsets;

/// The worker's side: an engine, its name, and what is to be loaded on it.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    pub engine: &'a Engine,
    /// Its name in `engine list`.
    pub name: &'a str,
    /// The load that is varied. Its cache is only read.
    pub task: &'a Task,
    /// What is done to every load.
    pub interference: &'a Interference,
}

/// Which loads are made.
#[derive(Debug, Clone, Copy)]
pub struct Mix {
    /// Subsets of a graph of many modules.
    pub count: u64,
    /// What they are drawn from.
    pub seed: u64,
    /// Only this one.
    pub only: Option<u64>,
}

/// The one JSON line of a worker that loads a graph with many subsets of its entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MixedLoads {
    /// Modules that have an entry.
    pub with_entry: u64,
    /// A load with each subset.
    pub loads: Vec<MixedLoad>,
}

/// One load with some entries left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MixedLoad {
    pub subset: u64,
    /// Modules that were left out, of those that were asked for.
    pub missed: Vec<String>,
    /// Modules served.
    pub hits: u64,
    /// Work of JSC's parser.
    pub parses: ParseStats,
    /// Digest of what was observed.
    pub digest: String,
    /// What is wrong with the counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<String>,
    /// The load, when only one was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
}

/// Loads the task's program with all entries, and then with each subset of them.
///
/// # Errors
/// The program cannot be loaded at all.
pub fn work_mixed(of: Work<'_>, mix: Mix) -> Result<MixedLoads, Error> {
    let found = Arc::new(Mutex::new(BTreeSet::new()));
    let note = Arc::clone(&found);
    let noting = Alter::new(move |key, entry| {
        note.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key.to_owned());
        Ok(entry)
    });
    let complete = load(of, noting)?;
    let modules: Vec<String> =
        std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner))
            .into_iter()
            .collect();
    let with_entry = modules.len() as u64;
    let subsets = Arc::new(Subsets::new(modules, &complete.entry, mix.count, mix.seed));
    let wanted = match mix.only {
        Some(only) => only..(only + 1).min(subsets.count()),
        None => 0..subsets.count(),
    };
    let loads = wanted
        .map(|index| {
            let missing: BTreeSet<String> = subsets
                .missing(index)
                .into_iter()
                .map(str::to_owned)
                .collect();
            let left_out = missing.clone();
            let leaving_out = Alter::new(move |key, entry| {
                if left_out.contains(key) {
                    return Err(Miss::new(MissReason::Absent, "left out"));
                }
                Ok(entry)
            });
            let sample = load(of, leaving_out)?;
            Ok(mixed_load(
                index,
                &missing,
                &complete,
                sample,
                mix.only.is_some(),
            ))
        })
        .collect::<Result<_, Error>>()?;
    Ok(MixedLoads { with_entry, loads })
}

fn load(of: Work<'_>, alter: Alter) -> Result<Sample, Error> {
    let before = of.interference.alter.clone();
    let interference = Interference {
        alter: Some(match before {
            Some(before) => before.and(alter),
            None => alter,
        }),
        ..of.interference.clone()
    };
    Ok(work(of.engine, of.name, of.task, &interference, true)?)
}

fn mixed_load(
    subset: u64,
    missing: &BTreeSet<String>,
    complete: &Sample,
    sample: Sample,
    whole: bool,
) -> MixedLoad {
    let missed = misses(&sample)
        .into_iter()
        .filter(|module| missing.contains(*module))
        .map(str::to_owned)
        .collect();
    MixedLoad {
        subset,
        missed,
        hits: hits(&sample),
        parses: sample.parses,
        digest: sample
            .observation
            .as_ref()
            .map(|it| it.digest.clone())
            .unwrap_or_default(),
        wrong: wrong(missing, complete, &sample),
        sample: Some(sample).filter(|_| whole),
    }
}

/// What is left out misses, everything else is as it was with all entries, and what misses is parsed.
fn wrong(missing: &BTreeSet<String>, complete: &Sample, sample: &Sample) -> Option<String> {
    let never = misses(complete);
    let unexpected = misses(sample)
        .into_iter()
        .find(|module| !missing.contains(*module) && !never.contains(module));
    if let Some(module) = unexpected {
        let reason = sample.cache.iter().flat_map(|it| &it.misses);
        let reason = reason.filter(|it| it.module == module).map(|it| it.reason);
        let reason: Vec<&str> = reason.map(|it| it.as_str()).collect();
        return Some(format!("{module} was not served: {}", reason.join(" ")));
    }
    let total = |sample: &Sample| hits(sample) + misses(sample).len() as u64;
    if total(sample) != total(complete) {
        return Some(format!(
            "{} modules were looked up, {} with all entries",
            total(sample),
            total(complete)
        ));
    }
    let parsed = sample.parses.analyze - complete.parses.analyze.min(sample.parses.analyze);
    let more = (misses(sample).len() - never.len()) as u64;
    // A record is parsed once for each miss, on the paths that do not parse all of them.
    if complete.parses.analyze < complete.modules && parsed != more {
        return Some(format!("{more} modules missed, {parsed} were analyzed"));
    }
    None
}

fn hits(sample: &Sample) -> u64 {
    sample.cache.as_ref().map_or(0, |it| it.hits)
}

fn misses(sample: &Sample) -> BTreeSet<&str> {
    let cache = sample.cache.iter();
    cache
        .flat_map(|it| &it.misses)
        .map(|it| it.module.as_str())
        .collect()
}
