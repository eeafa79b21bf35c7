//! Nights that do not end by themselves.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Nights, ended, wait_until};
use test_programs::{binary, text};

/// Real measuring, real gates. The first measuring would take a quarter of an hour, and writes down in which process.
const REAL: &str = r#"
if [ "$1$count" = measure0 ]; then
    echo $$ > "$here/measuring.new"; mv "$here/measuring.new" "$here/measuring"
    exec "$binary" measure -w "^empty$" --blocks 10000 --out "$out"
fi
exec "$binary" "$@""#;

#[test]
fn a_night_that_was_killed_goes_on_and_the_one_after_it_begins_anew() {
    let nights = Nights::calling(REAL);
    let mut first = nights.command().spawn().unwrap();
    wait_until("measuring begins", || nights.path("measuring").exists());
    // So that it is in the middle of it.
    thread::sleep(Duration::from_secs(1));
    first.kill().unwrap();
    first.wait().unwrap();
    let measuring = fs::read_to_string(nights.path("measuring")).unwrap();
    let measuring = format!("/proc/{}", measuring.trim());
    wait_until("whoever measured for it is gone", || {
        !Path::new(&measuring).exists()
    });
    assert_eq!(nights.history(), Vec::<std::path::PathBuf>::new());
    let begun: Vec<String> = nights.steps().into_iter().map(|(step, _)| step).collect();
    assert_eq!(begun, ["setup", "verify", "random"]);
    assert!(nights.state()["ended"].is_null());
    let night = nights.state()["night"].clone();

    // A machine that is disturbed has void blocks, which makes a night inconclusive.
    let second = nights.command().output().unwrap();
    let (_, stderr) = ended(&second, &[0, 2]);
    assert!(stderr.contains("== verify: fine before"), "{stderr}");
    assert_eq!((nights.calls("verify"), nights.calls("measure")), (1, 2));
    assert_eq!(nights.state()["night"], night);
    let [result] = &nights.history()[..] else {
        panic!("one result: {:?}", nights.history());
    };
    whole(&nights, result);
    let kept = fs::read(result).unwrap();

    let third = nights.command().output().unwrap();
    ended(&third, &[0, 2]);
    assert_ne!(nights.state()["night"], night);
    assert_eq!((nights.calls("verify"), nights.calls("measure")), (2, 3));
    assert_eq!(nights.history().len(), 2);
    assert_eq!(fs::read(result).unwrap(), kept);
    assert!(text(&third.stdout).contains("| control | fine |"));
}

/// Everything is there, once and complete.
fn whole(nights: &Nights, result: &Path) {
    let record = record::read(result).unwrap();
    assert_eq!(record.workloads.len(), 1);
    assert_eq!(record.conditions.rounds, 24);
    let results = nights.results();
    let page = fs::read_to_string(results.join("report/index.html")).unwrap();
    assert!(page.contains(&record.run.id) && page.trim_end().ends_with("</html>"));
    let readme = Command::new(binary())
        .args(["results", "readme", "--check"])
        .env("HARNESS_RESULTS", &results)
        .output()
        .unwrap();
    assert_eq!(readme.status.code(), Some(0));
    let night = results
        .join("nightly")
        .join(nights.state()["night"].as_str().unwrap());
    let summary = fs::read_to_string(night.join("summary.md")).unwrap();
    assert!(summary.contains(&record.run.id), "{summary}");
    assert!(!results.join("nightly/scratch").exists());
    for folder in [
        &results,
        &results.join("history"),
        &results.join("nightly"),
        &night,
    ] {
        for entry in fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name();
            assert!(!name.as_encoded_bytes().starts_with(b"."), "{name:?}");
        }
    }
}

#[test]
fn a_second_night_at_once_is_refused() {
    let nights = Nights::calling(
        r#"echo $$ > "$here/busy.new"; mv "$here/busy.new" "$here/busy"; exec sleep 600"#,
    );
    let mut first = nights.command().spawn().unwrap();
    wait_until("the first is busy", || nights.path("busy").exists());
    let second = nights.command().output().unwrap();
    let (_, stderr) = ended(&second, &[4]);
    let expected = format!("error: process {} runs a night already (", first.id());
    assert!(stderr.starts_with(&expected), "{stderr}");
    first.kill().unwrap();
    first.wait().unwrap();
    let busy = fs::read_to_string(nights.path("busy")).unwrap();
    let busy = Pid::from_raw(busy.trim().parse().unwrap()).unwrap();
    kill_process(busy, Signal::TERM).unwrap();
}

#[test]
fn another_selection_is_another_night() {
    // Verifying is all that works, so that the first night cannot end.
    let nights =
        Nights::calling(r#"case $1 in verify) exit 0;; measure) kill -9 $PPID; exit 1;; esac"#);
    let first = nights.command().output().unwrap();
    assert_eq!(first.status.code(), None, "{}", text(&first.stderr));
    let night = nights.state()["night"].clone();
    let again = nights.command().args(["--confirm", "3"]).output().unwrap();
    let stderr = text(&again.stderr);
    let expected = format!(
        "nightly: {} was not finished and is given up",
        night.as_str().unwrap()
    );
    assert!(stderr.contains(&expected), "{stderr}");
    assert_eq!(nights.calls("verify"), 2);
    let again = nights.command().args(["--confirm", "3"]).output().unwrap();
    assert!(text(&again.stderr).contains("== verify: fine before"));
    let again = nights
        .command()
        .args(["--confirm", "3", "--anew"])
        .output()
        .unwrap();
    assert!(!text(&again.stderr).contains("before"));
    assert_eq!(nights.calls("verify"), 3);
}
