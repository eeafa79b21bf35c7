//! What a night comes to, with results and gates that were made up.

use std::path::Path;

use jiff::SignedDuration;
use record::{RunInfo, RunRecord};
use serde_json::{Value, json};

use crate::support::{Nights, ended};
use test_programs::{Engine, engines, two_engines};

/// Verifies and measures nothing: the result is a file that was made before. Gates end with the codes in two files; those
/// between engines write down which engines these were.
const MADE_UP: &str = r#"
case "$1" in
    verify) exit $(cat "$here/verify");;
    measure) cp "$here/tonight.json" "$out"; exit 0;;
    gate)
        if [ "$3" = "$5" ]; then exit $(cat "$here/control"); fi
        echo "$*" > "$here/gated"
        mkdir -p "$out"
        if [ -e "$here/gate.json" ]; then cp "$here/gate.json" "$out/"; fi
        exit $(cat "$here/confirm");;
    engine) if [ -e "$here/engines.json" ]; then cat "$here/engines.json"; exit 0; fi; exec "$binary" "$@";;
    bisect)
        echo "$*" > "$here/bisected"
        echo "The first bad revision is abc a title. The last good one is def."
        exit $(cat "$here/bisect");;
    *) exec "$binary" "$@";;
esac"#;

/// The first night of the new level, of 26.
const CHANGED: i64 = 20;

/// Nights that gained so many times more with `full` before the engine was exchanged.
fn history(nights: &Nights, before: [&str; 2], engine: &Engine, gained: f64) {
    let history = record::History::at(nights.results().join("history"));
    for night in 0..26 {
        let changed = night >= CHANGED;
        let by = if changed { 1.0 } else { gained };
        let mut record = of(night, by * (1.0 + (night % 5) as f64 / 1e3));
        let identity = &mut record.engines[0];
        [identity.name, identity.fingerprint] = if changed {
            [&engine.name, &engine.fingerprint].map(Clone::clone)
        } else {
            before.map(str::to_owned)
        };
        match night {
            25 => record::write(&record, &nights.path("tonight.json"), false).unwrap(),
            _ => drop(history.add(&record).unwrap()),
        }
    }
}

/// A real result, so many days later, with `full` so many times as fast.
fn of(day: i64, faster: f64) -> RunRecord {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/measure/samples/v1.json");
    let mut record = record::read(&file).unwrap();
    record.run.started += SignedDuration::from_hours(24 * day);
    record.run.id = RunInfo::id_of(record.run.started, &record.engines, &record.machine);
    for load in record.blocks.iter_mut().flat_map(|it| &mut it.loads) {
        if let Some(measured) = &mut load.measured
            && load.path.name() == "full"
        {
            measured.times.load = (measured.times.load as f64 / faster) as u64;
        }
    }
    record
}

struct Case {
    /// Exit codes of `verify`, of the gate that is the control and of the one that confirms.
    codes: [i32; 3],
    /// How many times more `full` gained before.
    gained: f64,
    /// What the night ends with.
    night: i32,
    /// Steps that are not fine.
    wrong: &'static [(&'static str, &'static str)],
}

fn run(case: &Case, nights: &Nights) {
    let names = ["verify", "control", "confirm"];
    for (name, code) in names.iter().zip(case.codes) {
        std::fs::write(nights.path(name), code.to_string()).unwrap();
    }
    let output = nights.command().output().unwrap();
    ended(&output, &[case.night]);
    let steps = nights.steps();
    let wrong: Vec<(&str, &str)> = steps
        .iter()
        .map(|(step, code)| (&**step, &**code))
        .filter(|(_, code)| *code != "fine")
        .collect();
    assert_eq!(wrong, case.wrong);
    assert_eq!(steps.len(), 10);
}

#[test]
fn the_worst_step_decides_and_an_alarm_counts_once_it_is_confirmed() {
    let Some([new, old]) = two_engines!() else {
        return;
    };
    for case in [
        Case {
            codes: [0, 0, 9],
            gained: 1.0,
            night: 0,
            wrong: &[],
        },
        Case {
            codes: [0, 2, 9],
            gained: 0.8,
            night: 0,
            wrong: &[],
        },
        Case {
            codes: [0, 0, 0],
            gained: 1.2,
            night: 0,
            wrong: &[],
        },
        Case {
            codes: [0, 0, 1],
            gained: 1.2,
            night: 1,
            wrong: &[("confirm", "finding")],
        },
        Case {
            codes: [0, 0, 2],
            gained: 1.2,
            night: 2,
            wrong: &[("confirm", "inconclusive")],
        },
        Case {
            codes: [1, 0, 9],
            gained: 1.0,
            night: 1,
            wrong: &[("verify", "finding")],
        },
        Case {
            codes: [0, 1, 9],
            gained: 1.0,
            night: 4,
            wrong: &[("control", "could-not-run")],
        },
        Case {
            codes: [3, 1, 1],
            gained: 1.2,
            night: 3,
            wrong: &[
                ("verify", "invalid"),
                ("control", "could-not-run"),
                ("confirm", "finding"),
            ],
        },
    ] {
        let nights = Nights::calling(MADE_UP);
        history(&nights, [&old.name, &old.fingerprint], new, case.gained);
        run(&case, &nights);
        assert_eq!(nights.history().len(), 26);
        let gated = std::fs::read_to_string(nights.path("gated")).ok();
        assert_eq!(gated.is_some(), case.gained > 1.0, "{gated:?}");
        if let Some(gated) = gated {
            let engines = format!("gate --from {} --to {} ", old.name, new.name);
            assert!(gated.starts_with(&engines), "{gated}");
        }
    }
}

#[test]
fn what_cannot_be_confirmed_is_said() {
    let engine = &engines()[0];
    let case = Case {
        codes: [0, 0, 9],
        gained: 1.2,
        night: 2,
        wrong: &[("confirm", "inconclusive")],
    };
    let nights = Nights::calling(MADE_UP);
    history(&nights, ["jsc-1.0.0", "gone"], engine, case.gained);
    run(&case, &nights);
    let note = nights.note("confirm");
    assert!(
        note.starts_with("an alarm cannot be confirmed: the engine jsc-1.0.0 with fingerprint gone, which measured "),
        "{note}"
    );
    assert!(nights.note("scan").contains("the gain of full on "));

    let nights = Nights::calling(MADE_UP);
    history(
        &nights,
        [&engine.name, &engine.fingerprint],
        engine,
        case.gained,
    );
    run(&case, &nights);
    let note = nights.note("confirm");
    assert!(
        note.contains("was measured before the change and after it"),
        "{note}"
    );
}

#[test]
fn a_confirmed_alarm_between_revisions_of_one_repository_is_bisected() {
    let Some([new, old]) = two_engines!() else {
        return;
    };
    for (bisect, night, said) in [
        (0, 1, "The first bad revision is abc"),
        (4, 1, "The first bad"),
    ] {
        let nights = Nights::calling(MADE_UP);
        history(&nights, [&old.name, &old.fingerprint], new, 1.2);
        let list = test_programs::call(&["engine", "list", "--format", "json"]);
        let mut listed: Value = serde_json::from_slice(&list.stdout).unwrap();
        for (engine, revision) in [(old, "r1"), (new, "r2")] {
            let mut all = listed.as_array_mut().unwrap().iter_mut();
            let found = all.find(|it| it["name"] == *engine.name).unwrap();
            found["provenance"] = json!({
                "kind": "git", "location": "/webkit", "revision": revision, "cmake": ["-DENABLE_X=OFF"],
            });
        }
        let write = |name: &str, text: String| std::fs::write(nights.path(name), text).unwrap();
        write("engines.json", listed.to_string());
        let cell =
            json!({"workload": "empty", "quantity": "time", "path": "full", "decision": "regress"});
        let gate = json!({"judgement": {"verdict": "regress", "cells": [cell]}});
        write("gate.json", gate.to_string());
        write("bisect", bisect.to_string());
        let case = Case {
            codes: [0, 0, 1],
            gained: 1.2,
            night,
            wrong: match bisect {
                0 => &[("confirm", "finding")],
                _ => &[("confirm", "finding"), ("bisect", "inconclusive")],
            },
        };
        run(&case, &nights);
        let bisected = std::fs::read_to_string(nights.path("bisected")).unwrap();
        let expected = "bisect --git /webkit --good r1 --bad r2 --ask time --path full --cmake-arg=-DENABLE_X=OFF --workloads \
                        ^empty$ --out ";
        assert!(bisected.starts_with(expected), "{bisected}");
        let note = nights.note("bisect");
        assert!(
            note.contains(said) && note.ends_with("(see bisect-1)"),
            "{note}"
        );
    }
}
