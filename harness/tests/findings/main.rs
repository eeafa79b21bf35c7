//! `FINDINGS.md` is held to the engines: every program in it is run, and what the engine does wrong must still be wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod document;
mod run;
mod verdict;

use std::collections::BTreeSet;

use document::Document;
use test_programs::engines;

#[test]
fn every_finding_holds_on_every_installed_engine() {
    let document = Document::of_this_harness();
    let mut problems = Vec::new();
    for version in &document.tried {
        if !engines().iter().any(|it| it.version == *version) {
            println!("engine {version} is not installed: no finding was tried on it");
        }
    }
    for engine in engines() {
        if !document.tried.contains(&engine.version) {
            problems.push(format!(
                "the findings were never tried on engine {0}: run each program on it, and add {0} to `Tried on` and where it holds",
                engine.version
            ));
            continue;
        }
        for finding in &document.findings {
            let ran = run::on(engine, finding);
            problems.extend(verdict::problem(finding, &engine.version, &ran));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

/// What is expected of a workload because the engine is wrong is explained there, and nothing else is named.
#[test]
fn the_document_names_the_workloads_that_expect_a_deviation() {
    let named: BTreeSet<String> = Document::of_this_harness()
        .findings
        .into_iter()
        .flat_map(|it| it.fixtures)
        .collect();
    let deviating: BTreeSet<String> = workloads::list()
        .unwrap()
        .into_iter()
        .filter(|it| it.deviation.is_some())
        .map(|it| it.name)
        .collect();
    assert_eq!(named, deviating);
}
