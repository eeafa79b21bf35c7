//! What can go wrong.

use std::io;
use std::path::PathBuf;

/// Everything that this crate reports.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What callgrind wrote cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    /// It is not what callgrind writes.
    #[error("{}, line {line}: {what}", .path.display())]
    Format {
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        what: String,
    },
    /// A flame graph cannot be drawn.
    #[error("cannot draw the flame graph: {what}")]
    Draw { what: String },
}
