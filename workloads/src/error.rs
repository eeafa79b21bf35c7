//! What can go wrong, each with what a person needs to mend it.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// Everything that this crate reports.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be used.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb and its object.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },

    /// A definition file is not what it should be.
    #[error("{} is not a valid definition: {message}", path.display())]
    Definition {
        /// The definition file.
        path: PathBuf,
        /// What is wrong, with its place in the file.
        message: String,
    },

    /// Two definitions have one name.
    #[error("the workload `{name}` is defined twice, by {} and by {}", first.display(), second.display())]
    Duplicate {
        name: String,
        /// Where it was seen first.
        first: PathBuf,
        /// Where it was seen again.
        second: PathBuf,
    },

    /// No workload has the name.
    #[error(
        "there is no workload `{name}`{}; `jsc-harness list` shows them all",
        hint(near)
    )]
    UnknownWorkload {
        /// The name asked for.
        name: String,
        /// The existing name that looks most like it.
        near: Option<String>,
    },

    /// No suite has the name.
    #[error("there is no suite `{name}`; there are: {}", known.join(", "))]
    UnknownSuite {
        /// The name asked for.
        name: String,
        /// The suites that exist.
        known: Vec<String>,
    },

    /// A directory that is to be an entry has none.
    #[error("the directory {} has no entry: {why}; name the file", directory.display())]
    NoEntry {
        directory: PathBuf,
        /// What was looked for.
        why: String,
    },

    /// No program starts with it.
    #[error("the entry {} is JSON, which a program can import and cannot start with", path.display())]
    NotAProgram { path: PathBuf },

    /// An entry is named twice.
    #[error("the entry {} is named twice", path.display())]
    EntryTwice { path: PathBuf },

    /// The packages that a workload loads are not installed.
    #[error("the npm packages in {} are {state}; hint: {next}", folder.display())]
    NotInstalled {
        /// The folder with `package.json`.
        folder: PathBuf,
        /// `not installed`, or in what way they differ from the lock file.
        state: &'static str,
        /// What installs them.
        next: &'static str,
    },

    /// Node.js, which captures, cannot be started.
    #[error("cannot start {}: {source}; install Node.js 20 or later, or name it with NODE", node.display())]
    Node {
        /// The program.
        node: OsString,
        /// Why it failed.
        source: io::Error,
    },

    /// A program was not captured, or of other files than there are.
    #[error("`{name}` is not captured, or of older files; hint: cargo xtask setup")]
    NotMade {
        /// The workload.
        name: String,
    },

    /// Something that a program needs could not be captured; the script has said what.
    #[error("`{name}` cannot be captured of {}", entry.display())]
    NotCaptured {
        /// The workload.
        name: String,
        /// Its entry.
        entry: PathBuf,
    },

    /// `npm` could not be started.
    #[error(
        "cannot start npm in {}: {source}; install Node.js 20 or later with npm, then: cargo xtask setup",
        folder.display()
    )]
    NpmMissing {
        /// The folder with `package.json`.
        folder: PathBuf,
        /// Why it failed.
        source: io::Error,
    },

    /// `npm ci` failed.
    #[error(
        "`npm ci` failed in {} ({status}); its last words:\n{tail}\nonce that is mended: cargo xtask setup",
        folder.display()
    )]
    NpmFailed {
        /// The folder with `package.json`.
        folder: PathBuf,
        /// How it ended.
        status: String,
        /// The end of what it printed.
        tail: String,
    },
}

impl Error {
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Error {
        Error::Io {
            action,
            path: path.to_path_buf(),
            source,
        }
    }

    /// What a TOML parser says, in the words of TOML.
    pub(crate) fn toml(path: &Path, error: &toml::de::Error) -> Error {
        // What stands before is what was found: the user's own text may be in it.
        let (found, expected) = error
            .message()
            .rsplit_once(", expected ")
            .unwrap_or((error.message(), ""));
        let found = match found {
            "invalid type: map" => "invalid type: table",
            "invalid type: sequence" => "invalid type: array",
            other => other,
        };
        let mut wanted = match expected.starts_with("struct ") {
            true => "a table".to_owned(),
            false => expected.to_owned(),
        };
        for (of_rust, of_toml) in [
            ("a sequence", "an array"),
            ("a map", "a table"),
            ("f64", "a number"),
            ("usize", "a whole number"),
            ("u32", "a whole number"),
            ("i32", "a whole number"),
            ("path string", "a string"),
        ] {
            wanted = wanted.replace(of_rust, of_toml);
        }
        let words = match wanted.is_empty() {
            true => found.to_owned(),
            false => format!("{found}, expected {wanted}"),
        };
        // Before them stands what the file says there, which is the user's.
        let text = error.to_string();
        let place = text
            .trim_end()
            .strip_suffix(error.message())
            .unwrap_or_default();
        Error::definition(path, format!("{place}{words}"))
    }

    pub(crate) fn definition(path: &Path, message: impl ToString) -> Error {
        Error::Definition {
            path: path.to_path_buf(),
            message: message.to_string(),
        }
    }
}

fn hint(near: &Option<String>) -> String {
    near.as_ref()
        .map(|near| format!(" (did you mean `{near}`?)"))
        .unwrap_or_default()
}
