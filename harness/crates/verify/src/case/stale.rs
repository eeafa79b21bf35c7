//! Loads from a pack of which one module is stale.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::{Case, STALE_MODULES, digest, sum};
use crate::report::{FindingKind, WorkerReport};
use jsc_module_cache::Digest;
use sample::Sample;

/// Name and content of each file of a cache.
type Files = BTreeMap<std::ffi::OsString, Digest>;

impl Case<'_> {
    /// Loads with some modules in turn seen as changed: each parses that module, takes all others from the pack, and writes
    /// nothing.
    pub(super) fn stale(&mut self, parsed: &Sample) {
        let task = "stale graph";
        let seed = self.plan.seed;
        let before = files(self.workers.cache);
        let finished = match self.workers.stale(STALE_MODULES, seed, None) {
            Ok(finished) => finished,
            Err(failure) => return self.failed(task, &failure),
        };
        let loads = &finished.line.loads;
        self.report.workers.push(WorkerReport {
            task: task.to_owned(),
            loads: loads.len() as u64,
            hits: loads.iter().map(|it| it.hits).sum(),
            parses: sum(loads.iter().map(|it| it.parses)),
            elapsed_ms: finished.process.wall_ns / 1_000_000,
        });
        if let Some(load) = loads.iter().find(|it| it.digest != digest(parsed)) {
            let what = format!("shows something else with {} changed", load.module);
            let module = load.module.clone();
            self.different(task, what, |workers| {
                let again = workers.stale(STALE_MODULES, seed, Some(&module))?;
                let sample = again.line.loads.into_iter().find_map(|it| it.sample);
                Ok(sample.and_then(|it| it.observation?.whole))
            });
        }
        let wrong = loads.iter().find_map(|load| {
            let wrong = load.wrong.as_ref()?;
            Some(format!("with {} changed: {wrong}", load.module))
        });
        let wrong = wrong.or_else(|| match (before, files(self.workers.cache)) {
            (Ok(before), Ok(after)) if before == after => None,
            (Ok(_), Ok(_)) => Some("a run that may only read changed the cache".to_owned()),
            (Err(error), _) | (_, Err(error)) => Some(format!("cannot read the cache: {error}")),
        });
        if let Some(wrong) = wrong {
            self.find(FindingKind::NotServed, task, wrong);
        }
    }
}

fn files(directory: &Path) -> io::Result<Files> {
    fs::read_dir(directory)?
        .map(|entry| {
            let entry = entry?;
            Ok((entry.file_name(), Digest::of(&fs::read(entry.path())?)))
        })
        .collect()
}
