//! Real packages, generated graphs and fixtures, on every path.

use workloads::{Kind, WorkloadDef};

use crate::support::{Cache, Load, Subject, every_path, nothing_wrong, parse};
use test_programs::{Engine, default_engine, engines, two_engines};

/// What is known of a workload; of one that is not listed, that all of its modules have entries and none of its text shows.
struct Known {
    name: &'static str,
    unparsable: &'static [&'static str],
    unlinkable: &'static [&'static str],
    shows_text: bool,
    leaves_out: bool,
    shares_file: bool,
}

const ALL_GOOD: Known = Known {
    name: "",
    unparsable: &[],
    unlinkable: &[],
    shows_text: false,
    leaves_out: false,
    shares_file: false,
};

const fn unparsable(name: &'static str, unparsable: &'static [&'static str]) -> Known {
    Known {
        name,
        unparsable,
        ..ALL_GOOD
    }
}

const fn unlinkable(name: &'static str, unlinkable: &'static [&'static str]) -> Known {
    Known {
        name,
        unlinkable,
        ..ALL_GOOD
    }
}

/// Shows the text of functions, or an error whose message quotes it.
const fn shows_text(name: &'static str) -> Known {
    Known {
        name,
        shows_text: true,
        ..ALL_GOOD
    }
}

/// A name that a JSON module cannot have, and attributes that are early errors.
const fn faulty_attributes(name: &'static str) -> Known {
    Known {
        name,
        unparsable: &[
            "faulty/twice.mjs",
            "faulty/unknown-key.mjs",
            "faulty/unknown-type.mjs",
        ],
        unlinkable: &["faulty/named.mjs"],
        ..ALL_GOOD
    }
}

const KNOWN: &[Known] = &[
    unparsable("attribute-twice", &["entry.mjs"]),
    unparsable("attribute-unknown-key", &["entry.mjs"]),
    faulty_attributes("attributes"),
    unparsable("attributes-script-then-json", &["object.mjs"]),
    unparsable(
        "byte-order-mark-hashbang",
        &["marked-twice.mjs", "marked.mjs"],
    ),
    unparsable("fails-early", &["part-000/module-00011.mjs"]),
    unparsable("fails-parse", &["part-000/module-00011.mjs"]),
    faulty_attributes("json-large"),
    unparsable("private-name-undeclared", &["faulty.mjs"]),
    unparsable("string-name-lone-surrogate", &["entry.mjs"]),
    unparsable("syntax-error", &["faulty.mjs"]),
    unparsable(
        "syntax-module-only",
        &[
            "await-name.mjs",
            "delete-name.mjs",
            "duplicate-export.mjs",
            "html-comment.mjs",
            "new-target.mjs",
            "octal.mjs",
            "return.mjs",
            "super.mjs",
            "unknown-local.mjs",
            "with.mjs",
        ],
    ),
    unlinkable("fails-link", &["part-000/module-00011.mjs"]),
    unlinkable("json-named-import", &["entry.mjs"]),
    unlinkable("link-failure-is-not-final", &["faulty.mjs"]),
    unlinkable("link-missing-name", &["entry.mjs"]),
    unlinkable("link-missing-reexport", &["index.mjs"]),
    unlinkable("reexport-cycle", &["b.mjs"]),
    unlinkable("star-ambiguous-import", &["entry.mjs"]),
    unlinkable("star-default-import", &["entry.mjs"]),
    Known {
        name: "dynamic",
        unparsable: &["faulty/unparsable.mjs"],
        unlinkable: &["faulty/unlinkable.mjs"],
        ..ALL_GOOD
    },
    Known {
        name: "dynamic-import-failures",
        unparsable: &["unparsable.mjs"],
        unlinkable: &["unlinkable.mjs"],
        ..ALL_GOOD
    },
    Known {
        name: "attributes-two-importers",
        shares_file: true,
        ..ALL_GOOD
    },
    // What is left out of its entries is compiled from its text.
    Known {
        name: "nested",
        shows_text: true,
        leaves_out: true,
        ..ALL_GOOD
    },
    shows_text("cycle-tdz-uncaught"),
    shows_text("fails-throw"),
    shows_text("function-to-string"),
    shows_text("not-utf8"),
    // Its digest prints `length` of every function, and TSL's have a function of that name.
    shows_text("three-webgpu"),
];

/// Large, and they show nothing that a small one does not.
const LARGE: &[&str] = &[
    "chain-1000",
    "tree-1000",
    "tree-10000",
    "layers-400",
    "fan-500",
    "large-modules-20",
];

/// By `parse` these show other lines than the true ones, which every cached path shows (`lines`); `verify` compares
/// them with a parser that does not lose count.
const OTHER_LINES: &[&str] = &[
    "arrow-of-lines",
    "arrow-of-lines-caught",
    "arrow-of-lines-in-functions",
];

fn wrong_with(definition: &WorkloadDef, engine: &Engine) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    // The error says what to run when the packages are not installed.
    let workload = workloads::materialise(definition, directory.path())
        .unwrap_or_else(|error| panic!("{error}"));
    let name = &*workload.name;
    let known = KNOWN.iter().find(|it| it.name == name).unwrap_or(&ALL_GOOD);
    every_path(
        engine,
        &Subject {
            name,
            entry: &workload.entry,
            unparsable: known.unparsable,
            unlinkable: known.unlinkable,
            shows_text: known.shows_text,
            leaves_out: known.leaves_out,
            shares_file: known.shares_file,
        },
    )
}

fn all(kind: Kind, engine: &Engine) {
    let wrong: Vec<String> = workloads::list()
        .unwrap()
        .iter()
        .filter(|it| it.kind == kind)
        .filter(|it| !LARGE.contains(&&*it.name) && !OTHER_LINES.contains(&&*it.name))
        .flat_map(|it| wrong_with(it, engine))
        .collect();
    nothing_wrong(&wrong);
}

#[test]
fn every_known_workload_exists() {
    for known in KNOWN {
        assert!(workloads::find(known.name).is_ok(), "{}", known.name);
    }
    for name in LARGE.iter().chain(OTHER_LINES) {
        assert!(workloads::find(name).is_ok(), "{name}");
    }
}

/// The largest package, three times the size of all others together: once is enough.
#[test]
fn babylon_is_served_whole() {
    let engine = default_engine();
    let definition = workloads::find("babylon").unwrap();
    let workload =
        workloads::materialise(&definition, "".as_ref()).unwrap_or_else(|error| panic!("{error}"));
    let cache = Cache::new();
    let parsed = parse(engine, &workload.entry).run();
    let first = Load::full(engine, &workload.entry, "auto", &cache.path()).run();
    let second = Load::full(engine, &workload.entry, "read-only", &cache.path()).run();
    assert_eq!(first.shown, parsed.shown);
    assert_eq!(second.shown, parsed.shown);
    assert_eq!(first.stats.hits, 0);
    assert_eq!(second.stats.misses, []);
    assert_eq!(second.stats.hits, parsed.stats.modules);
    assert_eq!(second.stats.parses(), [0, 0, 0]);
}

#[test]
fn fixtures_on_the_newer_engine() {
    all(Kind::Fixture, &engines()[0]);
}

#[test]
fn fixtures_on_the_older_engine() {
    if let Some([_, older]) = two_engines!() {
        all(Kind::Fixture, older);
    }
}

#[test]
fn generated_graphs_on_the_newer_engine() {
    all(Kind::Generated, &engines()[0]);
}

#[test]
fn generated_graphs_on_the_older_engine() {
    if let Some([_, older]) = two_engines!() {
        all(Kind::Generated, older);
    }
}

#[test]
fn packages_on_the_newer_engine() {
    all(Kind::Npm, &engines()[0]);
}

#[test]
fn packages_on_the_older_engine() {
    if let Some([_, older]) = two_engines!() {
        all(Kind::Npm, older);
    }
}
