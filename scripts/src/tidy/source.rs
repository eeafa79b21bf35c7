//! The files that are looked at: every Rust and C++ file that git knows and that is ours.

use std::fs;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

/// A source file.
pub struct Source {
    /// Its path from the root of the checkout.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Folders of programs that are data here.
const DATA: [&str; 3] = [
    "workloads/capture/",
    "workloads/fixtures/",
    "workloads/npm/",
];

/// All of them.
pub fn all(shell: &Shell) -> Result<Vec<Source>> {
    let files = cmd!(shell, "git ls-files -- *.rs *.cpp *.h").read()?;
    files
        .lines()
        .filter(|path| !DATA.iter().any(|folder| path.starts_with(folder)))
        // What was removed and not committed yet.
        .filter(|path| shell.path_exists(path))
        .map(|path| {
            let whole = shell.current_dir().join(path);
            let text = fs::read_to_string(whole).with_context(|| path.to_owned())?;
            let path = path.to_owned();
            Ok(Source { path, text })
        })
        .collect()
}

impl Source {
    /// Whether it is Rust.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether it is compiled for tests or benchmarks alone, by its place.
    pub fn is_test(&self) -> bool {
        let parts = || self.path.split('/');
        let named = |it: &str| {
            matches!(
                it,
                "tests" | "tests.rs" | "testing.rs" | "benches" | "examples"
            )
        };
        parts().any(named) || self.path.starts_with("harness/crates/testing/")
    }
}
