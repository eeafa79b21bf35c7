//! Command lines and surroundings that make no sense.

use crate::support::{Nights, ended};

#[test]
fn each_says_what_is_wrong() {
    let nights = Nights::calling("exit 0");
    let output = nights.command().arg("--nonsense").output().unwrap();
    let (_, stderr) = ended(&output, &[64]);
    assert!(
        stderr.contains("unexpected argument '--nonsense'"),
        "{stderr}"
    );

    let output = nights
        .command()
        .env("HARNESS_RESULTS", "relative")
        .output()
        .unwrap();
    let (_, stderr) = ended(&output, &[4]);
    assert_eq!(
        stderr,
        "error: HARNESS_RESULTS has to be an absolute path, and is relative\n"
    );

    let output = nights.command().arg("main.mjs").output().unwrap();
    let (_, stderr) = ended(&output, &[64]);
    assert!(
        stderr.contains("cannot be used with") && stderr.contains("[ENTRY]"),
        "{stderr}"
    );
    assert_eq!(nights.calls("verify"), 0);
}
