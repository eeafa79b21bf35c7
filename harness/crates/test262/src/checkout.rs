//! A checkout of Test262 and the files in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::Error;

/// A directory that has what a Test262 checkout has.
#[derive(Debug, Clone)]
pub struct Checkout {
    root: PathBuf,
}

/// What every checkout has: the two files that are evaluated before each test, and the tests.
const SIGNS: [&str; 3] = ["harness/assert.js", "harness/sta.js", "test/language"];

impl Checkout {
    /// Opens a checkout.
    ///
    /// # Errors
    /// [`Error::NotTest262`] says what of a checkout the directory lacks.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        let missing = |sign: &str| Error::NotTest262 {
            directory: directory.to_owned(),
            missing: sign.to_owned(),
        };
        let root = directory
            .canonicalize()
            .map_err(|_| missing("the directory itself"))?;
        match SIGNS.iter().find(|sign| !root.join(sign).exists()) {
            Some(sign) => Err(missing(sign)),
            None => Ok(Self { root }),
        }
    }

    /// The directory's real path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the files are that tests include.
    pub fn harness(&self) -> PathBuf {
        self.root.join("harness")
    }

    /// The file of the test with this name.
    pub fn file(&self, test: &str) -> PathBuf {
        self.root.join("test").join(test)
    }

    /// The commit that is checked out, with `-dirty` behind it when files were changed; `None` when Git cannot say, as
    /// for an unpacked archive.
    pub fn commit(&self) -> Option<String> {
        // A directory without a repository of its own may lie in somebody else's.
        let top = PathBuf::from(self.git(&["rev-parse", "--show-toplevel"])?);
        if top.canonicalize().ok()? != self.root {
            return None;
        }
        self.git(&[
            "describe",
            "--always",
            "--dirty",
            "--abbrev=40",
            "--exclude=*",
        ])
    }

    /// The names of all tests: paths below `test/`, in order. Fixtures, which tests import, are none.
    pub fn tests(&self) -> Result<Vec<String>, Error> {
        let top = self.root.join("test");
        let mut tests = Vec::new();
        for entry in walkdir::WalkDir::new(&top).sort_by_file_name() {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(&top).to_owned();
                Error::Read {
                    path,
                    source: error
                        .into_io_error()
                        .unwrap_or_else(|| io::Error::other("links that lead in a circle")),
                }
            })?;
            let name = entry
                .path()
                .strip_prefix(&top)
                .ok()
                .and_then(Path::to_str)
                .filter(|name| name.ends_with(".js") && !name.contains("_FIXTURE"));
            if let Some(name) = name
                && entry.file_type().is_file()
            {
                tests.push(name.to_owned());
            }
        }
        Ok(tests)
    }

    /// The text of a test.
    pub fn source(&self, test: &str) -> Result<String, Error> {
        let path = self.file(test);
        fs::read_to_string(&path).map_err(|source| Error::Read { path, source })
    }

    fn git(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("git")
            .arg("-C")
            .arg(&self.root)
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        (output.status.success() && !text.is_empty()).then_some(text)
    }
}
