//! `verify --random`: graphs that nobody wrote.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::VerifyArgs;
use super::progress::Progress;
use crate::Error;
use crate::cmd::{ExitStatus, Format};
use crate::print;
use verify::{FindingKind, RandomPlan, RandomReport, verify_random};

/// What a load may take, in seconds, when nobody says otherwise.
const LOAD_LIMIT: u64 = 20;

/// In memory, if the system has that.
const SHARED_MEMORY: &str = "/dev/shm";

/// Runs `verify --random`.
pub fn run(arguments: &VerifyArgs, count: u64) -> Result<ExitStatus, Error> {
    let plan = RandomPlan {
        seed: arguments.seed(),
        first: arguments.first.unwrap_or(0),
        count,
        engines: arguments.engines(&[])?,
        paths: arguments.paths(),
        jobs: arguments.jobs(),
        load_limit: arguments.time_limit(LOAD_LIMIT),
        mutant: arguments.mutant,
        fixtures: match &arguments.fixtures {
            Some(directory) => directory.clone(),
            None => temporary_fixtures(),
        },
    };
    let temporary = std::env::temp_dir();
    let scratch =
        super::scratch(Path::new(SHARED_MEMORY)).or_else(|_| super::scratch(&temporary))?;
    let _ = writeln!(io::stderr(), "verify: seed {}", plan.seed);
    let progress = Progress::of_graphs(count.saturating_mul(plan.engines.len() as u64));
    let report = verify_random(&plan, scratch.path(), &progress);
    progress.end();
    let report = report?;
    match arguments.format {
        Format::Json => print::json(&report),
        Format::Table => print::line(&text(&report)),
    }
    Ok(status(&report))
}

/// A directory of this process; it is made when something is written into it.
fn temporary_fixtures() -> PathBuf {
    std::env::temp_dir().join(format!("jsc-harness-random-{}", std::process::id()))
}

fn status(report: &RandomReport) -> ExitStatus {
    let differs = |kind| matches!(kind, FindingKind::Different | FindingKind::Crashed);
    let kinds = report.findings.iter().map(|it| it.finding.kind);
    // What stock JSC crashes on is told, and nobody's difference.
    let kinds: Vec<FindingKind> = kinds.filter(|it| *it != FindingKind::Failed).collect();
    match kinds.is_empty() {
        true => ExitStatus::Success,
        false if kinds.into_iter().any(differs) => ExitStatus::Finding,
        false => ExitStatus::Invalid,
    }
}

fn text(report: &RandomReport) -> String {
    let mut text = String::new();
    for found in &report.findings {
        let finding = &found.finding;
        text.push_str(&format!(
            "graph {} of seed {} on {}, {}: {}: {}",
            found.index,
            report.seed,
            found.version,
            finding.kind.name(),
            finding.task,
            finding.what
        ));
        for difference in &finding.differences {
            text.push_str(&format!("\n    {difference}"));
        }
        if let Some(fixture) = &found.fixture {
            text.push_str(&format!("\n    smallest: {}", fixture.display()));
        }
        text.push_str("\n\n");
    }
    let totals = &report.totals;
    if totals.engine_crashes > 0 {
        text.push_str(&format!(
            "{} graphs crash the engine or hang it when they are parsed, which is no difference between paths\n",
            totals.engine_crashes
        ));
    }
    let seconds = report.elapsed_ms as f64 / 1e3;
    text.push_str(&format!(
        "{} graphs ({} % link, {} % end well), {} loads, {} modules served, {} differences, {:.0} s, {:.1} graphs a second; \
         seed {}, on {}",
        totals.graphs,
        totals.percent(totals.linked),
        totals.percent(totals.completed),
        totals.loads,
        totals.hits,
        totals.findings,
        seconds,
        totals.graphs as f64 / seconds.max(1e-3),
        report.seed,
        report.engines.join(", ")
    ));
    text
}
