//! A program: files in a temporary directory, run on every engine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{Engine, engines, jsc_harness, text};

/// The entry, unless a test names another.
const ENTRY: &str = "main.mjs";

/// Files in a temporary directory.
pub struct Program {
    directory: TempDir,
    entry: String,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

/// Everything that a program shows of itself. What [`Program`] gives has `DIR` for the program's directory.
#[derive(Clone, PartialEq, Eq)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// A program of this one module.
pub fn program(source: &str) -> Program {
    let directory = tempfile::tempdir().unwrap();
    let program = Program {
        directory,
        entry: ENTRY.to_owned(),
        arguments: Vec::new(),
        environment: Vec::new(),
    };
    program.file(ENTRY, source)
}

impl Program {
    /// Adds a file.
    pub fn file(self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        let path = self.directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
        self
    }

    /// Does something to the program's directory.
    pub fn prepared(self, prepare: impl FnOnce(&Path)) -> Self {
        prepare(self.directory.path());
        self
    }

    /// Runs another file than `main.mjs`.
    pub fn entry(mut self, entry: &str) -> Self {
        self.entry = entry.to_owned();
        self
    }

    /// Gives `run` one more argument.
    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Sets an environment variable.
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The real path of a file of the program.
    pub fn path(&self, file: &str) -> PathBuf {
        self.directory.path().canonicalize().unwrap().join(file)
    }

    /// Runs it on one engine.
    pub fn run_on(&self, engine: &Engine) -> Ran {
        let output = jsc_harness()
            .args(["run", "--engine", &engine.name])
            .args(&self.arguments)
            .args(["--", &self.entry])
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.directory.path())
            .output()
            .unwrap();
        Ran {
            code: output.status.code(),
            stdout: self.redacted(&output.stdout),
            stderr: self.redacted(&output.stderr),
        }
    }

    /// Runs it on every engine; all must end so.
    #[track_caller]
    pub fn ends(&self, code: i32, stdout: &str, stderr: &str) {
        for engine in engines() {
            let ran = self.run_on(engine);
            let wanted = Ran {
                code: Some(code),
                stdout: stdout.to_owned(),
                stderr: stderr.to_owned(),
            };
            assert!(
                ran == wanted,
                "on {}\n--- wanted\n{wanted}\n--- ran\n{ran}",
                engine.version
            );
        }
    }

    /// On every engine it prints this and nothing else, and ends well.
    #[track_caller]
    pub fn prints(&self, stdout: &str) {
        self.ends(0, stdout, "");
    }

    /// On every engine it fails with this text, and prints nothing before.
    #[track_caller]
    pub fn fails(&self, stderr: &str) {
        self.ends(1, "", &format!("{stderr}\n"));
    }

    fn redacted(&self, output: &[u8]) -> String {
        let directory = self.path("");
        let directory = directory.to_str().unwrap().trim_end_matches('/');
        text(output).replace(directory, "DIR")
    }
}

impl Ran {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            code,
            stdout,
            stderr,
        } = self;
        write!(
            out,
            "exit code {code:?}\nstdout:\n{stdout}\nstderr:\n{stderr}"
        )
    }
}

/// Lines as they were printed, for a failed comparison.
impl std::fmt::Debug for Ran {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, out)
    }
}
