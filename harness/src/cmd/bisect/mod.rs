//! `bisect`: which engine of a series is the first that differs?

mod arguments;
mod facts;
mod folder;
mod laboratory;
mod profiled;
mod series;
mod step;
mod values;

use std::io::{self, Write};
use std::path::Path;

use ::bisect::{Ask, Document, Found, Question, Stop, render};
use record::read_text;
use results::render::Style;
use workers::counting::Counter;

pub use arguments::BisectArgs;
pub use step::is_step;

use super::measure::scratch::Scratch;
use super::{ExitStatus, Format, selection};
use crate::{Error, print};
use folder::Folder;
use laboratory::Bench;
use series::Series;

/// Runs `bisect`.
pub fn run(arguments: &BisectArgs) -> Result<ExitStatus, Error> {
    match (&arguments.replay, &arguments.step) {
        (Some(file), _) => replay(file, arguments.format),
        (None, Some(revision)) => Ok(step::run(arguments, revision)),
        (None, None) => search(arguments),
    }
}

/// Answers a document again.
fn replay(file: &Path, format: Format) -> Result<ExitStatus, Error> {
    let document = read(file)?;
    let profile = profiled::kept(&document, file);
    show(&document, &profile, format)
}

fn read(file: &Path) -> Result<Document, Error> {
    let text = read_text(file).map_err(|source| Error::Read {
        path: file.to_owned(),
        source,
    })?;
    Ok(Document::read(&text, &file.display().to_string())?)
}

fn search(arguments: &BisectArgs) -> Result<ExitStatus, Error> {
    let asked = asked(arguments)?;
    let folder = Folder::open(arguments, &asked.document)?;
    let mut document = folder.read(&asked.document)?.unwrap_or(asked.document);
    match document.steps.len() {
        0 if document.ends.is_none() => say(&format!(
            "{} between the ends; {}",
            sample::plural(document.revisions.len() as u64 - 2, "revision", "revisions"),
            folder.document().display()
        )),
        steps => say(&format!(
            "going on with {}: the ends and {} were asked before",
            folder.document().display(),
            sample::plural(steps as u64, "revision", "revisions")
        )),
    }
    let scratch = Scratch::new()?;
    let found = {
        let mut bench = Bench::new(
            &asked.series,
            &asked.workload,
            &document,
            &scratch,
            arguments,
        )?
        .counting(asked.counter)
        .keeping(&folder)?;
        ::bisect::run(&mut document, &mut bench).map_err(|stop| stopped(stop, &document))?
    };
    let profile = match found {
        Found::First { .. } | Found::Range { .. } if document.question.ask.metric().is_some() => {
            profiled::profile(&document, arguments, &folder)
        }
        _ => Vec::new(),
    };
    folder.write_report(&document, &profile, arguments)?;
    let status = show(&document, &profile, arguments.format)?;
    say(&format!("the document is {}", folder.document().display()));
    if let Found::First { .. } = found {
        say(&format!(
            "a text for a bug report is {}",
            folder.report().display()
        ));
    }
    Ok(status)
}

/// What is to be found out, among what, with what.
struct Asked {
    document: Document,
    series: Series,
    workload: workloads::WorkloadDef,
    counter: Option<Counter>,
}

fn asked(arguments: &BisectArgs) -> Result<Asked, Error> {
    arguments.check()?;
    let ask = arguments.ask()?;
    let rules = arguments.rules(ask)?;
    // This program may start again here, and nothing is left behind yet.
    let counter = (ask == Ask::Instructions)
        .then(Counter::ready)
        .transpose()?;
    let workload = arguments.workload()?;
    let series = Series::read(arguments)?;
    let question = Question {
        ask,
        digest: facts::digest(&workload, arguments.worker_program.as_deref())?,
        workload: workload.name.clone(),
        path: arguments.path(),
        rules,
        seed: arguments.seed.unwrap_or_else(selection::new_seed),
    };
    Ok(Asked {
        document: Document::new(question, series.revisions().to_vec()),
        series,
        workload,
        counter,
    })
}

fn stopped(stop: Stop<Error>, document: &Document) -> Error {
    match stop {
        Stop::Laboratory(error) => error,
        Stop::End { place, why } => Error::BisectEnd {
            revision: document.revisions[place].words(),
            why,
        },
    }
}

fn show(document: &Document, profile: &[String], format: Format) -> Result<ExitStatus, Error> {
    match format {
        Format::Table => print::line(&render::summary(document, profile, Style::Plain)),
        Format::Json => print::document(document.text())?,
    }
    Ok(match document.found() {
        Found::First { .. } => ExitStatus::Success,
        Found::Range { .. } | Found::Undecided | Found::Unfinished => ExitStatus::Inconclusive,
        Found::Alike => ExitStatus::Invalid,
    })
}

/// Says something on standard error.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "bisect: {text}");
}
