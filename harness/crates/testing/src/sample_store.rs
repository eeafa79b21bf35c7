//! A store that holds the sample entry.

use std::path::{Path, PathBuf};

use jsc_module_cache::store::{Access, EntryName, Loading};
use jsc_module_cache::{MissReason, Store};
use tempfile::TempDir;

use crate::samples;

/// A directory with a store in it that holds the sample.
pub struct Fixture {
    /// Where everything is.
    pub home: TempDir,
    /// The store's directory.
    pub directory: PathBuf,
    /// The sample's file.
    pub file: PathBuf,
}

impl Fixture {
    /// A new one.
    #[expect(clippy::new_without_default, reason = "it makes a directory")]
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("modules");
        let store = open(&directory);
        store.save(&samples::entry()).unwrap();
        let identity = samples::identity();
        let name = EntryName::of(&samples::expected(&identity)).to_string();
        let file = directory.join(name);
        assert!(file.exists());
        Self {
            home,
            directory,
            file,
        }
    }

    /// Why the sample is not found, read and mapped.
    pub fn reason(&self) -> Option<MissReason> {
        reason(&self.directory)
    }
}

/// Opens a store for reading and writing.
pub fn open(directory: &Path) -> Store {
    Store::open(directory, Access::ReadWrite, Loading::Read)
}

/// Why the sample is not found in a store, read and mapped.
pub fn reason(directory: &Path) -> Option<MissReason> {
    let identity = samples::identity();
    let expected = samples::expected(&identity);
    let [read, map] = [Loading::Read, Loading::Map].map(|loading| {
        let store = Store::open(directory, Access::ReadOnly, loading);
        store.load(&expected).err().map(|miss| miss.reason)
    });
    assert_eq!(read, map);
    read
}
