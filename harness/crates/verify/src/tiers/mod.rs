//! Whether code that came from a cache tiers up as parsed code does: which functions each tier of the engine compiles while
//! a program runs, by every path.
//!
//! JSC itself says what it compiles (`reportCompileTimes`), a line for each function with the hash of its source. Without
//! compiler threads (`useConcurrentJIT=0`) that hardly depends on more than how often code runs.

mod compiled;
mod loader;

use std::collections::BTreeMap;
use std::path::Path;

use sample::{LoadPath, Observe, OutcomeKind, WorkerFailure};
use serde::{Deserialize, Serialize};
use workers::InstalledEngine;
use workloads::WorkloadDef;

use super::error::Error;
use super::worker::Workers;
use super::{Plan, Reporter};

use compiled::Compiled;
pub use compiled::TierCounts;

/// Settings of JSC with which it says what it compiles, and compiles the same each time.
pub const OPTIONS: [(&str, &str); 2] = [
    ("JSC_reportCompileTimes", "1"),
    ("JSC_useConcurrentJIT", "0"),
];

/// Version of the JSON layout.
const SCHEMA: u32 = 1;

/// Loads of each path that have to differ.
const LOADS: usize = 4;

/// Functions that are named of those that differ.
const NAMED: usize = 5;

/// What tiered up, by every path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierReport {
    pub schema: u32,
    /// Each workload on each engine.
    pub cases: Vec<TierCase>,
}

/// A workload on an engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierCase {
    pub workload: String,
    /// The engine's name.
    pub engine: String,
    /// The engine's version.
    pub version: String,
    /// What each tier compiled of the program, by path.
    pub compiled: BTreeMap<LoadPath, TierCounts>,
    /// How it ends, if with an error of which its definition does not speak; or why it was not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// What differs from the parse path, or went wrong, in words.
    pub findings: Vec<TierFinding>,
}

/// A path on which something else tiers up than on the parse path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierFinding {
    pub path: LoadPath,
    pub what: String,
}

/// Runs each workload by each path, on each engine, and compares what tiers up. This process has [`OPTIONS`]. `scratch` is a
/// directory for generated workloads and caches.
///
/// # Errors
/// The files of a workload cannot be had.
pub fn compare_tiers(
    plan: &Plan,
    scratch: &Path,
    reporter: &dyn Reporter,
) -> Result<TierReport, Error> {
    let mut cases = Vec::new();
    for (place, engine) in plan.engines.iter().enumerate() {
        let of_loader = loader::functions(engine, &scratch.join(format!("loader-{place}")))?;
        for (number, definition) in plan.workloads.iter().enumerate() {
            reporter.began(&definition.name, &engine.version);
            let cache = scratch.join(format!("tiers-{place}-{number}"));
            cases.push(case(plan, engine, definition, scratch, &cache, &of_loader)?);
            reporter.compared();
        }
    }
    Ok(TierReport {
        schema: SCHEMA,
        cases,
    })
}

fn case(
    plan: &Plan,
    engine: &InstalledEngine,
    definition: &WorkloadDef,
    scratch: &Path,
    cache: &Path,
    of_loader: &Compiled,
) -> Result<TierCase, Error> {
    let workload = workloads::materialise(definition, &scratch.join("workloads"))?;
    let workers = Workers {
        engine,
        workload: &workload,
        cache,
        time_limit: workload.time_limit_or(plan.time_limit),
        mutant: plan.mutant,
    };
    let mut case = TierCase {
        workload: workload.name.clone(),
        engine: engine.name.clone(),
        version: engine.version.clone(),
        compiled: BTreeMap::new(),
        failed: None,
        findings: Vec::new(),
    };
    match compare(plan, &workers, of_loader, &mut case) {
        Err(it) if it.path == LoadPath::Parse => case.failed = Some(it.what),
        Err(finding) => case.findings.push(finding),
        Ok(()) => {}
    }
    // The caller removes the rest.
    let _ = std::fs::remove_dir_all(cache);
    Ok(case)
}

/// Compares each path with parse; or which worker failed, and how.
fn compare(
    plan: &Plan,
    workers: &Workers<'_>,
    of_loader: &Compiled,
    case: &mut TierCase,
) -> Result<(), TierFinding> {
    let failed = |path: LoadPath| {
        move |failure: WorkerFailure| TierFinding {
            path,
            // What the engine says of its compilations is no news.
            what: without_log(&format!("the worker {failure}")),
        }
    };
    let compiled = |path: LoadPath| {
        let finished = workers.said(path, Observe::Nothing).map_err(failed(path))?;
        let compiled = Compiled::read(&finished.stderr).without(of_loader);
        Ok((compiled, finished.line.outcome.kind))
    };
    let (first, outcome) = compiled(LoadPath::Parse)?;
    if outcome != OutcomeKind::Completed {
        case.failed = workers.failure();
    }
    case.compiled.insert(LoadPath::Parse, first.counts());
    let mut parsed = vec![first];
    let mut has_entries = false;
    let cached = plan.paths.iter().filter(|it| **it != LoadPath::Parse);
    for &path in cached {
        if path == LoadPath::Graph {
            workers.pack().map_err(failed(path))?;
        } else if !has_entries {
            workers.write().map_err(failed(path))?;
            has_entries = true;
        }
        let mut loads = vec![compiled(path)?.0];
        case.compiled.insert(path, loads[0].counts());
        // How often code is thrown away and compiled again can depend on a collector's thread. What differs does so each
        // time.
        while loads.len() < LOADS && Compiled::difference(&loads, &parsed, NAMED).is_some() {
            if parsed.len() <= loads.len() {
                parsed.push(compiled(LoadPath::Parse)?.0);
            }
            loads.push(compiled(path)?.0);
        }
        if let Some(what) = Compiled::difference(&loads, &parsed, NAMED) {
            case.findings.push(TierFinding { path, what });
        }
    }
    Ok(())
}

/// The first line, up to where it says what was compiled.
fn without_log(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let said = line.split("; standard error: Optimized").next();
    said.unwrap_or_default().to_owned()
}
