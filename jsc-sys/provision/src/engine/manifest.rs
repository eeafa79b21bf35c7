//! `engine.json`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use crate::{Error, Provenance};

/// The manifest's file name in an engine's folder.
pub(crate) const FILE_NAME: &str = "engine.json";

/// The one layout of the manifest that this crate reads and writes.
pub(crate) const SCHEMA: u32 = 1;

/// What an engine is and what a bridge is compiled and linked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Layout of this file.
    pub schema: u32,
    /// The release, such as `2.52.6`.
    pub version: String,
    /// Target triple.
    pub target: String,
    /// Distribution and code name of the machine that built it, such as `debian-bookworm`.
    pub distribution: String,
    /// What it was built from.
    pub source: Source,
    /// Where the source comes from, if somebody named it; absent for the engines of `engines.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
    /// First line of the compiler's version.
    pub compiler: String,
    /// First line of the linker's version.
    pub linker: String,
    /// Version of the ICU that it was built against.
    pub icu: String,
    /// Arguments that CMake was given, without folders.
    pub cmake_args: Vec<String>,
    /// Build options, `ENABLE_…` and `USE_…`, with their values.
    pub features: BTreeMap<String, String>,
    /// Preprocessor definitions, without `-D`.
    pub defines: Vec<String>,
    /// Compiler flags that decide how headers are understood and code is made.
    pub cxx_flags: Vec<String>,
    /// Include folders, relative to the engine's folder, in order.
    pub include_dirs: Vec<String>,
    /// Static libraries in `lib/`, without `lib` and `.a`, in link order.
    pub static_libs: Vec<String>,
    /// Libraries of the system, as after `-l`, in link order.
    pub system_libs: Vec<String>,
}

/// What an engine was built from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Name of the release tarball, or `unverified tree`.
    pub tarball: String,
    /// The tarball's SHA-256. A tree that somebody unpacked has none: what is in it cannot be verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

impl Source {
    /// Whether the source was checked against the pin.
    pub fn verified(&self) -> bool {
        self.sha256.is_some()
    }
}

impl Manifest {
    /// Reads the manifest of an engine's folder.
    pub fn read(directory: &Path) -> Result<Manifest, Error> {
        if !directory.is_dir() {
            let problem = match directory.exists() {
                true => "it is not a folder".to_string(),
                false => "there is no such folder".to_string(),
            };
            return Err(Error::Incomplete {
                directory: directory.to_path_buf(),
                problem,
            });
        }
        let path = directory.join(FILE_NAME);
        match fs::read(&path) {
            Ok(text) => Manifest::parse(&text, &path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let problem = format!("it has no {FILE_NAME}");
                Err(Error::Incomplete {
                    directory: directory.to_path_buf(),
                    problem,
                })
            }
            Err(error) => Err(Error::io("read", &path)(error)),
        }
    }

    /// Parses a manifest's text. `path` is for messages.
    pub fn parse(text: &[u8], path: &Path) -> Result<Manifest, Error> {
        let wrong = |problem: String| Error::Manifest {
            path: path.to_path_buf(),
            problem,
        };
        // The layout decides what the other fields mean, so it is read before them.
        let Schema { schema } = serde_json::from_slice(text)
            .map_err(|error| wrong(format!("not an engine's manifest: {error}")))?;
        if schema != SCHEMA {
            return Err(wrong(format!(
                "schema {schema} is not known; this program reads schema {SCHEMA}"
            )));
        }
        let manifest: Manifest = serde_json::from_slice(text)
            .map_err(|error| wrong(format!("not an engine's manifest: {error}")))?;
        match manifest.problem() {
            None => Ok(manifest),
            Some(problem) => Err(wrong(problem)),
        }
    }

    /// The manifest as the text of `engine.json`.
    pub fn to_text(&self) -> String {
        // Strings, numbers and maps with string keys always have a JSON form.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// What in the manifest would make it dangerous or useless to follow.
    fn problem(&self) -> Option<String> {
        if self.static_libs.is_empty() || self.include_dirs.is_empty() {
            return Some("it lists no static libraries or no include folders".to_string());
        }
        let outside = |path: &&String| {
            path.is_empty()
                || !Path::new(path.as_str())
                    .components()
                    .all(|part| matches!(part, Component::Normal(_)))
        };
        if let Some(path) = self.include_dirs.iter().find(outside) {
            return Some(format!(
                "the include folder {path:?} is not a plain path inside the engine"
            ));
        }
        let library = |name: &&String| {
            !name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._+-".contains(c))
        };
        let mut libraries = self.static_libs.iter().chain(&self.system_libs);
        libraries
            .find(library)
            .map(|name| format!("{name:?} is not the name of a library"))
    }
}

#[derive(Deserialize)]
struct Schema {
    schema: u32,
}
