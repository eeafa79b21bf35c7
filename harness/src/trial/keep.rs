//! The files that a gate leaves behind.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Error;
use gate::{GateDocument, render};
use record::{RunRecord, results_directory, temporary_in, write_whole};
use results::render::Style;

/// The document of a gate in its folder.
pub const DOCUMENT: &str = "gate.json";

/// Where the files of a gate go when nobody says.
pub fn default_folder(record: &RunRecord) -> PathBuf {
    results_directory().join("gates").join(&record.run.id)
}

/// Whether the files can be written, asked before anything is measured for them. Without a folder they go to the
/// default one.
pub fn check_writable(folder: Option<&Path>) -> Result<(), Error> {
    let folder = folder.map_or_else(|| results_directory().join("gates"), Path::to_owned);
    fs::create_dir_all(&folder)
        .and_then(|()| temporary_in(&folder).map(drop))
        .map_err(|source| wrong(&folder, source))
}

/// Writes document and summary. Each is whole whenever it is there; the summary comes first, so that there is one beside
/// every document.
pub fn document(document: &GateDocument, folder: &Path) -> Result<PathBuf, Error> {
    let summary = render::summary(document, Style::Markdown);
    write(folder, "summary.md", &format!("{summary}\n"))?;
    let path = folder.join(DOCUMENT);
    let text = document
        .text()
        .map_err(|error| wrong(&path, error.into()))?;
    write(folder, DOCUMENT, &text)?;
    Ok(path)
}

/// Keeps what a pilot measured, when that is all there is.
pub fn pilot(record: &RunRecord, folder: &Path) -> Result<PathBuf, Error> {
    let path = folder.join("pilot.json");
    fs::create_dir_all(folder).map_err(|source| wrong(&path, source))?;
    record::write(record, &path, true)?;
    Ok(path)
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), Error> {
    let path = folder.join(name);
    let failed = |source| wrong(&path, source);
    fs::create_dir_all(folder).map_err(failed)?;
    write_whole(&path, true, &mut |out| out.write_all(text.as_bytes())).map_err(failed)
}

fn wrong(path: &Path, source: std::io::Error) -> Error {
    Error::Write {
        flag: "--out",
        path: path.to_owned(),
        source,
    }
}
