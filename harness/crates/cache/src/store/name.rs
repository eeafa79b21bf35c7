//! Names of files in a store.

use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::{Digest, Expected, Identity, SourceHash};

/// Ends the name of every entry.
const EXTENSION: &str = ".jscm";
/// Ends the name of a file of format 1, which is otherwise that of an entry.
const V1_EXTENSION: &str = ".bmes";
/// Starts the name of every file that is being written.
pub(super) const TEMPORARY_PREFIX: &str = ".jscm-tmp-";

/// The name of an entry: the first 64 bits each of the digests of module key, source, engine and options, as
/// `KEY-SOURCE-ENGINE-OPTIONS.jscm`.
///
/// A name only finds a file. What the file is for stands in it, whole, so that equal prefixes give a miss and never a
/// wrong module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryName {
    /// Prefix of the digest of the module's key.
    pub key: u64,
    /// Prefix of the source hash.
    pub source: u64,
    /// Prefix of the engine's digest.
    pub engine: u64,
    /// Prefix of the options' digest.
    pub options: u64,
}

impl EntryName {
    /// The name of the entry for a module with this source, made by this engine.
    pub fn new(module_key: &str, source: SourceHash, identity: &Identity) -> Self {
        Self {
            key: Digest::of(module_key.as_bytes()).prefix(),
            source: source.digest().prefix(),
            engine: identity.engine.prefix(),
            options: identity.options.prefix(),
        }
    }

    /// The name of the entry that is expected.
    pub fn of(expected: &Expected<'_>) -> Self {
        Self::new(expected.module_key, expected.source_hash, expected.identity)
    }

    /// The name of the file at `path`, when it is one of a store's.
    pub fn of_path(path: &Path) -> Option<Self> {
        Self::parse(path.file_name()?.as_bytes())
    }

    /// The name of a file of format 1 for the same module, which no run takes for its own.
    pub fn v1(&self) -> String {
        let name = self.to_string();
        format!("{}{V1_EXTENSION}", name.trim_end_matches(EXTENSION))
    }

    /// Whether a file name is one of format 1.
    pub fn is_v1(file_name: &[u8]) -> bool {
        Self::with_extension(file_name, V1_EXTENSION).is_some()
    }

    /// Reads a file name; `None` for any other file.
    pub fn parse(file_name: &[u8]) -> Option<Self> {
        Self::with_extension(file_name, EXTENSION)
    }

    fn with_extension(file_name: &[u8], extension: &str) -> Option<Self> {
        let text = std::str::from_utf8(file_name)
            .ok()?
            .strip_suffix(extension)?;
        let mut parts = text.split('-').map(hex);
        let name = Self {
            key: parts.next()??,
            source: parts.next()??,
            engine: parts.next()??,
            options: parts.next()??,
        };
        parts.next().is_none().then_some(name)
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{:016x}-{:016x}-{:016x}-{:016x}{EXTENSION}",
            self.key, self.source, self.engine, self.options
        )
    }
}

/// 16 lower-case digits: one spelling only, so that parsing and printing are inverses.
pub(super) fn hex(text: &str) -> Option<u64> {
    let digits = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    (text.len() == 16 && digits)
        .then(|| u64::from_str_radix(text, 16).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_printed() {
        let name = EntryName {
            key: 1,
            source: u64::MAX,
            engine: 0xabc,
            options: 0,
        };
        assert_eq!(
            name.to_string(),
            "0000000000000001-ffffffffffffffff-0000000000000abc-0000000000000000.jscm"
        );
        assert_eq!(EntryName::parse(name.to_string().as_bytes()), Some(name));
        assert_eq!(
            name.v1(),
            "0000000000000001-ffffffffffffffff-0000000000000abc-0000000000000000.bmes"
        );
        assert!(EntryName::is_v1(name.v1().as_bytes()));
        assert!(!EntryName::is_v1(name.to_string().as_bytes()));
        assert_eq!(EntryName::parse(name.v1().as_bytes()), None);
    }

    #[test]
    fn other_names_are_not_ours() {
        let good = "0000000000000001-ffffffffffffffff-0000000000000abc-0000000000000000";
        for name in [
            good.to_owned(),
            format!("{good}.jsc"),
            format!("x{good}.jscm"),
            format!("{}.jscm", good.to_uppercase()),
            format!("{good}-0000000000000000.jscm"),
            format!("{}.jscm", &good[17..]),
            ".jscm".to_owned(),
            format!("{TEMPORARY_PREFIX}0123.jscm"),
        ] {
            assert_eq!(EntryName::parse(name.as_bytes()), None, "{name}");
        }
        assert_eq!(EntryName::parse(b"\xff\xfe.jscm"), None);
    }
}
