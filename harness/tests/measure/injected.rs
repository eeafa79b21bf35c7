//! Workers that go wrong, each in its own way: recorded as such, the run goes on, the exit code says so.

use std::collections::BTreeSet;

use record::{RunRecord, SampleError, Void};
use sample::LoadPath;
use sample::WorkerFailure;

use crate::support::{Measured, measure};
use test_programs::default_engine;

/// Two workloads with six blocks each, the workers being replaced by this script.
fn run(script: &str) -> Measured {
    measure(SIX_BLOCKS).worker(script).run()
}

/// The same where a page that is read from a disk voids a block.
fn run_without_page_faults(script: &str) -> Measured {
    let arguments = [SIX_BLOCKS, &["--stall-limit", "99.9"]].concat();
    measure(&arguments).worker(script).run()
}

const SIX_BLOCKS: &[&str] = &[
    "-w",
    "^(empty|cycle-tdz)$",
    "--blocks",
    "6",
    "--time-limit",
    "20",
];

/// The loads with which something is wrong.
fn errors(record: &RunRecord) -> Vec<(LoadPath, &SampleError)> {
    record
        .loads()
        .filter_map(|(_, load)| Some((load.path, load.error.as_ref()?)))
        .collect()
}

/// Everything but the one bad load was measured.
#[track_caller]
fn went_on(record: &RunRecord) {
    assert_eq!(record.unmeasured, []);
    for workload in 0..2 {
        assert_eq!(rounds(record, workload), 6);
    }
    let good = record
        .loads()
        .filter(|(_, load)| load.error.is_none())
        .count();
    assert_eq!(good + 1, record.loads().count());
}

/// In how many rounds a workload had a block. Whether all were of use is for the machine that the tests run on.
fn rounds(record: &RunRecord, workload: usize) -> usize {
    let blocks = record.blocks.iter();
    let rounds: BTreeSet<u32> = blocks
        .filter(|block| block.workload == workload)
        .map(|block| block.round)
        .collect();
    rounds.len()
}

/// The tenth load by `full` from a cache that is there: four of them verify the two workloads.
const TENTH: &str = r#"[ "$path-$mode-$count" = full-read-only-9 ]"#;

#[test]
fn a_stand_in_that_does_nothing_special_is_no_finding() {
    let measured = run("real \"$@\"");
    assert_eq!(errors(measured.with_code(0)), []);
    assert!(measured.errors().is_empty(), "{}", measured.stderr);
}

#[test]
fn one_that_crashes() {
    let measured = run(&format!(
        "if {TENTH}; then echo last words >&2; kill -SEGV $$; fi; real \"$@\""
    ));
    let record = measured.with_code(3);
    went_on(record);
    assert_eq!(
        errors(record),
        [(
            LoadPath::Full,
            &SampleError::Worker {
                failure: WorkerFailure::Crashed {
                    signal: 11,
                    stderr: "last words\n".to_owned()
                }
            }
        )]
    );
    let said = measured.errors();
    assert_eq!(said.len(), 1);
    assert!(
        said[0].ends_with("1 loads went wrong; the first: the worker crashed: killed by SIGSEGV; standard error: last words"),
        "{said:?}"
    );
    assert!(measured.stdout.contains("(1 error)"), "{}", measured.stdout);
}

/// What counts is the whole program: a load that was served, with a parse after it, is not one from the cache.
#[test]
fn one_that_parses_after_the_load() {
    let measured = run(&format!(
        r#"if {TENTH}; then real "$@" | sed 's/"parses":{{"analyze":0/"parses":{{"analyze":1/'; exit 0; fi; real "$@""#
    ));
    let record = measured.with_code(3);
    went_on(record);
    let what = "1 module was analyzed instead of 0".to_owned();
    assert_eq!(
        errors(record),
        [(LoadPath::Full, &SampleError::Cache { what })]
    );
}

#[test]
fn one_that_hangs() {
    let measured = measure(&["-w", "^(empty|cycle-tdz)$", "--blocks", "6"])
        .argument("--time-limit")
        .argument("20")
        .worker(&format!("if {TENTH}; then exec sleep 600; fi; real \"$@\""))
        .run();
    let record = measured.with_code(3);
    went_on(record);
    assert_eq!(
        errors(record),
        [(
            LoadPath::Full,
            &SampleError::Worker {
                failure: WorkerFailure::TimedOut {
                    limit_ms: 20000,
                    stderr: String::new()
                }
            }
        )]
    );
}

#[test]
fn one_that_prints_garbage() {
    let measured = run(&format!(
        "if {TENTH}; then real \"$@\" | head -c 100; exit 0; fi; real \"$@\""
    ));
    let record = measured.with_code(3);
    went_on(record);
    let errors = errors(record);
    assert!(
        matches!(
            errors[..],
            [(
                LoadPath::Full,
                SampleError::Worker {
                    failure: WorkerFailure::Garbage { .. }
                }
            )]
        ),
        "{errors:?}"
    );
}

#[test]
fn one_that_cannot_work() {
    let measured = run(&format!(
        "if {TENTH}; then echo error: no engine >&2; exit 4; fi; real \"$@\""
    ));
    let record = measured.with_code(3);
    went_on(record);
    assert_eq!(
        errors(record)[0].1.to_string(),
        "the worker ended with exit code 4; standard error: error: no engine"
    );
}

#[test]
fn one_that_shows_something_else() {
    let measured = run(&format!(
        "if {TENTH}; then real \"$@\" | sed 's/\"digest\":\"[0-9a-f]*\"/\"digest\":\"00\"/'; exit; fi; real \"$@\""
    ));
    let record = measured.with_code(3);
    went_on(record);
    let errors = errors(record);
    let [(LoadPath::Full, SampleError::Observation { expected, found })] = &errors[..] else {
        panic!("{errors:?}")
    };
    assert!(expected.len() >= 16, "{expected}");
    assert_eq!(found, "00");
    // The sample is kept, but is part of nothing.
    let bad = record
        .loads()
        .find(|(_, load)| load.error.is_some())
        .unwrap()
        .1;
    assert!(bad.measured.is_some());
}

#[test]
fn one_that_observes_nothing() {
    let measured = run("real \"$@\" | sed 's/,\"observation\":.*}$/}/'");
    let record = measured.with_code(3);
    assert_eq!(record.blocks, []);
    assert_eq!(record.unmeasured.len(), 8);
    assert_eq!(
        record.unmeasured[0].why.to_string(),
        "observation none differs from the parse path's any"
    );
}

#[test]
fn one_that_does_not_use_its_cache() {
    // An engine that rejects a cache parses instead, without a word; so does a worker whose cache has gone.
    let measured = run(&format!(
        r#"if {TENTH}; then
    cache=$(of_task directory)
    mkdir -m 700 "$cache.gone"
    task=$(printf '%s' "$task" | sed "s|\"directory\":\"$cache\"|\"directory\":\"$cache.gone\"|")
    set -- "$1" "$2" "$3" "$4" "$task"
fi
real "$@""#
    ));
    let record = measured.with_code(3);
    went_on(record);
    let errors = errors(record);
    let [(LoadPath::Full, SampleError::Cache { what })] = &errors[..] else {
        panic!("{errors:?}")
    };
    assert!(
        what.contains("modules missed; the first: file://"),
        "{what}"
    );
    assert!(what.ends_with("(absent)"), "{what}");
}

#[test]
fn one_that_answers_for_another_path() {
    let measured = run(&format!(
        "if {TENTH}; then real \"$@\" | sed 's/\"path\":\"full\"/\"path\":\"bytecode\"/'; exit; fi; real \"$@\""
    ));
    let record = measured.with_code(3);
    went_on(record);
    let errors = errors(record);
    let [(LoadPath::Full, SampleError::WrongAnswer { expected, found })] = &errors[..] else {
        panic!("{errors:?}")
    };
    assert!(expected.starts_with("full on "), "{expected}");
    assert!(found.starts_with("bytecode on "), "{found}");
}

#[test]
fn one_that_always_fails_is_not_measured_and_the_rest_is() {
    let measured = run("[ \"$path-$mode\" = bytecode-read-only ] && exit 9; real \"$@\"");
    let record = measured.with_code(3);
    let paths: Vec<LoadPath> = record.unmeasured.iter().map(|it| it.path).collect();
    assert_eq!(paths, [LoadPath::Bytecode, LoadPath::Bytecode]);
    assert!(
        record
            .loads()
            .all(|(_, load)| load.path != LoadPath::Bytecode && load.error.is_none())
    );
    assert_eq!(rounds(record, 0), 6);
    assert!(
        measured.stderr.contains(&format!(
            "error: empty by bytecode on {}",
            default_engine().name
        )),
        "{}",
        measured.stderr
    );
}

#[test]
fn without_the_parse_path_nothing_is_known_to_compare_with() {
    let measured = run("[ $path = parse ] && exit 9; real \"$@\"");
    let record = measured.with_code(3);
    assert_eq!(record.unmeasured.len(), 8);
    assert_eq!(record.blocks, []);
}

#[test]
fn one_that_keeps_failing_is_given_up() {
    let measured =
        run("[ \"$path-$mode\" = full-read-only ] && [ $count -ge 4 ] && exit 9; real \"$@\"");
    let record = measured.with_code(3);
    assert_eq!(errors(record).len(), 6, "three of each workload");
    assert_eq!(rounds(record, 0), 6, "the other paths go on");
    let notes = measured
        .stderr
        .lines()
        .filter(|line| line.contains("after 3 consecutive failures (last: it"))
        .count();
    assert_eq!(notes, 2, "{}", measured.stderr);
}

#[test]
fn blocks_with_page_faults_are_void_and_done_again() {
    // The cache and the sources are read once more after the 8th load: one block of each workload may see it.
    let measured = run_without_page_faults(
        "if [ \"$path-$mode-$count\" = full-read-only-9 ]; then faults=7; else faults=0; fi; \
         real \"$@\" | sed \"s/\\\"major_faults\\\":[0-9]*/\\\"major_faults\\\":$faults/\"",
    );
    let record = measured.with_code(0);
    let voids: Vec<&Void> = record
        .blocks
        .iter()
        .filter_map(|block| block.void.as_ref())
        .collect();
    assert!(
        voids.contains(&&Void::MajorFaults { count: 7 }),
        "{voids:?}"
    );
    for workload in 0..2 {
        assert_eq!(record.valid_blocks(workload).count(), 6, "done again");
    }
    assert!(measured.stderr.contains("blocks are void; the first: "));
}

#[test]
fn a_machine_that_never_is_quiet_gives_no_result() {
    let measured = run_without_page_faults(
        "real \"$@\" | sed 's/\"major_faults\":[0-9]*/\"major_faults\":7/'",
    );
    let record = measured.with_code(2);
    assert!(record.blocks.iter().all(|block| block.void.is_some()));
    // Each round is tried three times.
    assert_eq!(record.blocks.len(), 2 * 6 * 3);
    assert!(
        measured
            .stderr
            .contains("warning: empty has 0 valid blocks of 6"),
        "{}",
        measured.stderr
    );
}
