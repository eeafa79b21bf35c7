//! Whether a load was what it was to be: the right engine and path, the same observation, the cache in use.

use std::collections::BTreeSet;

use super::sample::Sample;
use crate::installed::InstalledEngine;
use crate::load::LoadPath;
use crate::record::SampleError;

/// What every load of a workload on an engine must show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expectation {
    /// Digest of the parse path's observation.
    pub observation: String,
    /// The same with true lines, which every load from a cache has.
    pub with_true_lines: String,
    /// Modules for which no entry could be written, so that they may miss.
    pub without_entry: BTreeSet<String>,
}

/// What is wrong with a load, if anything is.
pub fn check(
    sample: &Sample,
    engine: &InstalledEngine,
    path: LoadPath,
    expected: &Expectation,
) -> Option<SampleError> {
    let answered = (&*sample.engine.fingerprint, sample.path);
    if answered != (&*engine.fingerprint, path) {
        let name =
            |(fingerprint, path): (&str, LoadPath)| format!("{} on {fingerprint}", path.name());
        return Some(SampleError::WrongAnswer {
            expected: name((&engine.fingerprint, path)),
            found: name(answered),
        });
    }
    let observation = match path {
        LoadPath::Parse => &expected.observation,
        _ => &expected.with_true_lines,
    };
    let found = sample.observation.as_ref().map(|it| &it.digest);
    if found != Some(observation) {
        return Some(SampleError::Observation {
            expected: observation.clone(),
            found: found.map_or_else(|| "none".to_owned(), String::clone),
        });
    }
    if path == LoadPath::Parse {
        return None;
    }
    not_used(sample, &expected.without_entry).map(|what| SampleError::Cache { what })
}

/// Why a load cannot count as one from the cache. A cache that the engine does not like is not an error to it: it parses
/// without a word. So what counts is what it did.
fn not_used(sample: &Sample, without_entry: &BTreeSet<String>) -> Option<String> {
    let Some(cache) = &sample.cache else {
        return Some("there was none".to_owned());
    };
    if let Some(refusal) = &cache.refusal {
        return Some(refusal.clone());
    }
    let missed: Vec<_> = cache
        .misses
        .iter()
        .filter(|miss| !without_entry.contains(&miss.module))
        .collect();
    if let Some(first) = missed.first() {
        return Some(format!(
            "{} of {} modules missed; the first: {} ({})",
            missed.len(),
            sample.modules,
            first.module,
            first.reason
        ));
    }
    let parses = &sample.parses;
    let complete = cache.misses.is_empty();
    if complete && sample.path != LoadPath::Bytecode && parses.analyze > 0 {
        return Some(format!("{} modules were analyzed", parses.analyze));
    }
    if complete && parses.module_code > 0 {
        return Some(format!(
            "code of {} modules was generated",
            parses.module_code
        ));
    }
    None
}
