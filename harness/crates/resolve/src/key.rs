//! The name of a module.

use std::ffi::OsStr;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::file_url::{self, FileUrl};
use super::kind::FileKind;
use super::{ResolveError, similar};

/// What identifies a module: the absolute `file:` URL of its file's real path, with the `?query` and `#fragment` of
/// the specifier that led to it.
///
/// Two imports are the same module exactly when their keys are equal, so `./a.js?1` and `./a.js?2` are two modules of
/// one file, as in Node. The URL is ASCII and holds any Unix path, UTF-8 or not, without loss; it is what
/// `import.meta.url` shows, escaped as Node's `pathToFileURL` does it. A clone is one reference count.
#[derive(Clone)]
pub struct ModuleKey(Arc<Inner>);

struct Inner {
    url: Box<str>,
    path: KeyPath,
}

/// Most paths need no escapes and stand in the URL as they are, which saves their own allocation.
enum KeyPath {
    InUrl { end: usize },
    Decoded(Box<Path>),
}

const SCHEME: &str = "file://";

/// Whether a path is absolute and normal, and has only characters that mean themselves in a URL.
fn is_plain_path(path: &str) -> bool {
    let segments = path.strip_prefix('/').map(|it| it.split('/'));
    segments.is_some_and(|mut segments| {
        segments.all(|it| !matches!(it, "" | "." | "..") && it.bytes().all(file_url::is_literal))
    })
}

impl ModuleKey {
    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0.url
    }

    /// The file to read: the URL's path, decoded, without query and fragment.
    pub fn path(&self) -> &Path {
        match &self.0.path {
            KeyPath::InUrl { end } => Path::new(&self.0.url[SCHEME.len()..*end]),
            KeyPath::Decoded(path) => path,
        }
    }

    /// The key of a file whose real path is known; nothing is looked up. `.` segments and doubled slashes are removed.
    ///
    /// # Errors
    /// [`ResolveError::NotARealPath`] if `path` is relative, contains `..` or a NUL.
    pub fn from_path(path: &Path) -> Result<Self, ResolveError> {
        let has_parent = path.components().any(|part| part == Component::ParentDir);
        if !path.is_absolute() || has_parent || path.as_os_str().as_bytes().contains(&0) {
            return Err(ResolveError::NotARealPath { path: path.into() });
        }
        let path: PathBuf = path.components().collect();
        Ok(Self::of_real_path(path, None, None))
    }

    /// The key of a program's entry, as given on a command line: a path, relative to the working directory or
    /// absolute. Symbolic links are followed to the real path.
    ///
    /// # Errors
    /// [`ResolveError::EntryNotFound`], [`ResolveError::EntryNotAFile`] (a directory, a FIFO, a device), or
    /// [`ResolveError::EntryUnreadable`] for whatever else the system reports on the way there.
    pub fn from_entry(path: &Path) -> Result<Self, ResolveError> {
        let failed = |source: std::io::Error| {
            if super::kind::is_absence(&source) {
                let hint = similar::similar_entry(path);
                ResolveError::EntryNotFound {
                    path: path.into(),
                    hint,
                }
            } else {
                ResolveError::EntryUnreadable {
                    path: path.into(),
                    source,
                }
            }
        };
        let real = path.canonicalize().map_err(failed)?;
        match FileKind::of(&real).map_err(failed)? {
            FileKind::Regular => Ok(Self::of_real_path(real, None, None)),
            kind => Err(ResolveError::EntryNotAFile {
                path: path.into(),
                kind,
            }),
        }
    }

    /// The key that a URL spells, in its one normal form; nothing is looked up, so the URL must hold a real path.
    ///
    /// # Errors
    /// [`ResolveError::InvalidKey`] if `url` is not an absolute `file:` URL of a local path.
    pub fn from_url(url: &str) -> Result<Self, ResolveError> {
        if url.strip_prefix(SCHEME).is_some_and(is_plain_path) {
            return Ok(Self::of_plain_url(url.to_owned()));
        }
        let invalid = |reason| ResolveError::InvalidKey {
            url: super::shown::shorten(url),
            reason,
        };
        let parsed = FileUrl::parse(url).map_err(invalid)?;
        let path = parsed.path().map_err(invalid)?;
        let path: PathBuf = path.components().collect();
        Ok(Self::of_real_path(path, parsed.query(), parsed.fragment()))
    }

    /// `path` must be absolute and normal; `query` and `fragment` are in URL form, without `?` and `#`. An empty one
    /// is dropped, as Node does.
    pub(super) fn of_real_path(path: PathBuf, query: Option<&str>, fragment: Option<&str>) -> Self {
        let mut url = String::with_capacity(SCHEME.len() + path.as_os_str().len() + 16);
        url.push_str(SCHEME);
        file_url::escape_path(&path, &mut url);
        let end = url.len();
        for (mark, text) in [('?', query), ('#', fragment)] {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                url.push(mark);
                url.push_str(text);
            }
        }
        let unescaped = &url.as_bytes()[SCHEME.len()..end] == path.as_os_str().as_bytes();
        let path = if unescaped {
            KeyPath::InUrl { end }
        } else {
            KeyPath::Decoded(path.into())
        };
        Self(Arc::new(Inner {
            url: url.into(),
            path,
        }))
    }

    /// `url` must be `file://` and a normal path that needs no escapes.
    pub(super) fn of_plain_url(url: String) -> Self {
        let path = KeyPath::InUrl { end: url.len() };
        Self(Arc::new(Inner {
            url: url.into(),
            path,
        }))
    }

    /// The path's directory; of a module in `/`, that is `/`. Found by bytes: `Path::parent` takes ten times as long.
    pub(super) fn directory(&self) -> &Path {
        let path = self.path().as_os_str().as_bytes();
        let slash = path.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
        Path::new(OsStr::from_bytes(&path[..slash.max(1).min(path.len())]))
    }
}

impl PartialEq for ModuleKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.as_str() == other.as_str()
    }
}

impl Eq for ModuleKey {}

impl Hash for ModuleKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialOrd for ModuleKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ModuleKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl fmt::Display for ModuleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ModuleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ModuleKey({})", self.as_str())
    }
}
