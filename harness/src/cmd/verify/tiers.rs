//! `verify --tier-ups`: which functions the engine's tiers compile, by every path.

use std::io::{self, Write};

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use super::VerifyArgs;
use super::progress::Progress;
use crate::cmd::{ExitStatus, Format};
use crate::{Error, print};
use verify::{TIER_OPTIONS, TierCase, TierReport, compare_tiers};

/// The suite of programs that work for a while, if nobody says another.
const USUAL: &str = "steady";

/// Runs `verify --tier-ups`.
pub fn run(arguments: &VerifyArgs) -> Result<ExitStatus, Error> {
    workers::settle(&TIER_OPTIONS).map_err(|source| Error::Settings { source })?;
    let plan = arguments.plan(USUAL)?;
    let scratch = super::scratch(&std::env::temp_dir())?;
    let _ = writeln!(
        io::stderr(),
        "verify: what tiers up in {}",
        sample::plural(plan.workloads.len() as u64, "workload", "workloads")
    );
    let progress = Progress::of_cases(plan.workloads.len() * plan.engines.len());
    let report = compare_tiers(&plan, scratch.path(), &progress);
    progress.end();
    let report = report?;
    match arguments.format {
        Format::Json => print::json(&report),
        Format::Table => print::line(&text(&report)),
    }
    let any = |is: fn(&TierCase) -> bool| report.cases.iter().any(is);
    Ok(if any(|it| !it.findings.is_empty()) {
        ExitStatus::Finding
    } else if any(|it| it.compiled.is_empty()) {
        ExitStatus::CouldNotRun
    } else {
        ExitStatus::Success
    })
}

fn text(report: &TierReport) -> String {
    let mut table = Table::new();
    let header = [
        "workload", "engine", "path", "baseline", "dfg", "ftl", "result",
    ];
    table.load_style(NOTHING).set_header(header.to_vec());
    for index in [3, 4, 5] {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut findings = String::new();
    for case in &report.cases {
        for (path, counts) in &case.compiled {
            let differs = case.findings.iter().any(|it| it.path == *path);
            table.add_row(vec![
                case.workload.clone(),
                case.version.clone(),
                path.name().to_owned(),
                counts.baseline.to_string(),
                counts.dfg.to_string(),
                counts.ftl.to_string(),
                if differs { "different" } else { "same" }.to_owned(),
            ]);
        }
        if let Some(failed) = &case.failed {
            findings.push_str(&format!(
                "\n\n{} on {}: {failed}",
                case.workload, case.version
            ));
        }
        for finding in &case.findings {
            findings.push_str(&format!(
                "\n\n{} on {} by {}: {}",
                case.workload,
                case.version,
                finding.path.name(),
                finding.what
            ));
        }
    }
    format!("{}{findings}", results::render::trimmed(&table))
}
