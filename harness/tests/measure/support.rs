//! Starting `measure`, and programs that stand in a worker's place.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use record::RunRecord;
use tempfile::TempDir;

use test_programs::{binary, jsc_harness_for, text};

/// A run of `measure`, in a directory of its own.
pub struct Measure {
    directory: TempDir,
    command: Command,
}

/// What came of it.
#[derive(Debug)]
pub struct Measured {
    /// The exit code.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// The result, if one was kept.
    pub record: Option<RunRecord>,
}

/// `measure` with these arguments, its result kept. However disturbed the machine is, that voids no block, unless the test
/// has a limit of its own: what it expects does not depend on who else uses the machine.
pub fn measure(arguments: &[&str]) -> Measure {
    let directory = tempfile::tempdir().unwrap();
    // Dozens of processes; on a machine that does other things as well, that takes a while.
    let mut command = jsc_harness_for(600);
    command
        .arg("measure")
        .args(arguments)
        .args(["--steal-limit", "100"])
        .args(match arguments.contains(&"--stall-limit") {
            true => &[][..],
            false => &["--stall-limit", "100"],
        })
        .arg("--out")
        .arg(directory.path().join("out.json"));
    Measure { directory, command }
}

impl Measure {
    /// With a shell script in the workers' place. In it, `real "$@"` is the worker that was to be started, `$path` its load
    /// path, `$mode` what it may do with the cache, and `$count` how many workers of that path and mode there were before.
    pub fn worker(mut self, script: &str) -> Self {
        let program = self.directory.path().join("worker");
        let counts = self.directory.path().join("counts");
        fs::create_dir(&counts).unwrap();
        let text = format!(
            r#"#!/bin/sh
real() {{ '{binary}' "$@"; }}
task=; previous=
for argument in "$@"; do
    case $previous in --task) task=$argument;; esac
    previous=$argument
done
of_task() {{ printf '%s' "$task" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }}
path=$(of_task path); mode=$(of_task mode); mode=${{mode:-parse}}
counter='{counts}'/$path-$mode
count=$(cat "$counter" 2>/dev/null || echo 0)
echo $((count + 1)) > "$counter"
{script}
"#,
            binary = binary().display(),
            counts = counts.display(),
        );
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        self.command.arg("--worker-program").arg(program);
        self
    }

    /// With this variable.
    pub fn variable(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.command.env(name, value.as_ref());
        self
    }

    /// With this argument.
    pub fn argument(mut self, argument: &str) -> Self {
        self.command.arg(argument);
        self
    }

    /// Runs it.
    pub fn run(mut self) -> Measured {
        let output = self.command.output().unwrap();
        let out = self.directory.path().join("out.json");
        Measured {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            record: out.exists().then(|| record::read(&out).unwrap()),
        }
    }
}

impl Measured {
    /// The result, which must have been kept, of a run with this exit code.
    #[track_caller]
    pub fn with_code(&self, code: i32) -> &RunRecord {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        self.record.as_ref().expect("the result is kept")
    }

    /// The lines on standard error that say what went wrong. That blocks are void is for the machine to say.
    pub fn errors(&self) -> Vec<&str> {
        self.stderr
            .lines()
            .filter(|line| line.starts_with("error: "))
            .collect()
    }
}
