//! The command line itself: help, usage errors, exit codes.

use test_programs::{call, jsc_harness, program, text};

#[test]
fn help_goes_to_standard_output_and_lists_the_exit_codes() {
    for arguments in [&["--help"][..], &["-h"]] {
        let output = call(arguments);
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(text(&output.stderr), "");
        let help = text(&output.stdout);
        assert!(
            help.starts_with("Loads, caches, verifies and measures ES module graphs"),
            "{help}"
        );
        let codes: Vec<&str> = help
            .split_once("Exit codes:\n")
            .unwrap()
            .1
            .lines()
            .map(|line| line.split_whitespace().next().unwrap())
            .collect();
        assert_eq!(codes, ["0", "1", "2", "3", "4", "64"]);
    }
    for command in [
        &["run", "--help"][..],
        &["engine", "--help"],
        &["engine", "list", "--help"],
    ] {
        let output = call(command);
        assert_eq!(
            (output.status.code(), output.stderr.len()),
            (Some(0), 0),
            "{command:?}"
        );
    }
}

#[test]
fn completions_and_manual_pages_are_made_of_the_command_line() {
    for (shell, part) in [
        ("bash", "complete -F _jsc__harness"),
        ("zsh", "#compdef jsc-harness"),
        ("fish", "complete -c jsc-harness"),
    ] {
        let output = call(&["completions", shell]);
        let script = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        assert!(
            script.contains(part) && script.contains("bisect"),
            "{shell}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let man = folder.path().join("man");
    let output = call(&["man", man.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = std::fs::read_to_string(man.join("jsc-harness-gate.1")).unwrap();
    assert!(page.contains("\\-\\-margin\\-high"), "{page}");
    // What is hidden in the help is hidden here.
    assert!(!page.contains("worker\\-program"), "{page}");
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let output = call(&["man", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4));
    let error = text(&output.stderr);
    assert!(error.starts_with("error: cannot write man "), "{error}");
}

#[test]
fn version() {
    let output = call(&["--version"]);
    assert_eq!(
        text(&output.stdout),
        concat!("jsc-harness ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn usage_errors() {
    for (arguments, first_line) in [
        (
            &["frobnicate"][..],
            "error: unrecognized subcommand 'frobnicate'",
        ),
        (
            &["run"],
            "error: the following required arguments were not provided:",
        ),
        (
            &["run", ""],
            "error: a value is required for '<ENTRY>' but none was supplied",
        ),
        (
            &["run", "a.mjs", "b.mjs"],
            "error: unexpected argument 'b.mjs' found",
        ),
        (
            &["run", "--path", "teleport", "a.mjs"],
            "error: invalid value 'teleport' for '--path <PATH>'",
        ),
        (
            &["run", "--frobnicate", "a.mjs"],
            "error: unexpected argument '--frobnicate' found",
        ),
        (
            &["run", "a.mjs", "--engine"],
            "error: a value is required for '--engine <ENGINE>' but none was supplied",
        ),
        (
            &["engine", "list", "--format", "xml"],
            "error: invalid value 'xml' for '--format <FORMAT>'",
        ),
    ] {
        let output = call(arguments);
        assert_eq!(output.status.code(), Some(64), "{arguments:?}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        assert_eq!(
            text(&output.stderr).lines().next(),
            Some(first_line),
            "{arguments:?}"
        );
    }
}

#[test]
fn no_command_is_a_usage_error_that_shows_the_help() {
    let output = call(&[]);
    assert_eq!(
        (output.status.code(), text(&output.stdout)),
        (Some(64), String::new())
    );
    assert!(text(&output.stderr).contains("Exit codes:"));
}

#[test]
fn an_unknown_engine_lists_the_known_ones() {
    let program = program("");
    for arguments in [
        &[
            "run",
            "--engine",
            "1.0",
            program.path("main.mjs").to_str().unwrap(),
        ][..],
        &["engine", "show", "1.0"],
    ] {
        let output = call(arguments);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{message}");
        let middle = message
            .strip_prefix("error: no engine `1.0`; installed: ")
            .and_then(|it| it.strip_suffix(
                "; hint: jsc-harness engine list shows what can be built, jsc-harness engine build NAME builds it\n",
            ));
        let listed: Vec<&str> = middle
            .unwrap_or_else(|| panic!("{message}"))
            .split(", ")
            .collect();
        for engine in test_programs::engines() {
            assert!(listed.contains(&&*engine.name), "{message}");
        }
    }
}

const FULL: &str =
    "error: cannot write to standard output: No space left on device (os error 28)\n";

/// What does not fit onto a disk is not a success; a reader that has had enough is none of our business.
#[test]
fn output_that_goes_nowhere() {
    let prints = program("console.log(1);");
    let entry = prints.path("main.mjs");
    let full = std::fs::File::options().write(true).open("/dev/full");
    let mut run = jsc_harness();
    let output = run.arg("run").arg(&entry).stdout(full.unwrap()).output();
    let output = output.unwrap();
    assert_eq!(
        (output.status.code(), text(&output.stderr)),
        (Some(4), FULL.to_owned())
    );
    for arguments in [&["list"][..], &["list", "--format", "json"]] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = jsc_harness().args(arguments).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(4));
        assert_eq!(text(&output.stderr), FULL);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = jsc_harness()
            .args(arguments)
            .stdout(writer)
            .output()
            .unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    }
}
