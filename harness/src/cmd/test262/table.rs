//! A report for people.

use sample::WhyUnwritten;
use std::collections::BTreeMap;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use results::render::trimmed;
use test262::{Report, Status, TestReport};

/// The whole report.
pub fn text(report: &Report) -> String {
    let mut parts = vec![head(report), columns(report)];
    if !report.missing_features.is_empty() {
        let features = report.missing_features.iter();
        let features: Vec<String> = features
            .map(|it| format!("{} ({} tests)", it.name, it.tests))
            .collect();
        parts.push(format!("The engine lacks {}.", features.join(", ")));
    }
    parts.push(without_entry(report));
    parts.push(without_pack(report));
    parts.push(failures(report));
    parts.push(differences(report));
    parts.push(breaches(report));
    parts.join("\n\n")
}

fn head(report: &Report) -> String {
    let commit = match &report.test262.commit {
        Some(commit) => format!("commit {commit}"),
        None => format!("{}, of no known commit", report.test262.directory),
    };
    format!(
        "Test262, {commit}\n{}: {} tests, {} runs on each path, {:.1} s",
        report.engine.name,
        report.test_count,
        report.tests.len(),
        report.seconds
    )
}

fn columns(report: &Report) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header([
        "path",
        "pass",
        "fail",
        "unsupported",
        "crashed",
        "timed out",
        "modules",
        "hits",
        "misses",
        "all hit",
        "records parsed",
        "module code parsed",
        "functions parsed",
    ]);
    for column in &report.columns {
        table.add_row([
            column.name.clone(),
            column.pass.to_string(),
            column.fail.to_string(),
            column.unsupported.to_string(),
            column.crashed.to_string(),
            column.timed_out.to_string(),
            column.modules.to_string(),
            column.hits.to_string(),
            column.misses.to_string(),
            column.complete_hits.to_string(),
            column.analyses.to_string(),
            column.module_code.to_string(),
            column.function_code.to_string(),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    trimmed(&table)
}

/// What cached paths parse, and may.
fn without_entry(report: &Report) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for module in &report.without_entry {
        let kind = match module.why {
            WhyUnwritten::Syntax => "it does not parse",
            _ => &module.reason,
        };
        *kinds.entry(kind).or_default() += 1;
    }
    let kinds: Vec<String> = kinds
        .iter()
        .map(|(kind, count)| format!("{count} because {kind}"))
        .collect();
    match kinds.is_empty() {
        true => "Every module has a cache entry.".to_owned(),
        false => format!(
            "{} modules have no cache entry: {}.",
            report.without_entry.len(),
            kinds.join(", ")
        ),
    }
}

/// What the graph path has no pack of: entries serve it.
fn without_pack(report: &Report) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for test in &report.without_pack {
        // A module's name stands before what is wrong with it.
        let reason = &test.reason;
        let kind = match reason.starts_with("file:") {
            true => reason.split_once(' ').map_or(&**reason, |(_, rest)| rest),
            false => reason,
        };
        *kinds.entry(kind).or_default() += 1;
    }
    let kinds: Vec<String> = kinds
        .iter()
        .map(|(kind, count)| format!("\n  {count}: {kind}"))
        .collect();
    match kinds.is_empty() {
        true => "Every module test has a pack.".to_owned(),
        false => format!(
            "{} module tests have no pack, and are served by entries:{}",
            report.without_pack.len(),
            kinds.concat()
        ),
    }
}

/// The tests that fail by the reference. By another path they fail alike, or are among the differences.
fn failures(report: &Report) -> String {
    let failed: Vec<String> = report
        .tests
        .iter()
        .filter_map(|test| {
            let reference = test.results.first()?;
            let reason = reference
                .reason
                .as_deref()
                .filter(|_| reference.status == Status::Fail)?;
            Some(format!("\n  {}: {}", name(test), one_line(reason)))
        })
        .collect();
    format!(
        "{} runs fail by `{}` and are the engine's own failures{}{}",
        failed.len(),
        report.columns.first().map_or("", |it| &it.name),
        if failed.is_empty() { "." } else { ":" },
        failed.concat()
    )
}

fn differences(report: &Report) -> String {
    let mut text = format!("{} differences between paths", report.differences.len());
    for difference in &report.differences {
        text.push_str(&format!(
            "\n  {} ({}), {}:",
            difference.test,
            difference.mode.name(),
            difference.column
        ));
        for what in &difference.differences {
            text.push_str(&format!("\n    {}", one_line(what)));
        }
    }
    text
}

fn breaches(report: &Report) -> String {
    let mut text = format!(
        "{} runs on a cached path that parsed silently or had a wrong record",
        report.breaches.len()
    );
    for breach in &report.breaches {
        text.push_str(&format!(
            "\n  {} ({}), {}:",
            breach.test,
            breach.mode.name(),
            breach.column
        ));
        for what in &breach.what {
            text.push_str(&format!("\n    {}", one_line(what)));
        }
    }
    text
}

fn name(test: &TestReport) -> String {
    format!("{} ({})", test.test, test.mode.name())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
