//! Summaries as tables for people.

use std::ops::Range;

use comfy_table::presets::{ASCII_MARKDOWN, NOTHING};
use comfy_table::{CellAlignment, Table};

use record::KeptPeer;

use super::growth::GrowthSummary;
use super::peers::PeerSummary;
use super::summary::{EngineSummary, GainSummary, PathSummary, Summary, WorkloadSummary};
use sample::LoadPath;
use stats::Estimate;

/// For which eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A terminal's.
    Plain,
    /// Those of a Markdown reader.
    Markdown,
}

/// A table without spaces at the ends of its lines.
pub fn trimmed(table: &Table) -> String {
    table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

/// One engine's part of a summary: a row for each workload, and one for the geometric means.
pub fn table(summary: &Summary, engine: &EngineSummary, style: Style) -> String {
    let paths: Vec<LoadPath> = engine
        .workloads
        .first()
        .map(|workload| workload.paths.iter().map(|summary| summary.path).collect())
        .unwrap_or_default();
    let gains: Vec<LoadPath> = gained(&paths);
    let mut header = vec!["workload".to_owned(), "modules".to_owned()];
    header.extend(
        paths
            .iter()
            .map(|path| format!("{}, {}", path.name(), summary.unit)),
    );
    header.extend(gains.iter().map(|path| format!("parse/{}", path.name())));
    header.push("parses".to_owned());
    header.push("cache/source".to_owned());
    let mut rows: Vec<Vec<String>> = engine
        .workloads
        .iter()
        .map(|workload| row(workload, &gains))
        .collect();
    let means = &engine.geometric_means;
    if engine.workloads.len() > 1 && !gains.is_empty() && !means.is_empty() {
        rows.push(mean_row(means, paths.len(), &gains));
    }
    lay_out(header, rows, style)
}

/// A row for each workload and peer; peers with their versions.
pub fn peer_table(summaries: &[PeerSummary], peers: &[KeptPeer], style: Style) -> String {
    let header = [
        "workload",
        "peer",
        "version",
        "process, ms",
        "against jsc-harness, full",
    ];
    let rows = summaries
        .iter()
        .map(|it| {
            let identity = peers.iter().find(|peer| peer.name == it.peer);
            vec![
                it.workload.clone(),
                it.peer.clone(),
                identity.map_or_else(String::new, |peer| peer.version.clone()),
                estimate(it.value.as_ref(), three_digits),
                estimate(it.against_full.as_ref(), two_decimals),
            ]
        })
        .collect();
    lay_out(header.map(str::to_owned).to_vec(), rows, style)
}

/// How costs grow: one table for each series and metric, a row for each path.
pub fn growth_table(summaries: &[GrowthSummary], style: Style) -> String {
    let same = |a: &GrowthSummary, b: &GrowthSummary| {
        (&a.series, &a.engine, a.metric) == (&b.series, &b.engine, b.metric)
    };
    summaries
        .chunk_by(|a, b| same(a, b))
        .map(|group| {
            let first = &group[0];
            let grows = match first.series.as_str() {
                "bytes" => "bytes of source for each module",
                _ => "modules",
            };
            let mut header = vec![format!("{}, {} by {grows}", first.metric, first.unit)];
            header.extend(first.steps.iter().map(|step| format!("{:.0}", step.size)));
            header.push("exponent".to_owned());
            header.push("last step".to_owned());
            let rows = group.iter().map(growth_row).collect();
            format!("{}\n{}", first.engine, lay_out(header, rows, style))
        })
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn growth_row(summary: &GrowthSummary) -> Vec<String> {
    let mut row = vec![summary.path.name().to_owned()];
    row.extend(summary.steps.iter().map(|step| {
        step.value
            .map_or(ABSENT.to_owned(), |it| three_digits(it.value))
    }));
    row.push(estimate(summary.exponent.as_ref(), two_decimals));
    let last = summary.steps.last().and_then(|step| step.exponent);
    row.push(estimate(last.as_ref(), two_decimals));
    row
}

/// Lays rows out under a header; every column but the first is aligned to the right.
pub fn lay_out(header: Vec<String>, rows: Vec<Vec<String>>, style: Style) -> String {
    let numbers = 1..header.len();
    lay_out_with(header, rows, numbers, style)
}

/// The same, where these columns are aligned to the right.
pub fn lay_out_with(
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    numbers: Range<usize>,
    style: Style,
) -> String {
    let mut table = Table::new();
    table.load_style(match style {
        Style::Plain => NOTHING,
        Style::Markdown => ASCII_MARKDOWN,
    });
    table.set_header(header);
    table.add_rows(rows);
    let columns = table.column_iter_mut().enumerate();
    for (_, column) in columns.filter(|(place, _)| numbers.contains(place)) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    trimmed(&table)
}

/// An estimate and its interval: `48.6 (47.5–50.0)`.
pub fn estimate(estimate: Option<&Estimate>, number: impl Fn(f64) -> String) -> String {
    let Some(estimate) = estimate else {
        return ABSENT.to_owned();
    };
    match estimate.interval {
        Some(interval) => format!(
            "{} ({}–{})",
            number(estimate.value),
            number(interval.low),
            number(interval.high)
        ),
        None => number(estimate.value),
    }
}

/// Three significant digits, but all of those before the point.
pub fn three_digits(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// Two decimals, as ratios are read.
pub fn two_decimals(value: f64) -> String {
    format!("{value:.2}")
}

/// A command as a shell takes it.
pub fn shell_words(words: &[String]) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.,/=".contains(letter);
    let quoted = |word: &String| match !word.is_empty() && word.chars().all(plain) {
        true => word.clone(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    };
    let words: Vec<String> = words.iter().map(quoted).collect();
    words.join(" ")
}

/// What stands where there is no value.
pub const ABSENT: &str = "-";

fn gained(paths: &[LoadPath]) -> Vec<LoadPath> {
    if !paths.contains(&LoadPath::Parse) {
        return Vec::new();
    }
    paths
        .iter()
        .copied()
        .filter(|path| *path != LoadPath::Parse)
        .collect()
}

fn row(workload: &WorkloadSummary, gains: &[LoadPath]) -> Vec<String> {
    let paths = &workload.paths;
    let errors: usize = paths.iter().map(|summary| summary.errors).sum();
    let name = match errors {
        0 => workload.workload.clone(),
        1 => format!("{} (1 error)", workload.workload),
        _ => format!("{} ({errors} errors)", workload.workload),
    };
    let count = |value: Option<u64>| value.map_or(ABSENT.to_owned(), |value| value.to_string());
    let mut row = vec![name, count(workload.modules)];
    row.extend(
        paths
            .iter()
            .map(|summary| estimate(summary.value.as_ref(), three_digits)),
    );
    row.extend(gains.iter().map(|path| {
        let gain = paths
            .iter()
            .find(|summary| summary.path == *path)
            .and_then(|summary| summary.gain.as_ref());
        estimate(gain, two_decimals)
    }));
    row.push(
        paths
            .iter()
            .map(|summary| count(summary.parses))
            .collect::<Vec<_>>()
            .join(" / "),
    );
    row.push(cache_size(paths));
    row
}

fn cache_size(paths: &[PathSummary]) -> String {
    // Entries hold one module each, whoever reads them; a pack is another thing.
    let entries = paths
        .iter()
        .filter(|summary| summary.path != LoadPath::Graph);
    entries
        .chain(paths)
        .find_map(|summary| summary.cache_bytes_per_source_byte)
        .map_or(ABSENT.to_owned(), two_decimals)
}

fn mean_row(means: &[GainSummary], paths: usize, gains: &[LoadPath]) -> Vec<String> {
    let mut row = vec!["geometric mean".to_owned(), String::new()];
    row.resize(2 + paths, String::new());
    row.extend(gains.iter().map(|path| {
        let mean = means.iter().find(|mean| mean.path == *path);
        estimate(mean.and_then(|mean| mean.gain.as_ref()), two_decimals)
    }));
    row
}
