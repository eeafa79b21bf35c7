//! Reading and writing result files.

use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::{fs, path};

use serde::Deserialize;
use tempfile::NamedTempFile;

use super::run::RunRecord;
use super::{layout, v1};
use crate::read_text;

/// Why a result file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It cannot be read.
    #[error("cannot read result file {}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    /// It is not a result file, or a damaged one.
    #[error("{} is not a result file: {what}", .path.display())]
    Invalid {
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A later version of this program wrote it.
    #[error("{} has schema {found}; this program reads schemas up to {newest}: use the version that wrote it, or a later one", .path.display())]
    Newer {
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema known here.
        newest: u32,
    },
    /// It cannot be written.
    #[error("cannot write result file {}: {source}", .path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// Reads a result file of any schema that was ever written.
pub fn read(path: &Path) -> Result<RunRecord, RecordError> {
    let text = read_text(path).map_err(|source| RecordError::Read {
        path: path.to_owned(),
        source,
    })?;
    let invalid = |what: String| RecordError::Invalid {
        path: path.to_owned(),
        what,
    };
    let Schema { schema } = serde_json::from_str(&text).map_err(|it| invalid(it.to_string()))?;
    match schema {
        v1::SCHEMA => serde_json::from_str::<v1::File>(&text)
            .map_err(|error| error.to_string())
            .and_then(v1::File::into_record)
            .map_err(invalid),
        0 => Err(invalid("there is no schema 0".to_owned())),
        found => Err(RecordError::Newer {
            path: path.to_owned(),
            found,
            newest: v1::SCHEMA,
        }),
    }
}

/// Writes a result file in the newest schema, whole whenever it is there. With `replace`, a file of that name is replaced;
/// otherwise that is an error of kind `AlreadyExists`, and the file that is there stays as it is.
pub fn write(record: &RunRecord, path: &Path, replace: bool) -> Result<(), RecordError> {
    let wrong = |source| RecordError::Write {
        path: path.to_owned(),
        source,
    };
    let file = v1::File::of(record).map_err(|error| wrong(error.into()))?;
    write_whole(path, replace, &mut |out| layout::write(out, &file)).map_err(wrong)
}

/// Writes a file under another name first and renames it then, so that it is whole whenever it is there. Its folder must
/// be there.
///
/// # Errors
/// What the system says, and what `contents` says; then there is no file, or the old one.
pub fn write_whole(
    path: &Path,
    replace: bool,
    contents: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let whole = path::absolute(path)?;
    let folder = whole.parent();
    let folder = folder.ok_or(io::Error::from(io::ErrorKind::IsADirectory))?;
    let mut temporary = temporary_in(folder)?;
    let mut out = BufWriter::new(&mut temporary);
    contents(&mut out)?;
    out.flush()?;
    drop(out);
    temporary.as_file().sync_all()?;
    let done = match replace {
        true => temporary.persist(&whole),
        false => temporary.persist_noclobber(&whole),
    };
    done.map(drop).map_err(|error| error.error)
}

/// Whether a result could be written to this path later on: asked for before hours of measuring are spent on it.
pub fn check_writable(path: &Path) -> Result<(), RecordError> {
    let wrong = |source| RecordError::Write {
        path: path.to_owned(),
        source,
    };
    let whole = path::absolute(path).map_err(wrong)?;
    let folder = whole
        .parent()
        .ok_or_else(|| wrong(io::Error::from(io::ErrorKind::IsADirectory)))?;
    temporary_in(folder).map(drop).map_err(wrong)
}

/// A temporary file that becomes a result. Results are for everybody; the umask has the last word.
pub fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)
        .map_err(without_path)
}

/// What the system said: the name of a temporary file tells nobody anything.
fn without_path(error: io::Error) -> io::Error {
    let text = error.to_string();
    let system = text.split(" at path ").next().unwrap_or_default();
    io::Error::new(error.kind(), system)
}

#[derive(Deserialize)]
struct Schema {
    schema: u32,
}
