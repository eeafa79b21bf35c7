//! A generated graph in memory, and writing it out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The name of every generated graph's entry file.
pub(crate) const ENTRY: &str = "entry.mjs";

/// The files of one generated graph, by path relative to its folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    files: BTreeMap<String, String>,
}

impl Graph {
    /// The files, by relative path, in order of path.
    pub fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    /// How many bytes of source text the graph has.
    pub fn bytes(&self) -> usize {
        self.files.values().map(String::len).sum()
    }

    /// A digest of every path and every byte, to notice that a generator changed.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (path, text) in &self.files {
            for part in [path, text] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
        hasher.finalize().to_hex()[..16].to_string()
    }

    /// Writes the files into `dir` and gives the path of the entry. Files that are there with the same text stay
    /// untouched, so that their modification times do not move.
    pub fn write(&self, dir: &Path) -> Result<PathBuf, Error> {
        for (path, text) in &self.files {
            let path = dir.join(path);
            if fs::read(&path).is_ok_and(|present| present == text.as_bytes()) {
                continue;
            }
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)
                    .map_err(|source| Error::io("create the folder", parent, source))?;
            }
            fs::write(&path, text).map_err(|source| Error::io("write", &path, source))?;
        }
        Ok(dir.join(ENTRY))
    }

    pub(crate) fn add(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }
}
