//! A cache directory, looked into.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use jsc_module_cache::store::read_file;
use jsc_module_cache::{Entry, validate_standalone};
use tempfile::TempDir;

/// A cache directory of its own, which does not exist yet.
pub struct Cache {
    parent: TempDir,
}

/// All that reading must not change, by file name: inode, size, times of modification and change, mode.
pub type Snapshot = BTreeMap<String, (u64, u64, (i64, i64), (i64, i64), u32)>;

impl Cache {
    /// A directory that does not exist yet.
    pub fn new() -> Self {
        Self {
            parent: tempfile::tempdir().unwrap(),
        }
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.parent.path().join("cache")
    }

    /// Every entry by its module's key. Each must be valid, and nothing else may be there.
    #[track_caller]
    pub fn entries(&self) -> BTreeMap<String, (PathBuf, Entry)> {
        let mut entries = BTreeMap::new();
        for path in files(&self.path()) {
            let read = read_file(&path).and_then(validate_standalone);
            let entry = read.unwrap_or_else(|miss| panic!("{}: {miss}", path.display()));
            let twice = entries.insert(entry.module_key().to_owned(), (path, entry));
            assert!(twice.is_none(), "two entries of one module");
        }
        entries
    }

    /// How many packs there are.
    pub fn packs(&self) -> usize {
        let is_pack = |path: &PathBuf| path.extension().is_some_and(|it| it == "jscg");
        files(&self.path()).iter().filter(|it| is_pack(it)).count()
    }

    /// The file that holds the entry of a program's module.
    #[track_caller]
    pub fn entry(&self, module: &Path) -> PathBuf {
        let key = format!("file://{}", module.display());
        let entries = self.entries();
        let found = entries.get(&key);
        found
            .unwrap_or_else(|| panic!("no entry of {key}"))
            .0
            .clone()
    }

    /// A cache with these of the entries.
    pub fn with(&self, kept: impl Fn(&str) -> bool) -> Self {
        let copy = Self::new();
        DirBuilder::new().mode(0o700).create(copy.path()).unwrap();
        for (key, (path, _)) in self.entries() {
            if kept(&key) {
                fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
            }
        }
        copy
    }

    /// What reading must not change, of the directory (`.`) and all that is in it.
    pub fn snapshot(&self) -> Snapshot {
        let state = |path: &Path| {
            let it = fs::symlink_metadata(path).unwrap();
            let modified = (it.mtime(), it.mtime_nsec());
            (
                it.ino(),
                it.size(),
                modified,
                (it.ctime(), it.ctime_nsec()),
                it.mode(),
            )
        };
        let mut snapshot: Snapshot = files(&self.path())
            .iter()
            .map(|path| {
                (
                    path.file_name().unwrap().to_str().unwrap().to_owned(),
                    state(path),
                )
            })
            .collect();
        if self.path().exists() {
            snapshot.insert(".".to_owned(), state(&self.path()));
        }
        snapshot
    }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    match fs::read_dir(directory) {
        Ok(files) => files.map(|file| file.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    }
}
