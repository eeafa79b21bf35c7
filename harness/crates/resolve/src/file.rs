//! From a `file:` URL to the key of an existing file: the last third of `ESM_RESOLVE`.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::error::{Hint, InvalidSpecifier, ResolveError, Target};
use super::file_url::FileUrl;
use super::key::ModuleKey;
use super::kind::{FileKind, is_absence};
use super::place::Place;
use super::request::Request;
use super::similar::{manifest, similar_import, url};

/// The key of the file that is at `place`, to which `request` led. Only extensions that the rules name are guessed.
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
    let guessed = |otherwise: ResolveError| candidate.guess().ok_or(otherwise);
    // One call both finds out whether the file exists and where it really is.
    let real = match path.canonicalize() {
        Ok(real) => real,
        Err(error) => return guessed(candidate.failed(error)),
    };
    match FileKind::of(&real).map_err(|it| candidate.failed(it))? {
        FileKind::Regular => Ok(key(real, &place.url)),
        FileKind::Directory => guessed(candidate.is_directory()),
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
    /// What bundlers look for: the path with an extension, then the index of the directory that it is.
    fn guess(&self) -> Option<ModuleKey> {
        let extensions = &self.request.rules.extensions;
        let names = ["", "/index"].into_iter();
        let mut names =
            names.flat_map(|name| extensions.iter().map(move |it| format!("{name}{it}")));
        names.find_map(|name| {
            let mut path = self.path.as_os_str().to_owned();
            path.push(name);
            let real = PathBuf::from(path).canonicalize().ok()?;
            real.is_file().then(|| key(real, &self.place.url))
        })
    }

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
