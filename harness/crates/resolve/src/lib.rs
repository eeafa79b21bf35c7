//! From a module specifier to the key of a module, as Node does it for ES modules.
//!
//! This is the host's half of ECMA-262's `HostLoadImportedModule` (section 16.2.1.10): given a referrer and a module
//! specifier, say which module is meant. It follows `ESM_RESOLVE` of Node's "Resolution Algorithm Specification"
//! (<https://nodejs.org/api/esm.html#resolution-algorithm-specification>):
//!
//! | specifier | handled by |
//! | --- | --- |
//! | `./a.js`, `../a.js`, `/a.js` | `directories` when it is plain, else `file_url` |
//! | `file:///a.js` | `file_url` |
//! | `name`, `@scope/name/sub.js`, `#internal` | `package`, and `exports` and `target` for what `package.json` maps |
//! | any other URL (`node:fs`, `https://…`, `data:…`) | [`ResolveError::UnsupportedScheme`] |
//!
//! Whatever it was, `file` looks at the place then. The conditions that hold in `exports` and `imports` are [`CONDITIONS`],
//! `default`, and `node` if nobody says otherwise: [`Rules`] are what a host may decide, an import map above all.
//!
//! # Where it differs from Node, on purpose
//! - There are no built-in modules: `node:fs` is an error, and a bare `fs` is looked for in `node_modules`.
//! - Every Unix path can be imported: a percent-encoded name need not be UTF-8 (Node throws a `URIError`), the importer
//!   may lie in a directory with a backslash in its name, and no name is taken for a Windows drive.
//! - Only regular files are modules: reading a FIFO or a device could block for ever.
//! - A NUL in a specifier, and a `%` that starts no escape, are an invalid specifier (Node: not found, `URIError`).
//!
//! Node's own versions differ where its documentation is followed here: an empty specifier is invalid; `exports`
//! that is neither null nor a string, an array or an object exports nothing; a `name` that is not a string is none;
//! and of a field that a manifest has twice, the last one counts. A manifest is JSON as `serde_json` takes it:
//! within `exports` and `imports` at most 127 levels deep, and without escapes of lone surrogates or numbers that
//! no double can hold.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod directories;
mod error;
mod exports;
mod file;
mod file_url;
mod import_map;
mod key;
mod kind;
mod manifest;
mod package;
mod place;
mod request;
mod rules;
mod shown;
mod similar;
mod target;
#[cfg(test)]
mod tests;

pub use error::{Hint, Import, InvalidSpecifier, InvalidUrl, ResolveError, Target};
pub use import_map::ImportMap;
pub use key::ModuleKey;
pub use kind::FileKind;
pub use manifest::KnownPackages;
pub use rules::{CONDITIONS, DEFAULT_CONDITION, DEFAULT_MAIN_FIELD, Rules};

use std::path::Path;
use std::sync::Arc;

use directories::Directories;
use file_url::FileUrl;
use package::{Found, Packages};
use request::Request;
use url::Url;

/// Resolves the imports of module graphs, and remembers every answer.
///
/// One resolver serves one load of one graph. What it found once stays so for its lifetime, even when the file is
/// removed or replaced meanwhile. What it did *not* find is looked for again each time, so that a file made later is
/// seen.
#[derive(Debug, Default)]
pub struct Resolver {
    rules: Arc<Rules>,
    directories: Directories,
    packages: Packages,
}

impl Resolver {
    /// A resolver that knows nothing yet. Cheap: nothing is read before the first [`Resolver::resolve`].
    pub fn new() -> Self {
        Self::default()
    }

    /// The same by other rules than Node's.
    pub fn by(rules: &Arc<Rules>) -> Self {
        Self {
            rules: Arc::clone(rules),
            ..Self::default()
        }
    }

    /// The same that need not parse these manifests, as long as they are what they were. What it answers is the same.
    #[must_use]
    pub fn with_known(mut self, known: Arc<KnownPackages>) -> Self {
        self.packages.know(known);
        self
    }

    /// Notes what [`Resolver::with_known`] needs to find the module that `specifier` means in `referrer`. What it needs
    /// nothing for, or cannot know from a manifest's text alone, is left out.
    pub fn note(&mut self, specifier: &str, referrer: &ModuleKey) {
        // What an import map leads to, it leads to without a manifest; what it does not, it may tomorrow.
        if self.rules.import_map.is_some() {
            return;
        }
        let is_bare = !is_path(specifier) && !specifier.starts_with('#');
        if is_bare && Url::parse(specifier).is_err() {
            let request = Request {
                specifier,
                referrer: Some(referrer),
                rules: &self.rules,
            };
            self.packages.note(request, referrer.directory());
        }
    }

    /// The manifests that were read, with what was noted of them.
    pub fn known(&self) -> KnownPackages {
        self.packages.known()
    }

    /// The module that `specifier` means in the module `referrer`: `ESM_RESOLVE` of Node's algorithm.
    ///
    /// The same pair gives the same key each time, as `HostLoadImportedModule` demands.
    ///
    /// # Errors
    /// A [`ResolveError`] that names `specifier` and `referrer`. Its [`ResolveError::code`] is the code that Node's
    /// error would carry.
    pub fn resolve(
        &mut self,
        specifier: &str,
        referrer: &ModuleKey,
    ) -> Result<ModuleKey, ResolveError> {
        if let Some(key) = self.recall(specifier, referrer) {
            return Ok(key);
        }
        let from = self.directories.of(referrer);
        let plain = match self.is_mapped(specifier, referrer) {
            true => None,
            false => self.directories.plain_file(from, specifier),
        };
        let key = match plain {
            Some(key) => key,
            None => self.resolve_any(specifier, referrer)?,
        };
        if !self.is_by_itself(referrer) {
            self.directories.remember(from, specifier, &key);
        }
        Ok(key)
    }

    /// What [`Resolver::resolve`] has answered before, or was told to answer.
    pub fn recall(&mut self, specifier: &str, referrer: &ModuleKey) -> Option<ModuleKey> {
        if self.is_by_itself(referrer) {
            return None;
        }
        let from = self.directories.of(referrer);
        self.directories.recall(from, specifier).cloned()
    }

    /// Makes `key` the answer for `specifier` in `referrer` from here on: it was found by another resolver, at whose word
    /// the engine has taken it.
    pub fn remember(&mut self, specifier: &str, referrer: &ModuleKey, key: &ModuleKey) {
        if self.is_by_itself(referrer) {
            return;
        }
        let from = self.directories.of(referrer);
        self.directories.remember(from, specifier, key);
    }

    /// The module that the manifest of the package in `directory` names as its entry, by `exports` or by a main field;
    /// none if it names none.
    ///
    /// # Errors
    /// Those of [`Resolver::resolve`], as if code of no module had asked for the directory.
    pub fn package_entry(&mut self, directory: &Path) -> Result<Option<ModuleKey>, ResolveError> {
        let rules = Arc::clone(&self.rules);
        let request = Request {
            specifier: &directory.to_string_lossy(),
            referrer: None,
            rules: &rules,
        };
        let place = self.packages.named_entry(directory, request)?;
        place.map(|it| file::resolve(&it, request)).transpose()
    }

    /// Whether `specifier` means the module `url` in the module `referrer`, for one who knows that `url` is the key of a
    /// regular file and no symbolic link: then a plain relative specifier costs no system call. False when that is not
    /// so, or not known without [`Resolver::resolve`].
    pub fn plainly_means(&mut self, specifier: &str, referrer: &ModuleKey, url: &str) -> bool {
        let from = self.directories.of(referrer);
        !self.is_mapped(specifier, referrer) && self.directories.plain_url_is(from, specifier, url)
    }

    /// The URL that `specifier` means in the module `referrer`, whether anything is there or not, and whatever its scheme:
    /// what `import.meta.resolve` says. If it can be imported, it is the key of that module.
    ///
    /// # Errors
    /// Those of [`Resolver::resolve`] that do not come of what is or is not at that URL.
    pub fn locate(
        &mut self,
        specifier: &str,
        referrer: &ModuleKey,
    ) -> Result<String, ResolveError> {
        let found = match self.resolve(specifier, referrer) {
            Ok(key) => return Ok(key.as_str().to_owned()),
            Err(error) => error,
        };
        let rules = Arc::clone(&self.rules);
        let request = Request {
            specifier,
            referrer: Some(referrer),
            rules: &rules,
        };
        match (self.find(request)?, found) {
            (Location::Elsewhere(url), _) => Ok(url.into()),
            (
                Location::File(Found::Place(place)),
                ResolveError::ModuleNotFound { .. }
                | ResolveError::DirectoryImport { .. }
                | ResolveError::NotAFile { .. }
                | ResolveError::Unreadable { .. },
            ) => Ok(place.url.href()),
            (_, error) => Err(error),
        }
    }

    /// The key of the module that `specifier` means in code that belongs to no module: only a URL means something there.
    ///
    /// # Errors
    /// As [`Resolver::resolve`], and [`ResolveError::NoImporter`].
    pub fn resolve_url(&self, specifier: &str) -> Result<ModuleKey, ResolveError> {
        let request = Request {
            specifier,
            referrer: None,
            rules: &self.rules,
        };
        if let Some(location) = mapped(request)? {
            return finish(location, request);
        }
        match url(request)? {
            Some(location) => finish(location, request),
            None => Err(ResolveError::NoImporter {
                import: request.import(),
            }),
        }
    }

    /// Whether a module shares no answers with the others of its directory: the import map has a scope for it alone.
    fn is_by_itself(&self, referrer: &ModuleKey) -> bool {
        let map = self.rules.import_map.as_ref();
        map.is_some_and(|it| it.has_scope_of(referrer))
    }

    /// Whether the import map says something of a specifier.
    fn is_mapped(&self, specifier: &str, referrer: &ModuleKey) -> bool {
        let request = Request {
            specifier,
            referrer: Some(referrer),
            rules: &self.rules,
        };
        self.rules.import_map.is_some() && !matches!(mapped(request), Ok(None))
    }

    /// Every kind of specifier, without memory and without the short cut for plain ones. Every error comes from here.
    fn resolve_any(
        &mut self,
        specifier: &str,
        referrer: &ModuleKey,
    ) -> Result<ModuleKey, ResolveError> {
        let rules = Arc::clone(&self.rules);
        let request = Request {
            specifier,
            referrer: Some(referrer),
            rules: &rules,
        };
        finish(self.find(request)?, request)
    }

    /// `ESM_RESOLVE`, up to step 6.
    fn find(&mut self, request: Request<'_>) -> Result<Location, ResolveError> {
        let Request {
            specifier,
            referrer: Some(referrer),
            ..
        } = request
        else {
            return Err(ResolveError::NoImporter {
                import: request.import(),
            });
        };
        if specifier.is_empty() {
            return Err(InvalidSpecifier::Empty.of(request.import()));
        }
        if specifier.contains('\0') {
            return Err(InvalidSpecifier::Nul.of(request.import()));
        }
        if let Some(location) = mapped(request)? {
            return Ok(location);
        }
        if is_path(specifier) {
            let url = FileUrl::join(referrer.path(), specifier);
            return url
                .and_then(|url| url.without_backslash_of(specifier))
                .map(Location::from)
                .map_err(|reason| InvalidSpecifier::Url(reason).of(request.import()));
        }
        let from = referrer.directory();
        if specifier.starts_with('#') {
            let place = self.packages.resolve_import(request, from)?;
            return Ok(Location::File(Found::Place(place)));
        }
        // A specifier that is a URL by itself, else a bare one: the order of `ESM_RESOLVE`.
        match url(request)? {
            Some(location) => Ok(location),
            None => self
                .packages
                .resolve_bare(request, from)
                .map(Location::File),
        }
    }
}

/// What a specifier means, whether something is there or not.
enum Location {
    /// A file.
    File(Found),
    /// A URL of another scheme.
    Elsewhere(Url),
}

impl From<FileUrl> for Location {
    fn from(url: FileUrl) -> Self {
        Self::File(Found::Place(url.into()))
    }
}

/// The location that the import map has for a request, if it has one.
fn mapped(request: Request<'_>) -> Result<Option<Location>, ResolveError> {
    let Some(map) = &request.rules.import_map else {
        return Ok(None);
    };
    let url = map.resolve(request.specifier, request.referrer)?;
    Ok(url.map(|url| match url.scheme() {
        "file" => FileUrl::from(&url).into(),
        _ => Location::Elsewhere(url),
    }))
}

/// The location that a specifier is by itself, if it is a URL.
fn url(request: Request<'_>) -> Result<Option<Location>, ResolveError> {
    let Ok(url) = Url::parse(request.specifier) else {
        return Ok(None);
    };
    if url.scheme() != "file" {
        return Ok(Some(Location::Elsewhere(url)));
    }
    let url = FileUrl::from(&url).without_backslash_of(request.specifier);
    url.map(|it| Some(it.into()))
        .map_err(|reason| InvalidSpecifier::Url(reason).of(request.import()))
}

/// `ESM_RESOLVE`, step 7.
fn finish(location: Location, request: Request<'_>) -> Result<ModuleKey, ResolveError> {
    match location {
        Location::File(Found::Module(key)) => Ok(key),
        Location::File(Found::Place(place)) => file::resolve(&place, request),
        Location::Elsewhere(url) => Err(ResolveError::UnsupportedScheme {
            scheme: shown::shorten(url.scheme()),
            import: request.import(),
        }),
    }
}

/// Whether `specifier` is relative or absolute, as opposed to a URL or a bare name.
fn is_path(specifier: &str) -> bool {
    specifier.starts_with('/')
        || specifier.starts_with("./")
        || specifier.starts_with("../")
        || matches!(specifier, "." | "..")
}
