//! The fast way, for the specifiers that nearly all imports are written with, and the memory of all answers.
//!
//! A benchmark times the start of programs with thousands of imports, so an import may cost one system call when its
//! file is new, and none when it was seen. Hence everything hangs on directories, of which there are few: each holds
//! what was imported from modules in it, and the files in it that were found.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::{ModuleKey, file_url};

/// Every directory that a referrer or an import lies in.
#[derive(Debug, Default)]
pub(super) struct Directories {
    by_path: HashMap<Box<OsStr>, DirectoryId>,
    all: Vec<Directory>,
    /// Where the referrer of the last import lies: imports come in runs, all of one module first.
    last: Option<DirectoryId>,
}

/// A place in [`Directories::all`].
#[derive(Debug, Clone, Copy)]
pub(super) struct DirectoryId(usize);

#[derive(Debug)]
struct Directory {
    /// As imports spell it: `..` is removed from a path before symbolic links are followed, as in a URL.
    path: Box<Path>,
    /// Where it really is; known once it was found to exist.
    real: Option<RealDirectory>,
    /// What a specifier means in the modules of this directory.
    imports: HashMap<Box<str>, ModuleKey>,
    /// The regular files of this directory that were imported, by name.
    files: HashMap<Box<str>, ModuleKey>,
}

#[derive(Debug)]
struct RealDirectory {
    /// The real path, with a slash at the end.
    path: PathBuf,
    /// Its URL, with a slash at the end.
    url: String,
    /// Whether the URL is `file://` and the path, nothing escaped.
    plain: bool,
}

impl Directories {
    /// The directory of a module, which need not exist.
    pub(super) fn of(&mut self, referrer: &ModuleKey) -> DirectoryId {
        let path = referrer.directory();
        if let Some(last) = self.last
            && self.all[last.0].path.as_os_str() == path.as_os_str()
        {
            return last;
        }
        let id = match self.by_path.get(path.as_os_str()) {
            Some(&id) => id,
            None => self.add(path, None),
        };
        self.last = Some(id);
        id
    }

    /// What `specifier` was found to mean in the modules of `from`.
    pub(super) fn recall(&self, from: DirectoryId, specifier: &str) -> Option<&ModuleKey> {
        self.all[from.0].imports.get(specifier)
    }

    /// Keeps an answer for [`Directories::recall`]. Only answers are kept, never failures.
    pub(super) fn remember(&mut self, from: DirectoryId, specifier: &str, key: &ModuleKey) {
        self.all[from.0]
            .imports
            .insert(specifier.into(), key.clone());
    }

    /// The file that a plain relative specifier means, without building a URL: only segments of characters that mean
    /// themselves in a URL, the last one a regular file. None if the specifier is anything else, or if the file is not
    /// there or a symbolic link; the general way knows what to say then.
    pub(super) fn plain_file(&mut self, from: DirectoryId, specifier: &str) -> Option<ModuleKey> {
        let (directory, name) = self.plain(from, specifier)?;
        self.file(directory, name)
    }

    /// Whether a plain relative specifier means `url`, if that is a regular file and no symbolic link: nobody looks. False
    /// also when it is for the general way to say.
    pub(super) fn plain_url_is(&mut self, from: DirectoryId, specifier: &str, url: &str) -> bool {
        let Some((directory, name)) = self.plain(from, specifier) else {
            return false;
        };
        self.real(directory)
            .is_some_and(|it| it.plain && url.strip_prefix(it.url.as_str()) == Some(name))
    }

    /// The directory and the name in it that a plain relative specifier consists of.
    fn plain<'a>(
        &mut self,
        from: DirectoryId,
        specifier: &'a str,
    ) -> Option<(DirectoryId, &'a str)> {
        let relative = specifier.strip_prefix("./").unwrap_or(specifier);
        let is_relative = relative.len() < specifier.len() || relative.starts_with("../");
        if !is_relative
            || !relative
                .bytes()
                .all(|byte| byte == b'/' || file_url::is_literal(byte))
        {
            return None;
        }
        let (parents, name) = relative.rsplit_once('/').unwrap_or(("", relative));
        if matches!(name, "" | "." | "..") {
            return None;
        }
        let directory = if parents.is_empty() && relative == name {
            from
        } else {
            self.walk(from, parents)?
        };
        Some((directory, name))
    }

    /// Follows the segments of `relative`, which is plain, from a directory to one that exists.
    fn walk(&mut self, from: DirectoryId, relative: &str) -> Option<DirectoryId> {
        let mut path = self.all[from.0].path.as_os_str().as_bytes().to_vec();
        if path == b"/" {
            path.clear();
        }
        for segment in relative.split('/') {
            match segment {
                // In a URL an empty segment is one that `..` takes away.
                "" => return None,
                "." => {}
                ".." => path.truncate(path.iter().rposition(|&byte| byte == b'/').unwrap_or(0)),
                name => {
                    path.push(b'/');
                    path.extend_from_slice(name.as_bytes());
                }
            }
        }
        if path.is_empty() {
            path.push(b'/');
        }
        let path = OsStr::from_bytes(&path);
        match self.by_path.get(path) {
            Some(&id) => Some(id),
            None => {
                let real = RealDirectory::find(Path::new(path))?;
                Some(self.add(Path::new(path), Some(real)))
            }
        }
    }

    /// The regular file `name`, a plain segment, in a directory.
    fn file(&mut self, directory: DirectoryId, name: &str) -> Option<ModuleKey> {
        if let Some(key) = self.all[directory.0].files.get(name) {
            return Some(key.clone());
        }
        let key = self.real(directory)?.regular_file(name)?;
        let files = &mut self.all[directory.0].files;
        files.insert(name.into(), key.clone());
        Some(key)
    }

    /// Where a directory really is, if it exists.
    fn real(&mut self, directory: DirectoryId) -> Option<&RealDirectory> {
        let directory = &mut self.all[directory.0];
        if directory.real.is_none() {
            directory.real = RealDirectory::find(&directory.path);
        }
        directory.real.as_ref()
    }

    fn add(&mut self, path: &Path, real: Option<RealDirectory>) -> DirectoryId {
        let id = DirectoryId(self.all.len());
        self.by_path.insert(path.as_os_str().into(), id);
        self.all.push(Directory {
            path: path.into(),
            real,
            imports: HashMap::new(),
            files: HashMap::new(),
        });
        id
    }
}

impl RealDirectory {
    fn find(path: &Path) -> Option<Self> {
        let mut path = path.canonicalize().ok()?;
        // The empty name at the end makes the slash, which `/` has already.
        path.push("");
        let mut url = String::from("file://");
        file_url::escape_path(&path, &mut url);
        let plain = url.as_bytes().strip_prefix(b"file://") == Some(path.as_os_str().as_bytes());
        Some(Self { path, url, plain })
    }

    /// The key of the regular file `name`, a plain segment. A symbolic link is not one.
    fn regular_file(&self, name: &str) -> Option<ModuleKey> {
        if self.plain {
            let url = [self.url.as_str(), name].concat();
            is_regular(Path::new(url.strip_prefix("file://")?))
                .then(|| ModuleKey::of_plain_url(url))
        } else {
            let path = self.path.join(name);
            is_regular(&path).then(|| ModuleKey::of_real_path(path, None, None))
        }
    }
}

fn is_regular(path: &Path) -> bool {
    path.symlink_metadata()
        .is_ok_and(|metadata| metadata.is_file())
}
