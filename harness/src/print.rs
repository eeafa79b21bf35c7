//! Data on standard output. A reader that has gone away (`| head`) is not an error; a disk that is full is.

use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

use serde::Serialize;

use crate::Error;

/// The first thing that went wrong.
static FAILURE: OnceLock<io::Error> = OnceLock::new();

/// Prints text and a line end.
pub fn line(text: &str) {
    note(writeln!(io::stdout(), "{text}"));
}

/// Prints text that has its line ends.
pub fn text(text: &str) {
    note(io::stdout().write_all(text.as_bytes()));
}

/// Prints the text of a document.
///
/// # Errors
/// It could not be written as JSON.
pub fn document(text: serde_json::Result<String>) -> Result<(), Error> {
    let text = text.map_err(|error| Error::Write {
        flag: "--format",
        path: "json".into(),
        source: error.into(),
    })?;
    line(text.trim_end_matches('\n'));
    Ok(())
}

/// Prints a value as JSON.
pub fn json(value: &(impl Serialize + ?Sized)) {
    let mut out = io::stdout().lock();
    // Serializing our own types cannot fail; writing may.
    let written = serde_json::to_writer_pretty(&mut out, value).map_err(io::Error::from);
    note(written.and_then(|()| writeln!(out)));
}

/// Why standard output lacks something, if it does.
pub fn failure() -> Option<&'static io::Error> {
    FAILURE.get()
}

/// Notes what became of writing to standard output.
pub fn note(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
    {
        // Only the first counts.
        let _ = FAILURE.set(error);
    }
}
