//! `PACKAGE_TARGET_RESOLVE`: what one entry of `exports` or `imports` leads to.
//!
//! Numbers in comments are the steps of Node's "Resolution Algorithm Specification". Where its text and Node itself are
//! not of one mind, this follows Node:
//!
//! - 1.3, 1.6: an empty segment (`./a//b.js`) is let pass.
//! - 3.2: of an array, null is passed over like a target that is not valid.
//!
//! Only in 2.1 it follows the text: Node takes `1.5` for an array index.

use std::path::Path;

use serde_json::{Map, Value};
use url::Url;

use super::error::{InvalidSpecifier, InvalidUrl, ResolveError};
use super::file_url::{self, FileUrl, replace_stars};
use super::request::Request;
use super::similar;

/// One of the two maps of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Exports,
    Imports,
}

impl Field {
    /// Its name in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exports => "exports",
            Self::Imports => "imports",
        }
    }
}

/// Where an entry stands.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub field: Field,
    /// The key in the map.
    pub key: &'a str,
    /// What the `*` of the key matched, if it has one.
    pub matched: Option<&'a str>,
    /// The package's directory.
    pub directory: &'a Path,
    pub request: Request<'a>,
}

/// What a target leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    /// A file.
    To(FileUrl),
    /// Null: it is closed.
    Null,
    /// Undefined: no condition holds.
    Undefined,
}

/// Resolves a bare specifier from the package's directory: `PACKAGE_RESOLVE`, for the targets of `imports`.
pub(super) type ResolveBare<'a> = dyn FnMut(&str) -> Result<FileUrl, ResolveError> + 'a;

/// `PACKAGE_TARGET_RESOLVE`.
///
/// # Errors
/// [`ResolveError::InvalidTarget`], [`ResolveError::InvalidManifest`], [`ResolveError::InvalidSpecifier`], and those of
/// `bare`.
pub(super) fn resolve(
    target: &Value,
    entry: Entry<'_>,
    bare: &mut ResolveBare<'_>,
) -> Result<Resolved, ResolveError> {
    match target {
        Value::String(text) => resolve_text(text, entry, bare).map(Resolved::To),
        Value::Object(conditions) => resolve_conditions(conditions, entry, bare),
        Value::Array(targets) => resolve_fallbacks(targets, entry, bare),
        // 4.
        Value::Null => Ok(Resolved::Null),
        // 5.
        Value::Bool(_) | Value::Number(_) => Err(entry.invalid(&target.to_string())),
    }
}

/// Step 1. Its first condition (1.1) is about folder mappings, which are no more: without a pattern nothing is left of
/// the subpath.
fn resolve_text(
    target: &str,
    entry: Entry<'_>,
    bare: &mut ResolveBare<'_>,
) -> Result<FileUrl, ResolveError> {
    let malformed = |reason: InvalidUrl| InvalidSpecifier::Url(reason).of(entry.request.import());
    let Some(inner) = target.strip_prefix("./") else {
        // 1.2.
        let is_bare = entry.field == Field::Imports
            && !target.starts_with("../")
            && !target.starts_with('/')
            && Url::parse(target).is_err();
        return match entry.matched {
            _ if !is_bare => Err(entry.invalid(target)),
            Some(matched) => bare(&replace_stars(target, matched).map_err(malformed)?),
            None => bare(target),
        };
    };
    // 1.3.
    if has_bad_segment(inner) {
        return Err(entry.invalid(target));
    }
    // 1.4, 1.5: the URL parser drops tabs and newlines, so that there may be a `..` all the same.
    let url = FileUrl::join(&entry.directory.join("package.json"), target).map_err(malformed)?;
    if !url.is_in(entry.directory) {
        return Err(entry.invalid(target));
    }
    // 1.6.
    if entry.matched.is_some_and(has_bad_segment) {
        return Err(InvalidSpecifier::Segment.of(entry.request.import()));
    }
    let url = match entry.matched {
        // 1.7.
        Some(matched) => url.with_stars(matched).map_err(malformed)?,
        // 1.8.
        None => url,
    };
    // `ESM_RESOLVE`, 7.1, for what manifest and specifier say. The package itself may lie where it likes.
    if url.has_encoded_backslash(entry.directory) {
        return Err(malformed(InvalidUrl::EncodedSeparator));
    }
    Ok(url)
}

/// Step 2.
fn resolve_conditions(
    conditions: &Map<String, Value>,
    entry: Entry<'_>,
    bare: &mut ResolveBare<'_>,
) -> Result<Resolved, ResolveError> {
    // 2.1.
    if let Some(index) = conditions.keys().find(|key| is_array_index(key)) {
        return Err(entry.invalid_manifest(&format!(
            "\"{}\" has the numeric key '{index}' among conditions",
            entry.field.name()
        )));
    }
    // 2.2.
    for (condition, target) in conditions {
        if entry.request.rules.hold(condition) {
            let resolved = resolve(target, entry, bare)?;
            if resolved != Resolved::Undefined {
                return Ok(resolved);
            }
        }
    }
    // 2.3.
    Ok(Resolved::Undefined)
}

/// Step 3.
fn resolve_fallbacks(
    targets: &[Value],
    entry: Entry<'_>,
    bare: &mut ResolveBare<'_>,
) -> Result<Resolved, ResolveError> {
    // 3.1.
    let mut last = Ok(if targets.is_empty() {
        Resolved::Null
    } else {
        Resolved::Undefined
    });
    // 3.2.
    for target in targets {
        match resolve(target, entry, bare) {
            Ok(Resolved::Undefined) => {}
            Ok(Resolved::Null) => last = Ok(Resolved::Null),
            Err(error @ ResolveError::InvalidTarget { .. }) => last = Err(error),
            result => return result,
        }
    }
    // 3.3.
    last
}

impl Entry<'_> {
    fn invalid(&self, target: &str) -> ResolveError {
        ResolveError::InvalidTarget {
            import: self.request.import(),
            target: super::shown::shorten(target),
            entry: super::shown::shorten(self.key),
            field: self.field.name(),
            manifest: similar::manifest(self.directory),
        }
    }

    fn invalid_manifest(&self, reason: &str) -> ResolveError {
        ResolveError::InvalidManifest {
            import: self.request.import(),
            manifest: similar::manifest(self.directory),
            reason: super::shown::shorten(reason),
        }
    }
}

/// Whether one of the segments of `text` is `.`, `..` or `node_modules`, in whatever case and however escaped.
fn has_bad_segment(text: &str) -> bool {
    text.split(['/', '\\']).any(|segment| {
        [".", "..", "node_modules"]
            .iter()
            .any(|name| unescaped(segment).eq(name.bytes()))
    })
}

/// The bytes of a segment, in lower case, with its escapes resolved.
fn unescaped(segment: &str) -> impl Iterator<Item = u8> {
    let mut rest = segment.as_bytes();
    std::iter::from_fn(move || {
        let (&first, tail) = rest.split_first()?;
        let escape = tail.split_first_chunk().filter(|_| first == b'%');
        let byte = escape.and_then(|(&digits, tail)| Some((file_url::byte(digits)?, tail)));
        let (byte, tail) = byte.unwrap_or((first, tail));
        rest = tail;
        Some(byte.to_ascii_lowercase())
    })
}

/// Whether a key is an array index, as defined in ECMA-262 6.1.7: the shortest decimal form of an integer below 2³² - 1.
fn is_array_index(key: &str) -> bool {
    let is_shortest = key == "0" || !key.starts_with(['0', '+']);
    is_shortest && key.parse::<u32>().is_ok_and(|index| index < u32::MAX)
}
