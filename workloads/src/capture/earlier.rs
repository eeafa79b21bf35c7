//! A directory where a capture is to go: what is there already.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::MANIFEST;
use crate::config::RESULTS_NAME;
use crate::error::Error;
use crate::file;

/// What is in the way of a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing: the directory is not there, or is empty.
    Nothing,
    /// An earlier capture, as it was made; what was measured of it may lie beside.
    Untouched,
    /// An earlier capture, with a file that is not of it or was changed since.
    Touched(PathBuf),
    /// Something else: a symbolic link, a file, or a directory with files.
    Other(&'static str),
}

#[derive(Deserialize)]
struct Manifest {
    files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    path: PathBuf,
    sha256: String,
}

/// What is at `out`.
///
/// # Errors
/// It cannot be read.
pub fn earlier(out: &Path) -> Result<Earlier, Error> {
    match fs::symlink_metadata(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Earlier::Nothing),
        Err(source) => return Err(Error::io("read", out, source)),
        Ok(it) if it.is_symlink() => {
            return Ok(Earlier::Other(
                "it is a symbolic link; name what it leads to",
            ));
        }
        Ok(it) if !it.is_dir() => return Ok(Earlier::Other("it is not a directory")),
        Ok(_) => {}
    }
    let present = present(out)?;
    if present.is_empty() {
        return Ok(Earlier::Nothing);
    }
    let manifest = fs::read(out.join(MANIFEST)).ok();
    let manifest = manifest.and_then(|text| serde_json::from_slice::<Manifest>(&text).ok());
    let Some(Manifest { files }) = manifest else {
        return Ok(Earlier::Other(
            "it has files, and is no earlier capture; name another directory, or empty it",
        ));
    };
    let listed: BTreeMap<&Path, &str> = files.iter().map(|it| (&*it.path, &*it.sha256)).collect();
    for path in present {
        let is_known = path == Path::new(MANIFEST)
            || listed.get(&*path).is_some_and(|digest| {
                fs::read(out.join(&path)).is_ok_and(|it| *digest == hex(&it))
            });
        if !is_known {
            return Ok(Earlier::Touched(path));
        }
    }
    Ok(Earlier::Untouched)
}

/// Everything below a directory that is no directory itself, by its path from there, without results. Links are not
/// followed.
fn present(out: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let mut queue = vec![out.to_owned()];
    while let Some(directory) = queue.pop() {
        for path in file::children(&directory)? {
            let relative = path.strip_prefix(out).unwrap_or(&path).to_owned();
            match fs::symlink_metadata(&path) {
                Ok(it) if it.is_dir() && relative != Path::new(RESULTS_NAME) => queue.push(path),
                Ok(it) if it.is_dir() => {}
                _ => found.push(relative),
            }
        }
    }
    found.sort();
    Ok(found)
}

fn hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|it| format!("{it:02x}")).collect()
}
