//! From a `file:` URL to the key of an existing file: the last third of `ESM_RESOLVE`.

use std::ffi::OsStr;
use std::fmt;
use std::fs::FileType;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use super::error::{self, Hint, InvalidSpecifier, LONGEST, ResolveError, Target};
use super::file_url::FileUrl;
use super::key::ModuleKey;
use super::package::Place;
use super::request::Request;

/// The key of the file that is at `place`, to which `request` led. No extension is guessed.
///
/// # Errors
/// [`ResolveError::InvalidSpecifier`], [`ResolveError::ModuleNotFound`], [`ResolveError::DirectoryImport`],
/// [`ResolveError::NotAFile`], [`ResolveError::Unreadable`].
pub(super) fn resolve(place: &Place, request: Request<'_>) -> Result<ModuleKey, ResolveError> {
    let path = place
        .url
        .path()
        .map_err(|reason| InvalidSpecifier::Url(reason).of(request.import()))?;
    let candidate = Candidate {
        path: &path,
        place,
        request,
    };
    // One call both finds out whether the file exists and where it really is.
    let real = path.canonicalize().map_err(|it| candidate.failed(it))?;
    match FileKind::of(&real).map_err(|it| candidate.failed(it))? {
        FileKind::Regular => Ok(key(real, &place.url)),
        FileKind::Directory => Err(candidate.is_directory()),
        kind => Err(ResolveError::NotAFile {
            import: request.import(),
            target: candidate.target(),
            kind,
        }),
    }
}

/// The key of the file that `url` means, if there is one.
pub(super) fn find(url: &FileUrl) -> Option<ModuleKey> {
    let real = url.path().ok()?.canonicalize().ok()?;
    real.is_file().then(|| key(real, url))
}

fn key(real: PathBuf, url: &FileUrl) -> ModuleKey {
    ModuleKey::of_real_path(real, url.query(), url.fragment())
}

/// A path that may not be a file, for errors.
struct Candidate<'a> {
    path: &'a Path,
    place: &'a Place,
    request: Request<'a>,
}

impl Candidate<'_> {
    fn failed(&self, source: io::Error) -> ResolveError {
        if self.path.as_os_str().as_bytes().ends_with(b"/") {
            // Whatever is there or not, a path that ends so means a directory.
            self.is_directory()
        } else if is_absence(&source) {
            ResolveError::ModuleNotFound {
                import: self.request.import(),
                target: self.target(),
                hint: self.hint(),
            }
        } else {
            ResolveError::Unreadable {
                import: self.request.import(),
                target: self.target(),
                source,
            }
        }
    }

    fn is_directory(&self) -> ResolveError {
        ResolveError::DirectoryImport {
            import: self.request.import(),
            target: self.target(),
            hint: self.hint(),
        }
    }

    fn target(&self) -> Target {
        let by = self.place.by.as_ref();
        let by = by.map(|it| (it.field.name(), manifest(&it.directory)));
        Target::new(&url(self.path), by)
    }

    fn hint(&self) -> Hint {
        match self.place.by {
            // What a manifest says cannot be mended in the specifier.
            Some(_) => Hint::default(),
            None => similar_import(self.request.specifier, self.path),
        }
    }
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// A regular file.
    Regular,
    /// A directory.
    Directory,
    /// A FIFO.
    Fifo,
    /// A socket.
    Socket,
    /// A character or block device.
    Device,
    /// Something that this program does not know.
    Unknown,
}

impl FileKind {
    /// What `path` is, symbolic links followed.
    ///
    /// # Errors
    /// What the system reports.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        path.metadata()
            .map(|metadata| Self::from(metadata.file_type()))
    }
}

impl From<FileType> for FileKind {
    fn from(kind: FileType) -> Self {
        if kind.is_file() {
            Self::Regular
        } else if kind.is_dir() {
            Self::Directory
        } else if kind.is_fifo() {
            Self::Fifo
        } else if kind.is_socket() {
            Self::Socket
        } else if kind.is_char_device() || kind.is_block_device() {
            Self::Device
        } else {
            Self::Unknown
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Regular => "a regular file",
            Self::Directory => "a directory",
            Self::Fifo => "a FIFO",
            Self::Socket => "a socket",
            Self::Device => "a device",
            Self::Unknown => "of an unknown kind",
        })
    }
}

/// Whether an error of the system means that there is no such file, as opposed to one that cannot be reached.
pub(super) fn is_absence(error: &io::Error) -> bool {
    // `InvalidFilename` is a name or path that is too long for the file system: no such file can exist.
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};
    matches!(
        error.kind(),
        NotFound | NotADirectory | InvalidFilename | InvalidInput
    )
}

/// The URL of a path, shortened, for an error text.
pub(super) fn target(path: &Path) -> Box<str> {
    error::shorten_url(&url(path)).into()
}

/// The URL of the manifest of the package in `directory`, shortened, for an error text.
pub(super) fn manifest(directory: &Path) -> Box<str> {
    target(&directory.join("package.json"))
}

fn url(path: &Path) -> String {
    FileUrl::of_path(path).href()
}

/// The entry that was perhaps meant by `path`, which does not exist.
pub(super) fn similar_entry(path: &Path) -> Hint {
    match path.to_str() {
        Some(text) => similar(text, "", path),
        None => Hint::default(),
    }
}

fn similar_import(specifier: &str, path: &Path) -> Hint {
    let end = specifier.find(['?', '#']).unwrap_or(specifier.len());
    let (written, suffix) = specifier.split_at(end);
    similar(written, suffix, path)
}

/// What the author of `written` + `suffix`, where `written` means `path`, probably meant: the same with a usual
/// extension, with another one, without a slash at the end, or the index of a directory. Only files that exist are
/// suggested.
fn similar(written: &str, suffix: &str, path: &Path) -> Hint {
    const EXTENSIONS: [&str; 4] = ["mjs", "js", "cjs", "json"];
    if written.len() + suffix.len() > LONGEST {
        return Hint::default();
    }
    let written = written.trim_end_matches('/');
    let path = without_slash(path);
    let index = EXTENSIONS.map(|extension| {
        (
            append(&path, "/index.", extension),
            format!("{written}/index.{extension}"),
        )
    });
    // What is written as `.` or `..` has no name that could be completed.
    let last = written
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
        .replace("%2e", ".");
    if matches!(&*last, "" | "." | "..") {
        return first_file(index, suffix);
    }
    let current = path
        .extension()
        .and_then(OsStr::to_str)
        .filter(|extension| EXTENSIONS.contains(extension));
    let stem = current.and_then(|extension| written.strip_suffix(extension)?.strip_suffix('.'));

    let unslashed = (path.clone(), written.to_owned());
    let appended = EXTENSIONS.map(|extension| {
        (
            append(&path, ".", extension),
            format!("{written}.{extension}"),
        )
    });
    let replaced = EXTENSIONS.into_iter().filter_map(|extension| {
        Some((
            path.with_extension(extension),
            format!("{}.{extension}", stem?),
        ))
    });
    first_file(
        [unslashed]
            .into_iter()
            .chain(appended)
            .chain(replaced)
            .chain(index),
        suffix,
    )
}

/// The first of the candidates that is a file, as it would have to be written.
fn first_file(candidates: impl IntoIterator<Item = (PathBuf, String)>, suffix: &str) -> Hint {
    let found = candidates.into_iter().find(|(path, _)| path.is_file());
    Hint(found.map(|(_, written)| (written + suffix).into()))
}

fn without_slash(path: &Path) -> PathBuf {
    let mut bytes = path.as_os_str().as_bytes();
    while let [head @ .., b'/'] = bytes {
        bytes = head;
    }
    PathBuf::from(OsStr::from_bytes(bytes))
}

fn append(path: &Path, separator: &str, extension: &str) -> PathBuf {
    let mut text = path.as_os_str().to_owned();
    text.push(separator);
    text.push(extension);
    text.into()
}
