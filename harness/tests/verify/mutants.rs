//! Deliberately broken caches: `verify` finds each of them out, on every engine, by what the program does. No record is
//! validated.

use sample::Mutant;
use verify::FindingKind;

use crate::support::verify;
use test_programs::{Engine, engines, two_engines};

/// A mutant, a workload that tells it, and how.
const MUTANTS: &[(Mutant, &str, FindingKind)] = &[
    (Mutant::DropStar, "star-cycle", FindingKind::Different),
    (Mutant::AddStar, "star-local-wins", FindingKind::Different),
    (Mutant::SwapRequests, "tla-siblings", FindingKind::Different),
    (
        Mutant::DropRequest,
        "evaluation-order",
        FindingKind::Different,
    ),
    (
        Mutant::DropAttributes,
        "json-modules",
        FindingKind::Different,
    ),
    (Mutant::RenameLocal, "default-forms", FindingKind::Different),
    (Mutant::SwapImports, "private-names", FindingKind::Different),
    (
        Mutant::RedirectImport,
        "default-forms",
        FindingKind::Different,
    ),
    (Mutant::WidenImport, "default-forms", FindingKind::Different),
    (
        Mutant::DropExport,
        "namespace-object",
        FindingKind::Different,
    ),
    (
        Mutant::RenameExport,
        "namespace-object",
        FindingKind::Different,
    ),
    (
        Mutant::SwapExports,
        "namespace-object",
        FindingKind::Different,
    ),
    (
        Mutant::RedirectReexport,
        "micromark",
        FindingKind::Different,
    ),
    (
        Mutant::RenameReexport,
        "star-local-wins",
        FindingKind::Different,
    ),
    (
        Mutant::RedirectNamespace,
        "namespaces",
        FindingKind::Different,
    ),
    (Mutant::DeadVariable, "cycle-tdz", FindingKind::Different),
    (Mutant::DropDeadZone, "cycle-tdz", FindingKind::Different),
    // The code reads a slot that nothing was put into.
    (
        Mutant::ForgetImportMeta,
        "import-meta",
        FindingKind::Crashed,
    ),
    // The code of one module in the environment of another.
    (Mutant::StaleBytecode, "star-cycle", FindingKind::Crashed),
    (Mutant::StaleEntry, "tla-order", FindingKind::Different),
    // The bytecode knows better, and the bridge compares the two.
    (Mutant::ForgetAwait, "tla-order", FindingKind::NotServed),
    // By graph: a changed module is not noticed.
    (Mutant::TrustPack, "tla-order", FindingKind::NotServed),
];

fn all_on(engine: &Engine) {
    let mut survived = Vec::new();
    for (mutant, workload, kind) in MUTANTS {
        let name = mutant.name();
        let pattern = format!("^{workload}$");
        let arguments = [
            "-w",
            &pattern,
            "--engine",
            &engine.name,
            "--path",
            match mutant {
                Mutant::TrustPack => "graph",
                _ => "full",
            },
            "--mutant",
            name,
        ];
        let verified = verify(&arguments, None);
        let found = verified.report.has(*kind);
        if !found || !matches!(verified.code, Some(1 | 3)) {
            survived.push(format!("{name} on {workload}: {verified:#?}"));
        }
        // It was what the program did: nothing was validated.
        assert_eq!(verified.report.totals.records, 0);
    }
    assert!(survived.is_empty(), "{}", survived.join("\n"));
}

#[test]
fn every_mutant_is_tried() {
    for mutant in Mutant::ALL {
        assert!(
            MUTANTS.iter().any(|(tried, ..)| *tried == mutant),
            "{mutant:?}"
        );
    }
}

#[test]
fn none_survives_on_the_newer_engine() {
    all_on(&engines()[0]);
}

#[test]
fn none_survives_on_the_older_engine() {
    if let Some([_, older]) = two_engines!() {
        all_on(older);
    }
}

#[test]
fn a_stale_pack_that_is_used_is_told() {
    let arguments = [
        "-w",
        "^tla-order$",
        "--path",
        "graph",
        "--mutant",
        "trust-pack",
    ];
    let verified = verify(&arguments, None);
    let finding = &verified.report.cases[0].findings[0];
    assert_eq!(finding.task, "stale graph");
    assert!(
        finding.what.ends_with("changed: the stale module was used"),
        "{finding:?}"
    );
}

/// The same workloads with entries that nobody spoiled.
#[test]
fn without_a_mutant_they_are_the_same() {
    let mut names: Vec<&str> = MUTANTS.iter().map(|(_, workload, _)| *workload).collect();
    names.sort_unstable();
    names.dedup();
    let pattern = format!("^({})$", names.join("|"));
    let verified = verify(&["-w", &pattern, "--all-engines"], None);
    assert_eq!(verified.code, Some(0), "{verified:#?}");
    let cases = engines().len() * names.len();
    assert_eq!(verified.report.totals.equal, cases as u64);
}
