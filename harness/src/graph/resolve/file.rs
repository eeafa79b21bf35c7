//! From a `file:` URL to the key of an existing file: the last third of `ESM_RESOLVE`.

use std::ffi::OsStr;
use std::fmt;
use std::fs::FileType;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use url::Url;

use super::error::{Hint, LONGEST};
use super::{Import, InvalidSpecifier, ModuleKey, ResolveError, error, file_url};

/// The key of the file that `url` means, which `specifier` in `referrer` led to. No extension is guessed.
///
/// # Errors
/// [`ResolveError::InvalidSpecifier`], [`ResolveError::ModuleNotFound`], [`ResolveError::DirectoryImport`],
/// [`ResolveError::NotAFile`], [`ResolveError::Unreadable`].
pub(super) fn resolve(
    url: &Url,
    specifier: &str,
    referrer: &ModuleKey,
) -> Result<ModuleKey, ResolveError> {
    let import = || Import::new(specifier, referrer);
    let path = file_url::path_of_specifier(url, specifier)
        .map_err(|reason| InvalidSpecifier::Url(reason).of(import()))?;
    let failed = |source| failure(source, &path, specifier, import());
    // One call both finds out whether the file exists and where it really is.
    let real = path.canonicalize().map_err(failed)?;
    match FileKind::of(&real).map_err(failed)? {
        FileKind::Regular => Ok(ModuleKey::of_real_path(real, url.query(), url.fragment())),
        FileKind::Directory => Err(ResolveError::DirectoryImport {
            import: import(),
            target: target(&path),
            hint: similar_import(specifier, &path),
        }),
        kind => Err(ResolveError::NotAFile {
            import: import(),
            target: target(&path),
            kind,
        }),
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
    let mut url = String::from("file://");
    file_url::escape_path(path, &mut url);
    error::shorten_url(&url).into()
}

/// The entry that was perhaps meant by `path`, which does not exist.
pub(super) fn similar_entry(path: &Path) -> Hint {
    match path.to_str() {
        Some(text) => similar(text, "", path),
        None => Hint::default(),
    }
}

fn failure(source: io::Error, path: &Path, specifier: &str, import: Import) -> ResolveError {
    if path.as_os_str().as_bytes().ends_with(b"/") {
        // Whatever is there or not, a path that ends so means a directory.
        ResolveError::DirectoryImport {
            import,
            target: target(path),
            hint: similar_import(specifier, path),
        }
    } else if is_absence(&source) {
        ResolveError::ModuleNotFound {
            import,
            target: target(path),
            hint: similar_import(specifier, path),
        }
    } else {
        ResolveError::Unreadable {
            import,
            target: target(path),
            source,
        }
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
