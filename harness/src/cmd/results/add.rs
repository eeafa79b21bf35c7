//! `results add`: a result file for the history.

use std::path::Path;

use super::write_readme;
use crate::cmd::ExitStatus;
use crate::{Error, print};
use record::History;

/// Adds a result, once however often it is called, and prints where it is.
pub fn run(file: &Path) -> Result<ExitStatus, Error> {
    let record = record::read(file)?;
    let history = History::standard();
    let known = history.file_of(&record);
    let path = if known.exists() && record::read(&known)? == record {
        known
    } else {
        history.add(&record)?
    };
    write_readme()?;
    print::line(&path.display().to_string());
    Ok(ExitStatus::Success)
}
