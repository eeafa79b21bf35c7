//! Everything but the objects, side by side.

use std::collections::BTreeMap;

use super::Differ;
use super::graph::Graph;
use super::words::{self, text};
use crate::types::{DynamicImport, Evaluation, Frame, Module, Observation, Outcome, Printed};
use crate::value::Promise;

/// How the program ended.
pub fn outcome(differ: &mut Differ, left: &Outcome, right: &Outcome) {
    differ.plain("the end of the program", &left.kind, &right.kind);
    differ.plain("exit code", left.exit_code, right.exit_code);
    if let (Some(left), Some(right)) = (&left.error, &right.error) {
        let optional = Option::as_deref;
        differ.text("error class", optional(&left.class), optional(&right.class));
        differ.text("error message", Some(&left.message), Some(&right.message));
        differ.text("error code", optional(&left.code), optional(&right.code));
        differ.text(
            "failed module",
            optional(&left.module),
            optional(&right.module),
        );
        let in_words = |frame: &Frame| words::frame(frame);
        sequence(differ, "stack frame", &left.frames, &right.frames, in_words);
    }
}

/// What it printed.
pub fn console(differ: &mut Differ, left: &Observation, right: &Observation) {
    let in_words = |it: &Printed| {
        format!(
            "{}{}",
            text(&it.text),
            if it.error { " on standard error" } else { "" }
        )
    };
    sequence(
        differ,
        "console call",
        &left.console,
        &right.console,
        in_words,
    );
    if left.console_rest != right.console_rest {
        differ.add(
            "the console's further output".to_owned(),
            words::cut(left.console_rest.as_ref()),
            words::cut(right.console_rest.as_ref()),
        );
    }
}

/// The first place at which two sequences differ, counted from 1.
pub fn sequence<T: PartialEq>(
    differ: &mut Differ,
    what: &str,
    left: &[T],
    right: &[T],
    in_words: impl Fn(&T) -> String,
) {
    let same = left
        .iter()
        .zip(right)
        .take_while(|(left, right)| left == right)
        .count();
    let at = |items: &[T]| items.get(same).map_or_else(|| "none".to_owned(), &in_words);
    if same < left.len().max(right.len()) {
        differ.add(format!("{what} {}", same + 1), at(left), at(right));
    }
}

/// An evaluation in words.
pub fn evaluation_in_words(evaluation: &Evaluation) -> String {
    let Evaluation {
        module,
        resumed,
        threw,
    } = evaluation;
    let resumed = if *resumed { " goes on" } else { "" };
    let threw = if *threw { " and throws" } else { "" };
    format!("{module}{resumed}{threw}")
}

/// Its modules, by name.
pub fn modules(differ: &mut Differ, graph: &mut Graph<'_>, left: &[Module], right: &[Module]) {
    // One file may be there twice: as JavaScript and as JSON.
    let named = |modules: &'_ [Module]| -> BTreeMap<(String, bool), usize> {
        let named = modules.iter().enumerate();
        named
            .map(|(index, it)| ((it.module.clone(), it.source_text), index))
            .collect()
    };
    let (left_names, right_names) = (named(left), named(right));
    for (name, index) in &left_names {
        let Some(other) = right_names.get(name) else {
            differ.add(
                format!("module {}", name.0),
                "linked".to_owned(),
                "not there".to_owned(),
            );
            continue;
        };
        let (left, right) = (&left[*index], &right[*other]);
        let module = &name.0;
        graph.value(
            differ,
            || format!("module {module}, namespace"),
            &left.namespace,
            &right.namespace,
        );
        graph.value(
            differ,
            || format!("module {module}, import.meta"),
            &left.meta,
            &right.meta,
        );
    }
    for name in right_names
        .keys()
        .filter(|name| !left_names.contains_key(*name))
    {
        differ.add(
            format!("module {}", name.0),
            "not there".to_owned(),
            "linked".to_owned(),
        );
    }
}

/// Its dynamic imports, in order.
pub fn imports(
    differ: &mut Differ,
    graph: &mut Graph<'_>,
    left: &[DynamicImport],
    right: &[DynamicImport],
) {
    let called = |it: &DynamicImport| {
        let attribute = match it.attribute {
            0 => String::new(),
            type_ => format!(" of type {type_}"),
        };
        format!("import({:?}){attribute} in {}", it.specifier, it.referrer)
    };
    for (index, (left, right)) in left.iter().zip(right).enumerate() {
        if called(left) != called(right) {
            differ.add(
                format!("dynamic import {}", index + 1),
                called(left),
                called(right),
            );
            return;
        }
        match (&left.promise, &right.promise) {
            (Promise::Fulfilled(a), Promise::Fulfilled(b))
            | (Promise::Rejected(a), Promise::Rejected(b)) => {
                graph.value(differ, || called(left), a, b);
            }
            (a, b) => differ.plain(&called(left), words::promise(a), words::promise(b)),
        }
    }
    if left.len() != right.len() {
        differ.plain("dynamic imports", left.len(), right.len());
    }
}

/// Built-ins that it changed.
pub fn builtins(
    differ: &mut Differ,
    graph: &mut Graph<'_>,
    left: &Observation,
    right: &Observation,
) {
    let named = |of: &'_ Observation| -> BTreeMap<(String, String), usize> {
        let changes = of.builtins.iter().enumerate();
        changes
            .map(|(index, it)| ((it.path.clone(), it.what.clone()), index))
            .collect()
    };
    let (left_names, right_names) = (named(left), named(right));
    let mut missing = |name: &(String, String), is_left: bool| {
        let (there, not) = (name.1.clone(), "as it was".to_owned());
        let (left, right) = if is_left { (there, not) } else { (not, there) };
        differ.add(format!("the built-in {}", name.0), left, right);
    };
    for name in left_names
        .keys()
        .filter(|name| !right_names.contains_key(*name))
    {
        missing(name, true);
    }
    for name in right_names
        .keys()
        .filter(|name| !left_names.contains_key(*name))
    {
        missing(name, false);
    }
    for (name, index) in &left_names {
        let Some(other) = right_names.get(name) else {
            continue;
        };
        let pair = (
            &left.builtins[*index].property,
            &right.builtins[*other].property,
        );
        if let (Some(left), Some(right)) = pair {
            graph.property(differ, || format!("the built-in {}", name.0), left, right);
        }
    }
}
