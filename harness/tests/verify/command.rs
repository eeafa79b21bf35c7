//! `verify`: what it finds, says and exits with.

use verify::FindingKind;

use crate::support::{Definitions, verify};
use test_programs::{call, default_engine, engines, jsc_harness, text};

/// Two modules, one function, and a cache that works.
const GOOD: &str = "import { f } from './f.mjs'; console.log(f());";

fn good() -> Definitions {
    Definitions::new()
        .fixture("good", "stdout = [\"1\"]", GOOD)
        .file("good", "f.mjs", "export const f = () => 1;")
}

#[test]
fn the_same_by_every_path() {
    let verified = verify(&["--all-engines"], Some(&good().root()));
    assert_eq!(verified.code, Some(0), "{verified:#?}");
    let report = &verified.report;
    assert_eq!((report.schema, report.seed), (1, 7));
    assert_eq!(report.cases.len(), engines().len());
    for case in &report.cases {
        assert_eq!(
            (case.workload.as_str(), case.modules, case.expectation),
            ("good", 2, true)
        );
        assert_eq!(case.findings, []);
        let workers: Vec<(&str, u64, u64)> = case
            .workers
            .iter()
            .map(|it| (it.task.as_str(), it.loads, it.hits))
            .collect();
        // Every subset of two entries: none, one, the other, both.
        assert_eq!(
            workers,
            [
                ("parse", 1, 0),
                ("parse with true lines", 1, 0),
                ("write", 1, 0),
                ("bytecode", 1, 2),
                ("mixed bytecode", 4, 4),
                ("full", 1, 2),
                ("validate full", 1, 2),
                ("mixed full", 4, 4),
                ("graph, no pack", 1, 2),
                ("write graph", 1, 0),
                ("graph", 1, 2),
                ("stale graph", 2, 2),
            ]
        );
        let parses = |task: &str| {
            let worker = case.workers.iter().find(|it| it.task == task).unwrap();
            [
                worker.parses.analyze,
                worker.parses.module_code,
                worker.parses.function_code,
            ]
        };
        assert_eq!((parses("full"), parses("graph")), ([0; 3], [0; 3]));
        // Each of both modules once.
        assert_eq!(parses("stale graph")[..2], parses("parse")[..2]);
    }
}

#[test]
fn the_table() {
    let definitions = good();
    let output = jsc_harness()
        .args(["verify", "--seed", "3", "--path", "full"])
        .env("HARNESS_WORKLOADS", definitions.root())
        .output()
        .unwrap();
    let table = text(&output.stdout);
    assert_eq!(
        (output.status.code(), text(&output.stderr).as_str()),
        (Some(0), "verify: seed 3\n")
    );
    let words: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        words[0],
        [
            "workload", "engine", "modules", "cached", "loads", "standard", "result", "seconds"
        ]
    );
    assert_eq!(
        words[1][..7],
        [
            "good",
            &*default_engine().version,
            "2",
            "2",
            "9",
            "compared",
            "same"
        ]
    );
    assert!(table.contains("1 of 1 the same on every path: 8 loads in 6 processes, 8 modules served, 2 records compared"), "{table}");
    assert!(table.ends_with("; seed 3\n"), "{table}");
}

#[test]
fn not_what_the_standard_demands() {
    let definitions = Definitions::new()
        .fixture("output", "stdout = [\"2\"]", "console.log(1);")
        .fixture("ending", "stdout = []", "throw new TypeError('boo');")
        .fixture(
            "class",
            "exit_code = 1\nerror = { class = \"RangeError\" }",
            "throw new TypeError('boo');",
        );
    let verified = verify(&["--path", "full"], Some(&definitions.root()));
    assert_eq!(verified.code, Some(1), "{verified:#?}");
    let what: Vec<(&str, FindingKind, &str)> = verified
        .report
        .cases
        .iter()
        .flat_map(|case| {
            case.findings
                .iter()
                .map(|it| (case.workload.as_str(), it.kind, it.what.as_str()))
        })
        .collect();
    assert_eq!(
        what,
        [
            (
                "class",
                FindingKind::Unexpected,
                "the uncaught error is \"TypeError: boo\" of class TypeError, expected a RangeError"
            ),
            (
                "ending",
                FindingKind::Unexpected,
                "exit code 1 (TypeError: boo), expected 0"
            ),
            (
                "output",
                FindingKind::Unexpected,
                "line 1 of the output is \"1\", expected \"2\""
            ),
        ]
    );
    assert!(
        verified.stderr.contains(&format!(
            "verify: output on {}, parse: line 1 of the output",
            default_engine().version
        )),
        "{}",
        verified.stderr
    );
}

#[test]
fn a_program_that_is_not_the_same_each_time() {
    let definitions = Definitions::new().fixture(
        "clock",
        "exit_code = 0",
        "export const now = performance.now();",
    );
    let verified = verify(&["--path", "full"], Some(&definitions.root()));
    assert_eq!(verified.code, Some(3), "{verified:#?}");
    let finding = &verified.report.cases[0].findings[0];
    assert_eq!(finding.kind, FindingKind::Unstable);
    assert_eq!(finding.differences[0].place, "module entry.mjs, export now");
}

/// JSC generates other code for a profiler than entries hold, so that there are none.
#[test]
fn a_cache_that_nothing_gets_into() {
    let definitions = good();
    let output = jsc_harness()
        .args(["verify", "--path", "full"])
        .env("HARNESS_WORKLOADS", definitions.root())
        .env("JSC_useTypeProfiler", "1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let table = text(&output.stdout);
    assert!(table.contains("not-served"), "{table}");
    assert!(
        table.contains(&format!(
            "good on {}, write: no entry for file://",
            default_engine().version
        )),
        "{table}"
    );
}

#[test]
fn a_program_that_never_ends() {
    let definitions = good().fixture("endless", "exit_code = 0", "for (;;);");
    let verified = verify(
        &["--path", "full", "--time-limit", "2"],
        Some(&definitions.root()),
    );
    assert_eq!(verified.code, Some(4), "{verified:#?}");
    let [endless, good] = &verified.report.cases[..] else {
        panic!()
    };
    assert_eq!(
        (endless.findings[0].kind, &*endless.findings[0].what),
        (FindingKind::Failed, "did not end within 2 s")
    );
    assert_eq!(good.findings, []);
}

/// The first difference and the place in words.
#[test]
fn a_difference_is_told() {
    let arguments = [
        "verify",
        "-w",
        "^star-local-wins$",
        "--path",
        "full",
        "--mutant",
        "add-star",
    ];
    let output = call(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let table = text(&output.stdout);
    for part in [
        &format!(
            "\nstar-local-wins on {}, full: shows something else than parse\n",
            default_engine().version
        ),
        "\n    module entry.mjs, export name: not there, against \"own\"\n",
        "mixed full: shows something else with subset 0 (nothing left out)\n",
        "0 of 1 the same on every path",
    ] {
        assert!(table.contains(part), "{part:?} in {table}");
    }
}

#[test]
fn shards_are_all_of_it() {
    let definitions = good()
        .fixture("b", "exit_code = 0", "")
        .fixture("c", "exit_code = 0", "");
    let mut names: Vec<String> = ["1/2", "2/2"]
        .iter()
        .flat_map(|shard| {
            let verified = verify(
                &["--path", "full", "--shard", shard],
                Some(&definitions.root()),
            );
            assert_eq!(verified.code, Some(0), "{verified:#?}");
            verified.report.cases.into_iter().map(|it| it.workload)
        })
        .collect();
    names.sort();
    assert_eq!(names, ["b", "c", "good"]);
}

#[test]
fn usage() {
    for (arguments, message) in [
        (
            &["verify", "--suite", "none"][..],
            "error: there is no suite `none`; there are: all, bench, default, gate, smoke, steady\n",
        ),
        (
            &["verify", "--shard", "3/2"],
            "error: invalid value '3/2' for '--shard <INDEX/COUNT>': not INDEX/COUNT",
        ),
        (
            &["verify", "--all-engines", "--engine", "any"],
            "error: the argument '--all-engines' cannot be used with '--engine <ENGINES>'",
        ),
        (
            &["verify", "-w", "("],
            "error: invalid value '(' for '--workloads <REGEX>'",
        ),
    ] {
        let output = call(arguments);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(64), "{stderr}");
        assert!(stderr.starts_with(message), "{stderr}");
    }
    let output = call(&["verify", "--engine", "1.2.3"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).starts_with("error: no engine `1.2.3`; installed: "));
}
