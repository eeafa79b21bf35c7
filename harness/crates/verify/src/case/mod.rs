//! One workload on one engine.

mod different;
mod lines;
mod stale;

use std::path::Path;
use std::time::Instant;

use workloads::{Conduct, Workload, WorkloadDef};

use super::error::Error;
use super::mixed::MixedLoads;
use super::report::{CaseReport, Finding, FindingKind, WorkerReport};
use super::subsets::ALL_SUBSETS_OF;
use super::worker::Workers;
use super::{Plan, mixed};
use observation::Observation;
use sample::WorkerFailure;
use sample::{Excused, LoadPath, Observe, ParseStats};
use sample::{OutcomeKind, Sample, WhyUnwritten};
use workers::Finished;
use workers::InstalledEngine;

/// Random subsets of the entries of a graph that is too large for all of them.
pub const MIXED_SUBSETS: u64 = 32;

/// Modules of a pack that are seen as changed, one at a time.
pub const STALE_MODULES: u64 = 4;

/// Verifies a workload on an engine; its cache lies in `directory`, generated files in `scratch`.
pub fn verify(
    plan: &Plan,
    definition: &WorkloadDef,
    engine: &InstalledEngine,
    scratch: &Path,
    directory: &Path,
) -> Result<CaseReport, Error> {
    let started = Instant::now();
    let workload = workloads::materialise(definition, &scratch.join("workloads"))?;
    let packs = directory.with_added_extension("packs");
    let mut case = Case {
        plan,
        workload: &workload,
        packs: &packs,
        workers: Workers {
            engine,
            workload: &workload,
            cache: directory,
            time_limit: workload.time_limit_or(plan.time_limit),
            mutant: plan.mutant,
        },
        reference: String::new(),
        report: CaseReport {
            workload: workload.name.clone(),
            kind: workload.kind.to_string(),
            engine: engine.name.clone(),
            version: engine.version.clone(),
            modules: 0,
            digest: String::new(),
            other_lines: false,
            expectation: false,
            failed: None,
            without_entry: Vec::new(),
            workers: Vec::new(),
            findings: Vec::new(),
            elapsed_ms: 0,
        },
        left_out: false,
    };
    case.verify();
    // What is left of it is nobody's business any more; the caller removes the rest.
    for directory in [directory, &packs] {
        let _ = std::fs::remove_dir_all(directory);
    }
    let mut report = case.report;
    report.elapsed_ms = milliseconds(started.elapsed());
    Ok(report)
}

struct Case<'a> {
    plan: &'a Plan,
    workload: &'a Workload,
    /// A cache for packs that no entries help to make.
    packs: &'a Path,
    workers: Workers<'a>,
    /// Digest of what every load from a cache must show.
    reference: String,
    report: CaseReport,
    /// Whether code of functions was left out of the entries, because it is out of proportion.
    left_out: bool,
}

impl Case<'_> {
    fn verify(&mut self) {
        let Some(parsed) = self.parse() else { return };
        let Some(parsed) = self.with_true_lines(parsed) else {
            return;
        };
        let Some(written) = self.write(&parsed) else {
            return;
        };
        for path in self.plan.paths.clone() {
            if path == LoadPath::Parse {
                continue;
            }
            if path == LoadPath::Graph {
                // From entries, as there is no pack.
                self.read("graph, no pack", path, &parsed);
                let entries = std::mem::replace(&mut self.workers.cache, self.packs);
                self.graph(&parsed);
                self.workers.cache = entries;
                continue;
            }
            self.read(path.name(), path, &parsed);
            if path != LoadPath::Bytecode && self.plan.mutant.is_none() {
                self.validate(path, &parsed);
            }
            let few = written.modules <= ALL_SUBSETS_OF as u64;
            if few || path != LoadPath::Bytecode {
                self.mixed(path);
            }
        }
    }

    /// The reference. Nothing else makes sense without it.
    fn parse(&mut self) -> Option<Sample> {
        let version = self.workers.engine.version.clone();
        let sample = match self.workers.parse(Observe::Outcome) {
            Ok(finished) => self.ran("parse", finished),
            Err(failure) => {
                self.find(FindingKind::Failed, "parse", failure.to_string());
                return None;
            }
        };
        self.report.modules = sample.modules;
        self.report.digest = digest(&sample).to_owned();
        self.report.expectation = self.workload.expected_on(&version).is_some();
        let found = sample.observation.as_ref().and_then(|it| it.whole.as_ref());
        let unknown = || Conduct::Unexpected("what it showed was not told".to_owned());
        let conduct = |found| self.workload.conduct(&version, sample.modules, found);
        match found.map_or_else(unknown, conduct) {
            Conduct::Fine => {}
            Conduct::Failed(how) => self.report.failed = Some(how),
            Conduct::Unexpected(wrong) => self.find(FindingKind::Unexpected, "parse", wrong),
        }
        if sample.parses.analyze != sample.modules {
            let what = format!(
                "{} modules, {} analyzed",
                sample.modules, sample.parses.analyze
            );
            self.find(FindingKind::Unexpected, "parse", what);
        }
        Some(sample)
    }

    /// The first load on the full path: everything misses, and is written.
    fn write(&mut self, parsed: &Sample) -> Option<Sample> {
        let written = self.compared("write", self.workers.write(), parsed, |workers| {
            let cache = workers.cache.with_extension("again");
            let again = Workers {
                cache: &cache,
                ..*workers
            };
            again.read(LoadPath::Full, Observe::Everything).map(whole)
        })?;
        let cache = written.cache.as_ref()?;
        let wrong = if let Some(refusal) = &cache.refusal {
            Some(format!("the cache cannot be used: {refusal}"))
        } else if cache.hits > 0 {
            Some(format!("{} hits in an empty cache", cache.hits))
        } else if cache.written + cache.unwritten.len() as u64 != written.modules {
            Some(format!(
                "{} modules, but {} entries written and {} not",
                written.modules,
                cache.written,
                cache.unwritten.len()
            ))
        } else if let Some(it) = cache.unwritten.iter().find(|it| !it.why.never_runs()) {
            Some(format!("no entry for {}: {}", it.module, it.reason))
        } else {
            parses_differ(&parsed.parses, &written.parses)
        };
        if let Some(wrong) = wrong {
            self.find(FindingKind::NotServed, "write", wrong);
        }
        self.report.without_entry.clone_from(&cache.unwritten);
        self.left_out = cache.left_out > 0;
        Some(written)
    }

    /// A load from entries.
    fn read(&mut self, task: &str, path: LoadPath, parsed: &Sample) {
        self.served(task, path, parsed, self.left_out);
    }

    /// A load from a cache; whether code of functions may have been left out of it.
    fn served(&mut self, task: &str, path: LoadPath, parsed: &Sample, left_out: bool) {
        let ran = self.workers.read(path, Observe::Digest);
        let sample = self.compared(task, ran, parsed, |workers| {
            workers.read(path, Observe::Everything).map(whole)
        });
        let excused = Excused {
            unwritten: &self.report.without_entry,
            left_out,
        };
        let wrong = sample.and_then(|sample| Some(sample.served(&excused).err()?.to_string()));
        if let Some(wrong) = wrong {
            self.find(FindingKind::NotServed, task, wrong);
        }
    }

    /// A load that makes a pack, and one from it. A graph that does not load or does not link has none, neither has one that
    /// no pack can hold: these are served by entries.
    fn graph(&mut self, parsed: &Sample) {
        let ran = self.workers.pack();
        let made = self.compared("write graph", ran, parsed, |workers| {
            workers
                .read(LoadPath::Graph, Observe::Everything)
                .map(whole)
        });
        let Some((entry, cache)) = made.and_then(|it| Some((it.entry, it.cache?))) else {
            return;
        };
        // What is said of other modules is of those that it imports later, which have no entry.
        match cache.unwritten.iter().find(|it| it.module == entry) {
            None => {
                // A pack of what was executed has all of it.
                self.served("graph", LoadPath::Graph, parsed, false);
                self.stale(parsed);
            }
            Some(it)
                if parsed.outcome.kind == OutcomeKind::Completed
                    && it.why != WhyUnwritten::Unsupported =>
            {
                let what = format!("no pack was made: {}", it.reason);
                self.find(FindingKind::NotServed, "write graph", what);
            }
            Some(_) => self.read("graph", LoadPath::Graph, parsed),
        }
    }

    /// The same, with each record made both ways.
    fn validate(&mut self, path: LoadPath, parsed: &Sample) {
        let task = format!("validate {}", path.name());
        let ran = self.workers.validate(path);
        let sample = self.compared(&task, ran, parsed, |workers| {
            workers.read(path, Observe::Everything).map(whole)
        });
        let differences = sample.and_then(|it| it.cache).map(|it| it.differences);
        if let [first, rest @ ..] = &*differences.unwrap_or_default() {
            let more = match rest.len() {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            let what = format!("{}: {}{more}", first.module, first.what);
            self.find(FindingKind::Record, &task, what);
        }
    }

    /// Loads with some of the entries.
    fn mixed(&mut self, path: LoadPath) {
        let task = format!("mixed {}", path.name());
        let seed = self.plan.seed;
        let finished = match self.workers.mixed(path, MIXED_SUBSETS, seed, None) {
            Ok(finished) => finished,
            Err(failure) => return self.failed(&task, &failure),
        };
        let MixedLoads { loads, .. } = &finished.line;
        self.report.workers.push(WorkerReport {
            task: task.clone(),
            loads: loads.len() as u64,
            hits: loads.iter().map(|it| it.hits).sum(),
            parses: sum(loads.iter().map(|it| it.parses)),
            elapsed_ms: finished.process.wall_ns / 1_000_000,
        });
        if let Some(load) = loads.iter().find(|it| it.digest != self.reference) {
            self.different_subset(path, &task, load);
        }
        let wrong = loads
            .iter()
            .find_map(|load| load.wrong.as_ref().map(|it| (load, it)));
        if let Some((load, wrong)) = wrong {
            let what = format!("{}: {wrong}", subset(load, loads.len()));
            self.find(FindingKind::NotServed, &task, what);
        }
    }

    fn different_subset(&mut self, path: LoadPath, task: &str, load: &mixed::MixedLoad) {
        let seed = self.plan.seed;
        let only = Some(load.subset);
        let what = format!("shows something else with {}", subset(load, 0));
        self.different(task, what, |workers| {
            let again = workers.mixed(path, MIXED_SUBSETS, seed, only)?;
            Ok(again
                .line
                .loads
                .into_iter()
                .find_map(|it| it.sample)
                .and_then(|sample| sample.observation?.whole))
        });
    }

    /// Compares a load with the parse path's; `again` makes it once more and tells everything.
    fn compared(
        &mut self,
        task: &str,
        ran: Result<Finished<Sample>, WorkerFailure>,
        parsed: &Sample,
        again: impl FnOnce(&Workers<'_>) -> Result<Option<Observation>, WorkerFailure>,
    ) -> Option<Sample> {
        let sample = match ran {
            Ok(finished) => self.ran(task, finished),
            Err(failure) => {
                self.failed(task, &failure);
                return None;
            }
        };
        if digest(&sample) != digest(parsed) {
            self.different(task, "shows something else than parse".to_owned(), again);
        }
        Some(sample)
    }

    fn ran(&mut self, task: &str, finished: Finished<Sample>) -> Sample {
        let sample = finished.line;
        self.report.workers.push(WorkerReport {
            task: task.to_owned(),
            loads: 1,
            hits: sample.cache.as_ref().map_or(0, |it| it.hits),
            parses: sample.parses,
            elapsed_ms: finished.process.wall_ns / 1_000_000,
        });
        sample
    }

    fn failed(&mut self, task: &str, failure: &WorkerFailure) {
        let kind = match failure {
            WorkerFailure::Crashed { .. } | WorkerFailure::TimedOut { .. } => FindingKind::Crashed,
            _ => FindingKind::Failed,
        };
        self.find(kind, task, failure.to_string());
    }

    fn find(&mut self, kind: FindingKind, task: &str, what: String) {
        self.report.findings.push(Finding {
            kind,
            task: task.to_owned(),
            what,
            differences: Vec::new(),
        });
    }
}

fn parses_differ(parsed: &ParseStats, written: &ParseStats) -> Option<String> {
    let counts = |it: &ParseStats| [it.analyze, it.module_code, it.function_code];
    (counts(parsed) != counts(written)).then(|| {
        format!(
            "{:?} parses of modules, module code and functions, {:?} on the parse path",
            counts(written),
            counts(parsed)
        )
    })
}

/// A subset in words.
fn subset(load: &mixed::MixedLoad, of: usize) -> String {
    let place = match of {
        0 => format!("subset {}", load.subset),
        of => format!("subset {} of {of}", load.subset),
    };
    match &*load.missed {
        [] => format!("{place} (nothing left out)"),
        [one] => format!("{place} (without {one})"),
        [first, rest @ ..] => format!("{place} (without {first} and {} more)", rest.len()),
    }
}

fn whole(finished: Finished<Sample>) -> Option<Observation> {
    finished.line.observation?.whole
}

fn digest(sample: &Sample) -> &str {
    sample.observation.as_ref().map_or("", |it| &it.digest)
}

fn sum(parses: impl Iterator<Item = ParseStats>) -> ParseStats {
    let mut sum = ParseStats {
        analyze: 0,
        module_code: 0,
        function_code: 0,
        total_engine: 0,
    };
    for it in parses {
        sum.analyze += it.analyze;
        sum.module_code += it.module_code;
        sum.function_code += it.function_code;
        // This one is the process's so far.
        sum.total_engine = sum.total_engine.max(it.total_engine);
    }
    sum
}

fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
