//! A cold page cache: files that a load reads are dropped from memory before it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use nix::sys::resource::{UsageWho, getrusage};
use rustix::fs::{Advice, fadvise};

use jsc_module_cache::Store;
use jsc_module_cache::store::{Access, Loading};
use record::Void;
use resolve::ModuleKey;
use sample::Sample;

/// The unit in which the kernel counts what a process read from a disk (getrusage(2)), in bytes.
const BLOCK: u64 = 512;

/// The sources of a workload, as far as its cache entries name them, and those that lie beside its entry.
pub fn sources(entry: &Path, caches: &[PathBuf], whole_folder: bool) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for directory in caches {
        let store = Store::open(directory, Access::ReadOnly, Loading::Read);
        for name in store.names().unwrap_or_default() {
            let key = store
                .load_standalone(&name)
                .ok()
                .and_then(|entry| ModuleKey::from_url(entry.module_key()).ok());
            files.extend(key.map(|key| key.path().to_owned()));
        }
    }
    if whole_folder && let Some(folder) = entry.parent() {
        files_below(folder, &mut files)?;
    }
    files.push(entry.to_owned());
    files.sort();
    files.dedup();
    Ok(files)
}

/// Drops files, and all files below folders, from memory, as far as no process has them mapped. What has not been
/// written to the disk yet stays, so [`write_out`] has to come first.
pub fn evict(paths: &[PathBuf]) -> io::Result<()> {
    for path in paths {
        let mut files = Vec::new();
        if path.is_dir() {
            files_below(path, &mut files)?;
        } else {
            files.push(path.clone());
        }
        for file in files {
            fadvise(File::open(&file)?, 0, None, Advice::DontNeed)?;
        }
    }
    Ok(())
}

/// Has the system write everything to its disks.
pub fn write_out() {
    rustix::fs::sync();
}

/// Bytes that the workers that have ended so far read from a disk.
pub fn read_by_workers() -> u64 {
    getrusage(UsageWho::RUSAGE_CHILDREN)
        .ok()
        .and_then(|usage| u64::try_from(usage.block_reads()).ok())
        .unwrap_or(0)
        * BLOCK
}

/// Void when a load read less from the disk than it needed: then something was still in memory.
pub fn not_cold(sample: &Sample, read: u64) -> Option<Void> {
    let cached = sample.cache.as_ref().map_or(0, |cache| cache.bytes);
    let expected = sample.source_bytes + cached;
    (read < expected).then_some(Void::NotCold { read, expected })
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files_below(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}
