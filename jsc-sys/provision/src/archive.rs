//! Unpacking archives without trusting them.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use tar::EntryType;

use crate::Error;
use crate::engine::Manifest;

/// `engine.json` is a few kilobytes; a file that claims more is not one.
const MANIFEST_LIMIT: u64 = 1 << 20;

/// How an archive is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    Zstd,
    Xz,
}

/// Reads only the `engine.json` of a packed engine.
pub(crate) fn read_manifest(archive: &Path) -> Result<Manifest, Error> {
    let mut found = None;
    each_entry(archive, Compression::Zstd, |entry, path| {
        let mut parts = path.components().skip(1);
        let is_manifest = parts.next() == Some(Component::Normal("engine.json".as_ref()))
            && parts.next().is_none();
        if is_manifest {
            let mut text = Vec::new();
            entry.take(MANIFEST_LIMIT).read_to_end(&mut text)?;
            found = Some(text);
        }
        Ok(!is_manifest)
    })?;
    match found {
        Some(text) => Manifest::parse(&text, archive),
        None => Err(Error::Archive {
            archive: archive.to_path_buf(),
            problem: "it holds no engine.json in its top folder, so it is not a packed engine"
                .to_string(),
        }),
    }
}

/// Unpacks an archive into an existing folder and returns the archive's one top folder in it.
///
/// An entry outside that one folder, a link that leads out of it, or a kind of entry that no engine needs is an error.
pub(crate) fn unpack(
    archive: &Path,
    compression: Compression,
    into: &Path,
) -> Result<PathBuf, Error> {
    let mut top: Option<PathBuf> = None;
    each_entry(archive, compression, |entry, path| {
        let first: PathBuf = path.components().take(1).collect();
        match &top {
            Some(top) if *top != first => {
                return Err(wrong(format!(
                    "it has more than one top folder: {} and {}",
                    top.display(),
                    first.display()
                )));
            }
            _ => top = Some(first),
        }
        entry.set_preserve_permissions(true);
        match entry.unpack_in(into)? {
            true => Ok(true),
            false => Err(wrong(format!(
                "the entry {} would lie outside the folder",
                path.display()
            ))),
        }
    })?;
    match top.map(|top| into.join(top)) {
        Some(top) if top.is_dir() => Ok(top),
        _ => Err(Error::Archive {
            archive: archive.to_path_buf(),
            problem: "it holds no folder".to_string(),
        }),
    }
}

type Entry<'a> = tar::Entry<'a, Box<dyn Read>>;

/// Calls `visit` with each entry whose path and kind are acceptable, until it answers `false` or fails.
fn each_entry(
    archive: &Path,
    compression: Compression,
    mut visit: impl FnMut(&mut Entry<'_>, &Path) -> io::Result<bool>,
) -> Result<(), Error> {
    let file = File::open(archive).map_err(Error::io("open", archive))?;
    let run = || -> io::Result<()> {
        let mut tar = tar::Archive::new(decompress(file, compression)?);
        for entry in tar.entries()? {
            let mut entry = entry?;
            let path = entry.path()?.into_owned();
            if matches!(entry.header().entry_type(), EntryType::XGlobalHeader) {
                continue;
            }
            check_entry(&entry, &path)?;
            if !visit(&mut entry, &path)? {
                break;
            }
        }
        Ok(())
    };
    run().map_err(|error| Error::Archive {
        archive: archive.to_path_buf(),
        problem: describe(&error),
    })
}

fn decompress(file: File, compression: Compression) -> io::Result<Box<dyn Read>> {
    Ok(match compression {
        Compression::Zstd => Box::new(zstd::stream::read::Decoder::new(file)?),
        Compression::Xz => Box::new(liblzma::read::XzDecoder::new(BufReader::with_capacity(
            1 << 16,
            file,
        ))),
    })
}

fn check_entry(entry: &Entry<'_>, path: &Path) -> io::Result<()> {
    let plain = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !plain || path.as_os_str().is_empty() {
        return Err(wrong(format!(
            "the entry {} would lie outside the folder",
            path.display()
        )));
    }
    match entry.header().entry_type() {
        EntryType::Regular | EntryType::Directory => Ok(()),
        EntryType::Symlink => {
            let target = entry.link_name()?.unwrap_or_default().into_owned();
            match stays_inside(path, &target) {
                true => Ok(()),
                false => Err(wrong(format!(
                    "the link {} leads outside, to {}",
                    path.display(),
                    target.display()
                ))),
            }
        }
        kind => Err(wrong(format!(
            "the entry {} is of a kind that is not wanted here ({kind:?})",
            path.display()
        ))),
    }
}

/// Whether a link at `path` to `target` stays in the top folder, reckoned without following other links.
fn stays_inside(path: &Path, target: &Path) -> bool {
    let mut depth = path.components().count() - 1;
    for part in target.components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            // Depth 1 is the top folder itself.
            Component::ParentDir if depth > 1 => depth -= 1,
            _ => return false,
        }
    }
    true
}

fn wrong(problem: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

/// The error with its causes: the tar library wraps what the decompressor said.
fn describe(error: &io::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests;
