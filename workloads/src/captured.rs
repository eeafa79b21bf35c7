//! Programs that must be captured before a bare engine can load them: `captured/entries.toml` and its packages.
//!
//! A capture lies in `made/<name>` of the folder. A stamp beside it, written last, holds the digest of what it was made of:
//! the files beside the entry, the packages' lock file, and the script that captures with its own lock file.

use std::fs;
use std::path::{Path, PathBuf};

use sample::HostOptions;

use crate::capture::{MANIFEST, Request, capture};
use crate::config::{Config, FILE_NAME};
use crate::definition::{Origin, WorkloadDef};
use crate::error::Error;
use crate::root::root;
use crate::{file, npm};

/// Makes every capture of these that is missing, or was made of something else. Two callers at once make them once.
///
/// `log` gets one line a step.
pub fn make_all(workloads: &[WorkloadDef], log: &mut dyn FnMut(&str)) -> Result<(), Error> {
    for definition in workloads {
        if let Origin::Captured { entry, folder } = &definition.origin {
            npm::install_project(folder, log)?;
            make(&definition.name, entry, folder, log)?;
        }
    }
    Ok(())
}

fn make(name: &str, entry: &Path, folder: &Path, log: &mut dyn FnMut(&str)) -> Result<(), Error> {
    let what = "captured programs";
    let _lock = npm::lock(folder, what, log)?;
    if is_made(name, entry, folder)? {
        return Ok(());
    }
    log(&format!("{what}: capturing {name}"));
    let stamp = stamp(name, folder);
    file::remove(&stamp)?;
    let directory = made(name, folder);
    let captured = capture(
        &Request {
            entries: &[relative(entry, folder)],
            out: &std::path::absolute(&directory)
                .map_err(|source| Error::io("find", &directory, source))?,
            conditions: &[],
            dom: false,
        },
        folder,
    )?;
    match captured {
        Some(it) if it.is_whole => {}
        _ => {
            return Err(Error::NotCaptured {
                name: name.to_owned(),
                entry: entry.to_owned(),
            });
        }
    }
    let digest = digest(entry, folder)?;
    fs::write(&stamp, digest).map_err(|source| Error::io("write", &stamp, source))
}

/// The entry of the capture called `name`, and what its host gives it. Fails with the next step if it has not been made, or
/// not of these files.
pub(crate) fn require(
    name: &str,
    entry: &Path,
    folder: &Path,
) -> Result<(PathBuf, HostOptions), Error> {
    if !is_made(name, entry, folder)? {
        return Err(Error::NotMade {
            name: name.to_owned(),
        });
    }
    let definitions = made(name, folder).join(FILE_NAME);
    let mut workloads = Config::read(&definitions)?.workloads;
    match workloads.pop().map(|it| (it.origin, it.host)) {
        Some((Origin::Program(entry), host)) if workloads.is_empty() => Ok((entry, host)),
        _ => Err(Error::definition(&definitions, "it has not one workload")),
    }
}

/// The file that lists all of the capture's files with their digests.
pub(crate) fn manifest(name: &str, folder: &Path) -> PathBuf {
    made(name, folder).join(MANIFEST)
}

fn is_made(name: &str, entry: &Path, folder: &Path) -> Result<bool, Error> {
    match fs::read_to_string(stamp(name, folder)) {
        Ok(stamp) => Ok(stamp == digest(entry, folder)?),
        Err(_) => Ok(false),
    }
}

fn made(name: &str, folder: &Path) -> PathBuf {
    folder.join("made").join(name)
}

fn stamp(name: &str, folder: &Path) -> PathBuf {
    folder.join("made").join(format!("{name}.stamp"))
}

fn digest(entry: &Path, folder: &Path) -> Result<String, Error> {
    let script = root().join("capture");
    let mut files = file::children(entry.parent().unwrap_or(folder))?;
    files.extend([folder.join(npm::LOCK_FILE), script.join(npm::LOCK_FILE)]);
    for directory in [script.join("builtins"), script] {
        let modules = file::children(&directory)?.into_iter();
        files.extend(
            modules.filter(|it| it.extension().is_some_and(|it| it == "mjs" || it == "cjs")),
        );
    }
    let mut hasher = blake3::Hasher::new_derive_key("jsc-harness captured program 1");
    for path in files {
        let text = fs::read(&path).map_err(|source| Error::io("read", &path, source))?;
        hasher.update(blake3::hash(&text).as_bytes());
    }
    Ok(hasher.finalize().to_hex().to_string())
}

fn relative(entry: &Path, folder: &Path) -> String {
    let path = entry.strip_prefix(folder).unwrap_or(entry);
    path.display().to_string()
}
