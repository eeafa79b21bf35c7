//! Whether a load was what it was to be: the right engine and path, the same observation, the cache in use.

use record::SampleError;
use sample::{Excused, LoadPath, Sample, Unwritten};
use workers::InstalledEngine;

/// What every load of a workload on an engine must show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expectation {
    /// Digest of the parse path's observation.
    pub observation: String,
    /// The same with true lines, which every load from a cache has.
    pub with_true_lines: String,
    /// Modules for which no entry could be written, so that they may miss.
    pub without_entry: Vec<Unwritten>,
    /// Whether code of functions was left out of entries, because it is out of proportion.
    pub left_out: bool,
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
    let excused = Excused::on(path, &expected.without_entry, expected.left_out);
    let not_served = sample.served(&excused).err()?;
    let what = not_served.to_string();
    Some(SampleError::Cache { what })
}
