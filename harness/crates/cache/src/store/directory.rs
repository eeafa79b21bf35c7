//! The directory behind a store, held open, so that every file is opened relative to the directory that was checked.

use std::ffi::CStr;
use std::fs::{DirBuilder, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat, fstat, open, openat, unlinkat};
use rustix::io::Errno;
use rustix::process::geteuid;

use crate::Miss;
use crate::miss::miss;

/// A directory that nobody but the user can have put anything into.
#[derive(Debug)]
pub(super) struct Directory {
    handle: OwnedFd,
    path: PathBuf,
}

impl Directory {
    /// Opens the directory, or says why it cannot be trusted.
    pub fn open(path: &Path) -> Result<Self, Miss> {
        // Without a final slash or dot, which would make the system follow a link in the last place.
        let path: PathBuf = path.components().collect();
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = open(&path, flags, Mode::empty()).map_err(|error| match error {
            Errno::NOENT => miss!(Absent, "no directory {}", path.display()),
            Errno::LOOP | Errno::NOTDIR => no_directory(&path),
            error => miss!(Io, "cannot open directory {}: {error}", path.display()),
        })?;
        let status = fstat(&handle)
            .map_err(|error| miss!(Io, "cannot look at {}: {error}", path.display()))?;
        check_owner(&status, DIRECTORY, || path.clone())?;
        Ok(Self { handle, path })
    }

    /// The same, and creates the directory (mode 0700, as all that is missing above it) when there is none.
    pub fn create_or_open(path: &Path) -> Result<Self, Miss> {
        match Self::open(path) {
            Err(miss) if miss.reason == crate::MissReason::Absent => {}
            done => return done,
        }
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .or_else(|error| match error.kind() {
                // A link to nowhere, or another process was faster: opening tells.
                io::ErrorKind::AlreadyExists => Ok(()),
                _ => Err(miss!(
                    Io,
                    "cannot create directory {}: {error}",
                    path.display()
                )),
            })?;
        Self::open(path)
    }

    /// Opens a file for reading; `None` when there is none of that name. The file is regular, the user's own, and no
    /// one else may write it.
    pub fn open_file(&self, name: &str) -> Result<Option<(File, u64)>, Miss> {
        let path = || self.path.join(name);
        let not_regular = |what: &str| {
            let path = path();
            miss!(Untrusted, "{} is {what}; hint: remove it", path.display())
        };
        // Not blocking, because opening a FIFO would wait for a writer.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match openat(&self.handle, name, flags, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP) => return Err(not_regular("a symbolic link")),
            Err(Errno::NXIO) => return Err(not_regular("not a regular file")),
            Err(error) => return Err(miss!(Io, "cannot open {name}: {error}")),
        };
        let status = fstat(&file).map_err(|error| miss!(Io, "cannot look at {name}: {error}"))?;
        if FileType::from_raw_mode(status.st_mode) != FileType::RegularFile {
            return Err(not_regular("not a regular file"));
        }
        check_owner(&status, FILE, path)?;
        Ok(Some((File::from(file), status.st_size as u64)))
    }

    /// Creates a new file, mode 0600, for writing; `AlreadyExists` when the name is taken, by whatever.
    pub fn create_file(&self, name: &str) -> io::Result<File> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(&self.handle, name, flags, Mode::RUSR | Mode::WUSR)?;
        Ok(File::from(file))
    }

    /// Gives a file another name, replacing what had it.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.handle, from, &self.handle, to)?)
    }

    /// Removes a file; one that is gone already is not an error.
    pub fn remove(&self, name: &CStr) -> Result<(), Miss> {
        match unlinkat(&self.handle, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(miss!(
                Io,
                "cannot remove {} in {}: {error}",
                name.to_string_lossy(),
                self.path.display()
            )),
        }
    }

    /// What the name stands for, without following a link; `None` when it is gone.
    pub fn status(&self, name: &CStr) -> Option<Stat> {
        rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW).ok()
    }

    /// The names of everything in the directory.
    pub fn entries(&self) -> Result<Vec<std::ffi::CString>, Miss> {
        let failed = |error| miss!(Io, "cannot list {}: {error}", self.path.display());
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.handle).map_err(failed)? {
            names.push(entry.map_err(failed)?.file_name().to_owned());
        }
        Ok(names)
    }

    /// The same as plain bytes.
    pub fn file_names(&self) -> Result<Vec<Vec<u8>>, Miss> {
        let names = self.entries()?;
        Ok(names.into_iter().map(|name| name.into_bytes()).collect())
    }
}

/// The user that this process acts as; it does not change, so the system is asked once.
fn effective_user() -> u32 {
    static USER: OnceLock<u32> = OnceLock::new();
    *USER.get_or_init(|| geteuid().as_raw())
}

/// What must not be granted to others, and the mode that grants them nothing.
type Closed = (u32, &'static str);

const DIRECTORY: Closed = (0o077, "700");
const FILE: Closed = (0o022, "600");

/// Whether what was opened belongs to the user and is closed to others.
fn check_owner(
    status: &Stat,
    (forbidden, closed): Closed,
    path: impl FnOnce() -> PathBuf,
) -> Result<(), Miss> {
    let user = effective_user();
    let mode = status.st_mode & 0o7777;
    if status.st_uid == user && mode & forbidden == 0 {
        return Ok(());
    }
    let path = path();
    let name = path.display();
    if status.st_uid != user {
        return Err(miss!(
            Untrusted,
            "{name} belongs to user {}, not to user {user}, who runs this; \
             hint: use a cache directory of your own, or, as root: chown -R {user} {name}",
            status.st_uid
        ));
    }
    Err(miss!(
        Untrusted,
        "{name} has mode {mode:03o}, which opens it to other users; hint: chmod {closed} {name}"
    ))
}

/// What is there, or in the path above, where a directory should be.
fn no_directory(path: &Path) -> Miss {
    let name = path.display();
    match path.read_link() {
        Ok(target) => miss!(
            Untrusted,
            "{name} is a symbolic link, which is not followed; hint: name the directory that it leads to: {}",
            path.parent().unwrap_or(path).join(target).display()
        ),
        Err(_) => miss!(
            Untrusted,
            "{name} is not a directory; hint: remove what is there, or use another cache directory"
        ),
    }
}
