//! From a module specifier to the key of a module, as Node does it for ES modules.
//!
//! This is the host's half of ECMA-262's `HostLoadImportedModule` (section 16.2.1.10): given a referrer and a module
//! specifier, say which module is meant. It follows `ESM_RESOLVE` of Node's "Resolution Algorithm Specification"
//! (<https://nodejs.org/api/esm.html#resolution-algorithm-specification>):
//!
//! | specifier | handled by |
//! | --- | --- |
//! | `./a.js`, `../a.js`, `/a.js` | `directories` when it is plain, else `file` through the `url` crate |
//! | `file:///a.js` | `file` |
//! | `name`, `@scope/name/sub.js`, `#internal` | `package`, and `exports` for what `package.json` maps |
//! | any other URL (`node:fs`, `https://…`, `data:…`) | [`ResolveError::UnsupportedScheme`] |
//!
//! The conditions that hold in `exports` and `imports` are [`CONDITIONS`] and `default`.
//!
//! # Where it differs from Node, on purpose
//! - There are no built-in modules: `node:fs` is an error, and a bare `fs` is looked for in `node_modules`.
//! - Every Unix path can be imported: a percent-encoded name need not be UTF-8 (Node throws a `URIError`), the importer
//!   may lie in a directory with a backslash in its name, and no name is taken for a Windows drive.
//! - Only regular files are modules: reading a FIFO or a device could block for ever.
//! - What `oxc_resolver` maps (see `exports`) takes a `?query` or `#fragment` after any exported subpath; Node does so
//!   only where a pattern key ends in `*`. Percent-encoding and more than 4096 bytes are refused there.
//! - `"imports": {"#x": "package/sub"}` also finds `package/sub.js` in a package without `exports`, which Node does not.

mod directories;
mod error;
mod exports;
mod file;
mod file_url;
mod key;
mod known;
mod package;
#[cfg(test)]
mod tests;

pub use error::{Hint, Import, InvalidSpecifier, InvalidUrl, ResolveError};
pub use exports::CONDITIONS;
pub use file::FileKind;
pub use key::ModuleKey;
pub use known::KnownPackages;

use std::sync::Arc;

use directories::Directories;
use package::Packages;
use url::Url;

/// Resolves the imports of module graphs, and remembers every answer.
///
/// One resolver serves one load of one graph. What it found once stays so for its lifetime, even when the file is
/// removed or replaced meanwhile. What it did *not* find is looked for again each time, so that a file made later is
/// seen.
#[derive(Debug, Default)]
pub struct Resolver {
    directories: Directories,
    packages: Packages,
}

impl Resolver {
    /// A resolver that knows nothing yet. Cheap: nothing is read before the first [`Resolver::resolve`].
    pub fn new() -> Self {
        Self::default()
    }

    /// A resolver that need not parse these manifests, as long as they are what they were. What it answers is the same.
    pub fn with_known(known: Arc<KnownPackages>) -> Self {
        let mut resolver = Self::default();
        resolver.packages.know(known);
        resolver
    }

    /// Notes what [`Resolver::with_known`] needs to find the module that `specifier` means in `referrer`. What it needs
    /// nothing for, or cannot know from a manifest's text alone, is left out.
    pub fn note(&mut self, specifier: &str, referrer: &ModuleKey) {
        let is_bare = !is_path(specifier) && !specifier.starts_with('#');
        if is_bare && Url::parse(specifier).is_err() {
            self.packages.note(specifier, referrer);
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
        let key = match self.directories.plain_file(from, specifier) {
            Some(key) => key,
            None => self.resolve_any(specifier, referrer)?,
        };
        self.directories.remember(from, specifier, &key);
        Ok(key)
    }

    /// What [`Resolver::resolve`] has answered before, or was told to answer.
    pub fn recall(&mut self, specifier: &str, referrer: &ModuleKey) -> Option<ModuleKey> {
        let from = self.directories.of(referrer);
        self.directories.recall(from, specifier).cloned()
    }

    /// Makes `key` the answer for `specifier` in `referrer` from here on: it was found by another resolver, at whose word
    /// the engine has taken it.
    pub fn remember(&mut self, specifier: &str, referrer: &ModuleKey, key: &ModuleKey) {
        let from = self.directories.of(referrer);
        self.directories.remember(from, specifier, key);
    }

    /// Whether `specifier` means the module `url` in the module `referrer`, for one who knows that `url` is the key of a
    /// regular file and no symbolic link: then a plain relative specifier costs no system call. False when that is not
    /// so, or not known without [`Resolver::resolve`].
    pub fn plainly_means(&mut self, specifier: &str, referrer: &ModuleKey, url: &str) -> bool {
        let from = self.directories.of(referrer);
        self.directories.plain_url_is(from, specifier, url)
    }

    /// Every kind of specifier, without memory and without the short cut for plain ones. Every error comes from here.
    fn resolve_any(
        &mut self,
        specifier: &str,
        referrer: &ModuleKey,
    ) -> Result<ModuleKey, ResolveError> {
        let import = || Import::new(specifier, referrer);
        if specifier.is_empty() {
            return Err(InvalidSpecifier::Empty.of(import()));
        }
        if specifier.contains('\0') {
            return Err(InvalidSpecifier::Nul.of(import()));
        }
        if is_path(specifier) {
            let url = file_url::join(referrer.path(), specifier)
                .map_err(|reason| InvalidSpecifier::Url(reason).of(import()))?;
            return file::resolve(&url, specifier, referrer);
        }
        if specifier.starts_with('#') {
            return self.packages.resolve_import(specifier, referrer);
        }
        // A specifier that is a URL by itself, else a bare one: the order of `ESM_RESOLVE`.
        match Url::parse(specifier) {
            Ok(url) if url.scheme() == "file" => file::resolve(&url, specifier, referrer),
            Ok(url) => Err(ResolveError::UnsupportedScheme {
                scheme: error::shorten(url.scheme()),
                import: import(),
            }),
            Err(_) => self.packages.resolve_bare(specifier, referrer),
        }
    }
}

/// Whether `specifier` is relative or absolute, as opposed to a URL or a bare name.
fn is_path(specifier: &str) -> bool {
    specifier.starts_with('/')
        || specifier.starts_with("./")
        || specifier.starts_with("../")
        || matches!(specifier, "." | "..")
}
