//! Stale packs: many loads in one process, each in a fresh VM, each with another module of the pack seen as changed.
//! Nobody's files are touched for it: the check of the sources is told to see another hash.

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
    let modules: Vec<String> = match only {
        Some(only) => vec![only.to_owned()],
        None => draw(pack.len(), count, seed)
            .into_iter()
            .map(|it| pack.key(it).to_owned())
            .collect(),
    };
    let packed = pack.len() as u64;
    drop(pack);
    let loads = modules
        .into_iter()
        .map(|module| {
            let interference = Interference {
                stale: Some(module.clone()),
                ..of.interference.clone()
            };
            let sample = work(of.engine, of.name, of.task, &interference, true)?;
            Ok(stale_load(module, sample, only.is_some()))
        })
        .collect::<Result<_, Error>>()?;
    Ok(StaleLoads { packed, loads })
}

fn stale_load(module: String, sample: Sample, whole: bool) -> StaleLoad {
    StaleLoad {
        parses: sample.parses,
        digest: sample
            .observation
            .as_ref()
            .map(|it| it.digest.clone())
            .unwrap_or_default(),
        wrong: wrong(&module, &sample),
        sample: Some(sample).filter(|_| whole),
        module,
    }
}

/// That module is named first, with the reason, all others are stale because of it, nothing is taken from the pack, and
/// nothing is written.
fn wrong(module: &str, sample: &Sample) -> Option<String> {
    let Some(cache) = &sample.cache else {
        return Some("there was no cache".to_owned());
    };
    let told = |it: &MissStats| format!("{}: {}", it.module, it.reason);
    let Some((first, others)) = cache.misses.split_first() else {
        return Some("the stale pack was used".to_owned());
    };
    if (first.module.as_str(), first.reason) != (module, MissReason::Source) {
        return Some(format!("stale because of {}", told(first)));
    }
    if let Some(other) = others.iter().find(|it| it.reason != MissReason::Stale) {
        return Some(format!("not stale, but {}", told(other)));
    }
    if (cache.hits, cache.written) != (0, 0) {
        return Some(format!(
            "{} modules came from the stale pack, {} files were written",
            cache.hits, cache.written
        ));
    }
    None
}
