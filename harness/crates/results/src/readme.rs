//! `results/README.md`: the newest results for people, made from the history.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::growth::summarize_growth;
use super::pictures::{self, Picture, PictureError};
use super::render::{Style, estimate, growth_table, lay_out, shell_words, table, two_decimals};
use super::summary::{Summary, summarize};
use record::Metric;
use record::{PageCache, Purpose, RunRecord};
use stats::Confidence;

/// The command that writes it.
pub const COMMAND: &str = "jsc-harness results readme";

/// The file and the pictures in it.
#[derive(Debug)]
pub struct Readme {
    /// The whole file.
    pub text: String,
    /// Their files lie in the folder [`pictures::FOLDER`] beside it.
    pub pictures: Vec<Picture>,
}

/// The whole file, of a history in order of time.
pub fn readme(history: &[RunRecord]) -> Result<Readme, PictureError> {
    let mut text = format!("<!-- Generated with command: {COMMAND} -->\n{INTRODUCTION}");
    let mut all = Vec::new();
    let newest = newest(history);
    if newest.is_empty() {
        text.push_str("\nThere are no results yet.\n");
    }
    for record in newest {
        section(&mut text, record);
        for picture in pictures::pictures(record)? {
            let Picture { name, shows, .. } = &picture;
            // Writing to a string does not fail.
            let _ = write!(text, "\n![{shows}]({}/{name})\n", pictures::FOLDER);
            all.push(picture);
        }
    }
    Ok(Readme {
        text,
        pictures: all,
    })
}

const INTRODUCTION: &str = "\
# Results

The load times of module graphs on each load path: `parse` is stock JavaScriptCore; `bytecode` is a traditional bytecode
cache; on `full` the module records come from the cache too, and nothing is parsed; on `graph` one pack holds a whole static
closure with its imports resolved.

## How to read the tables

- Each number is a median over fresh processes. The interval in brackets holds the true median with a probability of at
  least 95 %. Both describe this machine on that day; another machine gives other times.
- `parse/full` says how many times as long the parse path takes: at 2.00, `full` is twice as fast. It comes from pairs of
  loads that ran right after each other, in random order, so a machine that becomes slower meanwhile does not change it.
  When the interval contains 1.00, no difference was shown.
- The geometric mean is over the workloads of the table. Its interval says nothing about other programs.
- `parses` counts, for each path in the order of the columns, the modules that JSC analyzed and the pieces of code that it
  compiled. On `full` it is 0, except for code no entry holds; on `graph`, except for functions the first run did not
  call.
- `cache/source` is the number of bytes of entries for each byte of source.
- Compare times within a row and gains between tables. Times of two tables compare only when machine and day are the
  same; `jsc-harness cmp A.json B.json` says what compares and what does not.

`workloads/README.md` says what the workloads are and why. `jsc-harness measure --help` says how they are measured. Every
sample, with its order, faults and context switches, is in `history/`, one file for each run; those files never change.
";

/// The newest run of every kind, the newest first.
fn newest(history: &[RunRecord]) -> Vec<&RunRecord> {
    let mut newest: BTreeMap<(String, Vec<&str>, String, bool, bool), &RunRecord> = BTreeMap::new();
    for record in history {
        let engines = record.engines.iter().map(|it| it.label());
        let kind = (
            record.machine.id.clone(),
            engines.collect(),
            record.conditions.pack.words(),
            record.conditions.page_cache == PageCache::Cold,
            record.run.purpose == Purpose::Growth,
        );
        let known = newest.entry(kind).or_insert(record);
        if known.run.started <= record.run.started {
            *known = record;
        }
    }
    let mut newest: Vec<&RunRecord> = newest.into_values().collect();
    newest.sort_by(|a, b| (b.run.started, &b.run.id).cmp(&(a.run.started, &a.run.id)));
    newest
}

fn section(text: &mut String, record: &RunRecord) {
    let machine = &record.machine;
    let engines: Vec<&str> = record.engines.iter().map(|engine| engine.label()).collect();
    let what = match record.run.purpose {
        Purpose::Workloads => "load times",
        Purpose::Growth => "growth",
    };
    let cache = match record.conditions.page_cache {
        PageCache::Warm => "warm",
        PageCache::Cold => "cold",
    };
    let pack = record.conditions.pack.words();
    let kind = if machine.virtual_machine {
        "virtual machine"
    } else {
        "machine"
    };
    let voids = record
        .blocks
        .iter()
        .filter(|block| block.void.is_some())
        .count();
    // Writing to a string does not fail.
    let _ = write!(
        text,
        "\n## JavaScriptCore {}: {what}, {cache} page cache{pack}, {}\n\n\
         - {} with {} cores of {}, {} GiB, Linux {}.\n\
         - {} blocks a workload, {voids} of {} void; load average {:.2} before and {:.2} after.\n\
         - All samples: `history/{}.json`. Again: `jsc-harness {}`.\n",
        engines.join(" and "),
        record.run.started.strftime("%Y-%m-%d"),
        capitalized(kind),
        machine.cores,
        machine.cpu,
        machine.memory_gib,
        machine.kernel,
        record.conditions.rounds,
        record.blocks.len(),
        record.before.load_average[0],
        record.after.load_average[0],
        record.run.id,
        command(record),
    );
    match record.run.purpose {
        Purpose::Workloads => workloads(text, record),
        Purpose::Growth => growth(text, record),
    }
}

fn workloads(text: &mut String, record: &RunRecord) {
    let summaries: Vec<Summary> = record
        .metrics()
        .into_iter()
        .map(|metric| summarize(record, metric, Confidence::P95))
        .collect();
    for engine in 0..record.engines.len() {
        let load = &summaries[0];
        if record.engines.len() > 1 {
            let _ = write!(text, "\n### {}\n", load.engines[engine].engine);
        }
        let _ = write!(
            text,
            "\n{}\n",
            table(load, &load.engines[engine], Style::Markdown)
        );
        let _ = write!(
            text,
            "\nThe gains as geometric means, in every metric:\n\n{}\n",
            means(&summaries, &record.metrics(), engine)
        );
    }
}

fn means(summaries: &[Summary], metrics: &[Metric], engine: usize) -> String {
    let mut header = vec!["metric".to_owned()];
    let gained = &summaries[0].engines[engine].geometric_means;
    header.extend(
        gained
            .iter()
            .map(|mean| format!("parse/{}", mean.path.name())),
    );
    let rows = metrics
        .iter()
        .zip(summaries)
        .map(|(metric, summary)| {
            let mut row = vec![metric.meaning().to_owned()];
            row.extend(
                summary.engines[engine]
                    .geometric_means
                    .iter()
                    .map(|mean| estimate(mean.gain.as_ref(), two_decimals)),
            );
            row
        })
        .collect();
    lay_out(header, rows, Style::Markdown)
}

fn growth(text: &mut String, record: &RunRecord) {
    let summaries = summarize_growth(record, &[Metric::Load, Metric::Memory], Confidence::P95);
    let _ = write!(
        text,
        "\nMedians by size. The exponent is that of the power of the size by which the cost grows, over all sizes and from the\n\
         last size but one to the last: 1 is linear. Over all sizes it is less where a fixed cost dominates small graphs.\n\n{}\n",
        growth_table(&summaries, Style::Markdown)
    );
}

/// The command that made a run, fit for a shell.
fn command(record: &RunRecord) -> String {
    shell_words(&record.run.command)
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
