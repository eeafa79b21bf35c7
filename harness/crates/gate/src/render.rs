//! A gate for people: on a terminal, and as a comment on a pull request.

use std::path::Path;

use super::document::GateDocument;
use super::exact::BehaviourChange;
use super::family::Quantity;
use super::replay::place;
use super::rule::Decision;
use super::verdict::{CellReport, Reason, Verdict};
use record::{Facts, Metric, RunRecord};
use results::render::{Style, lay_out, three_digits, two_decimals};
use sample::LoadPath;

/// Reasons and cells that are shown at once; the others are counted, or folded away.
const SHOWN: usize = 12;

/// The summary of a gate.
pub fn summary(document: &GateDocument, style: Style) -> String {
    let mut parts = vec![title(document, style), verdict_in_words(document)];
    parts.push(reasons(&document.judgement.reasons, style));
    parts.extend(next_step(document));
    parts.push(cells(document, style));
    parts.push(behaviour(document, style));
    parts.push(caches(&document.record, style));
    parts.push(conditions(document, style));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn title(document: &GateDocument, style: Style) -> String {
    let engines = &document.record.engines;
    let (old, new) = (
        engines[place::OLD].description(),
        engines[place::NEW].description(),
    );
    let verdict = document.judgement.verdict.name();
    let what = if document.judgement.same_engine {
        format!("JavaScriptCore {new} against itself (A/A)")
    } else {
        format!("JavaScriptCore {old} → {new}")
    };
    match style {
        Style::Markdown => format!("## Gate: {what}: **{verdict}**"),
        Style::Plain => format!("gate: {what}: {verdict}"),
    }
}

fn verdict_in_words(document: &GateDocument) -> String {
    let rules = &document.settings.rules;
    let judgement = &document.judgement;
    let high = percent(rules.margin_high);
    let count = judgement.cells.len();
    let of = |decision| {
        let cells = judgement.cells.iter();
        cells.filter(|cell| cell.decision == decision).count()
    };
    match judgement.verdict {
        Verdict::Pass => format!(
            "The new engine behaves as the old one, uses its cache, and in none of {count} comparisons does it {} by \
             {high} or more.",
            match rules.metric {
                Metric::Instructions => "execute more instructions",
                _ => "get slower",
            }
        ),
        Verdict::Regress => format!(
            "Something got worse: {} of {count} comparisons. If nothing had, a gate would say so in at most {} of all \
             cases.",
            of(Decision::Regress),
            percent(rules.false_alarm)
        ),
        Verdict::Inconclusive => format!(
            "There is not enough evidence for a verdict: {} of {count} comparisons passed, none got surely worse. Give it \
             more time (`--budget`) or a quieter machine.",
            of(Decision::Pass)
        ),
        Verdict::Invalid => "Nothing may be concluded from times: what was to be compared is not the same thing, or the \
             cache was not what was measured."
            .to_owned(),
    }
}

fn reasons(reasons: &[Reason], style: Style) -> String {
    let mut lines: Vec<String> = reasons
        .iter()
        .take(SHOWN)
        .map(|reason| format!("- {}", escaped(&reason.to_string(), style)))
        .collect();
    if reasons.len() > SHOWN {
        lines.push(format!("- and {} more", reasons.len() - SHOWN));
    }
    lines.join("\n")
}

/// What shows by function where the worst cell of a workload went; nothing when none got worse, or it is a program that the
/// command line named.
fn next_step(document: &GateDocument) -> Option<String> {
    let engines = &document.record.engines;
    let (old, new) = (&engines[place::OLD].name, &engines[place::NEW].name);
    let mut reasons = document.judgement.reasons.iter();
    let (workload, path) = reasons.find_map(|it| match it {
        Reason::Worse {
            workload: Some(workload),
            quantity,
            ..
        } if old != new && is_defined(workload, &document.record.run.command) => {
            Some((workload, quantity.paths().next()?))
        }
        _ => None,
    })?;
    Some(format!(
        "Where it goes, by function: `jsc-harness profile -w '^{}$' --path {} --engine {old},{new} --keep`",
        regex::escape(workload),
        path.name()
    ))
}

/// Whether `--workloads` finds it: no entry of the command is it, or the directory that it is in.
fn is_defined(workload: &str, command: &[String]) -> bool {
    let workload = Path::new(workload);
    !command
        .iter()
        .skip(1)
        .any(|word| workload.starts_with(word.trim_start_matches("./")))
}

fn cells(document: &GateDocument, style: Style) -> String {
    let all = &document.judgement.cells;
    if all.is_empty() {
        return String::new();
    }
    let open = all.iter().filter(|cell| cell.decision != Decision::Pass);
    let shown = open.count().max(SHOWN).min(all.len());
    let rules = &document.settings.rules;
    let counted = rules.metric == Metric::Instructions;
    let what = match rules.metric {
        Metric::Instructions => "Instructions to the end of the program, the worst first",
        Metric::Rest => "Times from the end of the load to the end of the program, the worst first",
        _ => "Load times, the worst first",
    };
    let mut parts = vec![heading(what, style)];
    parts.push(cell_table(&all[..shown], style));
    let rest = &all[shown..];
    match style {
        _ if rest.is_empty() => {}
        Style::Markdown => parts.push(format!(
            "<details><summary>{} more, which passed</summary>\n\n{}\n\n</details>",
            rest.len(),
            cell_table(rest, style)
        )),
        Style::Plain => parts.push(format!(
            "{} more passed; the document has them all",
            rest.len()
        )),
    }
    let (from, last) = match counted {
        true => ("from counts of both engines", ""),
        false if rules.gains => (
            "from loads of both engines in the same block",
            " `parse/…` is the gain: how many times as long parsing takes; less is worse.",
        ),
        false => ("from loads of both engines in the same block", ""),
    };
    parts.push(format!(
        "Change is new over old, {from}, with its 95 % interval. `regress`: surely worse by more than {}. `pass`: surely \
         not worse by {}. `inconclusive`: neither.{last}",
        percent(rules.margin_low),
        percent(rules.margin_high)
    ));
    parts.join("\n\n")
}

fn cell_table(cells: &[CellReport], style: Style) -> String {
    let header = [
        "workload", "what", "old", "new", "change", "interval", "worse in", "verdict",
    ];
    let rows = cells.iter().map(|cell| {
        let number = |value: Option<f64>| {
            value.map_or_else(
                || "-".to_owned(),
                |value| match cell.quantity {
                    Quantity::Time(_) | Quantity::Rest(_) => format!("{} ms", three_digits(value)),
                    Quantity::Instructions(_) => format!("{value:.2} M"),
                    Quantity::Gain(_) => two_decimals(value),
                },
            )
        };
        let change = match cell.quantity {
            Quantity::Instructions(_) => small_change,
            Quantity::Time(_) | Quantity::Rest(_) | Quantity::Gain(_) => change,
        };
        let interval = cell.interval.map_or_else(
            || "-".to_owned(),
            |[low, high]| format!("{} … {}", change(low), change(high)),
        );
        vec![
            cell.workload
                .clone()
                .unwrap_or_else(|| "all together".to_owned()),
            match cell.quantity {
                Quantity::Time(path) | Quantity::Rest(path) | Quantity::Instructions(path) => {
                    path.name().to_owned()
                }
                Quantity::Gain(path) => format!("parse/{}", path.name()),
            },
            number(cell.old),
            number(cell.new),
            cell.ratio.map_or_else(|| "-".to_owned(), change),
            interval,
            format!("{} of {}", cell.worse_in, cell.blocks),
            decision(cell).to_owned(),
        ]
    });
    lay_out(header.map(str::to_owned).to_vec(), rows.collect(), style)
}

fn decision(cell: &CellReport) -> &'static str {
    match (cell.decision, cell.improved) {
        (Decision::Regress, _) => "regress",
        (Decision::Inconclusive, _) => "inconclusive",
        (Decision::Pass, true) => "pass, better",
        (Decision::Pass, false) => "pass",
    }
}

fn behaviour(document: &GateDocument, style: Style) -> String {
    let settings = &document.settings;
    let exact = &settings.exact;
    let paths: Vec<_> = exact.paths.iter().map(|path| path.name()).collect();
    let equal = if exact.paths_differ.is_empty() {
        "every path shows what parsing shows".to_owned()
    } else {
        format!("{} differences between paths", exact.paths_differ.len())
    };
    let mut lines = vec![
        heading("Behaviour", style),
        format!(
            "{} workloads of suite `{}` on the new engine by {}: {equal}. Old against new: {}.",
            exact.workloads,
            exact.suite,
            paths.join(", "),
            match exact.behaviour.len() {
                0 => "no change".to_owned(),
                1 => "1 change".to_owned(),
                count => format!("{count} changes"),
            }
        ),
    ];
    let change = |it: &BehaviourChange| {
        let allowed = match settings.allowed.reason(it) {
            Some(why) => format!("allowed: {why}"),
            None => "not allowed".to_owned(),
        };
        let what = it.what.first().map_or("", String::as_str);
        let text = format!("{}: {what} ({allowed})", it.workload);
        format!("- {}", escaped(&text, style))
    };
    let changes: Vec<String> = exact.behaviour.iter().map(change).collect();
    lines.push(changes.join("\n"));
    let unused: Vec<String> = settings
        .allowed
        .unused(&exact.behaviour)
        .map(|it| {
            format!(
                "- the list allows a change of {} that was not seen",
                it.workload
            )
        })
        .collect();
    lines.push(unused.join("\n"));
    let differ: usize = exact.records_differ.iter().map(|it| it.differ).sum();
    if let Some(first) = exact.records_differ.first() {
        let modules: usize = exact.records_differ.iter().map(|it| it.modules).sum();
        let what = first.what.first().map_or("", String::as_str);
        let text = format!(
            "{differ} of {modules} module records in the caches of {} workloads differ between the engines; the first, of {}: {what}",
            exact.records_differ.len(),
            first.workload
        );
        lines.push(escaped(&text, style));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n\n")
}

fn caches(record: &RunRecord, style: Style) -> String {
    let facts = |workload: usize, engine: usize, path: LoadPath| -> Option<&Facts> {
        record.valid_blocks(workload).find_map(|block| {
            let measured = block.sample(engine, path)?.measured.as_ref()?;
            Some(&measured.facts)
        })
    };
    let row = |workload: usize| {
        let old = facts(workload, place::OLD, LoadPath::Full)?;
        let new = facts(workload, place::NEW, LoadPath::Full)?;
        let bytes = |facts: &Facts| facts.cache.as_ref().map_or(0, |cache| cache.bytes) as f64;
        let parsed = |engine| {
            let facts = facts(workload, engine, LoadPath::Parse);
            facts.map_or_else(|| "-".to_owned(), |facts| facts.parses().to_string())
        };
        Some(vec![
            record.workloads[workload].name.clone(),
            new.modules.to_string(),
            format!("{:.0}", bytes(old) / 1024.0),
            format!("{:.0}", bytes(new) / 1024.0),
            change(bytes(new) / bytes(old).max(1.0)),
            format!("{} → {}", old.parses(), new.parses()),
            format!("{} → {}", parsed(place::OLD), parsed(place::NEW)),
        ])
    };
    let rows: Vec<_> = (0..record.workloads.len()).filter_map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let header = [
        "workload",
        "modules",
        "old, KiB",
        "new, KiB",
        "change",
        "parses by full",
        "parses by parse",
    ];
    let table = lay_out(header.map(str::to_owned).to_vec(), rows, style);
    let words =
        "Every load from the cache was served by it, or there would be no verdict but `invalid`.";
    match style {
        Style::Markdown => format!(
            "<details><summary>Cache sizes and parses</summary>\n\n{table}\n\n{words}\n\n</details>"
        ),
        Style::Plain => format!("{}\n\n{table}\n\n{words}", heading("Cache", style)),
    }
}

fn conditions(document: &GateDocument, style: Style) -> String {
    let record = &document.record;
    let rules = &document.settings.rules;
    let machine = &record.machine;
    let mut lines = vec![heading("How sure", style)];
    if let Some(pilot) = &document.judgement.pilot {
        let mut line = format!(
            "The old engine against itself, {} blocks of each workload before the gate:",
            pilot.blocks
        );
        if let Some([least, middle, most]) = pilot.least_found {
            line += &format!(
                " with {} blocks a slowdown of one workload on one path is found with 95 % probability from {} on (the \
                 quietest {}, the noisiest {})",
                rules.most_blocks(),
                percent(middle),
                percent(least),
                percent(most)
            );
        }
        if let Some(together) = pilot.least_found_together {
            line += &format!(", of all workloads together from {} on", percent(together));
        }
        line += ".";
        if pilot.too_noisy > 0 {
            line += &format!(
                " {} of {} comparisons are so noisy that they will probably not pass though nothing changed.",
                pilot.too_noisy, pilot.cells
            );
        }
        lines.push(line);
    }
    let void = record.blocks.iter().filter(|it| it.void.is_some()).count();
    lines.push(format!(
        "{} blocks, {void} void{}; {} workers; {} with {} cores, {} GiB; seed {}. False alarms of a whole gate: at most {}; \
         a slowdown of {} passes with at most {} for each comparison.",
        record.blocks.len(),
        record.conditions.void_above.words(),
        record.loads().count(),
        machine.cpu,
        machine.cores,
        machine.memory_gib,
        record.conditions.seed,
        percent(rules.false_alarm),
        percent(rules.margin_high),
        percent(rules.false_pass)
    ));
    lines.join("\n\n")
}

fn heading(text: &str, style: Style) -> String {
    match style {
        Style::Markdown => format!("### {text}"),
        Style::Plain => format!("{text}:"),
    }
}

/// What a program printed must not become markup.
fn escaped(text: &str, style: Style) -> String {
    let text = text.replace(['\n', '\r'], " ");
    match style {
        Style::Plain => text,
        Style::Markdown => text
            .chars()
            .flat_map(|character| {
                let marks_up = r"\`*_[]<>|#".contains(character);
                marks_up.then_some('\\').into_iter().chain([character])
            })
            .collect(),
    }
}

/// A ratio as a change: `+5.1 %`.
fn change(ratio: f64) -> String {
    format!("{:+.1} %", 100.0 * (ratio - 1.0))
}

/// The same of what hardly varies: `+0.08 %`.
fn small_change(ratio: f64) -> String {
    let percent = 100.0 * (ratio - 1.0);
    // Less than a digit has no sign.
    format!("{:+.2} %", if percent.abs() < 5e-3 { 0.0 } else { percent })
}

fn percent(fraction: f64) -> String {
    let percent = 100.0 * fraction;
    // As many digits as say something.
    let text = if percent < 9.95 {
        format!("{percent:.1}")
    } else {
        format!("{percent:.0}")
    };
    format!("{} %", text.trim_end_matches(".0"))
}
