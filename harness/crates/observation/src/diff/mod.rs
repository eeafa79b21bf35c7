//! How two observations differ, in words: the first differences, each with its module and the path to the value.

mod graph;
mod inner;
mod sections;
mod words;

use std::fmt;

use serde::{Deserialize, Serialize};

use self::graph::Graph;
use self::sections::{builtins, console, evaluation_in_words, imports, modules, outcome, sequence};
use self::words::{shown, text};
use super::types::Observation;
use super::value::{Text, Value};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Where: a module and the path to a value, or what else was observed.
    pub place: String,
    /// What the first observation has.
    pub left: String,
    /// What the second has.
    pub right: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}, against {}", self.place, self.left, self.right)
    }
}

/// At most so many differences, the most telling ones first: how the program ended, what it printed, the order of
/// evaluation, imports, modules, and then values, the nearest to a module's namespace first.
pub fn diff(left: &Observation, right: &Observation, most: usize) -> Vec<Difference> {
    let mut differ = Differ {
        found: Vec::new(),
        most,
    };
    outcome(&mut differ, &left.outcome, &right.outcome);
    console(&mut differ, left, right);
    sequence(
        &mut differ,
        "evaluation",
        &left.evaluations,
        &right.evaluations,
        evaluation_in_words,
    );
    let mut graph = Graph::new(left, right);
    modules(&mut differ, &mut graph, &left.modules, &right.modules);
    imports(&mut differ, &mut graph, &left.imports, &right.imports);
    graph.value(
        &mut differ,
        || "the value that ended the program".to_owned(),
        &left.uncaught,
        &right.uncaught,
    );
    builtins(&mut differ, &mut graph, left, right);
    graph.objects(&mut differ);
    differ.plain("objects left out", left.undescribed, right.undescribed);
    if differ.found.is_empty() && left.digest != right.digest {
        differ.plain(
            "something that is told in part",
            &*left.digest,
            &*right.digest,
        );
    }
    differ.found
}

/// Collects differences.
struct Differ {
    found: Vec<Difference>,
    most: usize,
}

impl Differ {
    fn is_full(&self) -> bool {
        self.found.len() >= self.most
    }

    fn add(&mut self, place: String, left: String, right: String) {
        if !self.is_full() {
            self.found.push(Difference { place, left, right });
        }
    }

    /// Two things that are shown as they are.
    fn plain<T: PartialEq + fmt::Display>(&mut self, place: &str, left: T, right: T) {
        if left != right {
            self.add(place.to_owned(), left.to_string(), right.to_string());
        }
    }

    /// Two texts.
    fn text(&mut self, place: &str, left: Option<&str>, right: Option<&str>) {
        if left != right {
            let quoted = |it: Option<&str>| it.map_or_else(|| "none".to_owned(), text);
            self.add(place.to_owned(), quoted(left), quoted(right));
        }
    }
}

/// A value on one side and none on the other.
fn one_sided(differ: &mut Differ, place: String, left: Option<String>, right: Option<String>) {
    let none = || "not there".to_owned();
    differ.add(place, left.unwrap_or_else(none), right.unwrap_or_else(none));
}

/// A key as it follows an object in a path.
fn step(key: &Value) -> String {
    match key {
        Value::String(Text::Whole(name)) => {
            let is_identifier = name
                .chars()
                .all(|it| it.is_alphanumeric() || it == '_' || it == '$')
                && !name.starts_with(|it: char| it.is_ascii_digit());
            if is_identifier && !name.is_empty() {
                format!(".{name}")
            } else {
                format!("[{name:?}]")
            }
        }
        other => format!("[{}]", shown(other)),
    }
}
