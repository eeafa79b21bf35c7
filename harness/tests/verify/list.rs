//! `list`.

use serde_json::Value;

use test_programs::{call, text};

#[test]
fn a_suite_and_a_pattern() {
    let output = call(&["list", "--suite", "smoke", "-w", "^(empty|cycle-tdz)$"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    let rows: Vec<&str> = table
        .lines()
        .take_while(|line| !line.is_empty())
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert_eq!(rows, ["workload", "empty", "cycle-tdz"]);
    for suite in ["all", "bench", "default", "gate", "smoke"] {
        assert!(table.contains(&format!("\n {suite} ")), "{table}");
    }
}

#[test]
fn json() {
    let output = call(&["list", "--format", "json"]);
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let workloads = list["workloads"].as_array().unwrap();
    assert_eq!(workloads.len(), workloads::list().unwrap().len());
    let named = |name: &str| workloads.iter().find(|it| it["name"] == name).unwrap();
    assert_eq!(named("babylon")["kind"], "npm");
    assert_eq!(
        named("cycle-tdz")["suites"],
        serde_json::json!(["all", "default", "smoke"])
    );
    assert!(
        named("cycle-tdz")["section"]
            .as_str()
            .unwrap()
            .contains("16.2.1.6.4")
    );
    assert_eq!(list["suites"][0]["name"], "all");
}

#[test]
fn what_is_not_there() {
    for (arguments, message) in [
        (
            &["list", "--suite", "smkoe"][..],
            "error: there is no suite `smkoe`; there are: all, bench, default, gate, smoke, steady\n",
        ),
        (
            &["list", "-w", "^nothing$"],
            "error: no workload matches ^nothing$; all of them: jsc-harness list\n",
        ),
        (
            &["verify", "--suite", "smoke", "-w", "^nothing$"],
            "error: no workload of suite smoke matches ^nothing$; all of them: jsc-harness list\n",
        ),
    ] {
        let output = call(arguments);
        assert_eq!(
            (output.status.code(), text(&output.stderr)),
            (Some(64), message.to_owned())
        );
    }
}
