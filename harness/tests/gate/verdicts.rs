//! The verdicts, and the document from which each is made again.

use std::fs;

use crate::support::{against_itself, gate, replay};

#[test]
fn an_engine_against_itself_is_labelled_and_passes() {
    let ran = against_itself().run();
    ran.ends(0, "against itself (A/A): pass");
    assert!(
        ran.stderr
            .contains("both are the same: the gate tests itself (A/A)"),
        "{}",
        ran.stderr
    );
    let document: serde_json::Value = serde_json::from_str(&ran.text("gate.json")).unwrap();
    let judgement = &document["judgement"];
    assert_eq!(judgement["verdict"], "pass");
    assert_eq!(judgement["same_engine"], true);
    assert_eq!(judgement["cells"].as_array().unwrap().len(), 5);
    // An engine reads its own cache: nothing of another one's was tried.
    assert_eq!(
        document["gate"]["exact"]["foreign_caches"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn a_slow_cell_regresses_and_is_named() {
    let ran = gate()
        .arguments(&[
            "--inject",
            "empty:full:3000",
            "--no-gains",
            "--stop-at-regression",
        ])
        .run();
    ran.ends(1, "- empty: loading by full takes +");
    let summary = ran.text("summary.md");
    assert!(summary.starts_with("## Gate: JavaScriptCore "), "{summary}");
    assert!(summary.contains("**regress**"), "{summary}");
    let profile = "`jsc-harness profile -w '^empty$' --path full --engine ";
    assert!(
        test_programs::engines().len() < 2 || summary.contains(profile),
        "{summary}"
    );
    let document: serde_json::Value = serde_json::from_str(&ran.text("gate.json")).unwrap();
    let worst = &document["judgement"]["cells"][0];
    assert_eq!(
        (
            &worst["workload"],
            &worst["quantity"],
            &worst["path"],
            &worst["decision"]
        ),
        (
            &"empty".into(),
            &"time".into(),
            &"full".into(),
            &"regress".into()
        )
    );
}

#[test]
fn the_same_verdict_is_made_again_from_the_document() {
    let ran = gate()
        .arguments(&["--inject", "empty:parse:3000", "--stop-at-regression"])
        .run();
    ran.ends(1, "- empty: loading by parse takes +");
    let file = ran.file("gate.json");
    let (code, stdout, stderr) = replay(&file, "json");
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    assert_eq!(stdout, ran.text("gate.json"), "byte for byte");
    let (code, stdout, _) = replay(&file, "table");
    assert_eq!((code, stdout), (Some(1), ran.stdout.clone()));
    // A document that says something else than its samples.
    let forged = ran
        .text("gate.json")
        .replace("\"verdict\": \"regress\"", "\"verdict\": \"pass\"");
    fs::write(&file, forged).unwrap();
    let (code, stdout, stderr) = replay(&file, "table");
    assert_eq!((code, stdout.as_str()), (Some(4), ""));
    assert!(
        stderr.contains("claims `pass`, but its samples give `regress`"),
        "{stderr}"
    );
}

#[test]
fn without_time_it_is_inconclusive() {
    let ran = gate().arguments(&["--budget", "0.001"]).run();
    ran.ends(2, "5 of 5 cells are undecided: time ran out");
    assert!(
        ran.stdout
            .contains("There is not enough evidence for a verdict"),
        "{}",
        ran.stdout
    );
}
