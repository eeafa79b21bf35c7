//! `verify --tier-ups`: code that comes from a cache tiers up as parsed code does.

use test_programs::{engines, jsc_harness_for, program, text};

/// A function that reaches the last tier, in a timer, behind the load; and one that throws what it has compiled away.
const HOT: &str = "
import { step } from './step.mjs';
setTimeout(() => {
  let sum = 0;
  for (let round = 0; round < 3000; round++) for (let at = 0; at < 300; at++) sum = step(sum, at);
  console.log(sum);
}, 0);
";

#[test]
fn the_same_functions_reach_the_same_tiers_by_every_path() {
    let program = program(HOT).file(
        "step.mjs",
        "export function step(sum, at) { return (sum * 31 + at) | 0; }\n",
    );
    let names: Vec<&str> = engines().iter().map(|it| &*it.name).collect();
    let output = jsc_harness_for(600)
        .current_dir(program.path(""))
        .args(["verify", "--tier-ups", "--format", "json", "main.mjs"])
        .args(["--engine", &names.join(",")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let cases = report["cases"].as_array().unwrap();
    assert_eq!(cases.len(), names.len());
    for case in cases {
        assert_eq!(case["findings"], serde_json::json!([]), "{case}");
        let compiled = &case["compiled"];
        assert!(compiled["parse"]["ftl"].as_u64() > Some(0), "{case}");
        for path in ["bytecode", "full", "graph"] {
            assert_eq!(compiled[path]["ftl"], compiled["parse"]["ftl"], "{case}");
        }
    }
}

/// Nothing compiled by any path would look like the same compiled by each.
#[test]
fn an_engine_that_says_nothing_proves_nothing() {
    let program = program(HOT).file("step.mjs", "export const step = (sum, at) => sum + at;\n");
    for setting in ["JSC_useJIT", "JSC_reportCompileTimes"] {
        let output = jsc_harness_for(120)
            .current_dir(program.path(""))
            .env(setting, "0")
            .args(["verify", "--tier-ups", "main.mjs"])
            .output()
            .unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(said.contains("says nothing of what it compiles"), "{said}");
    }
}

#[test]
fn nothing_else_goes_with_it() {
    let output = jsc_harness_for(60)
        .args(["verify", "--tier-ups", "--random", "3"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
}
