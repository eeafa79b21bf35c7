//! What `exports` and `imports` of a `package.json` map a specifier to: `PACKAGE_EXPORTS_RESOLVE`,
//! `PACKAGE_IMPORTS_RESOLVE` and `PACKAGE_TARGET_RESOLVE` of Node's algorithm, by `oxc_resolver`.

use std::fmt;
use std::path::{Path, PathBuf};

use oxc_resolver::{Resolution, ResolveError as OxcError, ResolveOptions};

use super::{
    Hint, Import, InvalidSpecifier, InvalidUrl, ModuleKey, ResolveError, error, file, file_url,
};

/// The conditions that hold, besides `default`, which always does. Which one wins is a matter of the order in
/// `package.json`, not of this one.
///
/// These are the ones that Node sets for `import`, except `node-addons`, since no addon can be loaded. `node` is among
/// them although the engine is not Node: what is measured should be the files that Node would load, and packages
/// seldom have a `default` that is meant for a bare engine.
pub const CONDITIONS: [&str; 3] = ["node", "import", "module-sync"];

/// Linux' `PATH_MAX`. `oxc_resolver` recurses once for each segment of a path, so that a specifier of a megabyte could
/// exhaust the stack.
const LONGEST_PATH: usize = 4096;

/// Which of the two maps is asked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mapped<'a> {
    /// `exports`, for a subpath: empty, or `/` and the rest.
    Subpath(&'a str),
    /// `imports`.
    Import,
}

/// The resolver of `oxc_resolver`, made when it is first needed.
#[derive(Default)]
pub(super) struct Mapper {
    resolvers: Option<Resolvers>,
}

struct Resolvers {
    /// Takes what is mapped as it is: no extension is guessed, no directory has an entry.
    exact: oxc_resolver::Resolver,
    /// Also finds the entry of a package without `exports`, for `"imports": {"#name": "package"}`.
    legacy: oxc_resolver::Resolver,
    /// Whether an earlier call may have left something in the cache that both share.
    used: bool,
}

impl Mapper {
    /// The module that `specifier` means in `referrer`, given that the package in `directory` maps it.
    ///
    /// # Errors
    /// As [`super::Resolver::resolve`].
    pub(super) fn resolve(
        &mut self,
        specifier: &str,
        referrer: &ModuleKey,
        mapped: Mapped<'_>,
        directory: &Path,
    ) -> Result<ModuleKey, ResolveError> {
        let import = || Import::new(specifier, referrer);
        if specifier.len() > LONGEST_PATH {
            return Err(InvalidSpecifier::TooLong.of(import()));
        }
        let resolvers = self.resolvers.get_or_insert_with(Resolvers::new);
        match resolvers.resolve_fresh(referrer.directory(), specifier, mapped) {
            // Node decodes what a `*` matched; `oxc_resolver` would look for a file with escapes in its name.
            Ok(_) | Err(OxcError::NotFound(_)) if specifier.contains('%') => {
                Err(InvalidSpecifier::EncodedSubpath.of(import()))
            }
            // Node refuses what a `*` would match then; `oxc_resolver` lets some of it pass.
            Ok(_) | Err(OxcError::NotFound(_) | OxcError::InvalidPackageTarget(..))
                if has_bad_segment(specifier, mapped) =>
            {
                Err(InvalidSpecifier::Segment.of(import()))
            }
            Ok(found) => key(&found).map_err(|reason| InvalidSpecifier::Url(reason).of(import())),
            Err(failure) => match resolvers.directory(referrer.directory(), specifier) {
                Some(path) => Err(ResolveError::DirectoryImport {
                    import: import(),
                    target: file::target(&path),
                    hint: Hint::default(),
                }),
                None => Err(translate(
                    failure,
                    import(),
                    mapped,
                    &directory.join("package.json"),
                )),
            },
        }
    }

    /// The file that `specifier` is mapped to in `referrer`, before links are followed.
    pub(super) fn unlinked(&mut self, specifier: &str, referrer: &ModuleKey) -> Option<PathBuf> {
        let resolvers = self.resolvers.get_or_insert_with(Resolvers::new);
        let options = ResolveOptions {
            symlinks: false,
            ..resolvers.exact.options().clone()
        };
        // With a memory of its own: the other one's has links followed.
        let found = oxc_resolver::Resolver::new(options).resolve(referrer.directory(), specifier);
        found.ok().map(Resolution::into_path_buf)
    }
}

impl fmt::Debug for Mapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mapper")
            .field("ready", &self.resolvers.is_some())
            .finish()
    }
}

impl Resolvers {
    fn new() -> Self {
        let exact = ResolveOptions {
            condition_names: CONDITIONS.map(String::from).to_vec(),
            extensions: Vec::new(),
            fully_specified: true,
            main_fields: Vec::new(),
            main_files: Vec::new(),
            // Not part of ES module resolution, and an environment must not change what is measured.
            node_path: false,
            ..ResolveOptions::default()
        };
        let legacy = ResolveOptions {
            extensions: [".js", ".json", ".node"].map(String::from).to_vec(),
            main_fields: vec!["main".to_owned()],
            main_files: vec!["index".to_owned()],
            ..exact.clone()
        };
        let exact = oxc_resolver::Resolver::new(exact);
        let legacy = exact.clone_with_options(legacy);
        Self {
            exact,
            legacy,
            used: false,
        }
    }

    /// Resolves, and asks the file system again before it reports a failure: the cache of `oxc_resolver` keeps for
    /// ever what did not exist once.
    fn resolve_fresh(
        &mut self,
        from: &Path,
        specifier: &str,
        mapped: Mapped<'_>,
    ) -> Result<Resolution, OxcError> {
        let mut result = self.resolve(from, specifier, mapped);
        if result.is_err() && self.used {
            self.exact.clear_cache();
            result = self.resolve(from, specifier, mapped);
        }
        self.used = true;
        result
    }

    /// The directory that `specifier` is mapped to, for the text of an error.
    fn directory(&self, from: &Path, specifier: &str) -> Option<PathBuf> {
        let options = ResolveOptions {
            resolve_to_context: true,
            ..self.exact.options().clone()
        };
        self.exact
            .clone_with_options(options)
            .resolve(from, specifier)
            .ok()
            .map(Resolution::into_path_buf)
    }

    fn resolve(
        &self,
        from: &Path,
        specifier: &str,
        mapped: Mapped<'_>,
    ) -> Result<Resolution, OxcError> {
        match (self.exact.resolve(from, specifier), mapped) {
            (Err(OxcError::NotFound(_)), Mapped::Import) => self.legacy.resolve(from, specifier),
            (result, _) => result,
        }
    }
}

/// Whether there is a segment in what is mapped that could lead out of the package.
fn has_bad_segment(specifier: &str, mapped: Mapped<'_>) -> bool {
    let tail = match mapped {
        Mapped::Subpath(subpath) => subpath.split(['?', '#']).next().unwrap_or_default(),
        Mapped::Import => specifier,
    };
    tail.split(['/', '\\']).any(|segment| {
        matches!(segment, "." | "..") || segment.eq_ignore_ascii_case("node_modules")
    })
}

fn key(found: &Resolution) -> Result<ModuleKey, InvalidUrl> {
    let plain = ModuleKey::of_real_path(found.path().into(), None, None);
    if found.query().is_none() && found.fragment().is_none() {
        return Ok(plain);
    }
    // Through a URL, which escapes query and fragment as every other way does.
    let mut url = file_url::parse(plain.as_str())?;
    url.set_query(found.query().map(|query| query.trim_start_matches('?')));
    url.set_fragment(
        found
            .fragment()
            .map(|fragment| fragment.trim_start_matches('#')),
    );
    Ok(ModuleKey::of_real_path(
        found.path().into(),
        url.query(),
        url.fragment(),
    ))
}

fn translate(
    failure: OxcError,
    import: Import,
    mapped: Mapped<'_>,
    manifest: &Path,
) -> ResolveError {
    let invalid = |import, manifest: &Path, reason: &str| ResolveError::InvalidManifest {
        import,
        manifest: file::target(manifest),
        reason: error::shorten(reason),
    };
    match failure {
        OxcError::NotFound(_) => ResolveError::TargetNotFound {
            import,
            manifest: file::target(manifest),
        },
        OxcError::PackagePathNotExported {
            package_json_path,
            subpath,
            ..
        } => {
            let subpath = match mapped {
                Mapped::Subpath(subpath) => format!(".{subpath}"),
                Mapped::Import => subpath,
            };
            ResolveError::NotExported {
                import,
                subpath: error::shorten(&subpath),
                manifest: file::target(&package_json_path),
            }
        }
        OxcError::PackageImportNotDefined(_, manifest) => ResolveError::ImportNotDefined {
            import,
            manifest: Some(file::target(&manifest)),
        },
        OxcError::InvalidModuleSpecifier(..) => InvalidSpecifier::ImportName.of(import),
        OxcError::InvalidPackageTarget(target, entry, manifest) => ResolveError::InvalidTarget {
            import,
            target: error::shorten(&target),
            entry: error::shorten(&entry),
            manifest: file::target(&manifest),
        },
        OxcError::InvalidPackageConfig(manifest) => invalid(
            import,
            &manifest,
            "keys of \"exports\" must either all start with '.' or none of them",
        ),
        OxcError::InvalidPackageConfigDefault(manifest) => {
            invalid(import, &manifest, "\"default\" must come last")
        }
        OxcError::InvalidPackageConfigDirectory(manifest) => invalid(
            import,
            &manifest,
            "a directory must be mapped to a directory",
        ),
        OxcError::Json(failure) => invalid(import, &failure.path, &failure.message),
        other => ResolveError::Other {
            import,
            source: Box::new(other),
        },
    }
}
