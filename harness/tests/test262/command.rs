//! The command line of `test262`: what it refuses and what it prints.

use super::checkout::{checkout, jsc_harness, report};
use test_programs::text;

#[track_caller]
fn refused(arguments: &[&str], code: i32, message: &str) {
    let output = jsc_harness()
        .arg("test262")
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(
        (output.status.code(), text(&output.stdout)),
        (Some(code), String::new())
    );
    let stderr = text(&output.stderr);
    assert!(stderr.starts_with(message), "{stderr}");
}

#[test]
fn not_a_checkout() {
    let empty = tempfile::tempdir().unwrap();
    let directory = empty.path().display();
    let next = "hint: git clone --depth 1 https://github.com/tc39/test262\n";
    refused(
        &[&format!("{directory}/missing")],
        4,
        &format!(
            "error: {directory}/missing is not a Test262 checkout: it lacks the directory itself; {next}"
        ),
    );
    refused(
        &[&directory.to_string()],
        4,
        &format!(
            "error: {directory} is not a Test262 checkout: it lacks harness/assert.js; {next}"
        ),
    );
}

#[test]
fn nothing_to_run() {
    let checkout = checkout().test("language/import/a.js", "flags: [module]", "");
    let real = checkout.path().canonicalize().unwrap();
    let message = format!("error: no module test of {} is selected; ", real.display());
    let directory = checkout.path().to_str().unwrap();
    refused(&[directory, "no/such/test"], 4, &message);
    refused(&[directory, "--shard", "2/2"], 4, &message);
}

#[test]
fn tests_that_cannot_be_run() {
    let broken = checkout().file("test/language/import/a.js", "void 0;");
    let real = broken.path().canonicalize().unwrap();
    refused(
        &[broken.path().to_str().unwrap()],
        4,
        &format!(
            "error: cannot run {}/test/language/import/a.js: it has no metadata: there is nothing between `/*---` and `---*/`\n",
            real.display()
        ),
    );
    let missing = checkout().test(
        "language/import/a.js",
        "flags: [module]\nincludes: [none.js]",
        "",
    );
    let real = missing.path().canonicalize().unwrap();
    refused(
        &[missing.path().to_str().unwrap()],
        4,
        &format!(
            "error: a worker process failed: cannot read {}/harness/none.js: No such file or directory (os error 2)\n",
            real.display()
        ),
    );
}

#[test]
fn usage() {
    for (arguments, message) in [
        (
            &[][..],
            "error: the following required arguments were not provided:",
        ),
        (&["dir", "("], "error: invalid value '(' for '[FILTER]'"),
        (
            &["dir", "--shard", "3/2"],
            "error: invalid value '3/2' for '--shard <INDEX/COUNT>': not INDEX/COUNT with 1 ≤ INDEX ≤ COUNT, e.g. 2/4",
        ),
        (
            &["dir", "--jobs", "0"],
            "error: invalid value '0' for '--jobs <N>'",
        ),
        (
            &["dir", "--timeout", "0"],
            "error: invalid value '0' for '--timeout <SECONDS>'",
        ),
        (
            &["dir", "--isolation", "none"],
            "error: invalid value 'none' for '--isolation <ISOLATION>'",
        ),
    ] {
        refused(arguments, 64, message);
    }
}

#[test]
fn filters_and_shards() {
    let mut checkout = checkout();
    for index in 0..5 {
        checkout = checkout.test(
            &format!("language/import/a{index}.js"),
            "flags: [module]",
            "",
        );
    }
    let run = |arguments: &[&str]| {
        let mut all = vec!["--format", "json"];
        all.extend(arguments);
        report(0, &checkout.run(&all)).tests()
    };
    assert_eq!(
        run(&["a[13]"]),
        [
            "language/import/a1.js module",
            "language/import/a3.js module"
        ]
    );
    assert_eq!(
        run(&["^language/import/a0"]),
        ["language/import/a0.js module"]
    );
    let mut parts = [run(&["--shard", "1/2"]), run(&["--shard", "2/2"])].concat();
    parts.sort();
    assert_eq!(parts, run(&[]));
}

#[test]
fn the_table() {
    let checkout = checkout()
        .test(
            "language/import/a.js",
            "flags: [module]",
            "import './b_FIXTURE.js';",
        )
        .test(
            "language/import/c.js",
            "",
            "throw new Test262Error('two\\n lines');",
        )
        .test(
            "language/import/d.js",
            "flags: [module]\nfeatures: [import-defer]",
            "0++",
        )
        .file("test/language/import/b_FIXTURE.js", "");
    let output = checkout.run(&[]);
    assert_eq!(
        (output.status.code(), text(&output.stderr)),
        (Some(0), String::new())
    );
    let table = text(&output.stdout);
    let (head, rest) = table.split_once("\n\n").unwrap();
    let real = checkout.path().canonicalize().unwrap();
    assert!(
        head.starts_with(&format!(
            "Test262, {}, of no known commit\n",
            real.display()
        )),
        "{head}"
    );
    assert!(head.contains(": 3 tests, 4 runs on each path, "), "{head}");
    assert_eq!(
        rest,
        " path            pass  fail  unsupported  crashed  timed out  modules  hits  misses  all hit  records parsed  module code parsed  functions parsed
 parse              1     2            1        0          0        3     0       0        0               3                   2                 0
 full, writing      1     2            1        0          0        3     0       3        0               3                   2                 0
 graph, writing     1     2            1        0          0        3     0       3        0               3                   2                 0
 bytecode           1     2            1        0          0        3     2       1        1               3                   0                 0
 full               1     2            1        0          0        3     2       1        1               1                   0                 0
 graph              1     2            1        0          0        3     2       1        1               1                   0                 0

The engine lacks import-defer (1 tests).

1 modules have no cache entry: 1 because it does not parse.

1 module tests have no pack, and are served by entries:
  1: the graph was not loaded to its end

2 runs fail by `parse` and are the engine's own failures:
  language/import/c.js (sloppy): it threw at runtime: Test262Error: two lines
  language/import/c.js (strict): it threw at runtime: Test262Error: two lines

0 differences between paths

0 runs on a cached path that parsed silently or had a wrong record
"
    );
}

#[test]
fn the_commit_is_that_of_the_checkout_itself() {
    let checkout = checkout().test("language/import/a.js", "flags: [module]", "");
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git")
            .arg("-C")
            .arg(checkout.path())
            .args([
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@b",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        text(&output.stdout).trim().to_owned()
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "a"]);
    let commit = git(&["rev-parse", "HEAD"]);
    let seen = || {
        let report = report(0, &checkout.run(&["--format", "json"])).0;
        report["test262"]["commit"].as_str().unwrap().to_owned()
    };
    assert_eq!(seen(), commit);
    std::fs::write(checkout.path().join("harness/sta.js"), "var changed;").unwrap();
    assert_eq!(seen(), format!("{commit}-dirty"));
}
