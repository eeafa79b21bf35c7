//! Starting nights, with a script in the place of `jsc-harness`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use test_programs::{binary, text};

/// A folder of results, and what a night calls instead of `jsc-harness`.
pub struct Nights {
    folder: TempDir,
}

impl Nights {
    /// Nights that call this shell script. In it, `real "$@"` is `jsc-harness`, `$here` a folder, `$out` the file or folder
    /// after `--out`, and `$count` how many calls of that command there were before.
    pub fn calling(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            r#"#!/bin/sh
binary='{binary}'
real() {{ "$binary" "$@"; }}
here='{here}'
out=; previous=
for argument in "$@"; do
    case $previous in --out) out=$argument;; esac
    previous=$argument
done
count=$(grep -c "^$1 " "$here/calls" 2>/dev/null)
echo "$*" >> "$here/calls"
{script}
"#,
            binary = binary().display(),
            here = folder.path().display(),
        );
        let program = folder.path().join("program");
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    /// A night of the workload `empty`, as short as it can be.
    pub fn command(&self) -> Command {
        let mut command = self.command_of(&["-w", "^empty$"]);
        command.args(["--control", "0.05"]);
        command
    }

    /// A night of what these arguments mean, without random graphs.
    pub fn command_of(&self, what: &[&str]) -> Command {
        let mut command = Command::new(xtask());
        command
            .arg("nightly")
            .arg("--program")
            .arg(self.path("program"))
            .args(what)
            .args(["--blocks", "24"])
            .args(["--random", "0"])
            .env("HARNESS_RESULTS", self.results())
            .env_remove("LD_LIBRARY_PATH")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn results(&self) -> PathBuf {
        self.path("results")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn state(&self) -> Value {
        let text = fs::read_to_string(self.results().join("nightly/state.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Steps that have ended, and how.
    pub fn steps(&self) -> Vec<(String, String)> {
        let state = self.state();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let done = state["done"].as_array().unwrap().iter();
        done.map(|it| (word(&it["step"]), word(&it["code"])))
            .collect()
    }

    /// What is said of a step.
    pub fn note(&self, step: &str) -> String {
        let state = self.state();
        let mut done = state["done"].as_array().unwrap().iter();
        let found = done.find(|it| it["step"] == step).unwrap();
        found["note"].as_str().unwrap().to_owned()
    }

    /// How often a command was called.
    pub fn calls(&self, command: &str) -> usize {
        let calls = fs::read_to_string(self.path("calls")).unwrap_or_default();
        let command = format!("{command} ");
        calls.lines().filter(|it| it.starts_with(&command)).count()
    }

    /// The result files in the history.
    pub fn history(&self) -> Vec<PathBuf> {
        let history = record::History::at(self.results().join("history"));
        history.files().unwrap()
    }
}

/// Ends with one of these codes, or the test fails with everything that was printed.
#[track_caller]
pub fn ended(output: &Output, codes: &[i32]) -> (i32, String) {
    let stderr = text(&output.stderr);
    let code = output.status.code().unwrap_or(-1);
    assert!(
        codes.contains(&code),
        "exit code {code}\n{stderr}\n{}",
        text(&output.stdout)
    );
    (code, stderr)
}

/// Waits until something is so.
#[track_caller]
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(120), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// `xtask`, which is built with this program or before it.
fn xtask() -> &'static Path {
    static XTASK: OnceLock<PathBuf> = OnceLock::new();
    XTASK.get_or_init(|| {
        let binary = binary();
        let folder = binary.parent().unwrap();
        let mut build = Command::new(env!("CARGO"));
        build
            .args(["build", "--quiet", "--package", "xtask"])
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success());
        folder.join("xtask")
    })
}
