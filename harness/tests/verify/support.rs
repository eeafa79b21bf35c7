//! A worker's sample of a program, and what `verify` says of workloads.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use observation::Observation;
use sample::Sample;
use verify::Report;

use test_programs::{Engine, Program, jsc_harness, text};

/// The sample that a worker prints with these arguments.
#[track_caller]
pub fn sample(engine: &Engine, arguments: &[&str], entry: &Path) -> Sample {
    let output = jsc_harness()
        .args(["worker", "--engine", &engine.name])
        .args(arguments)
        .arg("--")
        .arg(entry)
        .output()
        .unwrap();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert_eq!(stderr, "", "a worker prints nothing but its line");
    let (line, rest) = stdout.split_once('\n').unwrap();
    assert_eq!(rest, "");
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// Everything that the program shows when it is parsed.
#[track_caller]
pub fn observe_file(engine: &Engine, entry: &Path) -> Observation {
    let sample = sample(engine, &["--path", "parse", "--observe", "full"], entry);
    sample.observation.unwrap().whole.unwrap()
}

/// Everything that the program shows when it is parsed.
#[track_caller]
pub fn observe(engine: &Engine, program: &Program) -> Observation {
    observe_file(engine, &program.path("main.mjs"))
}

/// How a run of `verify --format json` ended.
#[derive(Debug)]
pub struct Verified {
    pub code: Option<i32>,
    pub report: Report,
    pub stderr: String,
}

/// Runs `verify` with these arguments.
#[track_caller]
pub fn verify<T: AsRef<OsStr>>(arguments: &[T], workloads: Option<&Path>) -> Verified {
    let mut command = jsc_harness();
    command.args(["verify", "--format", "json", "--seed", "7"]);
    command.args(arguments);
    if let Some(workloads) = workloads {
        command.env("HARNESS_WORKLOADS", workloads);
    }
    let output = command.output().unwrap();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    Verified {
        code: output.status.code(),
        report: serde_json::from_str(&stdout)
            .unwrap_or_else(|error| panic!("{error}: {stdout}{stderr}")),
        stderr,
    }
}

/// A folder of definitions with these fixtures: name, description, files.
pub struct Definitions {
    directory: tempfile::TempDir,
}

impl Definitions {
    /// No workloads yet.
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        fs::create_dir_all(root.join("npm/entries")).unwrap();
        fs::create_dir_all(root.join("fixtures")).unwrap();
        fs::write(root.join("npm/entries.toml"), "entry = []").unwrap();
        fs::write(root.join("generated.toml"), "workload = []").unwrap();
        fs::write(
            root.join("jsc-harness.toml"),
            "packages = 'npm'\ngenerated = 'generated.toml'\nfixtures = 'fixtures'\n\
             [[suite]]\nname = 'default'\nwhy = 'All of them.'\nkinds = ['fixture']\n",
        )
        .unwrap();
        Self { directory }
    }

    /// With one more: what must be expected of it, and its entry.
    pub fn fixture(self, name: &str, expected: &str, entry: &str) -> Self {
        self.file(name, "entry.mjs", entry).file(
            name,
            "fixture.toml",
            &format!(
                "why = \"A test.\"\nsection = \"none\"\nentry = \"entry.mjs\"\n\n[expected]\n{expected}\n"
            ),
        )
    }

    /// With one more file of a fixture.
    pub fn file(self, name: &str, file: &str, contents: &str) -> Self {
        let directory = self.directory.path().join("fixtures").join(name);
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join(file), contents).unwrap();
        self
    }

    /// The folder.
    pub fn root(&self) -> PathBuf {
        self.directory.path().canonicalize().unwrap()
    }
}
