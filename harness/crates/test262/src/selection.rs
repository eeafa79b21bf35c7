//! Which tests are run, and how.

use regex::Regex;

use super::checkout::Checkout;
use super::front_matter::{Flag, Metadata, front_matter};
use super::job::Mode;
use crate::error::Error;
use sample::Shard;

/// Tests of a checkout.
#[derive(Debug)]
pub struct Selection {
    /// Them, in the order of their names.
    pub tests: Vec<Test>,
}

/// A test.
#[derive(Debug, Clone)]
pub struct Test {
    /// Its path below `test/`.
    pub name: String,
    /// What it says about itself.
    pub metadata: Metadata,
}

/// A test in one of the ways in which it is to be run.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub test: &'a Test,
    /// How its source is taken.
    pub mode: Mode,
}

/// The folders whose tests are about modules, whether they are modules themselves or scripts that import one.
const MODULE_FOLDERS: [&str; 5] = [
    "language/module-code/",
    "language/import/",
    "language/export/",
    "language/expressions/dynamic-import/",
    "language/expressions/import.meta/",
];

impl Selection {
    /// Every module test of a checkout whose name `filter` finds something in, and of these the `shard`.
    ///
    /// # Errors
    /// [`Error::Test262Metadata`] for a test that does not say how to run it, [`Error::NoTest262Tests`] when none is left.
    pub fn new(
        checkout: &Checkout,
        filter: Option<&Regex>,
        shard: Option<Shard>,
    ) -> Result<Self, Error> {
        let mut tests = Vec::new();
        for name in checkout.tests()? {
            if filter.is_some_and(|filter| !filter.is_match(&name)) {
                continue;
            }
            let in_folder = MODULE_FOLDERS.iter().any(|folder| name.starts_with(folder));
            let source = checkout.source(&name)?;
            // Most tests are no module tests: their metadata is not worth reading.
            if !in_folder && !front_matter(&source).is_some_and(|it| it.contains("module")) {
                continue;
            }
            let metadata = Metadata::read(&source).map_err(|reason| Error::Test262Metadata {
                test: checkout.file(&name),
                reason,
            })?;
            if in_folder || metadata.has(Flag::Module) {
                tests.push(Test { name, metadata });
            }
        }
        if let Some(shard) = shard {
            tests = shard.of(tests);
        }
        if tests.is_empty() {
            return Err(Error::NoTest262Tests {
                directory: checkout.root().to_owned(),
            });
        }
        Ok(Self { tests })
    }

    /// Each test in each way in which it is to be run: a module once, a script in both modes unless it says otherwise.
    pub fn cases(&self) -> Vec<Case<'_>> {
        self.tests
            .iter()
            .flat_map(|test| {
                modes(&test.metadata)
                    .iter()
                    .map(move |&mode| Case { test, mode })
            })
            .collect()
    }
}

impl Test {
    /// The files of `harness/` to evaluate before it.
    pub fn includes(&self) -> Vec<&str> {
        let metadata = &self.metadata;
        if metadata.has(Flag::Raw) {
            return Vec::new();
        }
        let done = metadata.has(Flag::Async).then_some("doneprintHandle.js");
        let own = metadata.includes.iter().flatten().map(String::as_str);
        ["assert.js", "sta.js"]
            .into_iter()
            .chain(done)
            .chain(own)
            .collect()
    }
}

fn modes(metadata: &Metadata) -> &'static [Mode] {
    if metadata.has(Flag::Module) {
        &[Mode::Module]
    } else if metadata.has(Flag::Raw) || metadata.has(Flag::NoStrict) {
        &[Mode::Sloppy]
    } else if metadata.has(Flag::OnlyStrict) {
        &[Mode::Strict]
    } else {
        &[Mode::Sloppy, Mode::Strict]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn test(yaml: &str) -> Test {
        Test {
            name: "language/import/a.js".to_owned(),
            metadata: Metadata::read(&format!("/*---\n{yaml}\n---*/")).unwrap(),
        }
    }

    #[test]
    fn modes_by_flags() {
        for (flags, modes) in [
            ("", &[Mode::Sloppy, Mode::Strict][..]),
            ("async, generated", &[Mode::Sloppy, Mode::Strict]),
            ("onlyStrict", &[Mode::Strict]),
            ("noStrict", &[Mode::Sloppy]),
            ("raw", &[Mode::Sloppy]),
            ("module", &[Mode::Module]),
            ("module, raw", &[Mode::Module]),
        ] {
            let test = test(&format!("flags: [{flags}]"));
            assert_eq!(super::modes(&test.metadata), modes, "{flags}");
        }
    }

    #[test]
    fn includes_by_flags() {
        let includes = |yaml| test(yaml).includes().join(" ");
        assert_eq!(
            includes("includes: [a.js, b.js]"),
            "assert.js sta.js a.js b.js"
        );
        assert_eq!(
            includes("flags: [async]\nincludes: [a.js]"),
            "assert.js sta.js doneprintHandle.js a.js"
        );
        assert_eq!(includes("flags: [raw]\nincludes: [a.js]"), "");
    }
}
