//! `cache diff`: what differs between two cache files.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::document::{Document, status_of};
use super::facts::{Fact, facts};
use crate::cmd::{ExitStatus, Format};
use crate::{Error, print};

/// Arguments of `cache diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// A cache file
    a: PathBuf,
    /// Another one
    b: PathBuf,
    /// How to print the differences
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// A field that differs. A side that does not have it has nothing.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Difference {
    field: String,
    a: Option<String>,
    b: Option<String>,
}

/// Runs `cache diff`: exit code 1 when the files differ.
pub fn run(arguments: &DiffArgs) -> Result<ExitStatus, Error> {
    let (a, b) = match (read(&arguments.a)?, read(&arguments.b)?) {
        (Read::Valid(a), Read::Valid(b)) => (a, b),
        (Read::Invalid(status), _) | (_, Read::Invalid(status)) => return Ok(status),
    };
    let differences = compare(facts(&a), facts(&b));
    match arguments.format {
        Format::Json => print::json(&differences),
        Format::Table if differences.is_empty() => print::line("no difference"),
        Format::Table => differences.iter().for_each(|it| print::line(&words(it))),
    }
    Ok(if differences.is_empty() {
        ExitStatus::Success
    } else {
        ExitStatus::Finding
    })
}

/// What became of reading a file.
enum Read {
    Valid(Document),
    /// What is wrong has been said.
    Invalid(ExitStatus),
}

fn read(path: &Path) -> Result<Read, Error> {
    match Document::read(path) {
        Ok(document) => Ok(Read::Valid(document)),
        Err(miss) => {
            let status = status_of(path, &miss)?;
            let _ = writeln!(
                io::stderr(),
                "error: {} is not valid: {miss}",
                path.display()
            );
            Ok(Read::Invalid(status))
        }
    }
}

/// What differs between the module records of two cache files, in words, and the key of their module. What made them, and
/// their bytecode, is left out.
pub fn record_differences(a: &Path, b: &Path) -> Result<(String, Vec<String>), Error> {
    let read = |path: &Path| {
        Document::read(path).map_err(|miss| Error::CacheFile {
            path: path.to_owned(),
            miss,
        })
    };
    let (a, b) = (read(a)?, read(b)?);
    let of_record = |it: &Difference| {
        const OTHERS: [&str; 5] = [
            "engine",
            "options",
            "target",
            "bytecode bytes",
            "bytecode digest",
        ];
        !OTHERS.contains(&it.field.as_str())
    };
    let key = match &a {
        Document::V1(_) => String::new(),
        Document::V2(document) => document.module_key.clone(),
        Document::Pack(document) => document.entry.clone(),
    };
    let differences = compare(facts(&a), facts(&b));
    let words = differences.iter().filter(|it| of_record(it)).map(words);
    Ok((key, words.collect()))
}

/// The differences, in the order of A, then what only B has.
fn compare(a: Vec<Fact>, b: Vec<Fact>) -> Vec<Difference> {
    let in_b: HashMap<&str, &str> = pairs(&b).collect();
    let in_a: HashSet<&str> = pairs(&a).map(|(field, _)| field).collect();
    let of_a = pairs(&a).filter_map(|(field, value)| {
        let other = in_b.get(field).copied();
        (other != Some(value)).then(|| Difference {
            field: field.to_owned(),
            a: Some(value.to_owned()),
            b: other.map(str::to_owned),
        })
    });
    let only_b = pairs(&b)
        .filter(|(field, _)| !in_a.contains(field))
        .map(|(field, value)| Difference {
            field: field.to_owned(),
            a: None,
            b: Some(value.to_owned()),
        });
    of_a.chain(only_b).collect()
}

fn pairs(facts: &[Fact]) -> impl Iterator<Item = (&str, &str)> {
    facts
        .iter()
        .map(|(field, value)| (field.as_str(), value.as_str()))
}

fn words(difference: &Difference) -> String {
    let Difference { field, a, b } = difference;
    match (a, b) {
        (Some(a), Some(b)) => format!("{field}: {a} in A, {b} in B"),
        (Some(a), None) => format!("{field}: {a} in A, missing in B"),
        (None, Some(b)) => format!("{field}: missing in A, {b} in B"),
        (None, None) => field.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_difference_is_named_once() {
        let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let a = vec![fact("same", "1"), fact("other", "1"), fact("only a", "1")];
        let b = vec![fact("same", "1"), fact("only b", "2"), fact("other", "2")];
        let lines: Vec<_> = compare(a, b).iter().map(words).collect();
        assert_eq!(
            lines,
            [
                "other: 1 in A, 2 in B",
                "only a: 1 in A, missing in B",
                "only b: missing in A, 2 in B"
            ]
        );
    }
}
