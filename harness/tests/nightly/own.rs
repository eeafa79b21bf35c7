//! Nights of somebody's own programs.

use std::fs;

use crate::support::Nights;

/// What the first call of this command was told.
fn told(nights: &Nights, command: &str) -> String {
    let calls = fs::read_to_string(nights.path("calls")).unwrap();
    let call = calls
        .lines()
        .find(|line| line.starts_with(&format!("{command} ")));
    call.unwrap_or_else(|| panic!("{command} in {calls}"))
        .to_owned()
}

#[test]
fn entries_are_verified_and_measured_in_the_place_of_suites() {
    let nights = Nights::calling("exit 0");
    let entry = nights.path("main.mjs");
    let words = entry.to_str().unwrap();
    nights.command_of(&[words]).output().unwrap();
    assert_eq!(
        told(&nights, "verify"),
        format!("verify --all-engines {words}")
    );
    let measured = told(&nights, "measure");
    assert!(
        measured.starts_with(&format!("measure {words} --blocks 24 --out ")),
        "{measured}"
    );
}

#[test]
fn a_project_says_its_suites_and_where_results_go() {
    let nights = Nights::calling("exit 0");
    let config = nights.path("jsc-harness.toml");
    let workload = "[[workload]]\nname = 'app'\nentry = 'main.mjs'\nsuites = ['bench']\n";
    fs::write(nights.path("main.mjs"), "").unwrap();
    fs::write(&config, format!("results = 'kept'\n{workload}")).unwrap();
    let words = config.to_str().unwrap();
    let mut night = nights.command_of(&["--config", words]);
    night.env_remove("HARNESS_RESULTS").output().unwrap();
    assert_eq!(
        told(&nights, "verify"),
        format!("verify --all-engines --config {words} --workloads .")
    );
    let measured = told(&nights, "measure");
    assert!(
        measured.starts_with(&format!(
            "measure --config {words} --suite bench --blocks 24 "
        )),
        "{measured}"
    );
    assert!(nights.path("kept/nightly/state.json").is_file());
}
