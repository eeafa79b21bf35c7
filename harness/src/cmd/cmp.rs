//! `cmp`: two results side by side.

use std::path::PathBuf;

use clap::Args;

use super::{ExitStatus, Format};
use crate::cmd::word::word;
use crate::{Error, print};
use record::Metric;
use results::comparison::{Comparison, Row, compare};
use results::render::{Style, estimate, lay_out, three_digits, two_decimals};
use stats::Confidence;

/// Arguments of `cmp`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct CmpArgs {
    /// One result file, as `measure` writes it
    a: PathBuf,
    /// The other
    b: PathBuf,
    /// What to compare [default: instructions if they were counted, else the load]
    #[arg(long, value_parser = word::<Metric>())]
    metric: Option<Metric>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const AFTER_HELP: &str = "\
For each workload and path: the median of both runs with its 95 % interval, the second divided by the first, and the gain
of both: how many times as much the parse path takes, with its interval. `apart` marks intervals that have no value in
common.

Two runs are not a paired experiment. Whatever changed slowly on the machine between them is part of the difference, and
no interval holds it; gains suffer less from it than times. Workloads whose files differ are not compared. On different
machines, or with a warm and a cold page cache, the numbers are put side by side and not compared.

Exit codes: 0 when something was compared, 2 when nothing of the two compares, 4 when a file cannot be read.";

/// Runs `cmp`.
pub fn run(arguments: &CmpArgs) -> Result<ExitStatus, Error> {
    super::use_results_of_project()?;
    let a = record::read(&arguments.a)?;
    let b = record::read(&arguments.b)?;
    let metric = arguments.metric.unwrap_or(a.main_metric());
    let comparison = compare([&a, &b], metric, Confidence::P95);
    match arguments.format {
        Format::Json => print::json(&comparison),
        Format::Table => print::line(&text(&comparison)),
    }
    Ok(if comparison.rows.is_empty() {
        ExitStatus::Inconclusive
    } else {
        ExitStatus::Success
    })
}

fn text(comparison: &Comparison) -> String {
    let [a, b] = &comparison.runs;
    let mut lines = vec![format!("A: {a}"), format!("B: {b}")];
    lines.extend(
        comparison
            .differences
            .iter()
            .map(|difference| format!("different {difference}")),
    );
    if let Some(reason) = &comparison.incomparable {
        lines.push(format!("put side by side, but not compared: {reason}"));
    }
    for left_out in &comparison.left_out {
        lines.push(format!(
            "not compared: {}: {}",
            left_out.workload, left_out.reason
        ));
    }
    if comparison.rows.is_empty() {
        lines.push("nothing of the two compares".to_owned());
        return lines.join("\n");
    }
    lines.push(String::new());
    lines.push(table(comparison));
    let overlap = &comparison.overlap;
    lines.push(format!(
        "\nintervals overlap: {} of {} medians, {} of {} gains",
        overlap.values, overlap.values_of, overlap.gains, overlap.gains_of
    ));
    lines.join("\n")
}

fn table(comparison: &Comparison) -> String {
    let header = vec![
        "workload".to_owned(),
        "path".to_owned(),
        format!("A, {}", comparison.unit),
        format!("B, {}", comparison.unit),
        "B/A".to_owned(),
        String::new(),
        "gain A".to_owned(),
        "gain B".to_owned(),
        String::new(),
    ];
    let several = comparison
        .rows
        .iter()
        .any(|row| row.engines != comparison.rows[0].engines);
    let rows = comparison
        .rows
        .iter()
        .map(|row| {
            let name = if several {
                format!("{} on {}", row.workload, row.engines[0])
            } else {
                row.workload.clone()
            };
            let Row { values, gains, .. } = row;
            let ratio = row.ratio.map_or_else(|| "-".to_owned(), two_decimals);
            vec![
                name,
                row.path.name().to_owned(),
                estimate(values[0].as_ref(), three_digits),
                estimate(values[1].as_ref(), three_digits),
                ratio,
                apart(row.values_overlap),
                estimate(gains[0].as_ref(), two_decimals),
                estimate(gains[1].as_ref(), two_decimals),
                apart(row.gains_overlap),
            ]
        })
        .collect();
    lay_out(header, rows, Style::Plain)
}

fn apart(overlap: Option<bool>) -> String {
    match overlap {
        Some(false) => "apart".to_owned(),
        _ => String::new(),
    }
}
