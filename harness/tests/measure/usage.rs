//! Command lines that make no sense.

use crate::support::measure;
use test_programs::{call, jsc_harness, text};

#[test]
fn each_says_what_is_wrong() {
    for (arguments, message) in [
        (
            &["--suite", "nonsense"][..],
            "error: there is no suite `nonsense`; there are: all, bench, default, gate, smoke, steady\n",
        ),
        (
            &["-w", "no-such-workload"],
            "error: no workload matches no-such-workload; all of them: jsc-harness list\n",
        ),
        (
            &["--suite", "bench", "-w", "cycle-tdz"],
            "error: no workload of suite bench matches cycle-tdz; all of them: jsc-harness list\n",
        ),
    ] {
        let measured = measure(arguments).run();
        assert_eq!((measured.code, &*measured.stderr), (Some(64), message));
        assert!(measured.record.is_none());
    }
    for (arguments, part) in [
        (&["-w", "("][..], "regex parse error:"),
        (
            &["--blocks", "0"],
            "invalid value '0' for '--blocks <BLOCKS>'",
        ),
        (&["--blocks", "5", "--budget", "1"], "cannot be used with"),
        (&["--growth", "--suite", "all"], "cannot be used with"),
        (&["--shard", "3/2"], "not INDEX/COUNT"),
        (&["--budget=-3"], "a number above 0 is needed"),
        (&["--budget", "soon"], "a number above 0 is needed"),
        (
            &["--steal-limit", "101"],
            "a percentage from 0 to 100 is needed",
        ),
        (
            &["--stall-limit=-1"],
            "a percentage from 0 to 100 is needed",
        ),
        (&["--path", "jit"], "invalid value 'jit'"),
    ] {
        let measured = measure(arguments).run();
        assert_eq!(measured.code, Some(64), "{}", measured.stderr);
        assert!(measured.stderr.contains(part), "{}", measured.stderr);
    }
}

#[test]
fn an_engine_that_is_not_there() {
    let measured = measure(&["--engine", "9.9.9"]).run();
    assert_eq!(measured.code, Some(4));
    assert!(
        measured
            .stderr
            .starts_with("error: no engine `9.9.9`; installed: "),
        "{}",
        measured.stderr
    );
}

#[test]
fn a_result_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("kept.json");
    std::fs::write(&out, "precious").unwrap();
    let output = call(&["measure", "-w", "^empty$", "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(64));
    assert_eq!(
        text(&output.stderr),
        format!(
            "error: --out {}: this file exists; remove it or give another name\n",
            out.display()
        )
    );
    assert_eq!(std::fs::read(&out).unwrap(), b"precious");
}

#[test]
fn help_answers() {
    for command in ["measure", "cmp", "results"] {
        let output = call(&[command, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        let help = text(&output.stdout);
        assert!(!help.contains("worker-program"), "hidden");
        if command != "results" {
            assert!(help.contains("Exit codes:"), "{help}");
        }
    }
}

/// Before anything is measured: an hour of samples must not be lost for want of a folder.
#[test]
fn a_result_that_cannot_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    for out in [folder.path().join("none/out.json"), file.join("out.json")] {
        let output = call(&["measure", "-w", "^empty$", "--out", out.to_str().unwrap()]);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{stderr}");
        let begins = format!("error: cannot write result file {}: ", out.display());
        assert!(stderr.starts_with(&begins), "{stderr}");
        assert!(!stderr.contains("preparing"), "{stderr}");
    }
    let output = jsc_harness()
        .args(["measure", "-w", "^empty$", "--history"])
        .env("HARNESS_RESULTS", &file)
        .output()
        .unwrap();
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    assert!(
        stderr.starts_with("error: cannot write result file ") && !stderr.contains("preparing"),
        "{stderr}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
