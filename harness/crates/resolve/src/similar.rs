//! What an error text says of files: their URLs, and the one that was perhaps meant.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::error::Hint;
use super::file_url::FileUrl;
use super::shown::LONGEST;

/// The URL of a path, shortened, for an error text.
pub(super) fn target(path: &Path) -> Box<str> {
    super::shown::shorten_url(&url(path)).into()
}

/// The URL of the manifest of the package in `directory`, shortened, for an error text.
pub(super) fn manifest(directory: &Path) -> Box<str> {
    target(&directory.join("package.json"))
}

pub(super) fn url(path: &Path) -> String {
    FileUrl::of_path(path).href()
}

/// The entry that was perhaps meant by `path`, which does not exist.
pub(super) fn similar_entry(path: &Path) -> Hint {
    match path.to_str() {
        Some(text) => similar(text, "", path),
        None => Hint::default(),
    }
}

pub(super) fn similar_import(specifier: &str, path: &Path) -> Hint {
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
