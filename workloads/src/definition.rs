//! What a workload is, before and after its files exist.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use sample::{HostOptions, LoadPath, Task};
use serde::{Deserialize, Serialize};

use crate::generate::Generator;

/// Where a workload's modules come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Real packages, pinned by a lock file.
    Npm,
    /// Real packages that a bare engine cannot load as they are, pinned by a lock file and captured.
    Captured,
    /// Text made from parameters and a seed.
    Generated,
    /// Files written by hand, with what they must do by the standard.
    Fixture,
    /// A program of whoever uses this: an entry of the command line, or of a `jsc-harness.toml`.
    Program,
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Kind::Npm => "npm",
            Kind::Captured => "captured",
            Kind::Generated => "generated",
            Kind::Fixture => "fixture",
            Kind::Program => "program",
        })
    }
}

/// A workload as defined: known by name, its files perhaps not there yet.
#[derive(Debug, Clone)]
pub struct WorkloadDef {
    /// A name that no other workload has.
    pub name: String,
    /// Where its modules come from.
    pub kind: Kind,
    /// One sentence: why it exists.
    pub why: String,
    /// How many JavaScript modules a whole run loads, if the definition says; modules of JSON or WebAssembly do not count.
    pub modules: Option<usize>,
    /// What must be observed, if the definition says.
    pub expected: Option<Expected>,
    /// For a fixture: the sections of the standard that its expectation rests on.
    pub section: Option<String>,
    /// Where JavaScriptCore is known to do something else.
    pub deviation: Option<Deviation>,
    /// What its host gives it.
    pub host: HostOptions,
    /// How long one load may take, if the definition says.
    pub time_limit: Option<Duration>,
    /// Suites that it says it belongs to.
    pub(crate) suites: Vec<String>,
    /// The file that defines it.
    pub defined_in: PathBuf,
    pub(crate) origin: Origin,
}

/// A workload whose files are on disk.
#[derive(Debug, Clone)]
pub struct Workload {
    pub name: String,
    /// Where its modules come from.
    pub kind: Kind,
    /// One sentence: why it exists.
    pub why: String,
    /// The module to load.
    pub entry: PathBuf,
    /// The module that this was captured of: what other runtimes load.
    pub original: Option<PathBuf>,
    /// How many JavaScript modules a whole run loads, if the definition says.
    pub modules: Option<usize>,
    /// What must be observed by the standard, if the definition says.
    pub expected: Option<Expected>,
    /// Where JavaScriptCore is known to do something else.
    pub deviation: Option<Deviation>,
    /// What its host gives it.
    pub host: HostOptions,
    /// How long one load may take, if the definition says.
    pub time_limit: Option<Duration>,
}

impl Workload {
    /// A load of it by `path`: no cache, nothing observed.
    pub fn task(&self, path: LoadPath) -> Task {
        Task {
            host: self.host.clone(),
            ..Task::new(path, &self.entry)
        }
    }

    /// How long one load may take: what the definition says, else this.
    pub fn time_limit_or(&self, otherwise: Duration) -> Duration {
        self.time_limit.unwrap_or(otherwise)
    }

    /// What must be observed on JavaScriptCore of `version`, such as `2.52.6`.
    pub fn expected_on(&self, version: &str) -> Option<&Expected> {
        self.deviation
            .as_ref()
            .filter(|deviation| deviation.applies_to(version))
            .map(|deviation| &deviation.expected)
            .or(self.expected.as_ref())
    }
}

/// What running a workload must show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// 0, or 1 when the program ends with an uncaught error.
    #[serde(default, alias = "exit-code")]
    pub exit_code: i32,
    /// The lines that `console.log` prints, or nothing if they are not fixed.
    pub stdout: Option<Vec<String>>,
    /// The uncaught error.
    pub error: Option<ExpectedError>,
}

/// An uncaught error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedError {
    /// The name of its class; empty when what was thrown is not an error; absent when the standard leaves it to the host.
    pub class: Option<String>,
    /// A part of its message, or of the thrown value as a string. Texts that an engine chooses are not fixed here.
    pub message: Option<String>,
}

/// Where JavaScriptCore differs from the standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// What it does instead, in one sentence.
    pub why: String,
    /// The versions that do it, whole or as leading parts (`2.52`); none named means all.
    #[serde(default)]
    pub versions: Vec<String>,
    /// What must be observed on it.
    pub expected: Expected,
}

impl Deviation {
    /// Whether JavaScriptCore of `version` does this.
    pub fn applies_to(&self, version: &str) -> bool {
        self.versions.is_empty()
            || self.versions.iter().any(|named| {
                version
                    .strip_prefix(named.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// The entry file in the tree.
    File(PathBuf),
    /// The entry file of somebody's program.
    Program(PathBuf),
    /// The entry file, and the folder whose packages it needs.
    Npm {
        entry: PathBuf,
        folder: PathBuf,
    },
    /// The entry file before it is captured, and the folder whose packages it needs.
    Captured {
        entry: PathBuf,
        folder: PathBuf,
    },
    Generated {
        generator: Generator,
        seed: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::{Deviation, Expected};

    #[test]
    fn a_version_is_matched_by_whole_parts() {
        let deviation = |versions: &[&str]| Deviation {
            why: String::new(),
            versions: versions.iter().map(|version| version.to_string()).collect(),
            expected: Expected::default(),
        };
        assert!(deviation(&[]).applies_to("2.50.6"));
        assert!(deviation(&["2.52"]).applies_to("2.52.6"));
        assert!(deviation(&["2.50.6", "2.52.6"]).applies_to("2.52.6"));
        assert!(!deviation(&["2.5"]).applies_to("2.52.6"));
    }
}
