//! `verify --random`: graphs that nobody wrote, and that it can fail.

use std::fs;

use test_programs::{engines, jsc_harness_for, text};
use verify::{FindingKind, RandomReport};

use crate::support::{Definitions, verify};

struct Ran {
    code: Option<i32>,
    report: RandomReport,
    stderr: String,
}

#[track_caller]
fn random(arguments: &[&str]) -> Ran {
    // Making many differences smaller takes a debug build on a busy machine minutes.
    let output = jsc_harness_for(600)
        .args(["verify", "--format", "json"])
        .args(arguments)
        .output()
        .unwrap();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    Ran {
        code: output.status.code(),
        report: serde_json::from_str(&stdout)
            .unwrap_or_else(|error| panic!("{error}: {stdout}{stderr}")),
        stderr,
    }
}

#[test]
fn the_same_on_every_path() {
    let ran = random(&["--random", "12", "--seed", "5", "--all-engines"]);
    assert_eq!(ran.code, Some(0), "{:#?}", ran.report);
    let totals = ran.report.totals;
    assert_eq!(totals.graphs, 12 * engines().len() as u64);
    assert!(totals.linked * 2 > totals.graphs, "{totals:?}");
    assert!(totals.loads > 10 * totals.graphs, "{totals:?}");
    assert!(totals.hits > totals.modules, "{totals:?}");
    assert!(ran.stderr.starts_with("verify: seed 5\n"), "{}", ran.stderr);
}

/// What is spoiled is found, and made small: two modules and an entry at most, and few lines.
#[test]
fn a_mutant_is_found_and_made_small() {
    let fixtures = tempfile::tempdir().unwrap();
    let directory = fixtures.path().to_str().unwrap();
    let common = [
        "--seed",
        "3",
        "--mutant",
        "rename-export",
        "--fixtures",
        directory,
    ];
    let mut arguments = vec!["--random", "2", "--path", "full"];
    arguments.extend(common);
    let ran = random(&arguments);
    assert_eq!(ran.code, Some(1), "{:#?}", ran.report);
    let found = &ran.report.findings[0];
    assert_eq!(found.finding.kind, FindingKind::Different, "{found:#?}");
    let files = &found.scenario.files;
    let lines: usize = files.values().map(|it| it.lines().count()).sum();
    assert!(files.len() <= 3 && lines <= 12, "{files:#?}");
    assert!(ran.stderr.contains("making it smaller"), "{}", ran.stderr);

    // The folder has what is needed to see it again.
    let folder = found.fixture.as_ref().unwrap();
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    let again = format!(
        "verify --random 1 --seed 3 --first {} --engine {} --path full --mutant rename-export`",
        found.index, found.version
    );
    assert!(readme.contains(&again), "{readme}");
    for (file, text) in files {
        let written = fs::read_to_string(folder.join("graph").join(file)).unwrap();
        assert_eq!(&written, text);
    }
    let first = found.index.to_string();
    let mut arguments = vec!["--random", "1", "--first", &first, "--path", "full"];
    arguments.extend(common);
    let again = random(&arguments);
    assert_eq!(again.report.findings.len(), 1);
    assert_eq!(again.report.findings[0].scenario, found.scenario);
}

/// A worker that crashes is a finding of the graph that it was at, and the others go on.
#[test]
fn a_crash_is_one_graphs_and_the_others_go_on() {
    let fixtures = tempfile::tempdir().unwrap();
    let directory = fixtures.path().to_str().unwrap();
    let ran = random(&[
        "--random",
        "6",
        "--seed",
        "2",
        "--jobs",
        "1",
        "--path",
        "full",
        "--mutant",
        "stale-bytecode",
        "--fixtures",
        directory,
    ]);
    assert_eq!(ran.code, Some(1), "{:#?}", ran.report);
    let findings = &ran.report.findings;
    let crashed = findings
        .iter()
        .filter(|it| it.finding.kind == FindingKind::Crashed);
    assert!(crashed.count() > 0, "{findings:#?}");
    assert_eq!(ran.report.totals.graphs, 6);
    assert_eq!(ran.report.totals.findings, findings.len() as u64);
}

#[test]
fn options_that_have_no_effect_together() {
    for (arguments, wrong) in [
        (
            &["--random", "1", "--suite", "smoke"][..],
            "--suite has no effect with --random, which draws its graphs and loads no workload; leave out one of the two",
        ),
        (
            &["--random", "1", "-w", "a"],
            "--workloads has no effect with --random,",
        ),
        (
            &["--random", "1", "--shard", "1/2"],
            "--shard has no effect with --random,",
        ),
        (
            &["--first", "1"],
            "--first has no effect without --random; leave it out, or write --random and a number of graphs",
        ),
        (
            &["--fixtures", "d"],
            "--fixtures has no effect without --random;",
        ),
        (
            &["--random", "1", "--path", "parse"],
            "--path parse has no effect:",
        ),
        (&["--random", "0"], "invalid value '0' for '--random <N>'"),
    ] {
        // Making many differences smaller takes a debug build on a busy machine minutes.
        let output = jsc_harness_for(600)
            .arg("verify")
            .args(arguments)
            .output()
            .unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(64), "{arguments:?}: {stderr}");
        assert!(stderr.contains(wrong), "{arguments:?}: {stderr}");
    }
}

#[test]
fn the_summary_says_how_fast_and_of_which_seed() {
    // Making many differences smaller takes a debug build on a busy machine minutes.
    let output = jsc_harness_for(600)
        .args(["verify", "--random", "2", "--seed", "9", "--first", "40"])
        .output()
        .unwrap();
    let stdout = text(&output.stdout);
    assert!(stdout.starts_with("2 graphs ("), "{stdout}");
    assert!(stdout.contains(" 0 differences, "), "{stdout}");
    assert!(stdout.contains(" graphs a second; seed 9, on "), "{stdout}");
}

/// Found by `verify --random`: the error of an import of JSON without its attribute names who has imported that first.
#[test]
fn json_that_is_asked_for_again_names_its_first_importer() {
    let definitions = Definitions::new()
        .fixture(
            "json",
            "exit_code = 0",
            "import './a.mjs'; import './b.mjs';",
        )
        .file("json", "a.mjs", "import './d.json' with { type: 'json' };")
        .file(
            "json",
            "b.mjs",
            "await import('./d.json').catch((error) => console.log(error.message));",
        )
        .file("json", "d.json", "1");
    let verified = verify(&["--all-engines"], Some(&definitions.root()));
    assert_eq!(verified.code, Some(0), "{verified:#?}");
}
