//! Which entry of `exports` or `imports` is for a specifier: `PACKAGE_EXPORTS_RESOLVE`, the second half of
//! `PACKAGE_IMPORTS_RESOLVE`, `PACKAGE_IMPORTS_EXPORTS_RESOLVE` and `PATTERN_KEY_COMPARE` of Node's algorithm.

use std::path::Path;

use serde_json::{Map, Value};

use super::error::ResolveError;
use super::file_url::FileUrl;
use super::request::Request;
use super::similar;
use super::target::{self, Entry, Field, ResolveBare, Resolved};

/// The conditions that hold, besides `default`, which always does. Which one wins is a matter of the order in
/// `package.json`, not of this one.
///
/// `PACKAGE_EXPORTS_RESOLVE`: the file that `subpath` (empty, or `/` and the rest) of the package in `directory` is.
///
/// # Errors
/// [`ResolveError::NotExported`], and those of [`target::resolve`].
pub(super) fn resolve_export(
    exports: &Value,
    subpath: &str,
    directory: &Path,
    request: Request<'_>,
) -> Result<FileUrl, ResolveError> {
    let key = format!(".{subpath}");
    let place = Place {
        field: Field::Exports,
        directory,
        request,
    };
    let refused = || ResolveError::NotExported {
        import: request.import(),
        subpath: super::shown::shorten(&key),
        manifest: similar::manifest(directory),
    };
    // No target of `exports` is a bare specifier.
    let mut bare = |_: &str| Err(refused());
    let resolved = match exports {
        _ if is_main(exports, place)? => match subpath {
            "" => target::resolve(exports, place.entry(&key, None), &mut bare)?,
            _ => Resolved::Undefined,
        },
        Value::Object(map) => resolve_in(map, &key, place, &mut bare)?,
        _ => Resolved::Undefined,
    };
    match resolved {
        Resolved::To(url) => Ok(url),
        Resolved::Null | Resolved::Undefined => Err(refused()),
    }
}

/// What `imports` of the package in `directory` has for a `#` specifier; none if nothing applies.
///
/// # Errors
/// Those of [`target::resolve`].
pub(super) fn resolve_import(
    imports: &Value,
    directory: &Path,
    request: Request<'_>,
    bare: &mut ResolveBare<'_>,
) -> Result<Option<FileUrl>, ResolveError> {
    let place = Place {
        field: Field::Imports,
        directory,
        request,
    };
    let resolved = match imports {
        Value::Object(map) => resolve_in(map, request.specifier, place, bare)?,
        _ => Resolved::Undefined,
    };
    Ok(match resolved {
        Resolved::To(url) => Some(url),
        Resolved::Null | Resolved::Undefined => None,
    })
}

/// A map and who asks for what is in it.
#[derive(Clone, Copy)]
struct Place<'a> {
    field: Field,
    directory: &'a Path,
    request: Request<'a>,
}

impl<'a> Place<'a> {
    fn entry(self, key: &'a str, matched: Option<&'a str>) -> Entry<'a> {
        Entry {
            field: self.field,
            key,
            matched,
            directory: self.directory,
            request: self.request,
        }
    }
}

/// Whether `exports` is the short form, which is about the package itself and nothing else: step 1, and 2.2.
fn is_main(exports: &Value, place: Place<'_>) -> Result<bool, ResolveError> {
    let Value::Object(map) = exports else {
        return Ok(matches!(exports, Value::String(_) | Value::Array(_)));
    };
    let subpaths = map.keys().filter(|key| key.starts_with('.')).count();
    if subpaths > 0 && subpaths < map.len() {
        return Err(ResolveError::InvalidManifest {
            import: place.request.import(),
            manifest: similar::manifest(place.directory),
            reason: "keys of \"exports\" must either all start with '.' or none of them".into(),
        });
    }
    Ok(!map.is_empty() && subpaths == 0)
}

/// `PACKAGE_IMPORTS_EXPORTS_RESOLVE`.
fn resolve_in(
    map: &Map<String, Value>,
    key: &str,
    place: Place<'_>,
    bare: &mut ResolveBare<'_>,
) -> Result<Resolved, ResolveError> {
    // 1. A subpath that ends with a slash has no entry of its own: folder mappings are no more.
    if !key.contains('*')
        && !key.ends_with('/')
        && let Some(target) = map.get(key)
    {
        return target::resolve(target, place.entry(key, None), bare);
    }
    // 2, 3. The first of the sorted keys that matches is the most specific of those that do.
    let matching = map.iter().filter_map(|(pattern, target)| {
        let (pattern, matched) = Pattern::parse(pattern)?.matches(key)?;
        Some((pattern, matched, target))
    });
    match matching.max_by_key(|(pattern, ..)| pattern.specificity()) {
        Some((pattern, matched, target)) => {
            target::resolve(target, place.entry(pattern.key, Some(matched)), bare)
        }
        // 4.
        None => Ok(Resolved::Null),
    }
}

/// A key with one `*`.
struct Pattern<'a> {
    key: &'a str,
    base: &'a str,
    trailer: &'a str,
}

impl<'a> Pattern<'a> {
    /// Step 2: a key with no or more than one `*` is not a pattern.
    fn parse(key: &'a str) -> Option<Self> {
        let (base, trailer) = key.split_once('*')?;
        (!trailer.contains('*')).then_some(Self { key, base, trailer })
    }

    /// Step 3.2: itself and what its `*` stands for in `key`, which is something.
    fn matches(self, key: &str) -> Option<(Self, &str)> {
        let matched = key.strip_prefix(self.base)?.strip_suffix(self.trailer)?;
        (!matched.is_empty()).then_some((self, matched))
    }

    /// `PATTERN_KEY_COMPARE`: what comes first has the longer base, or else is longer itself. No two patterns that match
    /// the same key are equal in that.
    fn specificity(&self) -> (usize, usize) {
        (self.base.len(), self.key.len())
    }
}
