//! Why a specifier, an entry or a key was refused.

use std::fmt;
use std::io;
use std::path::Path;

use super::kind::FileKind;
use super::shown::{shorten, shorten_url};

/// Why there is no module for a specifier, an entry or a URL.
///
/// The text is one line, names the specifier and the importing module, and is safe to print: control characters are
/// escaped, long specifiers shortened. [`ResolveError::code`] has Node's code for it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// The specifier itself is malformed, whatever files exist.
    #[error("invalid module specifier {import}: {reason}")]
    InvalidSpecifier {
        /// What was imported, and where.
        import: Import,
        /// What is wrong with it.
        reason: InvalidSpecifier,
    },
    /// The specifier is a URL, and not of a file.
    #[error("unsupported URL scheme '{scheme}:' in {import}: only files can be imported")]
    UnsupportedScheme {
        /// What was imported, and where.
        import: Import,
        /// The scheme, without its colon.
        scheme: Box<str>,
    },
    /// The specifier means a file that does not exist.
    #[error("cannot find module {import}: {target} does not exist{hint}")]
    ModuleNotFound {
        /// What was imported, and where.
        import: Import,
        /// The missing file.
        target: Target,
        /// A specifier that would have worked.
        hint: Hint,
    },
    /// The specifier means a directory: there is no implicit `index.js` in ES modules.
    #[error("unsupported directory import {import}: {target} means a directory{hint}")]
    DirectoryImport {
        /// What was imported, and where.
        import: Import,
        /// The directory.
        target: Target,
        /// A specifier that would have worked.
        hint: Hint,
    },
    /// The specifier means something that is neither a file nor a directory.
    #[error("cannot import {import}: {target} is {kind}, not a regular file")]
    NotAFile {
        /// What was imported, and where.
        import: Import,
        /// The thing.
        target: Target,
        /// What it is.
        kind: FileKind,
    },
    /// The system refused to say what is there: no permission, a loop of symbolic links.
    #[error("cannot read module {import}: {target}: {source}")]
    Unreadable {
        /// What was imported, and where.
        import: Import,
        /// The file.
        target: Target,
        source: io::Error,
    },
    /// No `node_modules` directory on the way up contains the package.
    #[error(
        "cannot find package '{package}' for {import}: no node_modules directory at or above the importer has it"
    )]
    PackageNotFound {
        /// What was imported, and where.
        import: Import,
        /// The package's name, shortened.
        package: Box<str>,
    },
    /// The package has no `exports`, and neither its `main` nor an `index.js` exists.
    #[error(
        "cannot find the entry of package {directory} for {import}: neither its \"main\" nor index.js exists"
    )]
    PackageEntryNotFound {
        /// What was imported, and where.
        import: Import,
        /// The URL of the package's directory.
        directory: Box<str>,
    },
    /// The package's `exports` does not offer this subpath under our conditions.
    #[error(
        "package subpath '{subpath}' of {import} is not exported: see \"exports\" in {manifest}"
    )]
    NotExported {
        /// What was imported, and where.
        import: Import,
        /// The subpath as `exports` spells it: `.` or `./sub.js`.
        subpath: Box<str>,
        /// The URL of the `package.json`.
        manifest: Box<str>,
    },
    /// A `#name` that no `imports` of the importing package defines.
    #[error("package import {import} is not defined: {}", Scope(.manifest))]
    ImportNotDefined {
        /// What was imported, and where.
        import: Import,
        /// The URL of the importing package's `package.json`, if there is one.
        manifest: Option<Box<str>>,
    },
    /// `exports` or `imports` maps the specifier to something that may not be a target.
    #[error(
        "invalid target '{target}' for '{entry}' of \"{field}\" in {manifest}, needed by {import}"
    )]
    InvalidTarget {
        /// What was imported, and where.
        import: Import,
        target: Box<str>,
        /// The key that has this target.
        entry: Box<str>,
        /// `exports` or `imports`.
        field: &'static str,
        /// The URL of the `package.json`.
        manifest: Box<str>,
    },
    /// A `package.json` on the way cannot be read or used.
    #[error("invalid package configuration {manifest}, needed by {import}: {reason}")]
    InvalidManifest {
        /// What was imported, and where.
        import: Import,
        /// The URL of the `package.json`.
        manifest: Box<str>,
        /// What is wrong with it.
        reason: Box<str>,
    },
    /// The specifier is relative or bare, and no module asks for it.
    #[error("cannot resolve {import}: only a URL means something there")]
    NoImporter {
        /// What was imported.
        import: Import,
    },
    /// An entry of the import map closes the specifier: it has no address, or leads out of the directory of its address.
    #[error("{import} is closed by the entry '{entry}' of the import map {map}")]
    ClosedByImportMap {
        /// What was imported, and where.
        import: Import,
        /// The key of the entry.
        entry: Box<str>,
        /// The URL of the map.
        map: Box<str>,
    },
    /// An import map that cannot be read or used.
    #[error("import map '{}': {reason}", Printable(.path))]
    InvalidImportMap {
        /// The file.
        path: Box<Path>,
        /// What is wrong with it.
        reason: Box<str>,
    },
    /// The entry of the program does not exist.
    #[error("cannot find entry '{}'{hint}", Printable(.path))]
    EntryNotFound {
        /// The entry as given.
        path: Box<Path>,
        /// An entry that would have worked.
        hint: Hint,
    },
    /// The entry of the program is not a regular file.
    #[error("entry '{}' is {kind}, not a regular file", Printable(.path))]
    EntryNotAFile {
        /// The entry as given.
        path: Box<Path>,
        /// What it is.
        kind: FileKind,
    },
    /// The system refused to say what the entry is: no permission, a loop of symbolic links.
    #[error("cannot read entry '{}': {source}", Printable(.path))]
    EntryUnreadable {
        /// The entry as given.
        path: Box<Path>,
        source: io::Error,
    },
    /// A path that cannot be the real path of a file.
    #[error("'{}' is not a real path: a module key needs an absolute one without '..' and NUL", Printable(.path))]
    NotARealPath { path: Box<Path> },
    /// A URL that cannot be a module key.
    #[error("'{url}' is not a module key: {reason}")]
    InvalidKey {
        /// The URL, shortened.
        url: Box<str>,
        /// What is wrong with it.
        reason: InvalidUrl,
    },
}

impl ResolveError {
    /// The `code` that Node's error for this has; where Node has none, the one that comes closest.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidSpecifier {
                reason: InvalidSpecifier::Url(InvalidUrl::Host(_)),
                ..
            } => "ERR_INVALID_FILE_URL_HOST",
            Self::InvalidSpecifier { .. } => "ERR_INVALID_MODULE_SPECIFIER",
            Self::UnsupportedScheme { .. } => "ERR_UNSUPPORTED_ESM_URL_SCHEME",
            Self::DirectoryImport { .. } => "ERR_UNSUPPORTED_DIR_IMPORT",
            Self::NotExported { .. } => "ERR_PACKAGE_PATH_NOT_EXPORTED",
            Self::ImportNotDefined { .. } => "ERR_PACKAGE_IMPORT_NOT_DEFINED",
            Self::InvalidTarget { .. } => "ERR_INVALID_PACKAGE_TARGET",
            Self::InvalidManifest { .. } => "ERR_INVALID_PACKAGE_CONFIG",
            Self::NoImporter { .. } => "ERR_UNSUPPORTED_RESOLVE_REQUEST",
            Self::NotARealPath { .. } | Self::InvalidKey { .. } | Self::InvalidImportMap { .. } => {
                "ERR_INVALID_ARG_VALUE"
            }
            Self::ClosedByImportMap { .. } => "ERR_INVALID_MODULE_SPECIFIER",
            // Node looks no further than "there is no file that I can stat".
            Self::ModuleNotFound { .. }
            | Self::NotAFile { .. }
            | Self::Unreadable { .. }
            | Self::PackageNotFound { .. }
            | Self::PackageEntryNotFound { .. }
            | Self::EntryNotFound { .. }
            | Self::EntryNotAFile { .. }
            | Self::EntryUnreadable { .. } => "ERR_MODULE_NOT_FOUND",
        }
    }

    /// Whether Node's error for this is a `TypeError`: what is wrong with the specifier itself is one, what is wrong with
    /// the files is not.
    pub fn is_type_error(&self) -> bool {
        matches!(
            self,
            Self::InvalidSpecifier { .. }
                | Self::ImportNotDefined { .. }
                | Self::ClosedByImportMap { .. }
                | Self::NoImporter { .. }
        )
    }

    /// What was imported, and where; none for an entry or a key.
    pub fn import(&self) -> Option<&Import> {
        match self {
            Self::InvalidSpecifier { import, .. }
            | Self::UnsupportedScheme { import, .. }
            | Self::ModuleNotFound { import, .. }
            | Self::DirectoryImport { import, .. }
            | Self::NotAFile { import, .. }
            | Self::Unreadable { import, .. }
            | Self::PackageNotFound { import, .. }
            | Self::PackageEntryNotFound { import, .. }
            | Self::NotExported { import, .. }
            | Self::ImportNotDefined { import, .. }
            | Self::InvalidTarget { import, .. }
            | Self::InvalidManifest { import, .. }
            | Self::ClosedByImportMap { import, .. }
            | Self::NoImporter { import } => Some(import),
            Self::EntryNotFound { .. }
            | Self::EntryNotAFile { .. }
            | Self::EntryUnreadable { .. }
            | Self::NotARealPath { .. }
            | Self::InvalidImportMap { .. }
            | Self::InvalidKey { .. } => None,
        }
    }
}

/// One import: what is asked for, and by whom. Prints as `'./a.js' imported from file:///b.js`.
#[derive(Debug, Clone)]
pub struct Import {
    specifier: Box<str>,
    importer: Option<Box<str>>,
}

impl Import {
    pub(super) fn new(specifier: &str, importer: Option<&str>) -> Self {
        Self {
            specifier: shorten(specifier),
            importer: importer.map(Into::into),
        }
    }

    /// The specifier, escaped for printing and shortened past 200 characters.
    pub fn specifier(&self) -> &str {
        &self.specifier
    }

    /// The key of the importing module; none for `import()` in code that belongs to no module.
    pub fn importer(&self) -> Option<&str> {
        self.importer.as_deref()
    }
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' imported from ", self.specifier)?;
        match &self.importer {
            Some(importer) => f.write_str(&shorten_url(importer)),
            None => f.write_str("code of no module"),
        }
    }
}

/// What an import leads to. Prints as `file:///a.js ("exports" in file:///package.json)`, the second part if a manifest
/// says so.
#[derive(Debug, Clone)]
pub struct Target {
    url: Box<str>,
    by: Option<(&'static str, Box<str>)>,
}

impl Target {
    pub(super) fn new(url: &str, by: Option<(&'static str, Box<str>)>) -> Self {
        Self {
            url: shorten_url(url).into(),
            by,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)?;
        match &self.by {
            Some((field, manifest)) => write!(f, " (\"{field}\" in {manifest})"),
            None => Ok(()),
        }
    }
}

/// What is wrong with a specifier, whatever files exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSpecifier {
    /// `""`.
    #[error("it is empty")]
    Empty,
    /// It contains U+0000.
    #[error("it contains a NUL character")]
    Nul,
    /// It is a relative reference or a URL, and leads to no usable `file:` URL.
    #[error(transparent)]
    Url(#[from] InvalidUrl),
    /// A bare specifier whose package name starts with `.` or contains `%` or `\`, or `@scope` without a name.
    #[error("it is not a valid package name")]
    PackageName,
    /// `#`, or something that starts with `#` and ends with `/`.
    #[error("it is not a valid internal import name")]
    ImportName,
    /// A mapped subpath with a `.`, `..` or `node_modules` segment.
    #[error(
        "a '.', '..' or 'node_modules' segment cannot match a pattern in \"exports\" or \"imports\""
    )]
    Segment,
}

impl InvalidSpecifier {
    pub(super) fn of(self, import: Import) -> ResolveError {
        ResolveError::InvalidSpecifier {
            import,
            reason: self,
        }
    }
}

/// What is wrong with a URL that should name a local file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidUrl {
    /// It cannot be parsed.
    #[error("{0}")]
    Syntax(url::ParseError),
    /// Its scheme is not `file:`.
    #[error("it is not a file: URL")]
    NotAFile,
    /// It names a host.
    #[error("it names the host '{0}', and only local files can be imported")]
    Host(Box<str>),
    /// Its path contains `%2F` or `%5C`.
    #[error("it must not include encoded '/' or '\\' characters")]
    EncodedSeparator,
    /// Its path contains `%00`.
    #[error("it must not include an encoded NUL character")]
    EncodedNul,
    /// Its path contains a `%` that starts no escape.
    #[error(
        "'%' must be followed by two hexadecimal digits; the character itself is written '%25'"
    )]
    MalformedEscape,
    /// `exports` or `imports` expands it to a text that is far longer than a path can be.
    #[error("it is longer than a path can be, once every '*' of its target is replaced")]
    TooLong,
}

/// A specifier or entry that would have worked, if one was found. Prints as the tail of an error text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hint(pub Option<Box<str>>);

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(suggestion) => write!(f, "; did you mean '{}'?", shorten(suggestion)),
            None => Ok(()),
        }
    }
}

struct Printable<'a>(&'a Path);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shorten(&self.0.to_string_lossy()))
    }
}

struct Scope<'a>(&'a Option<Box<str>>);

impl fmt::Display for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(manifest) => write!(f, "\"imports\" in {manifest} has no target for it"),
            None => f.write_str("the importer belongs to no package"),
        }
    }
}
