//! The result of a verification.

use std::time::Duration;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use crate::cmd::{ExitStatus, Format};
use crate::print;
use verify::{CaseReport, FindingKind, Report};

/// Prints the report.
pub fn print(report: &Report, elapsed: Duration, format: Format) {
    match format {
        Format::Json => print::json(report),
        Format::Table => print::line(&text(report, elapsed)),
    }
}

/// What the report means for whoever ran it.
pub fn status(report: &Report) -> ExitStatus {
    let any = |kinds: &[FindingKind]| kinds.iter().any(|kind| report.has(*kind));
    if any(&[
        FindingKind::NotServed,
        FindingKind::Record,
        FindingKind::Unstable,
    ]) {
        ExitStatus::Invalid
    } else if any(&[
        FindingKind::Different,
        FindingKind::Crashed,
        FindingKind::Unexpected,
    ]) {
        ExitStatus::Finding
    } else if report.has(FindingKind::Failed) {
        ExitStatus::CouldNotRun
    } else {
        ExitStatus::Success
    }
}

fn text(report: &Report, elapsed: Duration) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(vec![
        "workload", "engine", "modules", "cached", "loads", "standard", "result", "seconds",
    ]);
    for index in [2, 3, 4, 7] {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for case in &report.cases {
        table.add_row(row(case));
    }
    let mut text = results::render::trimmed(&table);
    for case in report.cases.iter().filter(|case| !case.findings.is_empty()) {
        text.push_str(&findings(case));
    }
    for case in &report.cases {
        if let Some(failed) = &case.failed {
            text.push_str(&format!(
                "\n\n{} on {}, on every path: {failed}",
                case.workload, case.version
            ));
        }
    }
    let totals = &report.totals;
    text.push_str(&format!(
        "\n\n{} of {} the same on every path: {} loads in {} processes, {} modules served, {} records compared, {} s; seed {}",
        totals.equal,
        totals.cases,
        totals.loads,
        totals.processes,
        totals.hits,
        totals.records,
        elapsed.as_secs(),
        report.seed
    ));
    text
}

fn row(case: &CaseReport) -> Vec<String> {
    let mut kinds: Vec<&str> = case.findings.iter().map(|it| it.kind.name()).collect();
    kinds.dedup();
    let result = match (kinds.is_empty(), case.other_lines) {
        (true, false) => "same".to_owned(),
        (true, true) => "same, true lines".to_owned(),
        (false, _) => kinds.join(" "),
    };
    let loads: u64 = case.workers.iter().map(|it| it.loads).sum();
    vec![
        case.workload.clone(),
        case.version.clone(),
        case.modules.to_string(),
        (case.modules.saturating_sub(case.without_entry.len() as u64)).to_string(),
        loads.to_string(),
        match (case.expectation, &case.failed) {
            (true, _) => "compared",
            (false, Some(_)) => "error",
            (false, None) => "",
        }
        .to_owned(),
        result,
        format!("{:.1}", case.elapsed_ms as f64 / 1e3),
    ]
}

fn findings(case: &CaseReport) -> String {
    let mut text = String::new();
    for finding in &case.findings {
        text.push_str(&format!(
            "\n\n{} on {}, {}: {}",
            case.workload, case.version, finding.task, finding.what
        ));
        for difference in &finding.differences {
            text.push_str(&format!("\n    {difference}"));
        }
    }
    text
}
