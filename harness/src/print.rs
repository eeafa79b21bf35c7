//! Data on standard output. A reader that has gone away (`| head`) is no error.

use std::io::{self, Write};

use comfy_table::Table;
use serde::Serialize;

/// Prints text and a line end.
pub fn line(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// Prints a value as JSON.
pub fn json(value: &(impl Serialize + ?Sized)) {
    let mut out = io::stdout().lock();
    // Serializing our own types cannot fail; writing may.
    let _ = serde_json::to_writer_pretty(&mut out, value);
    let _ = writeln!(out);
}

/// A table without spaces at the ends of its lines.
pub fn trimmed(table: &Table) -> String {
    table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}
