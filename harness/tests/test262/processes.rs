//! Workers that crash or hang.

use std::process::Command;

use super::checkout::{Checkout, checkout, report};
use test_programs::engines;

#[test]
fn a_hang_is_a_result_and_the_others_go_on() {
    let checkout = checkout()
        .test("language/import/a.js", "flags: [module]", "for (;;);")
        .test("language/import/b.js", "flags: [module]", "")
        .test(
            "language/import/c.js",
            "flags: [module, async]",
            "setInterval(() => {}, 1);",
        );
    for report in checkout.reports(0, &["--timeout", "2"]) {
        assert_eq!(
            report.result("language/import/a.js", "module"),
            "fail: timed out"
        );
        assert_eq!(report.result("language/import/b.js", "module"), "pass");
        assert_eq!(
            report.result("language/import/c.js", "module"),
            "fail: timed out"
        );
        assert_eq!(report.column("full", "timed_out"), 2);
    }
}

/// The command in a shell that first sets a limit, which the kernel enforces by a signal.
fn limited(checkout: &Checkout, limit: &str, arguments: &[&str]) -> Command {
    let command = checkout.command(arguments);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("ulimit {limit}; exec \"$@\""), "sh"])
        .arg(command.get_program())
        .args(command.get_args())
        .env_remove("LD_LIBRARY_PATH");
    shell
}

#[test]
fn a_crash_is_a_result_and_the_others_go_on() {
    let checkout = checkout()
        .test(
            "language/import/a.js",
            "flags: [module]",
            "console.error('last words'); for (;;);",
        )
        .test("language/import/b.js", "flags: [module]", "");
    for engine in engines() {
        let arguments = ["--format", "json", "--engine", &engine.name, "--jobs", "1"];
        // Two seconds of processor time for each process.
        let output = limited(&checkout, "-S -t 2", &arguments).output().unwrap();
        let report = report(0, &output);
        let xcpu = "fail: crashed: signal 24: last words";
        assert_eq!(report.result("language/import/a.js", "module"), xcpu);
        assert_eq!(report.result("language/import/b.js", "module"), "pass");
        assert_eq!(report.column("full", "crashed"), 1);
        assert_eq!(report.0["differences"], serde_json::json!([]));
    }
}

#[test]
fn a_crash_by_one_path_is_a_difference() {
    let checkout = checkout().test("language/import/a.js", "flags: [module]", "");
    for engine in engines() {
        let arguments = ["--format", "json", "--engine", &engine.name];
        // No process may write a file of more than 512 bytes: the one that writes the cache ends there.
        let output = limited(&checkout, "-f 1", &arguments).output().unwrap();
        let report = report(3, &output).0;
        let differences = report["differences"].as_array().unwrap();
        assert_eq!(differences.len(), 2);
        assert_eq!(differences[0]["column"], "full, writing");
        assert_eq!(differences[1]["column"], "graph, writing");
        let what = differences[0]["differences"][0].as_str().unwrap();
        assert!(
            what.starts_with(r#"{"crashed":{"status":"signal 25"}} instead of {"ran":{"#),
            "{what}"
        );
        // What was not written cannot be read, and nothing excuses that.
        let breaches = report["breaches"].as_array().unwrap();
        assert_eq!(breaches.len(), 3);
        let what = breaches[2]["what"][0].as_str().unwrap();
        assert!(
            what.starts_with("no usable pack (") && what.ends_with("), though one could be made"),
            "{what}"
        );
        let what = breaches[1]["what"][0].as_str().unwrap();
        assert!(
            what.starts_with("1 of 1 modules missed; the first: file://")
                && what.contains("/test/language/import/a.js ("),
            "{what}"
        );
    }
}
