//! Runs the program of a finding on the parse path.

use std::fs;
use std::os::unix::process::ExitStatusExt;

use crate::document::{End, Finding};
use test_programs::{Engine, Ran, jsc_harness_for, text};

/// Far more than any program takes that ends.
const SECONDS: u64 = 60;
/// What `timeout` exits with when it had to kill.
const KILLED: i32 = 124;

/// Runs it on one engine; without an exit code it had to be killed. What is known to go on forever is killed after the time
/// that the document says.
pub fn on(engine: &Engine, finding: &Finding) -> Ran {
    let directory = tempfile::tempdir().unwrap();
    for (name, contents) in &finding.files {
        fs::write(directory.path().join(name), contents).unwrap();
    }
    let seconds = finding
        .seen_on(&engine.version)
        .map_or(SECONDS, |seen| match seen.end {
            End::RunningAfter(seconds) => seconds,
            End::Well | End::Crash => SECONDS,
        });
    let output = jsc_harness_for(seconds)
        .args(["run", "--engine", &engine.name])
        .args(["--path", "parse", "main.mjs"])
        .current_dir(directory.path())
        .output()
        .unwrap();
    // `timeout` ends by the signal that the program has ended by, and says on standard error that it has.
    let signal = output.status.signal();
    Ran {
        stdout: text(&output.stdout),
        stderr: match signal {
            Some(_) => String::new(),
            None => text(&output.stderr),
        },
        code: match signal {
            Some(signal) => Some(128 + signal),
            None => output.status.code().filter(|code| *code != KILLED),
        },
    }
}
