//! A small checkout, laid out as Test262 is, and what `test262` says of it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use test_programs::{engines, jsc_harness_for, text};

/// Far more than any of these runs takes; one that hangs fails its test instead of the whole suite.
const SECONDS: u64 = 120;

const STA: &str = "\
function Test262Error(message) { this.message = message; }
Test262Error.prototype.toString = function () { return 'Test262Error: ' + this.message; };
function $DONOTEVALUATE() { throw 'this was not to run'; }
";

const ASSERT: &str = "\
function assert(value, message) { if (value !== true) throw new Test262Error(message); }
assert.same = function (a, b) { assert(Object.is(a, b), String(a) + ' is not ' + String(b)); };
";

const DONE: &str = "\
function $DONE(error) {
    print(error ? 'Test262:AsyncTestFailure:' + error : 'Test262:AsyncTestComplete');
}
";

/// A directory that looks like a checkout.
pub struct Checkout {
    directory: TempDir,
}

/// A checkout without tests.
pub fn checkout() -> Checkout {
    let checkout = Checkout {
        directory: tempfile::tempdir().unwrap(),
    };
    checkout
        .file("harness/assert.js", ASSERT)
        .file("harness/sta.js", STA)
        .file("harness/doneprintHandle.js", DONE)
        .file("test/language/README.md", "")
}

impl Checkout {
    /// Adds a file.
    pub fn file(self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        let path = self.directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
        self
    }

    /// Adds a test below `test/`: its metadata and its code.
    pub fn test(self, name: &str, metadata: &str, code: &str) -> Self {
        let source = format!("/*---\ndescription: a test\n{metadata}\n---*/\n{code}\n");
        self.file(&format!("test/{name}"), source)
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Runs `test262` with these arguments after the directory.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The command that [`Checkout::run`] runs.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = jsc_harness();
        command.arg("test262").arg(self.path()).args(arguments);
        command
    }

    /// Runs on every engine; each must end with this exit code. The reports.
    #[track_caller]
    pub fn reports(&self, code: i32, arguments: &[&str]) -> Vec<Report> {
        engines()
            .iter()
            .map(|engine| {
                let mut all = vec!["--format", "json", "--engine", &*engine.name];
                all.extend(arguments);
                report(code, &self.run(&all))
            })
            .collect()
    }
}

/// The report on standard output of a run that ended with this exit code.
#[track_caller]
pub fn report(code: i32, output: &Output) -> Report {
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    Report(serde_json::from_slice(&output.stdout).expect("standard output holds nothing but JSON"))
}

/// What `--format json` printed.
#[derive(Debug)]
pub struct Report(pub Value);

impl Report {
    /// `status: reason` of a test in a mode, which must be the same on every path.
    #[track_caller]
    pub fn result(&self, test: &str, mode: &str) -> String {
        let tests = self.0["tests"].as_array().unwrap();
        let found = tests
            .iter()
            .find(|it| it["test"] == test && it["mode"] == mode)
            .unwrap_or_else(|| panic!("no {test} ({mode})"));
        let mut results: Vec<String> = found["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| match it["reason"].as_str() {
                Some(reason) => format!("{}: {reason}", it["status"].as_str().unwrap()),
                None => it["status"].as_str().unwrap().to_owned(),
            })
            .collect();
        results.dedup();
        assert_eq!(results.len(), 1, "{test} differs: {results:?}");
        results.remove(0)
    }

    /// The names and modes of all tests that were run.
    pub fn tests(&self) -> Vec<String> {
        let tests = self.0["tests"].as_array().unwrap().iter();
        tests
            .map(|it| {
                format!(
                    "{} {}",
                    it["test"].as_str().unwrap(),
                    it["mode"].as_str().unwrap()
                )
            })
            .collect()
    }

    /// A number of a column.
    #[track_caller]
    pub fn column(&self, name: &str, field: &str) -> u64 {
        let columns = self.0["columns"].as_array().unwrap();
        let column = columns.iter().find(|it| it["name"] == name).unwrap();
        column[field].as_u64().unwrap()
    }
}

/// The binary, which is killed (exit code 124) if it hangs.
pub fn jsc_harness() -> Command {
    jsc_harness_for(SECONDS)
}
