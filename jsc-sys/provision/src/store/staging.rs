//! Folders for what is not finished yet.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::Error;

/// A temporary folder in the store, on the same file system as everything else in it.
///
/// A lock file lies beside it for as long as its process lives. A process that was killed leaves both behind, but not
/// the lock: that is how the next one knows what to sweep away.
#[derive(Debug)]
pub(crate) struct Staging {
    folder: TempDir,
    lock_path: PathBuf,
    _lock: File,
}

impl Staging {
    pub(super) fn new(parent: &Path) -> Result<Staging, Error> {
        // Held while sweeping and creating, so that nobody sweeps a lock file that is created but not yet locked.
        let guard = open_lock(&parent.join("sweep.lock"))?;
        guard.lock().map_err(Error::io("lock", parent))?;
        sweep(parent);
        let folder = tempfile::Builder::new()
            .prefix("work-")
            .tempdir_in(parent)
            .map_err(Error::io("create a folder in", parent))?;
        let lock_path = folder.path().with_extension("lock");
        let lock = open_lock(&lock_path)?;
        lock.lock().map_err(Error::io("lock", &lock_path))?;
        Ok(Staging {
            folder,
            lock_path,
            _lock: lock,
        })
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // The folder itself is removed after this; a leftover is swept by whoever comes next.
        let _ = fs::remove_file(&self.lock_path);
    }
}

/// Removes the folders of processes that are gone. What cannot be removed is not worth an error.
fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    let folders = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("work-"));
    for path in folders
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
    {
        let lock_path = path.with_extension("lock");
        let alive =
            lock_path.exists() && open_lock(&lock_path).is_ok_and(|lock| lock.try_lock().is_err());
        if !alive {
            let _ = fs::remove_dir_all(&path);
            let _ = fs::remove_file(&lock_path);
        }
    }
}

fn open_lock(path: &Path) -> Result<File, Error> {
    let open = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path);
    open.map_err(Error::io("open", path))
}
