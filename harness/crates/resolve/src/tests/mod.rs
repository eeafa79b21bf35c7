//! Tests of resolution, one file per concern; here is what they share.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod errors;
mod first_targets;
mod huge;
mod keys;
mod known;
mod later_targets;
mod mapped;
mod memory;
mod node;
mod packages;
mod paths;
mod rules;
mod short_cut;
mod steps;
mod symlinks;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::test_runner::Config as ProptestConfig;

use super::{ModuleKey, ResolveError, Resolver};

/// A property test of so many cases, which writes nothing into the source tree: what fails is printed.
fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        cases: count,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A directory of files, removed when dropped.
struct Tree {
    root: PathBuf,
    _guard: tempfile::TempDir,
}

impl Tree {
    /// A tree with these empty files.
    fn with(files: &[&str]) -> Self {
        let guard = tempfile::tempdir().unwrap();
        let root = guard.path().canonicalize().unwrap();
        let tree = Self {
            root,
            _guard: guard,
        };
        for file in files {
            tree.write(file, "");
        }
        tree
    }

    fn path(&self, relative: impl AsRef<OsStr>) -> PathBuf {
        self.root.join(Path::new(&relative))
    }

    fn write(&self, relative: impl AsRef<OsStr>, text: &str) -> &Self {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Makes a symbolic link at `link` that reads `target`.
    fn link(&self, target: &str, link: &str) -> &Self {
        let link = self.path(link);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, link).unwrap();
        self
    }

    fn key(&self, relative: &str) -> ModuleKey {
        ModuleKey::from_entry(&self.path(relative)).unwrap()
    }

    fn try_resolve(&self, specifier: &str, referrer: &str) -> Result<ModuleKey, ResolveError> {
        Resolver::new().resolve(specifier, &self.key(referrer))
    }

    /// The key that `specifier` means in the module `referrer`, with the tree's place left out.
    fn resolve(&self, specifier: &str, referrer: &str) -> String {
        match self.try_resolve(specifier, referrer) {
            Ok(key) => self.redact(key.as_str()),
            Err(error) => panic!("{}", self.redact(&error.to_string())),
        }
    }

    /// The code and the text of the error for `specifier` in the module `referrer`, with the tree's place left out.
    fn error(&self, specifier: &str, referrer: &str) -> (&'static str, String) {
        let error = self.try_resolve(specifier, referrer).unwrap_err();
        (error.code(), self.redact(&error.to_string()))
    }

    fn redact(&self, text: &str) -> String {
        let root = self.root.to_str().unwrap();
        text.replace(&format!("file://{root}/"), "T/")
            .replace(&format!("{root}/"), "P/")
    }
}
