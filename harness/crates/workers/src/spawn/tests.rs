//! Stand-ins for workers that behave in every bad way.

use std::process::Command;
use std::time::{Duration, Instant};

use super::*;

/// What becomes of a shell script in a worker's place.
fn script(text: &str) -> Result<Finished<u32>, WorkerFailure> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", text]);
    run(command, Duration::from_secs(60), STDERR_TAIL)
}

#[track_caller]
fn fails(text: &str, message: &str) {
    let failure = script(text).unwrap_err();
    assert_eq!(failure.to_string(), message);
    // A failure is data.
    let json = serde_json::to_string(&failure).unwrap();
    assert_eq!(
        serde_json::from_str::<WorkerFailure>(&json).unwrap(),
        failure
    );
}

#[test]
fn a_line_is_read_and_standard_error_kept() {
    let finished = script("echo careful >&2; echo 7").unwrap();
    assert_eq!((finished.line, &*finished.stderr), (7, "careful\n"));
    assert!(finished.process.wall_ns > 0);
}

#[test]
fn a_crash_names_the_signal() {
    fails(
        "echo oh >&2; kill -SEGV $$",
        "crashed: killed by SIGSEGV; standard error: oh",
    );
}

#[test]
fn an_exit_code_and_its_reason() {
    fails(
        "echo error: no engine >&2; exit 4",
        "ended with exit code 4; standard error: error: no engine",
    );
}

#[test]
fn garbage_is_quoted() {
    fails(
        "echo hello",
        r#"printed garbage: expected value at line 1 column 1: "hello""#,
    );
    fails(":", "printed garbage: no whole line: nothing was printed");
    fails("printf 7", r#"printed garbage: no whole line: "7""#);
    fails(
        "echo 7; echo 8",
        r#"printed garbage: trailing characters at line 2 column 1: "7\n8""#,
    );
}

#[test]
fn one_that_hangs_is_killed() {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "echo stuck >&2; exec sleep 1000"]);
    let started = Instant::now();
    let failure = run::<u32>(command, Duration::from_millis(500), STDERR_TAIL).unwrap_err();
    assert_eq!(
        failure.to_string(),
        "did not end within 0.5 s; standard error: stuck"
    );
    assert!(started.elapsed() < Duration::from_secs(500));
}

#[test]
fn what_it_has_started_is_killed_with_it_and_not_waited_for() {
    let late = "did not end within 0.5 s";
    let held = "ended, but a process that it had started held its output open for more than 0.5 s";
    for (script, said) in [
        ("sleep 1001 & wait", late),
        ("(sleep 1001 & wait) & wait", late),
        ("sleep 1001 & exit 0", held),
    ] {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        let started = Instant::now();
        let failure = run::<u32>(command, Duration::from_millis(500), STDERR_TAIL).unwrap_err();
        assert_eq!(failure.to_string(), said, "{script}");
        assert!(started.elapsed() < Duration::from_secs(15), "{script}");
    }
    let is_there = || {
        std::fs::read_dir("/proc").unwrap().any(|process| {
            let arguments = std::fs::read(process.unwrap().path().join("cmdline"));
            arguments.is_ok_and(|it| it == b"sleep\x001001\0")
        })
    };
    // A busy kernel takes its time to end what was killed.
    let killed = Instant::now();
    while is_there() {
        let waited = killed.elapsed();
        assert!(
            waited < Duration::from_secs(30),
            "a `sleep 1001` is still there"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_program_that_is_not_there() {
    let failure = run::<u32>(
        Command::new("/nowhere/worker"),
        Duration::from_secs(1),
        STDERR_TAIL,
    )
    .unwrap_err();
    assert_eq!(
        failure.to_string(),
        "could not be started: No such file or directory (os error 2)"
    );
}

#[test]
fn a_flood_on_both_streams_does_not_block() {
    let flood = "i=0; while [ $i -lt 3000 ]; do printf '%0100d' 0 >&2; printf '%0100d' 0; i=$((i+1)); done; echo; echo end >&2";
    let failure = script(flood).unwrap_err();
    let WorkerFailure::Garbage { stderr, .. } = failure else {
        unreachable!("{failure}")
    };
    assert_eq!(stderr.len(), STDERR_TAIL);
    assert!(stderr.ends_with("end\n"));
}
