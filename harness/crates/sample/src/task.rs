//! What a worker is to do: one line of JSON, from whoever starts it.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::words;
use crate::{CacheMode, Check, HostOptions, LoadPath, Mutant, PackUse, Payload};

/// One load, or several of one kind, in a process of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The workload's name, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload: Option<String>,
    /// The entry module's file.
    #[serde(serialize_with = "write_path", deserialize_with = "read_path")]
    pub entry: PathBuf,
    /// What its host gives it.
    #[serde(default, skip_serializing_if = "HostOptions::is_default")]
    pub host: HostOptions,
    /// The load path.
    pub path: LoadPath,
    /// The cache; without one every path parses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheUse>,
    /// What is told of the program's behaviour.
    #[serde(default)]
    pub observe: Observe,
    /// Whether a load on the parse path has true lines, as one from a cache always has.
    #[serde(default, skip_serializing_if = "is_false")]
    pub true_lines: bool,
    /// Nanoseconds that the load is made slower by, within the measured time.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub spin_ns: u64,
    /// Rounds of an empty loop that it executes besides: some instructions each.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub spin_rounds: u64,
    /// How the cache's entries are spoiled on their way to the engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutant: Option<Mutant>,
    /// Several loads instead of one, each in a fresh VM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<Draw>,
}

/// Which cache a load uses and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CacheUse {
    /// The store's directory.
    #[serde(serialize_with = "write_path", deserialize_with = "read_path")]
    pub directory: PathBuf,
    /// What may be done with it.
    pub mode: CacheMode,
    /// Which functions a pack holds.
    pub payload: Payload,
    /// How a pack's sources are checked.
    pub check: Check,
    /// Parse each cached module, too, and compare its record with the parser's.
    #[serde(default, skip_serializing_if = "is_false")]
    pub validate: bool,
    /// Let a second thread read what an entry's record says is coming.
    pub read_ahead: bool,
    /// Overwrite the text of each cached source once it has been hashed: a test that nothing reads it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub poison_sources: bool,
}

words! {
    /// What is told of a program's behaviour.
    #[derive(Default)]
    pub enum Observe {
        /// Nothing
        #[default]
        Nothing = "none",
        /// A digest of everything
        Digest = "digest",
        /// The digest, how the program ended and what it printed
        Outcome = "outcome",
        /// Everything
        Everything = "full",
    }
}

/// Several loads, of which each misses something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Draw {
    /// With subsets of the entries left out; with every subset when there are few entries.
    Mixed {
        /// Subsets of a graph of many modules.
        count: u64,
        /// What they are drawn from.
        seed: u64,
        /// Only this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only: Option<u64>,
    },
    /// From the pack, with one module seen as changed.
    Stale {
        /// Modules, one a load.
        count: u64,
        /// What they are drawn from.
        seed: u64,
        /// Only this one, by its key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only: Option<String>,
    },
    /// Random graphs on every path. The task's entry is the file that says which, and its path and cache mean nothing.
    Random,
}

impl Task {
    /// A load of `entry` by `path`: no cache, nothing observed.
    pub fn new(path: LoadPath, entry: &Path) -> Self {
        Self {
            workload: None,
            entry: entry.to_owned(),
            host: HostOptions::default(),
            path,
            cache: None,
            observe: Observe::Nothing,
            true_lines: false,
            spin_ns: 0,
            spin_rounds: 0,
            mutant: None,
            draw: None,
        }
    }

    /// With this much told of the program's behaviour.
    pub fn observing(self, observe: Observe) -> Self {
        Self { observe, ..self }
    }

    /// With this cache.
    pub fn with_cache(self, cache: CacheUse) -> Self {
        Self {
            cache: Some(cache),
            ..self
        }
    }
}

impl CacheUse {
    /// The cache in `directory`, packs as usual.
    pub fn new(directory: &Path, mode: CacheMode) -> Self {
        Self {
            directory: directory.to_owned(),
            mode,
            payload: PackUse::default().payload,
            check: PackUse::default().check,
            validate: false,
            read_ahead: true,
            poison_sources: false,
        }
    }

    /// With packs that are made and checked like this.
    pub fn packs(self, pack: PackUse) -> Self {
        Self {
            payload: pack.payload,
            check: pack.check,
            ..self
        }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// A path as text, or as the list of its bytes when it is not UTF-8.
fn write_path<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    match path.to_str() {
        Some(text) => serializer.serialize_str(text),
        None => path.as_os_str().as_bytes().serialize(serializer),
    }
}

fn read_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum PathText {
        Text(String),
        Bytes(Vec<u8>),
    }
    Ok(match PathText::deserialize(deserializer)? {
        PathText::Text(text) => text.into(),
        PathText::Bytes(bytes) => OsString::from_vec(bytes).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_one_line() {
        let task = Task::new(LoadPath::Parse, Path::new("/a.mjs"));
        let line = serde_json::to_string(&task).unwrap();
        assert_eq!(
            line,
            r#"{"entry":"/a.mjs","path":"parse","observe":"none"}"#
        );
        assert_eq!(serde_json::from_str::<Task>(&line).unwrap(), task);
    }

    #[test]
    fn everything_of_a_task_arrives() {
        let not_utf8 = OsString::from_vec(b"/a\xFF.mjs".to_vec());
        let mut task = Task::new(LoadPath::Graph, Path::new(&not_utf8))
            .observing(Observe::Everything)
            .with_cache(CacheUse::new(Path::new("/c\n"), CacheMode::ReadOnly));
        task.mutant = Some(Mutant::DropStar);
        task.spin_ns = 7;
        task.spin_rounds = 8;
        task.true_lines = true;
        for draw in [
            Draw::Mixed {
                count: 1,
                seed: u64::MAX,
                only: Some(3),
            },
            Draw::Stale {
                count: 1,
                seed: 2,
                only: Some("file:///a.mjs".to_owned()),
            },
            Draw::Random,
        ] {
            task.draw = Some(draw);
            let line = serde_json::to_string(&task).unwrap();
            assert!(!line.contains('\n'));
            assert_eq!(serde_json::from_str::<Task>(&line).unwrap(), task);
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let line = r#"{"entry":"/a.mjs","path":"parse","speed":1}"#;
        let error = serde_json::from_str::<Task>(line).unwrap_err().to_string();
        assert!(error.starts_with("unknown field `speed`"), "{error}");
    }
}
