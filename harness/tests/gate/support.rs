//! Starting `gate`, with a script in the workers' place.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use test_programs::{binary, engines, jsc_harness_for, text};

/// More than any of these gates takes, however busy the machine is; one that hangs fails its test and not the suite.
const SECONDS: u64 = 900;

/// The binary, which is killed (exit code 124) if it hangs.
pub fn jsc_harness() -> Command {
    jsc_harness_for(SECONDS)
}

/// A gate, in a directory of its own.
pub struct Gate {
    pub directory: TempDir,
    command: Command,
    workloads: &'static str,
    timed: &'static str,
}

/// What came of it.
#[derive(Debug)]
pub struct Ran {
    /// Keeps the files.
    directory: TempDir,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// A gate from the oldest engine that this machine has to the newest, on the workload `empty` alone.
pub fn gate() -> Gate {
    let engines = engines();
    between(&engines[engines.len() - 1].name, &engines[0].name)
}

/// A gate between an engine and itself. What differs by chance is far from its margins.
pub fn against_itself() -> Gate {
    let name = &engines()[0].name;
    let gate = between(name, name);
    gate.arguments(&["--margin-low", "50", "--margin-high", "95"])
}

/// A gate between an engine and itself that counts instructions.
pub fn counted_against_itself() -> Gate {
    let name = &engines()[0].name;
    counted_between(name, name)
}

/// A gate that counts instructions.
pub fn counted_between(old: &str, new: &str) -> Gate {
    // Counting takes its time, the longer the more others use the machine.
    let options = [
        "--metric",
        "instructions",
        "--path",
        "parse,full",
        "--budget",
        "14",
    ];
    with_options(old, new, &options)
}

fn between(old: &str, new: &str) -> Gate {
    // What a test expects does not depend on who else uses the machine.
    with_options(old, new, &["--steal-limit", "100", "--stall-limit", "100"])
}

fn with_options(old: &str, new: &str, options: &[&str]) -> Gate {
    let directory = tempfile::tempdir().unwrap();
    let mut command = jsc_harness();
    command
        .args(["gate", "--from", old, "--to", new, "--seed", "1"])
        .args(options)
        .arg("--out")
        .arg(directory.path().join("out"));
    Gate {
        directory,
        command,
        workloads: "^empty$",
        timed: "bench",
    }
}

impl Gate {
    /// With these arguments.
    pub fn arguments(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    /// With loads of another suite timed.
    pub fn timed(mut self, suite: &'static str) -> Self {
        self.timed = suite;
        self
    }

    /// With other workloads.
    pub fn workloads(mut self, pattern: &'static str) -> Self {
        self.workloads = pattern;
        self
    }

    /// With a file of this text, after this flag.
    pub fn file(mut self, flag: &str, text: &str) -> Self {
        let path = self.directory.path().join("file");
        fs::write(&path, text).unwrap();
        self.command.arg(flag).arg(path);
        self
    }

    /// With a shell script in the workers' place. In it, `real "$@"` is the worker that was to be started, `$place` the
    /// engine's (0 the old one, 1 the old one again, 2 the new one), `$task` its task, which is the last argument, `$path`
    /// the load path, `$mode` what may be done with the cache, `$cache` its directory, `$timed` whether the load is one that
    /// is timed, and `$here` a directory.
    pub fn worker(mut self, script: &str) -> Self {
        let program = self.directory.path().join("worker");
        let text = format!(
            r#"#!/bin/sh
real() {{ '{binary}' "$@"; }}
here='{here}'
place=${{LD_LIBRARY_PATH%%:*}}; place=${{place##*/}}
task=; previous=
for argument in "$@"; do
    case $previous in --task) task=$argument;; esac
    previous=$argument
done
of_task() {{ printf '%s' "$task" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }}
path=$(of_task path); mode=$(of_task mode); mode=${{mode:-parse}}
cache=$(of_task directory)
timed=${{HARNESS_PAD:+yes}}
{script}
"#,
            binary = binary().display(),
            here = self.directory.path().display(),
        );
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        self.command.arg("--worker-program").arg(program);
        self
    }

    /// Runs it.
    pub fn run(mut self) -> Ran {
        self.command
            .args(["-w", self.workloads, "--timed", self.timed]);
        let output = self.command.output().unwrap();
        Ran {
            directory: self.directory,
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

impl Ran {
    /// A file that it left behind.
    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join("out").join(name)
    }

    /// The text of such a file.
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap()
    }

    /// It ended with this exit code and printed this, somewhere.
    #[track_caller]
    pub fn ends(&self, code: i32, part: &str) {
        let Self { stdout, stderr, .. } = self;
        assert_eq!(self.code, Some(code), "{stdout}\n{stderr}");
        assert!(
            stdout.contains(part) || stderr.contains(part),
            "{part}\n---\n{stdout}\n{stderr}"
        );
    }
}

/// Judges a document again.
pub fn replay(file: &std::path::Path, format: &str) -> (Option<i32>, String, String) {
    let mut command = jsc_harness();
    command
        .args(["gate", "--format", format, "--replay"])
        .arg(file);
    let output = command.output().unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}
