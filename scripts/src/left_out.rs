//! Tests that need more engines than this machine has: they pass, and are counted and named.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

/// A file in which such tests write their names, one a line.
pub struct LeftOut {
    file: NamedTempFile,
}

impl LeftOut {
    /// An empty file.
    pub fn begin() -> Result<LeftOut> {
        let file = NamedTempFile::new().context("could not create a temporary file")?;
        Ok(LeftOut { file })
    }

    /// What tests are given.
    pub fn file(&self) -> &Path {
        self.file.path()
    }

    /// The tests, and the command that runs them; nothing when none was left out.
    pub fn summary(&self) -> Result<String> {
        let text = fs::read_to_string(self.file())
            .with_context(|| format!("could not read {}", self.file().display()))?;
        Ok(summary(&text.lines().collect()))
    }
}

fn summary(tests: &BTreeSet<&str>) -> String {
    let need = match tests.len() {
        0 => return String::new(),
        1 => "1 test needs".to_owned(),
        count => format!("{count} tests need"),
    };
    let names: String = tests.iter().map(|name| format!("  {name}\n")).collect();
    format!(
        "== left out: {need} a second engine, and this machine has one\n{names}\
         hint: cargo xtask test --all-engines builds the engines that are missing, and runs everything\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_once_and_named_with_the_command_that_adds_them() {
        let left_out = LeftOut::begin().unwrap();
        assert_eq!(left_out.summary().unwrap(), "");
        let hint = "hint: cargo xtask test --all-engines builds the engines that are missing, and runs everything\n";
        fs::write(left_out.file(), "packs::b\n").unwrap();
        assert_eq!(
            left_out.summary().unwrap(),
            format!(
                "== left out: 1 test needs a second engine, and this machine has one\n  packs::b\n{hint}"
            )
        );
        // Several programs write, in any order.
        fs::write(left_out.file(), "packs::b\ncli::a\npacks::b\n").unwrap();
        assert_eq!(
            left_out.summary().unwrap(),
            format!(
                "== left out: 2 tests need a second engine, and this machine has one\n  cli::a\n  packs::b\n{hint}"
            )
        );
    }
}
