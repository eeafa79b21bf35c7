//! Stale packs: many loads in one process, each in a fresh VM, each with another module of the pack seen as changed, which
//! alone is parsed. Nobody's files are touched for it: the check of the sources is told to see another hash.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use jsc_module_cache::store::{Access, Loading};
use jsc_module_cache::{MissReason, Store};
use load::{Interference, work};
use resolve::ModuleKey;
use sample::{CacheUse, MissStats, ParseStats, Sample};

use super::error::Error;
use super::mixed::Work;
use super::subsets::draw;

/// The one JSON line of a worker that loads a program from packs of which one module is stale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StaleLoads {
    /// Modules of the pack.
    pub packed: u64,
    /// A load with each of the stale modules.
    pub loads: Vec<StaleLoad>,
}

/// One load from a pack of which a module is stale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StaleLoad {
    pub module: String,
    /// Modules that were served.
    pub hits: u64,
    /// Work of JSC's parser.
    pub parses: ParseStats,
    /// Digest of what was observed.
    pub digest: String,
    /// What is wrong with what the load says of the cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<String>,
    /// The load, when only one was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
}

/// Loads the task's program once for each of `count` modules of its pack, which `seed` draws, or for `only` one of them.
/// `cache` is the task's.
///
/// # Errors
/// There is no pack, or the program cannot be loaded at all.
pub fn work_stale(
    of: Work<'_>,
    cache: &CacheUse,
    (count, seed): (u64, u64),
    only: Option<&str>,
) -> Result<StaleLoads, Error> {
    let entry = ModuleKey::from_entry(&of.task.entry).map_err(load::Error::Entry)?;
    let store = Store::open(&cache.directory, Access::ReadOnly, Loading::Auto);
    let identity = of.engine.build().identity();
    let pack = store
        .load_pack(entry.as_str(), cache.payload, &identity)
        .map_err(|miss| Error::CacheDirectory {
            directory: cache.directory.clone(),
            miss,
        })?;
    let drawn = match only {
        Some(only) => (0..pack.len()).filter(|it| pack.key(*it) == only).collect(),
        None => draw(pack.len(), count, seed),
    };
    let modules = drawn.into_iter();
    let packed: HashSet<(String, bool)> = (0..pack.len())
        .map(|it| (pack.key(it).to_owned(), pack.source(it).is_json))
        .collect();
    // Of one file that is two modules, the script is seen as changed, too.
    let modules: Vec<String> = modules.map(|it| pack.key(it).to_owned()).collect();
    drop(pack);
    let loads = modules
        .into_iter()
        .map(|module| {
            let interference = Interference {
                stale: Some(module.clone()),
                ..of.interference.clone()
            };
            let sample = work(of.engine, of.name, of.task, &interference, true)?;
            Ok(stale_load(module, &packed, sample, only.is_some()))
        })
        .collect::<Result<_, Error>>()?;
    Ok(StaleLoads {
        packed: packed.len() as u64,
        loads,
    })
}

fn stale_load(
    module: String,
    packed: &HashSet<(String, bool)>,
    sample: Sample,
    whole: bool,
) -> StaleLoad {
    StaleLoad {
        hits: sample.cache.as_ref().map_or(0, |it| it.hits),
        parses: sample.parses,
        digest: sample
            .observation
            .as_ref()
            .map(|it| it.digest.clone())
            .unwrap_or_default(),
        wrong: wrong(&module, packed, &sample),
        sample: Some(sample).filter(|_| whole),
        module,
    }
}

/// That module alone is parsed, with the reason, unless it is JSON, which is read anew each time; all others of the pack are
/// served, and nothing is written. What is imported later may have no entry.
fn wrong(module: &str, packed: &HashSet<(String, bool)>, sample: &Sample) -> Option<String> {
    let is_packed = |module: &str| packed.contains(&(module.to_owned(), false));
    let is_json = !is_packed(module);
    let Some(cache) = &sample.cache else {
        return Some("there was no cache".to_owned());
    };
    let told = |it: &MissStats| format!("{}: {}", it.module, it.reason);
    let mut misses = cache.misses.iter().filter(|it| is_packed(&it.module));
    let expected = misses.next();
    if let Some(first) = expected
        && (first.module.as_str(), first.reason) != (module, MissReason::Source)
    {
        return Some(format!("stale because of {}", told(first)));
    }
    if expected.is_some() == is_json {
        return Some(match is_json {
            true => "a JSON module was parsed as JavaScript".to_owned(),
            false => "the stale module was used".to_owned(),
        });
    }
    if let Some(other) = misses.next() {
        return Some(format!("missed, too: {}", told(other)));
    }
    let missed = cache.misses.len() as u64;
    let ParseStats {
        analyze,
        module_code,
        ..
    } = sample.parses;
    // What does not parse is analyzed, and has no code.
    if analyze != missed || module_code > missed {
        return Some(format!(
            "{analyze} modules analyzed and code of {module_code} generated, not {missed}"
        ));
    }
    (cache.written != 0).then(|| format!("{} files were written", cache.written))
}
