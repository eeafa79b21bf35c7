//! Bare specifiers and `#` specifiers: `PACKAGE_RESOLVE`, `PACKAGE_SELF_RESOLVE`, `PACKAGE_IMPORTS_RESOLVE` and
//! `LOOKUP_PACKAGE_SCOPE` of Node's algorithm. What the two maps of a manifest lead to is in [`super::exports`].

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::exports;
use super::file_url::{self, FileUrl};
use super::manifest::KnownPackages;
use super::manifest::{Manifest, Package};
use super::place::{Mapping, Place};
use super::request::Request;
use super::target::Field;
use super::{InvalidSpecifier, ModuleKey, ResolveError, similar};

/// The packages that were seen.
#[derive(Debug, Default)]
pub(super) struct Packages {
    /// By the path of their `package.json`.
    packages: HashMap<PathBuf, Arc<Package>>,
    known: Arc<KnownPackages>,
}

impl Packages {
    /// Where a bare specifier (`name`, `@scope/name/sub.js`) leads in a module of the directory `from`.
    ///
    /// # Errors
    /// As [`super::Resolver::resolve`].
    pub(super) fn resolve_bare(
        &mut self,
        request: Request<'_>,
        from: &Path,
    ) -> Result<Found, ResolveError> {
        let bare = Bare::of(request.specifier, request)?;
        let (directory, package) = self.package(&bare, from, request)?;
        let known = |it: &Arc<Package>| it.manifest.known_export(bare.subpath);
        match package.as_ref().and_then(known) {
            Some(key) => Ok(Found::Module(key)),
            None => place(&bare, &directory, package.as_deref(), request).map(Found::Place),
        }
    }

    /// The place that the manifest of the package in `directory` names as its entry, by `exports` or by a main field;
    /// none if it names none, or there is no manifest. Unlike `PACKAGE_RESOLVE`, no index is guessed.
    ///
    /// # Errors
    /// As [`super::Resolver::resolve`].
    pub(super) fn named_entry(
        &mut self,
        directory: &Path,
        request: Request<'_>,
    ) -> Result<Option<Place>, ResolveError> {
        let Some(package) = self.read(directory, request)? else {
            return Ok(None);
        };
        if !package.manifest.has_exports {
            let main = named_main(directory, package.manifest.main.as_deref());
            return Ok(main.map(|path| FileUrl::of_path(&path).into()));
        }
        let itself = Bare {
            name: "",
            subpath: "",
        };
        place(&itself, directory, Some(&package), request).map(Some)
    }

    /// `PACKAGE_IMPORTS_RESOLVE`: where a `#` specifier leads in a module of the directory `from`.
    ///
    /// # Errors
    /// As [`super::Resolver::resolve`].
    pub(super) fn resolve_import(
        &mut self,
        request: Request<'_>,
        from: &Path,
    ) -> Result<Place, ResolveError> {
        if request.specifier == "#" || request.specifier.ends_with('/') {
            return Err(InvalidSpecifier::ImportName.of(request.import()));
        }
        let scope = self.scope(from, request)?;
        let Some((directory, package)) = &scope else {
            return Err(ResolveError::ImportNotDefined {
                import: request.import(),
                manifest: None,
            });
        };
        let mut by = None;
        let mut bare = |target: &str| {
            let bare = Bare::of(target, request)?;
            let (directory, package) = self.package(&bare, directory, request)?;
            let place = place(&bare, &directory, package.as_deref(), request)?;
            by = place.by;
            Ok(place.url)
        };
        let resolved = if package.manifest.has_imports {
            exports::resolve_import(package.imports(), directory, request, &mut bare)?
        } else {
            None
        };
        match resolved {
            Some(url) => Ok(Place {
                url,
                by: by.or_else(|| Some(Mapping::new(Field::Imports, directory))),
            }),
            None => Err(ResolveError::ImportNotDefined {
                import: request.import(),
                manifest: Some(similar::manifest(directory)),
            }),
        }
    }

    /// Knows these manifests from now on, as long as their content is the same.
    pub(super) fn know(&mut self, known: Arc<KnownPackages>) {
        self.known = known;
    }

    /// What is known now, to be told to another with [`Packages::know`].
    pub(super) fn known(&self) -> KnownPackages {
        let packages = self.packages.iter();
        KnownPackages(
            packages
                .filter(|(path, _)| path.to_str().is_some())
                .map(|(path, it)| (path.clone(), Manifest::clone(&it.manifest)))
                .collect(),
        )
    }

    /// Notes which file a bare specifier is exported as, if its package exports it. The manifest's text alone says that.
    pub(super) fn note(&mut self, request: Request<'_>, from: &Path) -> Option<()> {
        let bare = Bare::parse(request.specifier)?;
        let (directory, package) = self.package(&bare, from, request).ok()?;
        // Once for all importers: what a package exports does not depend on them.
        let is_new = |it: &Arc<Package>| !it.manifest.exports.contains_key(bare.subpath);
        let package = package.filter(|it| it.manifest.has_exports && is_new(it))?;
        let exports = package.exports();
        let url = exports::resolve_export(exports, bare.subpath, &directory, request).ok()?;
        drop(package);
        let package = self.packages.get_mut(&directory.join("package.json"))?;
        let manifest = &mut Arc::make_mut(package).manifest;
        manifest.note_export(bare.subpath, &url, &directory)
    }

    /// The package that a bare specifier names, and its manifest: the importer's own by `PACKAGE_SELF_RESOLVE`, or the
    /// one that is found.
    fn package(
        &mut self,
        bare: &Bare<'_>,
        from: &Path,
        request: Request<'_>,
    ) -> Result<(PathBuf, Option<Arc<Package>>), ResolveError> {
        if let Some((directory, package)) = self.scope(from, request)?
            && package.manifest.has_exports
            && package.manifest.name.as_deref() == Some(bare.name)
        {
            return Ok((directory, Some(package)));
        }
        let Some(directory) = find(bare.name, from) else {
            return Err(ResolveError::PackageNotFound {
                import: request.import(),
                package: super::shown::shorten(bare.name),
            });
        };
        let package = self.read(&directory, request)?;
        Ok((directory, package))
    }

    /// `LOOKUP_PACKAGE_SCOPE`: the nearest directory at or above `from` that has a `package.json`, up to
    /// `node_modules`.
    fn scope(
        &mut self,
        from: &Path,
        request: Request<'_>,
    ) -> Result<Option<(PathBuf, Arc<Package>)>, ResolveError> {
        for directory in from
            .ancestors()
            .take_while(|directory| !directory.ends_with("node_modules"))
        {
            if let Some(package) = self.read(directory, request)? {
                return Ok(Some((directory.into(), package)));
            }
        }
        Ok(None)
    }

    /// A package's manifest, if it has one.
    fn read(
        &mut self,
        directory: &Path,
        request: Request<'_>,
    ) -> Result<Option<Arc<Package>>, ResolveError> {
        let path = directory.join("package.json");
        if let Some(package) = self.packages.get(&path) {
            return Ok(Some(package.clone()));
        }
        match Package::read(&path, &self.known, &request.rules.main_fields) {
            Ok(None) => Ok(None),
            Ok(Some(package)) => {
                let package = Arc::new(package);
                self.packages.insert(path, package.clone());
                Ok(Some(package))
            }
            Err(reason) => Err(ResolveError::InvalidManifest {
                import: request.import(),
                manifest: similar::target(&path),
                reason: super::shown::shorten(&reason.to_string()),
            }),
        }
    }
}

/// `PACKAGE_RESOLVE`, once the package was found.
fn place(
    bare: &Bare<'_>,
    directory: &Path,
    package: Option<&Package>,
    request: Request<'_>,
) -> Result<Place, ResolveError> {
    if let Some(package) = package.filter(|it| it.manifest.has_exports) {
        let exports = package.exports();
        return Ok(Place {
            url: exports::resolve_export(exports, bare.subpath, directory, request)?,
            by: Some(Mapping::new(Field::Exports, directory)),
        });
    }
    if bare.subpath.is_empty() {
        let main = package.and_then(|it| it.manifest.main.as_deref());
        return match legacy_main(directory, main) {
            Some(path) => Ok(FileUrl::of_path(&path).into()),
            None => Err(ResolveError::PackageEntryNotFound {
                import: request.import(),
                directory: similar::target(directory),
            }),
        };
    }
    // Without "exports", a subpath is a reference relative to the package, escapes, query and all.
    let url = FileUrl::join(
        &directory.join("package.json"),
        &format!(".{}", bare.subpath),
    );
    url.and_then(|url| url.without_backslash_of(bare.subpath))
        .map(Place::from)
        .map_err(|reason| InvalidSpecifier::Url(reason).of(request.import()))
}

/// What a bare specifier means.
pub(super) enum Found {
    /// A module that is known to be there.
    Module(ModuleKey),
    /// A place where there should be one.
    Place(Place),
}

/// A bare specifier in its two parts.
struct Bare<'a> {
    /// `name` or `@scope/name`.
    name: &'a str,
    /// Empty, or `/` and the rest.
    subpath: &'a str,
}

impl<'a> Bare<'a> {
    fn of(specifier: &'a str, request: Request<'_>) -> Result<Self, ResolveError> {
        Self::parse(specifier).ok_or_else(|| InvalidSpecifier::PackageName.of(request.import()))
    }

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
        if name.starts_with('.') || name.contains(['%', '\\']) {
            return None;
        }
        Some(Self { name, subpath })
    }
}

/// The directory of the package `name`: in the first `node_modules`, at or above `from`, that has it. There the search
/// ends, whatever is in it.
fn find(name: &str, from: &Path) -> Option<PathBuf> {
    let is_plain = |segment: &str| {
        !matches!(segment, "" | "." | "..") && segment.bytes().all(file_url::is_literal)
    };
    let name = if name.split('/').all(is_plain) {
        PathBuf::from(name)
    } else {
        // What a URL parser makes of it: `@a/..` is `node_modules` itself, and a query names no directory.
        let url = FileUrl::join(Path::new("/"), &format!("./{name}")).ok()?;
        let is_path = url.query().is_none() && url.fragment().is_none();
        let path = url.path().ok().filter(|_| is_path)?;
        path.strip_prefix("/").ok()?.into()
    };
    from.ancestors()
        .map(|directory| directory.join("node_modules").join(&name))
        .find(|directory| directory.is_dir())
}

/// `LEGACY_MAIN_RESOLVE`: the entry of a package without `exports`.
fn legacy_main(directory: &Path, main: Option<&str>) -> Option<PathBuf> {
    const INDEXES: [&str; 3] = ["index.js", "index.json", "index.node"];
    named_main(directory, main).or_else(|| first_file(directory, INDEXES.map(String::from)))
}

/// Its first half: what `main` names. Only here does Node guess extensions in ES modules. A `main` is a path, not a URL, and
/// `..` in it is resolved before links are followed.
fn named_main(directory: &Path, main: Option<&str>) -> Option<PathBuf> {
    const GUESSES: [&str; 7] = [
        "",
        ".js",
        ".json",
        ".node",
        "/index.js",
        "/index.json",
        "/index.node",
    ];
    let main = main.filter(|main| !main.is_empty())?;
    first_file(directory, GUESSES.map(|guess| format!("{main}{guess}")))
}

fn first_file(directory: &Path, names: impl IntoIterator<Item = String>) -> Option<PathBuf> {
    let mut candidates = names.into_iter().map(|it| normal(&directory.join(it)));
    candidates.find(|candidate| candidate.is_file())
}

/// A path without `.` and `..` segments.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(normal.pop()),
            component => normal.push(component),
        }
    }
    normal
}
