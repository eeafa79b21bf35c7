//! Bare specifiers and `#` specifiers: `PACKAGE_RESOLVE`, `PACKAGE_SELF_RESOLVE`, `PACKAGE_IMPORTS_RESOLVE` and
//! `LOOKUP_PACKAGE_SCOPE` of Node's algorithm.
//!
//! Finding the package, and everything about packages without `exports`, is done here, because `oxc_resolver` follows
//! `require` in that: it goes on to the next `node_modules` directory, takes a directory's `main`, guesses extensions.
//! What `exports` and `imports` map is left to it, in [`super::exports`].

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::exports::{Mapped, Mapper};
use super::known::{KnownPackages, Manifest, exports_are_definite};
use super::{Import, InvalidSpecifier, ModuleKey, ResolveError, error, file, file_url};
use crate::cache::Digest;

/// The packages that were seen.
#[derive(Debug, Default)]
pub(super) struct Packages {
    /// By the path of their `package.json`.
    manifests: HashMap<PathBuf, Arc<Manifest>>,
    known: Arc<KnownPackages>,
    mapper: Mapper,
}

impl Packages {
    /// `PACKAGE_RESOLVE`: the module that a bare specifier (`name`, `@scope/name/sub.js`) means.
    ///
    /// # Errors
    /// As [`super::Resolver::resolve`].
    pub(super) fn resolve_bare(
        &mut self,
        specifier: &str,
        referrer: &ModuleKey,
    ) -> Result<ModuleKey, ResolveError> {
        let import = || Import::new(specifier, referrer);
        let bare =
            Bare::parse(specifier).ok_or_else(|| InvalidSpecifier::PackageName.of(import()))?;
        let (directory, manifest) = self.package(&bare, referrer, &import)?;
        if let Some(manifest) = manifest.as_ref().filter(|it| it.has_exports) {
            if let Some(key) = manifest.known_export(bare.subpath) {
                return Ok(key);
            }
            return self.mapper.resolve(
                specifier,
                referrer,
                Mapped::Subpath(bare.subpath),
                &directory,
            );
        }
        if bare.subpath.is_empty() {
            let main = manifest
                .as_ref()
                .and_then(|manifest| manifest.main.as_deref());
            return legacy_main(&directory, main).ok_or_else(|| {
                ResolveError::PackageEntryNotFound {
                    import: import(),
                    directory: file::target(&directory),
                }
            });
        }
        // Without "exports", a subpath is a reference relative to the package, escapes, query and all.
        let url = file_url::join(
            &directory.join("package.json"),
            &format!(".{}", bare.subpath),
        )
        .map_err(|reason| InvalidSpecifier::Url(reason).of(import()))?;
        file::resolve(&url, specifier, referrer)
    }

    /// Knows these manifests from now on, as long as their content is the same.
    pub(super) fn know(&mut self, known: Arc<KnownPackages>) {
        self.known = known;
    }

    /// What is known now, to be told to another with [`Packages::know`].
    pub(super) fn known(&self) -> KnownPackages {
        let manifests = self.manifests.iter();
        KnownPackages(
            manifests
                .filter(|(path, _)| path.to_str().is_some())
                .map(|(path, it)| (path.clone(), Manifest::clone(it)))
                .collect(),
        )
    }

    /// Notes which file a bare specifier is exported as, if its package exports it and the manifest's text alone says so.
    pub(super) fn note(&mut self, specifier: &str, referrer: &ModuleKey) -> Option<()> {
        let import = || Import::new(specifier, referrer);
        let bare = Bare::parse(specifier)?;
        let (directory, manifest) = self.package(&bare, referrer, &import).ok()?;
        // Once for all importers: what a package exports does not depend on them.
        let is_new = |it: &Arc<Manifest>| !it.exports.contains_key(bare.subpath);
        let mut manifest = manifest.filter(|it| it.has_exports && is_new(it))?;
        let path = directory.join("package.json");
        let text = std::fs::read(&path).ok()?;
        if Digest::of(&text) != manifest.digest || !exports_are_definite(&text) {
            return None;
        }
        let mapped = Mapped::Subpath(bare.subpath);
        let key = self.mapper.resolve(specifier, referrer, mapped, &directory);
        let target = self.mapper.unlinked(specifier, referrer)?;
        // Else it has a query, or is in another package than the one that was looked at.
        let real = ModuleKey::of_real_path(target.canonicalize().ok()?, None, None);
        if key.ok()? != real || !target.starts_with(&directory) || target.to_str().is_none() {
            return None;
        }
        let exports = &mut Arc::make_mut(&mut manifest).exports;
        exports.insert(bare.subpath.to_owned(), target);
        self.manifests.insert(path, manifest);
        Some(())
    }

    /// `PACKAGE_IMPORTS_RESOLVE`: the module that a `#` specifier means in the importer's package.
    ///
    /// # Errors
    /// As [`super::Resolver::resolve`].
    pub(super) fn resolve_import(
        &mut self,
        specifier: &str,
        referrer: &ModuleKey,
    ) -> Result<ModuleKey, ResolveError> {
        let import = || Import::new(specifier, referrer);
        if specifier == "#" || specifier.starts_with("#/") || specifier.ends_with('/') {
            return Err(InvalidSpecifier::ImportName.of(import()));
        }
        match self.scope(referrer.directory(), &import)? {
            Some((directory, manifest)) if manifest.has_imports => {
                self.mapper
                    .resolve(specifier, referrer, Mapped::Import, &directory)
            }
            scope => {
                let manifest =
                    scope.map(|(directory, _)| file::target(&directory.join("package.json")));
                Err(ResolveError::ImportNotDefined {
                    import: import(),
                    manifest,
                })
            }
        }
    }

    /// The package that a bare specifier names, and its manifest: the importer's own by `PACKAGE_SELF_RESOLVE`, or the
    /// one that is found.
    fn package(
        &mut self,
        bare: &Bare<'_>,
        referrer: &ModuleKey,
        import: &impl Fn() -> Import,
    ) -> Result<(PathBuf, Option<Arc<Manifest>>), ResolveError> {
        let from = referrer.directory();
        if let Some((directory, manifest)) = self.scope(from, import)?
            && manifest.has_exports
            && manifest.name.as_deref() == Some(bare.name)
        {
            return Ok((directory, Some(manifest)));
        }
        let Some(directory) = find(bare.name, from) else {
            return Err(ResolveError::PackageNotFound {
                import: import(),
                package: error::shorten(bare.name),
            });
        };
        let manifest = self.manifest(&directory, import)?;
        Ok((directory, manifest))
    }

    /// `LOOKUP_PACKAGE_SCOPE`: the nearest directory at or above `from` that has a `package.json`, up to
    /// `node_modules`.
    fn scope(
        &mut self,
        from: &Path,
        import: &impl Fn() -> Import,
    ) -> Result<Option<(PathBuf, Arc<Manifest>)>, ResolveError> {
        for directory in from
            .ancestors()
            .take_while(|directory| !directory.ends_with("node_modules"))
        {
            if let Some(manifest) = self.manifest(directory, import)? {
                return Ok(Some((directory.into(), manifest)));
            }
        }
        Ok(None)
    }

    /// `READ_PACKAGE_JSON`: a package's manifest, if it has one.
    fn manifest(
        &mut self,
        directory: &Path,
        import: &impl Fn() -> Import,
    ) -> Result<Option<Arc<Manifest>>, ResolveError> {
        let path = directory.join("package.json");
        if let Some(manifest) = self.manifests.get(&path) {
            return Ok(Some(manifest.clone()));
        }
        match Manifest::read(&path, &self.known) {
            Ok(None) => Ok(None),
            Ok(Some(manifest)) => {
                let manifest = Arc::new(manifest);
                self.manifests.insert(path, manifest.clone());
                Ok(Some(manifest))
            }
            Err(reason) => Err(ResolveError::InvalidManifest {
                import: import(),
                manifest: file::target(&path),
                reason: error::shorten(&reason.to_string()),
            }),
        }
    }
}

impl Manifest {
    /// None if there is no such file. A directory of that name counts as none, as for Node.
    fn read(path: &Path, known: &KnownPackages) -> io::Result<Option<Self>> {
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error)
                if file::is_absence(&error) || error.kind() == io::ErrorKind::IsADirectory =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let digest = Digest::of(&text);
        if let Some(manifest) = known.get(path, digest) {
            return Ok(Some(manifest.clone()));
        }
        let fields: Map<String, Value> = serde_json::from_slice(&text)?;
        let text = |field| fields.get(field).and_then(Value::as_str).map(Box::from);
        let has = |field| fields.get(field).is_some_and(|value| !value.is_null());
        Ok(Some(Self {
            digest,
            exports: BTreeMap::new(),
            name: text("name"),
            main: text("main"),
            has_exports: has("exports"),
            has_imports: fields.get("imports").is_some_and(Value::is_object),
        }))
    }
}

/// A bare specifier in its two parts.
struct Bare<'a> {
    /// `name` or `@scope/name`.
    name: &'a str,
    /// Empty, or `/` and the rest.
    subpath: &'a str,
}

impl<'a> Bare<'a> {
    /// None if the package's name is not one.
    fn parse(specifier: &'a str) -> Option<Self> {
        let scope = match specifier.strip_prefix('@') {
            Some(_) => specifier.find('/')? + 1,
            None => 0,
        };
        let end = specifier[scope..]
            .find('/')
            .map_or(specifier.len(), |end| scope + end);
        let (name, subpath) = specifier.split_at(end);
        // A scoped name whose second part is `..` would leave `node_modules`.
        let leaves = matches!(&name[scope..], "." | "..");
        if name.starts_with('.') || name.contains(['%', '\\']) || leaves {
            return None;
        }
        Some(Self { name, subpath })
    }
}

/// The directory of the package `name`: in the first `node_modules`, at or above `from`, that has it. There the search
/// ends, whatever is in it.
fn find(name: &str, from: &Path) -> Option<PathBuf> {
    from.ancestors()
        .map(|directory| directory.join("node_modules").join(name))
        .find(|directory| directory.is_dir())
}

/// `LEGACY_MAIN_RESOLVE`: the entry of a package without `exports`. Only here does Node guess extensions in ES modules.
fn legacy_main(directory: &Path, main: Option<&str>) -> Option<ModuleKey> {
    const GUESSES: [&str; 7] = [
        "",
        ".js",
        ".json",
        ".node",
        "/index.js",
        "/index.json",
        "/index.node",
    ];
    const INDEXES: [&str; 3] = ["index.js", "index.json", "index.node"];
    // A leading slash would lead to the root of the file system.
    let main = main.map(|main| main.trim_start_matches('/'));
    let guesses = main
        .into_iter()
        .flat_map(|main| GUESSES.iter().map(move |guess| format!("{main}{guess}")));
    let candidates = guesses
        .chain(INDEXES.map(String::from))
        .map(|candidate| directory.join(candidate));
    let real = candidates
        .filter(|candidate| candidate.is_file())
        .find_map(|candidate| candidate.canonicalize().ok())?;
    Some(ModuleKey::of_real_path(real, None, None))
}
