//! Runs the program of a finding by `parse`.

use std::fs;
use std::process::{Command, Stdio};

use crate::document::Finding;
use test_programs::{Engine, text};

/// Far more than any program takes that ends.
const SECONDS: u32 = 60;
/// What `timeout` exits with when it had to kill.
const KILLED: i32 = 124;

/// How a program ended, if it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    /// Nothing: it had to be killed.
    pub code: Option<i32>,
}

/// Runs it on one engine. What is known to go on for ever is killed after the time that the document says.
pub fn on(engine: &Engine, finding: &Finding) -> Ran {
    let directory = tempfile::tempdir().unwrap();
    for (name, contents) in &finding.files {
        fs::write(directory.path().join(name), contents).unwrap();
    }
    let seconds = finding
        .seen_on(&engine.version)
        .and_then(|seen| seen.running_after)
        .unwrap_or(SECONDS);
    let output = Command::new("timeout")
        .args([&seconds.to_string(), env!("CARGO_BIN_EXE_jsc-harness")])
        .args(["run", "--engine", &engine.name])
        .args(["--path", "parse", "main.mjs"])
        .current_dir(directory.path())
        .stdin(Stdio::null())
        .env_remove("LD_LIBRARY_PATH")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    Ran {
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
        code: output.status.code().filter(|code| *code != KILLED),
    }
}
