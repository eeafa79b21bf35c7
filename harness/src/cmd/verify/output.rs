//! The result of a verification.

use std::time::Duration;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use crate::cmd::{ExitStatus, Format};
use crate::print;
use verify::{CellReport, FindingKind, Report};

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
    for cell in &report.cells {
        table.add_row(row(cell));
    }
    let mut text = results::render::trimmed(&table);
    for cell in report.cells.iter().filter(|cell| !cell.findings.is_empty()) {
        text.push_str(&findings(cell));
    }
    let totals = &report.totals;
    text.push_str(&format!(
        "\n\n{} of {} the same by every path: {} loads in {} processes, {} modules served, {} records compared, {} s; seed {}",
        totals.equal,
        totals.cells,
        totals.loads,
        totals.processes,
        totals.hits,
        totals.records,
        elapsed.as_secs(),
        report.seed
    ));
    text
}

fn row(cell: &CellReport) -> Vec<String> {
    let mut kinds: Vec<&str> = cell.findings.iter().map(|it| it.kind.name()).collect();
    kinds.dedup();
    let result = match (kinds.is_empty(), cell.other_lines) {
        (true, false) => "same".to_owned(),
        (true, true) => "same, true lines".to_owned(),
        (false, _) => kinds.join(" "),
    };
    let loads: u64 = cell.runs.iter().map(|it| it.loads).sum();
    vec![
        cell.workload.clone(),
        cell.version.clone(),
        cell.modules.to_string(),
        (cell.modules.saturating_sub(cell.without_entry.len() as u64)).to_string(),
        loads.to_string(),
        if cell.expectation { "compared" } else { "" }.to_owned(),
        result,
        format!("{:.1}", cell.elapsed_ms as f64 / 1e3),
    ]
}

fn findings(cell: &CellReport) -> String {
    let mut text = String::new();
    for finding in &cell.findings {
        text.push_str(&format!(
            "\n\n{} on {}, {}: {}",
            cell.workload, cell.version, finding.run, finding.what
        ));
        for difference in &finding.differences {
            text.push_str(&format!("\n    {difference}"));
        }
    }
    text
}
