//! Programs and projects of somebody else.

use std::process::Output;

use test_programs::{Program, jsc_harness, program, text};

/// A project in a directory of its own; `measure` there, without a folder of results in the environment.
fn measure_in(project: &Program, arguments: &[&str]) -> Output {
    jsc_harness()
        .current_dir(project.path(""))
        .env_remove("HARNESS_WORKLOADS")
        .env_remove("HARNESS_RESULTS")
        .args(["measure", "--blocks", "2", "--path", "parse,full"])
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn a_program_that_ends_with_an_error_is_not_measured() {
    let project = program("console.log('fine');\n")
        .file("throws.mjs", "throw new TypeError('boo');\n")
        .file("common.mjs", "module.exports = 1;\n")
        .file("must.mjs", "throw new TypeError('boo');\n");
    let output = measure_in(&project, &["main.mjs", "throws.mjs", "common.mjs"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    let engine = "jsc-2.52.6";
    for (name, why) in [
        (
            "throws.mjs",
            "it ends with an error: TypeError: boo (throws.mjs:1)\n",
        ),
        ("common.mjs", "hint: jsc-harness capture makes a workload"),
    ] {
        let line = said
            .lines()
            .find(|it| it.starts_with(&format!("error: {name} on {engine}")));
        let line = format!("{}\n", line.unwrap_or_else(|| panic!("{name} in {said}")));
        assert!(line.contains(why), "{line}");
    }
    // A definition may say that this is what it must do, and what it must print.
    let table =
        |entry: &str, more: &str| format!("[[workload]]\nentry = '{entry}'\nexpected.{more}\n");
    let must = [
        table("must.mjs", "exit-code = 1"),
        table("main.mjs", "stdout = ['good']"),
    ];
    let project = project.file("jsc-harness.toml", must.concat());
    let output = measure_in(&project, &[]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    let wrong = "line 1 of the output is \"fine\", expected \"good\"";
    assert!(
        said.contains(wrong) && !said.contains("error: must.mjs"),
        "{said}"
    );
}

#[test]
fn a_history_lies_beside_the_definitions_or_is_refused() {
    let project = program("console.log('fine');\n");
    let output = measure_in(&project, &["main.mjs", "--history"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(64), "{said}");
    assert!(
        said.contains("these entries belong to no project"),
        "{said}"
    );
    let project = project.file("jsc-harness.toml", "[[workload]]\nentry = 'main.mjs'\n");
    let output = measure_in(&project, &["--history"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let history = project.path("jsc-harness-results/history");
    assert_eq!(std::fs::read_dir(history).unwrap().count(), 1);
    assert!(project.path("jsc-harness-results/README.md").is_file());
}
