//! `cmp`: results side by side.

mod several;
mod two;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ExitStatus;
use crate::cmd::word::word;
use crate::{Error, print};
use record::{Metric, RunRecord};
use results::comparison::{Comparison, compare};
use results::render::Style;
use stats::Confidence;

/// Arguments of `cmp`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct CmpArgs {
    /// Result files, as `measure` writes them: each of the others is compared with the first
    #[arg(required = true, num_args = 2.., value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What to compare [default: instructions if they were counted, else the load]
    #[arg(long, value_parser = word::<Metric>())]
    metric: Option<Metric>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: CmpFormat,
}

/// How a comparison is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum CmpFormat {
    /// For people, on a terminal
    #[default]
    Table,
    /// For people, in a comment or a document
    Markdown,
    /// For programs: of several results an array, each compared with the first
    Json,
}

const AFTER_HELP: &str = "\
For each workload and path: the median of both runs with its 95 % interval, the second divided by the first, and the gain
of both: how many times as much the parse path takes, with its interval. `apart` marks intervals that have no value in
common.

Of more than two results there is one table: the medians, and each divided by that of the first. ~ stands where the intervals
have a value in common.

Two runs are not a paired experiment. Whatever changed slowly on the machine between them is part of the difference, and
no interval holds it; gains suffer less from it than times. Workloads whose files differ are not compared. On different
machines, or with a warm and a cold page cache, the numbers are put side by side and not compared.

Exit codes: 0 when something was compared, 2 when nothing compares, 4 when a file cannot be read.";

/// Runs `cmp`.
pub fn run(arguments: &CmpArgs) -> Result<ExitStatus, Error> {
    super::use_results_of_project()?;
    let read = |file: &PathBuf| record::read(file);
    let records: Vec<RunRecord> = arguments.files.iter().map(read).collect::<Result<_, _>>()?;
    let Some((first, others)) = records.split_first() else {
        return Err(Error::Usage("two results are needed".to_owned()));
    };
    let metric = arguments.metric.unwrap_or(first.main_metric());
    let compared = |other| compare([first, other], metric, Confidence::P95);
    let comparisons: Vec<Comparison> = others.iter().map(compared).collect();
    let style = match arguments.format {
        CmpFormat::Table => Some(Style::Plain),
        CmpFormat::Markdown => Some(Style::Markdown),
        CmpFormat::Json => None,
    };
    match (style, &comparisons[..]) {
        (None, [only]) => print::json(only),
        (None, several) => print::json(several),
        (Some(style), [only]) => print::line(&two::text(only, style)),
        (Some(style), several) => print::line(&several::text(several, style)),
    }
    Ok(match comparisons.iter().all(|it| it.rows.is_empty()) {
        true => ExitStatus::Inconclusive,
        false => ExitStatus::Success,
    })
}
