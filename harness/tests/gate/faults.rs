//! Faults of a new engine, and of the machine: each is found, and is called what it is.

use crate::support::{against_itself, gate};
use test_programs::two_engines;

/// Gives the worker another directory for its cache, which is empty: it parses without a word, as an engine does that
/// rejects what it finds.
const WITHOUT_CACHE: &str = r#"
    mkdir -p -m 700 "$cache.gone"
    task=$(printf '%s' "$task" | sed "s|\"directory\":\"$cache\"|\"directory\":\"$cache.gone\"|")
    set -- "$1" "$2" "$3" "$4" "$task"
"#;

#[test]
fn a_cache_that_is_silently_rejected_in_one_timed_load_is_invalid() {
    let script = format!(
        "if [ \"$place-$path-$timed\" = 2-full-yes ] && mkdir \"$here/once\" 2>/dev/null; then {WITHOUT_CACHE} fi; real \"$@\""
    );
    let ran = gate().worker(&script).run();
    ran.ends(
        3,
        "- empty: a load by full on the new engine is not what it was to be: the cache was not used: 1 of 1 modules missed",
    );
    assert!(
        ran.stdout.contains("Nothing may be concluded from times"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_cache_that_is_always_rejected_is_invalid_before_anything_is_timed() {
    let script = format!(
        "if [ \"$place-$path-$mode\" = 2-bytecode-read-only ]; then {WITHOUT_CACHE} fi; real \"$@\""
    );
    let ran = gate().worker(&script).run();
    ran.ends(
        3,
        "- empty: a load by bytecode on the new engine is not what it was to be: the cache was not used",
    );
    let document: serde_json::Value = serde_json::from_str(&ran.text("gate.json")).unwrap();
    assert_eq!(document["judgement"]["end"], serde_json::Value::Null);
}

#[test]
fn a_star_export_that_the_new_engine_forgets_is_invalid() {
    let ran = gate()
        .arguments(&["--mutant", "drop-star", "--suite", "smoke"])
        .timed("smoke")
        .workloads("^stars-conflicts$")
        .run();
    ran.ends(
        3,
        "- stars-conflicts: the new engine's path full shows something else than parsing: ",
    );
    let document: serde_json::Value = serde_json::from_str(&ran.text("gate.json")).unwrap();
    assert_eq!(document["judgement"]["end"], serde_json::Value::Null);
}

#[test]
fn a_foreign_cache_that_is_used_is_invalid() {
    if two_engines!().is_none() {
        return;
    }
    // What the new engine says of the old one's cache is turned into hits.
    let ran = gate()
        .worker(
            r#"case $place-$cache in
    2-*/cache/00/*) real "$@" | sed 's/"hits":0,"misses":\[[^]]*\]/"hits":1,"misses":[]/';;
    *) real "$@";;
esac"#,
        )
        .run();
    ran.ends(
        3,
        "empty: the new engine used 1 of 1 entries that the old one had written",
    );
}

#[test]
fn a_foreign_pack_that_is_used_is_invalid() {
    if two_engines!().is_none() {
        return;
    }
    let ran = gate()
        .arguments(&["--path", "parse,graph"])
        .worker(
            r#"case $place-$path-$cache in
    2-graph-*/cache/00/*) real "$@" | sed 's/"hits":0,"misses":\[[^]]*\]/"hits":1,"misses":[]/';;
    *) real "$@";;
esac"#,
        )
        .run();
    ran.ends(
        3,
        "empty: the new engine used the pack that the old one had written",
    );
    let document: serde_json::Value = serde_json::from_str(&ran.text("gate.json")).unwrap();
    let foreign = &document["gate"]["exact"]["foreign_caches"][0];
    assert_eq!(
        (&foreign["hits"], &foreign["rejected"]),
        (&0.into(), &1.into())
    );
}

#[test]
fn a_foreign_cache_that_is_rejected_for_another_reason_is_invalid() {
    if two_engines!().is_none() {
        return;
    }
    let ran = gate()
        .worker(
            r#"case $place-$cache in
    2-*/cache/00/*) real "$@" | sed 's/"reason":"engine"/"reason":"checksum"/';;
    *) real "$@";;
esac"#,
        )
        .run();
    ran.ends(
        3,
        "empty: the new engine rejected 0 of 1 entries of the old one because of the engine, others because of checksum",
    );
}

/// The new engine loads another program.
const OTHER_PROGRAM: &str = r#"
echo 'console.log("something else")' > "$here/other.mjs"
foreign=${cache##*/cache/00/*}
if [ "$place" = 2 ] && [ "$foreign" = "$cache" ]; then
    entry=$(of_task entry)
    task=$(printf '%s' "$task" | sed "s|\"entry\":\"$entry\"|\"entry\":\"$here/other.mjs\"|")
    set -- "$1" "$2" "$3" "$4" "$task"
fi
real "$@""#;

#[test]
fn a_change_of_behaviour_is_invalid_and_can_be_allowed() {
    let changed = || gate().worker(OTHER_PROGRAM);
    let ran = changed().arguments(&["--budget", "0.2"]).run();
    ran.ends(3, "- empty: the new engine behaves differently: ");
    assert!(ran.stdout.contains("something else"), "{}", ran.stdout);
    assert!(ran.stdout.contains("(not allowed)"), "{}", ran.stdout);
    let allowed = changed()
        .arguments(&["--budget", "0.001"])
        .file(
            "--allow",
            "[[allow]]\nworkload = \"empty\"\ncontains = \"something else\"\nwhy = \"a test\"\n",
        )
        .run();
    allowed.ends(2, "(allowed: a test)");
}

#[test]
fn a_timed_load_that_shows_something_else_is_invalid() {
    let script = OTHER_PROGRAM.replace("\"$place\" = 2", "\"$place-$path-$timed\" = 2-parse-yes");
    let ran = gate().worker(&script).run();
    ran.ends(
        3,
        "- empty: a load by parse on the new engine is not what it was to be: observation ",
    );
}

#[test]
fn a_machine_that_tells_the_sides_apart_cannot_measure() {
    let ran = against_itself()
        .worker(
            r#"if [ "$place-$timed" = 1-yes ]; then
    set -- "$1" "$2" "$3" "$4" "${task%\}},\"spin_ns\":90000000}"
fi
real "$@""#,
        )
        .run();
    ran.ends(4, "error: the old engine differs from itself by +");
    assert!(ran.stderr.contains("% (empty)"), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
    // The samples are kept, and there is no verdict.
    assert!(ran.file("pilot.json").exists() && !ran.file("gate.json").exists());
}
