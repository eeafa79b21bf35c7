//! The score of the observation: one token of a fixture changes, and the observation differs. Most of these changes do
//! not show in what the program prints.

use std::fs;
use std::path::Path;

use observation::{Observation, diff};

use crate::support::observe_file;
use test_programs::{Engine, engines, two_engines};

/// A fixture, a file of it, a piece of its text with the token, the piece with the token changed, and whether the
/// program prints something else then.
type Change = (&'static str, &'static str, &'static str, &'static str, bool);

const CHANGES: &[Change] = &[
    (
        "default-forms",
        "arrow.mjs",
        "default () =>",
        "default async () =>",
        false,
    ),
    (
        "default-forms",
        "anonymous-function.mjs",
        "function ()",
        "function* ()",
        false,
    ),
    (
        "default-forms",
        "listed.mjs",
        "() => {}",
        "(x) => {}",
        false,
    ),
    ("default-forms", "static-name.mjs", "'own'", "'OWN'", true),
    ("function-to-string", "functions.mjs", "a+b", "a-b", true),
    ("private-names", "account.mjs", "total()", "total(x)", false),
    (
        "private-names",
        "account.mjs",
        "static get",
        "static set",
        true,
    ),
    ("private-names", "account.mjs", "* 2", "* 3", true),
    ("namespace-object", "shelf.mjs", "'b'", "'c'", false),
    ("namespace-object", "shelf.mjs", "'Z'", "'Y'", false),
    (
        "namespace-object",
        "shelf.mjs",
        "'default'",
        "'other'",
        false,
    ),
    ("namespace-object", "shelf.mjs", "_()", "_(x)", false),
    (
        "generators-and-async",
        "kinds.mjs",
        "await null",
        "await 1",
        false,
    ),
    (
        "generators-and-async",
        "kinds.mjs",
        "let page",
        "var page",
        false,
    ),
    (
        "generators-and-async",
        "kinds.mjs",
        "function* steps",
        "function steps",
        true,
    ),
    ("star-local-wins", "base.mjs", "'hidden'", "'hid'", false),
    ("reexport-of-import", "value.mjs", "+= 1", "-= 1", true),
    (
        "string-export-names",
        "names.mjs",
        "'private use'",
        "'private'",
        false,
    ),
    ("literal-identity", "literals.mjs", "/a/g", "/a/gi", false),
    (
        "literal-identity",
        "literals.mjs",
        "'fixed'",
        "'loose'",
        false,
    ),
    ("literal-identity", "literals.mjs", "3]", "4]", false),
    (
        "default-copied-or-live",
        "copied.mjs",
        "'after'",
        "'later'",
        false,
    ),
    (
        "unicode-identifiers",
        "names.mjs",
        "变量 = 0",
        "变量 = 1",
        false,
    ),
    (
        "unicode-identifiers",
        "names.mjs",
        "变量 = 0",
        "变量 = -0",
        false,
    ),
    (
        "cycle-live-bindings",
        "counter.mjs",
        "raise()",
        "raise(x)",
        false,
    ),
    ("self-import", "entry.mjs", "double", "twofold", false),
    (
        "unhandled-rejection",
        "rejects.mjs",
        "RangeError",
        "TypeError",
        false,
    ),
    (
        "thrown-value",
        "entry.mjs",
        "'a plain string'",
        "'another string'",
        false,
    ),
    ("json-modules", "other.mjs", "'added'", "'more'", true),
];

/// Changes of one token that no program can see.
const EQUIVALENT: &[Change] = &[
    ("namespace-object", "shelf.mjs", "const b", "let b", false),
    ("default-forms", "comma.mjs", "(0", "(1", false),
];

/// What a fixture shows before and after.
fn observations(engine: &Engine, change: &Change) -> (Observation, Observation) {
    let (fixture, file, from, to, _) = change;
    let original = workloads::root().join("fixtures").join(fixture);
    let copy = tempfile::tempdir().unwrap();
    let changed = copy.path().join(fixture);
    copy_directory(&original, &changed);
    let path = changed.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{fixture}/{file} has no {from:?}");
    let before = observe_file(engine, &changed.join("entry.mjs"));
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    let after = observe_file(engine, &changed.join("entry.mjs"));
    // Where it lies does not matter.
    assert_eq!(before, observe_file(engine, &original.join("entry.mjs")));
    (before, after)
}

fn copy_directory(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

fn score(engine: &Engine) {
    let mut survived = Vec::new();
    for change in CHANGES {
        let (before, after) = observations(engine, change);
        if before.digest == after.digest || diff(&before, &after, 1).is_empty() {
            survived.push(format!("{change:?}"));
        }
        assert_eq!(before.console != after.console, change.4, "{change:?}");
    }
    assert!(survived.is_empty(), "not observed: {survived:#?}");
}

#[test]
fn every_change_is_observed_on_the_newer_engine() {
    assert!(CHANGES.len() >= 20);
    score(&engines()[0]);
}

#[test]
fn every_change_is_observed_on_the_older_engine() {
    if let Some([_, older]) = two_engines!() {
        score(older);
    }
}

/// So that the observation is not a digest of the source.
#[test]
fn what_no_program_can_see_is_not_observed() {
    for engine in engines() {
        for change in EQUIVALENT {
            let (before, after) = observations(engine, change);
            assert_eq!(diff(&before, &after, 1), [], "{change:?}");
            assert_eq!(before.digest, after.digest, "{change:?}");
        }
    }
}
