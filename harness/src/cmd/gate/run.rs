//! A gate from its beginning to its end.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use workloads::{Catalog, WorkloadDef};

use super::GateArgs;
use super::tier_ups;
use crate::cmd::Format;
use crate::cmd::cache::record_differences;
use crate::cmd::measure::scratch::Scratch;
use crate::cmd::selection;
use crate::trial::measuring::{Measuring, Pilot};
use crate::trial::progress::Progress;
use crate::trial::{caches, engines, equivalence, keep};
use crate::{Error, print};
use gate::judge::{Recorded, family, obstacles, summarize_pilot};
use gate::pilot::{Place, bias};
use gate::replay::place;
use gate::{AllowList, Exact, GateDocument, Rules, Settings, Verdict, render, sequential};
use measure::{Amount, Counting, Plan, PlannedWorkload, Session};
use record::read_text;
use record::{Metric, PageCache, Purpose, RunRecord};
use results::render::Style;
use sample::PackUse;
use workers::counting::Counter;
use workers::{InstalledEngine, TIME_LIMIT};

/// Runs a gate and keeps its document; or says what is wrong with the command line.
pub fn run(arguments: &GateArgs) -> Result<Verdict, Error> {
    let (Some(from), Some(to)) = (&arguments.from, &arguments.to) else {
        return Err(Error::Usage("--from and --to are needed".to_owned()));
    };
    let counter = arguments.decision.is_counting();
    let counter = counter.then(Counter::ready).transpose()?;
    let catalog = arguments.config.catalog()?;
    let arguments = &arguments.settled(&catalog)?;
    let rules = arguments.rules();
    if let Err(error) = rules.check() {
        return Err(Error::Usage(error.to_string()));
    }
    if let Some(out) = &arguments.out
        && out.join(keep::DOCUMENT).exists()
    {
        return Err(Error::Usage(format!(
            "--out {}: there is a gate in this folder; remove it or give another name",
            out.display()
        )));
    }
    let allowed = match &arguments.allow {
        Some(file) => allow_list(file)?,
        None => AllowList::default(),
    };
    let timed = timed(arguments, &catalog)?;
    let observed = observed(arguments, &catalog, &timed)?;
    let old = workers::find(from)?;
    let new = workers::find(to)?;
    for engine in [&old, &new] {
        engines::check_assertions(engine, arguments.allow_assertions)?;
    }
    keep::check_writable(arguments.out.as_deref())?;
    let seed = arguments.seed.unwrap_or_else(selection::new_seed);
    let progress = Progress::begin(arguments.budget());
    progress.line(&introduction(&old, &new, seed));
    let scratch = Scratch::new()?;
    let plan = Plan {
        purpose: Purpose::Workloads,
        command: arguments.command(from, to, seed),
        workloads: timed.into_iter().map(planned).collect(),
        engines: engines::place(&old, &new, scratch.path())?,
        paths: arguments.paths(),
        amount: Amount::Budget(arguments.budget()),
        seed,
        page_cache: PageCache::Warm,
        void_above: arguments.void_limits.limits(),
        pack: PackUse::default(),
        time_limit: TIME_LIMIT,
        // What programs show was compared before; what is allowed is timed.
        as_defined: false,
        peers: Vec::new(),
        counting: counter.map(|it| Counting::new(it, scratch.path())),
        worker_program: arguments.worker_program.clone(),
    };
    let mut settings = Settings {
        rules,
        allowed,
        exact: behaviour(arguments, &plan, &observed, scratch.path(), &progress)?,
    };
    say_behaviour(&settings, &progress);
    if settings.rules.metric == Metric::Rest {
        progress.now("what tiers up by every path on the new engine");
        settings.exact.tier_ups = tier_ups::compare(arguments, &plan)?;
    }
    let mut reporter = &progress;
    let session = Session::prepare(&plan, scratch.path(), &mut reporter)?;
    caches(&plan, &session, &mut settings.exact, &progress)?;
    let mut measuring = Measuring::new(session, &progress, place::NEW, settings.rules.metric);
    let mut record = measuring.record();
    if obstacles(&recorded(&settings, &record)).is_empty() {
        time(&mut measuring, &settings, arguments, &progress)?;
        record = measuring.record();
    }
    progress.end();
    let document = GateDocument::new(settings, record).map_err(Error::GateReplay)?;
    let folder = folder(arguments, &document.record);
    let path = keep::document(&document, &folder)?;
    print(&document, arguments.format)?;
    let _ = writeln!(io::stderr(), "gate: the document is {}", path.display());
    Ok(document.judgement.verdict)
}

/// Prints a gate.
pub fn print(document: &GateDocument, format: Format) -> Result<(), Error> {
    match format {
        Format::Table => print::line(&render::summary(document, Style::Plain)),
        Format::Json => print::document(document.text())?,
    }
    Ok(())
}

fn introduction(old: &InstalledEngine, new: &InstalledEngine, seed: u64) -> String {
    let same = if old.fingerprint == new.fingerprint {
        "; both are the same: the gate tests itself (A/A)"
    } else {
        ""
    };
    format!("old {}, new {}; seed {seed}{same}", old.name, new.name)
}

/// The workloads that are timed.
fn timed(arguments: &GateArgs, catalog: &Catalog) -> Result<Vec<WorkloadDef>, Error> {
    if let Some(entries) = selection::entries(&arguments.entries, &arguments.host)? {
        return Ok(entries);
    }
    let pattern = arguments.workloads.as_ref();
    selection::workloads(catalog, arguments.timed.as_deref(), pattern)
}

/// The workloads that are observed: those of the suite, and all that are timed.
fn observed(
    arguments: &GateArgs,
    catalog: &Catalog,
    timed: &[WorkloadDef],
) -> Result<Vec<WorkloadDef>, Error> {
    if !arguments.entries.is_empty() {
        return Ok(timed.to_vec());
    }
    let whole = selection::workloads(catalog, arguments.suite.as_deref(), None)?;
    // That none of the suite has a name like that is not an error: those that are timed have.
    let pattern = arguments.workloads.as_ref();
    let wanted = |it: &WorkloadDef| pattern.is_none_or(|pattern| pattern.is_match(&it.name));
    let mut observed: Vec<WorkloadDef> = whole.into_iter().filter(wanted).collect();
    for definition in timed {
        if !observed.iter().any(|it| it.name == definition.name) {
            observed.push(definition.clone());
        }
    }
    Ok(observed)
}

/// What was compared in behaviour, for the document.
fn suite_in_words(arguments: &GateArgs) -> &str {
    match (&arguments.suite, arguments.entries.is_empty()) {
        (Some(suite), _) => suite,
        (None, true) => "all",
        (None, false) => "entries",
    }
}

fn planned(definition: WorkloadDef) -> PlannedWorkload {
    PlannedWorkload {
        definition,
        series: None,
    }
}

fn allow_list(file: &Path) -> Result<AllowList, Error> {
    let text = read_text(file).map_err(|source| Error::Read {
        path: file.to_owned(),
        source,
    })?;
    toml::from_str(&text)
        .map_err(|error| Error::Usage(format!("--allow {}: {error}", file.display())))
}

/// What programs show.
fn behaviour(
    arguments: &GateArgs,
    plan: &Plan,
    observed: &[WorkloadDef],
    scratch: &Path,
    progress: &Progress,
) -> Result<Exact, Error> {
    let (paths_differ, unexpected) =
        equivalence::paths(plan, observed, arguments.mutant, scratch, progress)?;
    let mut behaviour = equivalence::engines(plan, observed, scratch, progress)?;
    for it in unexpected {
        if !behaviour.iter().any(|known| known.workload == it.workload) {
            behaviour.push(it);
        }
    }
    Ok(Exact {
        suite: suite_in_words(arguments).to_owned(),
        workloads: observed.len(),
        paths: plan.paths.clone(),
        paths_differ,
        behaviour,
        ..Exact::default()
    })
}

fn say_behaviour(settings: &Settings, progress: &Progress) {
    let exact = &settings.exact;
    let allowed = exact.behaviour.iter();
    let allowed = allowed.filter(|it| settings.allowed.reason(it).is_some());
    progress.line(&format!(
        "behaviour of {} workloads: {} differences between paths on the new engine; {} changes since the old one, {} of \
         them allowed",
        exact.workloads,
        exact.paths_differ.len(),
        exact.behaviour.len(),
        allowed.count()
    ));
}

/// What the engines think of each other's caches.
fn caches(
    plan: &Plan,
    session: &Session<'_>,
    exact: &mut Exact,
    progress: &Progress,
) -> Result<(), Error> {
    if plan.engines[place::OLD].fingerprint == plan.engines[place::NEW].fingerprint {
        return Ok(());
    }
    for (planned, prepared) in plan.workloads.iter().zip(session.workloads()) {
        let name = &planned.definition.name;
        progress.now(&format!("comparing the caches of {name}"));
        let foreign =
            caches::foreign(plan, prepared, name).map_err(|failure| Error::GateWorker {
                workload: name.clone(),
                failure,
            })?;
        exact.foreign_caches.push(foreign);
        let differ = caches::records_differ(prepared, name, &record_differences)?;
        exact.records_differ.extend(differ);
    }
    Ok(())
}

/// The pilot, and then the gate itself.
fn time(
    measuring: &mut Measuring<'_>,
    settings: &Settings,
    arguments: &GateArgs,
    progress: &Progress,
) -> Result<(), Error> {
    let rules = &settings.rules;
    if rules.metric == Metric::Instructions {
        return count(measuring, rules, arguments);
    }
    let pilot = measuring.pilot(rules)?;
    if pilot.record.loads().any(|(_, load)| load.error.is_some()) {
        return Ok(());
    }
    if let Some(bias) = bias(&pilot.family, &pilot.evidence) {
        let folder = folder(arguments, &pilot.record);
        let path = keep::pilot(&pilot.record, &folder)?;
        let loads = match bias.place {
            Place::Workload(workload) => pilot.record.workloads[workload].name.clone(),
            Place::Path(path) => format!("all loads by {}", path.name()),
        };
        return Err(Error::GateBias {
            loads,
            percent: 100.0 * bias.change,
            pilot: path,
        });
    }
    for line in forecast(settings, &pilot, progress.left()) {
        progress.line(&line);
    }
    if let Some(slowdown) = &arguments.inject
        && !measuring.inject(slowdown, &pilot.record)
    {
        return Err(Error::GateInjection {
            workload: slowdown.workload.clone(),
        });
    }
    sequential::run(&pilot.family, rules, measuring)?;
    Ok(())
}

/// The gate itself, of counts: what they vary by is seen in each comparison.
fn count(measuring: &mut Measuring<'_>, rules: &Rules, arguments: &GateArgs) -> Result<(), Error> {
    let mut record = measuring.record();
    if let Some(slowdown) = &arguments.inject {
        // How much a share of its instructions is has to be known.
        if !measuring.pilot_round(0, &record.conditions.paths)? {
            return Ok(());
        }
        record = measuring.record();
        if !measuring.inject(slowdown, &record) {
            return Err(Error::GateInjection {
                workload: slowdown.workload.clone(),
            });
        }
    }
    sequential::run(&family(rules, &record), rules, measuring)?;
    Ok(())
}

/// What can be seen, said before anything is.
fn forecast(settings: &Settings, pilot: &Pilot, left: Duration) -> Vec<String> {
    let rules = &settings.rules;
    let summarize = |blocks| {
        summarize_pilot(
            &pilot.family,
            rules,
            &pilot.evidence,
            pilot.rounds as usize,
            blocks,
        )
    };
    let most = rules.most_blocks();
    let whole = summarize(most);
    let percent = |fraction: f64| format!("{:.1} %", 100.0 * fraction);
    let mut lines = Vec::new();
    if let (Some([least, middle, noisiest]), Some(together)) =
        (whole.least_found, whole.least_found_together)
    {
        lines.push(format!(
            "the old engine against itself: with {most} blocks a slowdown of one workload on one path is found with 95 % \
             probability from {} on (the quietest {}, the noisiest {}), of all together from {} on",
            percent(middle),
            percent(least),
            percent(noisiest),
            percent(together)
        ));
    }
    if whole.too_noisy > 0 {
        lines.push(format!(
            "{} of {} comparisons are so noisy that they will probably not pass even with {most} blocks",
            whole.too_noisy, whole.cells
        ));
    }
    let fit = left.as_secs_f64() / pilot.round_takes.as_secs_f64().max(1e-3);
    if fit < f64::from(most) {
        lines.push(format!(
            "time for {fit:.0} blocks of every workload, more of those that are undecided when others are done"
        ));
    }
    lines
}

fn recorded<'a>(settings: &'a Settings, record: &'a RunRecord) -> Recorded<'a> {
    Recorded {
        rules: &settings.rules,
        allowed: &settings.allowed,
        exact: &settings.exact,
        record,
    }
}

fn folder(arguments: &GateArgs, record: &RunRecord) -> std::path::PathBuf {
    let given = arguments.out.clone();
    given.unwrap_or_else(|| keep::default_folder(record))
}
