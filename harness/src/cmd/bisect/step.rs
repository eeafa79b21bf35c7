//! One revision alone, for `git bisect run`.

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ::bisect::{Answer, Document, Evidence, Found, Laboratory, Stop};

use super::folder::Folder;
use super::laboratory::Bench;
use super::{Asked, BisectArgs, asked, say, stopped};
use crate::Error;
use crate::cmd::ExitStatus;
use crate::cmd::measure::scratch::Scratch;

/// Whether a command line is one of `git bisect run`, which takes most exit codes for an answer.
pub fn is_step(arguments: impl Iterator<Item = OsString>) -> bool {
    let arguments: Vec<OsString> = arguments.skip(1).collect();
    let is_step = |it: &OsString| {
        let word = it.to_string_lossy();
        word == "--step" || word.starts_with("--step=")
    };
    arguments.first().is_some_and(|it| it == "bisect") && arguments.iter().any(is_step)
}

/// Asks a revision. Whatever goes wrong is the code that ends `git bisect run`: every other one means an answer there.
pub fn run(arguments: &BisectArgs, revision: &str) -> ExitStatus {
    // A panic would end this program with a code that is an answer, too.
    let answered = catch_unwind(AssertUnwindSafe(|| answer(arguments, revision)));
    let Ok(answered) = answered else {
        return ExitStatus::Abort;
    };
    match answered {
        Ok(Answer::Good) => {
            say("good");
            ExitStatus::Success
        }
        Ok(Answer::Bad) => {
            say("bad");
            ExitStatus::Finding
        }
        Ok(Answer::Unknown(why)) => {
            say(&format!("skipped: {why}"));
            ExitStatus::Skip
        }
        Err(error) => {
            say(&format!("error: {error}"));
            ExitStatus::Abort
        }
    }
}

fn answer(arguments: &BisectArgs, revision: &str) -> Result<Answer, Error> {
    let Asked {
        document,
        series,
        workload,
        counter,
    } = asked(arguments)?;
    let folder = Folder::open(arguments, &document)?;
    let mut document: Document = folder.read(&document)?.unwrap_or(document);
    // Steps of a search would count as looks of this one.
    document.steps.clear();
    document.size = None;
    let (series, place) = series.with(revision)?;
    let scratch = Scratch::new()?;
    let mut bench =
        Bench::new(&series, &workload, &document, &scratch, arguments)?.counting(counter);
    if document.ends.is_none() {
        say("both ends first; the next call has them");
        let ends = ::bisect::ends(&document, &mut bench);
        document.ends = Some(ends.map_err(|stop| stopped(stop, &document))?);
        folder.write(&document)?;
    }
    if let Found::Alike | Found::Undecided = document.found() {
        return Err(Error::BisectAlike);
    }
    let evidence = match bench.build(place)? {
        Err(why) => Evidence::None(why),
        Ok(_) => {
            let evidence = ::bisect::evidence(&document, &mut bench, place);
            evidence.map_err(|error| stopped(Stop::Laboratory(error), &document))?
        }
    };
    Ok(document.judge(&evidence))
}
