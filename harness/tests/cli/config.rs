//! `jsc-harness.toml`, `init`, and entries that are named on the command line.

use std::fs;
use std::path::Path;
use std::process::Output;

use test_programs::{Program, jsc_harness, program};

fn application() -> Program {
    program("import { shout } from './shout.mjs';\nconsole.log(shout('app'));\n").file(
        "shout.mjs",
        "export const shout = text => `${text.toUpperCase()}!`;\n",
    )
}

/// Runs the binary in a directory.
fn run_in(directory: &Path, arguments: &[&str]) -> Output {
    jsc_harness()
        .current_dir(directory)
        .env_remove("HARNESS_WORKLOADS")
        .env_remove("HARNESS_RESULTS")
        .args(arguments)
        .output()
        .unwrap()
}

#[track_caller]
fn ok(directory: &Path, arguments: &[&str]) -> String {
    let output = run_in(directory, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// What the binary says on standard error, with its exit code.
#[track_caller]
fn refused(directory: &Path, arguments: &[&str], code: i32) -> String {
    let output = run_in(directory, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
    stderr
}

/// A folder in which somebody has called `npm install two-names`, and no more.
#[test]
fn a_package_that_is_installed_is_a_program() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let said = refused(here, &["init"], 64);
    assert!(
        said.contains("nothing here looks like an entry")
            && said.contains("jsc-harness init ENTRY"),
        "{said}"
    );

    let write = |path: &str, text: &str| {
        let path = here.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let dependencies = r#"{"dependencies": {"two-names": "^1.0.0", "absent": "1.0.0"}}"#;
    write("package.json", dependencies);
    write(
        "node_modules/two-names/package.json",
        r#"{"exports": "./all.mjs"}"#,
    );
    write(
        "node_modules/two-names/all.mjs",
        "export const one = 1, two = 2;\n",
    );
    ok(here, &["init"]);
    let verified = ok(here, &["verify"]);
    assert!(
        verified.contains("node_modules/two-names/all.mjs")
            && verified.contains("1 of 1 the same on every path"),
        "{verified}"
    );
}

#[test]
fn the_first_file_works() {
    let app = application();
    let here = app.path("");
    ok(&here, &["init"]);
    let listed = ok(&here, &["list", "--format", "json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed["workloads"][0]["name"], "main.mjs");
    assert_eq!(listed["workloads"][0]["kind"], "program");
    assert_eq!(listed["suites"][0]["name"], "smoke");

    let verified = ok(&here, &["verify"]);
    assert!(
        verified.contains("1 of 1 the same on every path"),
        "{verified}"
    );
    // From a directory below, too.
    fs::create_dir(app.path("below")).unwrap();
    ok(&app.path("below"), &["verify", "--suite", "smoke"]);
    ok(
        &here,
        &[
            "measure",
            "--blocks",
            "2",
            "--steal-limit",
            "100",
            "--stall-limit",
            "100",
            "--history",
        ],
    );
    let history = app.path("jsc-harness-results/history");
    assert_eq!(fs::read_dir(history).unwrap().count(), 1);

    let said = refused(&here, &["init"], 64);
    assert!(
        said.contains("there is a jsc-harness.toml here already"),
        "{said}"
    );
}

#[test]
fn entries_need_no_file() {
    let app = application()
        .file(
            "other/package.json",
            r#"{"exports": {"types": "./x.d.ts", "import": "./lib/start.mjs"}}"#,
        )
        .file("other/lib/start.mjs", "console.log('other');\n")
        .file("several/one.mjs", "console.log(1);\n")
        .file("several/two.js", "console.log(2);\n")
        .file("several/readme.txt", "")
        .file("map.json", r#"{"imports": {"./shout.mjs": "./loud.mjs"}}"#)
        .file("loud.mjs", "export const shout = text => `${text}!!!`;\n");
    let here = app.path("");
    let verified = ok(
        &here,
        &[
            "verify",
            "main.mjs",
            "other",
            "several",
            "--path",
            "full,graph",
        ],
    );
    for name in [
        "main.mjs",
        "other/lib/start.mjs",
        "several/one.mjs",
        "several/two.js",
    ] {
        assert!(verified.contains(name), "{verified}");
    }
    ok(&here, &["verify", "main.mjs", "--import-map", "map.json"]);
    let limits = ["--steal-limit", "100", "--stall-limit", "100"];
    let measured = [
        &[
            "measure",
            "./main.mjs",
            "--blocks",
            "2",
            "--import-map",
            "map.json",
        ],
        &limits[..],
    ]
    .concat();
    assert!(ok(&here, &measured).contains("main.mjs"));

    for (arguments, part) in [
        (
            &["verify", "main.mjs", "--suite", "smoke"][..],
            "cannot be used with",
        ),
        (
            &["verify", "--import-map", "map.json"],
            "--import-map has no effect without an ENTRY",
        ),
        (&["measure", "main.mjs", "--growth"], "cannot be used with"),
    ] {
        let said = refused(&here, arguments, 64);
        assert!(said.contains(part), "{said}");
    }
    for (arguments, code, part) in [
        (
            &["verify", "none.mjs"][..],
            4,
            "cannot find the entry none.mjs: No such file",
        ),
        (
            &["verify", "main.mjs", "main.mjs"],
            64,
            "the entry main.mjs is named twice",
        ),
        (&["verify", "node_modules"], 4, "has no entry"),
    ] {
        fs::create_dir_all(app.path("node_modules")).unwrap();
        let said = refused(&here, arguments, code);
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn a_workload_says_what_its_host_gives() {
    let app = application()
        .file("prelude.mjs", "globalThis.name = 'given';\n")
        .file("named.mjs", "import { x } from 'x';\nconsole.log(globalThis.name, x);\n")
        .file("x.mjs", "export const x = 7;\n")
        .file("map.json", r#"{"imports": {"x": "./x.mjs"}}"#)
        .file(
            "jsc-harness.toml",
            "[[workload]]\nname = 'named'\nentry = 'named.mjs'\nprelude = 'prelude.mjs'\nimport-map = 'map.json'\n\
             expected.stdout = ['given 7']\ntime-limit = 30\nmodules = 2\n",
        );
    let here = app.path("");
    let verified = ok(&here, &["verify"]);
    assert!(
        verified.contains("as expected") || verified.contains("yes") || verified.contains("1 of 1"),
        "{verified}"
    );
    // What it must print counts.
    let text = fs::read_to_string(app.path("jsc-harness.toml")).unwrap();
    fs::write(
        app.path("jsc-harness.toml"),
        text.replace("given 7", "given 8"),
    )
    .unwrap();
    assert_eq!(run_in(&here, &["verify"]).status.code(), Some(1));
}

#[test]
fn a_mistake_is_named_with_its_line() {
    let workload = "[[workload]]\nname = 'a'\nentry = 'main.mjs'\n";
    for (text, line, part) in [
        (
            "[[workload]]\nname = 'a'\nentyr = 'main.mjs'\n",
            3,
            "unknown field `entyr`",
        ),
        ("[[workload]]\nname = 'a'\n", 1, "missing field `entry`"),
        (
            "[[workload]]\nentry = 'none.mjs'\n",
            2,
            "the entry `none.mjs` is not a file",
        ),
        (
            "[[workload]]\nname = ' '\nentry = 'main.mjs'\n",
            2,
            "a name is empty",
        ),
        (
            &format!("{workload}prelude = 'no.mjs'\n"),
            4,
            "the prelude `no.mjs` is not a file",
        ),
        (
            &format!("{workload}time-limit = -1\n"),
            4,
            "a time limit is a number of seconds",
        ),
        (
            &format!("{workload}[[suite]]\nname = 's'\nworkloads = ['b']\n"),
            6,
            "names the workload `b`, which does not exist",
        ),
        (
            &format!("{workload}[[suite]]\nname = 's'\n[[suite]]\nname = 's'\n"),
            7,
            "the suite `s` is defined twice",
        ),
        (
            &format!("{workload}[gate]\npath = ['fast']\n"),
            5,
            "unknown variant `fast`",
        ),
        ("fixtures = 'none'\n", 1, "`none` does not exist"),
    ] {
        let app = application().file("jsc-harness.toml", text);
        let said = refused(&app.path(""), &["list"], 4);
        assert!(
            said.contains("jsc-harness.toml is not a valid definition"),
            "{said}"
        );
        assert!(said.contains(part), "{text}: {said}");
        assert!(said.contains(&format!("line {line}")), "{text}: {said}");
    }
    let app = application();
    let said = refused(&app.path(""), &["list", "--config", "none.toml"], 4);
    assert!(said.contains("cannot read none.toml"), "{said}");
}

/// A project with this definition; what `verify` says of it.
#[track_caller]
fn definition_refused(definition: &str, parts: &[&str]) {
    let app = application()
        .file("bad.json", "{")
        .file("jsc-harness.toml", definition);
    let said = refused(&app.path(""), &["verify"], 4);
    for part in parts {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn what_a_workload_cannot_be_is_named_with_its_line() {
    let workload = "[[workload]]\nentry = 'main.mjs'\n";
    for (more, part) in [
        (
            "extensions = ['ts']",
            "`ts` is no extension: it begins with a dot",
        ),
        ("conditions = ['']", "`` is no condition"),
        ("import-map = 'bad.json'", "EOF while parsing"),
        ("time-limit = 1e300", "above 0 and at most 86400"),
    ] {
        definition_refused(&format!("{workload}{more}\n"), &["line 3", part]);
    }
    definition_refused(
        &format!("{workload}{workload}"),
        &["line 4: the workload `main.mjs` is defined twice, first in line 2"],
    );
    definition_refused("engines = ['']", &["line 1: an engine has no name"]);
    definition_refused("engines = '2.52.6'", &["expected an array"]);
    definition_refused("gate = 3", &["invalid type: integer `3`, expected a table"]);
    // What the file says itself is shown as it is.
    definition_refused(
        "engines = 'sequence'",
        &["string \"sequence\", expected an array"],
    );
    definition_refused("[gate]\nbudget = -1\n", &["line 1: `budget` of [gate]"]);
    definition_refused(
        "[gate]\nallow = 'none.toml'\n",
        &["none.toml is not a file"],
    );
    definition_refused("captured = '.'", &["line 1", "jsc-harness capture"]);
}

#[test]
fn what_a_peer_cannot_be_is_named_with_its_line() {
    let peer = |more: &str| format!("[[peer]]\n{more}\ncommand = ['x', '{{entry}}']\n");
    for (more, part) in [
        ("name = 'node'", "`node` is the name of a built-in peer"),
        ("name = 'q'\nversion = ['x', '{entry}']", "without an entry"),
        (
            "name = 'q'\nenvironment = { 'A=B' = '1' }",
            "`A=B`, which cannot be",
        ),
    ] {
        definition_refused(&peer(more), &["line 1", part]);
    }
}

#[test]
fn a_file_of_that_name_that_cannot_be_read_is_not_passed_over() {
    let app = application();
    fs::create_dir(app.path("jsc-harness.toml")).unwrap();
    let said = refused(&app.path(""), &["verify"], 4);
    assert!(said.contains("Is a directory"), "{said}");
}

#[test]
fn a_definition_without_workloads_is_told() {
    let app = application().file("jsc-harness.toml", "results = 'r'\n");
    let said = refused(&app.path(""), &["verify"], 64);
    assert!(
        said.contains("defines no workload; add a [[workload]]"),
        "{said}"
    );
}

#[test]
fn a_workload_names_a_suite_twice_and_is_in_it_once() {
    let workload = "[[workload]]\nentry = 'main.mjs'\nsuites = ['smoke', 'smoke']\n";
    let app = application().file("jsc-harness.toml", workload);
    let listed = ok(&app.path(""), &["list", "--format", "json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(
        listed["suites"][0]["workloads"],
        serde_json::json!(["main.mjs"])
    );
}

#[test]
fn verify_says_of_a_program_that_it_ends_with_an_error() {
    let app = application()
        .file("common.mjs", "require('fs');\n")
        .file("missing.mjs", "import 'nowhere';\n")
        .file("waits.mjs", "await new Promise(() => {});\n");
    let entries = [
        "verify",
        "common.mjs",
        "missing.mjs",
        "waits.mjs",
        "main.mjs",
    ];
    let verified = ok(&app.path(""), &entries);
    for part in [
        "4 of 4 the same on every path",
        "common.mjs on 2.52.6, on every path: it ends with an error: ReferenceError",
        "jsc-harness capture",
        "npm install",
        "a top-level await still waits",
    ] {
        assert!(verified.contains(part), "{part} in {verified}");
    }
}

#[test]
fn the_number_of_modules_is_what_the_definition_says() {
    let workload = "[[workload]]\nentry = 'main.mjs'\nmodules = 3\n";
    let app = application().file("jsc-harness.toml", workload);
    let output = run_in(&app.path(""), &["verify"]);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(
        printed.contains("it loads 2 modules, and its definition says 3"),
        "{printed}"
    );
}

#[test]
fn init_checks_before_it_writes_and_says_why_it_found_nothing() {
    let app = application();
    let here = app.path("");
    let said = refused(&here, &["init", "--prelude", "none.mjs"], 4);
    assert!(
        said.contains("--prelude: there is no file none.mjs"),
        "{said}"
    );
    assert!(!here.join("jsc-harness.toml").exists());

    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("package.json");
    for (text, part) in [
        ("{", "package.json is no JSON"),
        (
            r#"{"main": "dist/x.js"}"#,
            "names dist/x.js, which is not there",
        ),
        (
            r#"{"dependencies": {"a": "1"}}"#,
            "the package a is not installed",
        ),
    ] {
        fs::write(&manifest, text).unwrap();
        let said = refused(folder.path(), &["init"], 64);
        assert!(said.contains(part), "{part} in {said}");
    }
}

/// What stands for this repository's definitions may have programs that its set-up captures.
#[test]
fn a_program_that_is_not_captured_brings_the_next_step() {
    let entry = "[[entry]]\nname = 'app'\nentry = 'entries/app.mjs'\nmodules = 1\nwhy = 'x'\n";
    let definitions = program("")
        .file("jsc-harness.toml", "captured = 'captured'\n")
        .file("captured/entries/app.mjs", "")
        .file("captured/package-lock.json", "{}")
        .file("captured/entries.toml", entry);
    let output = jsc_harness()
        .env("HARNESS_WORKLOADS", definitions.path(""))
        .args(["verify", "-w", "app"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(
        said.contains("`app` is not captured, or of older files; hint: cargo xtask setup"),
        "{said}"
    );
}
