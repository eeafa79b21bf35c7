//! `results readme`: the newest results for people.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use crate::cmd::ExitStatus;
use crate::record::readme::{COMMAND, readme};
use crate::record::{self, results_directory};
use crate::{Error, print};

/// Writes the README of the results, and says where it is.
pub fn write_readme() -> Result<PathBuf, Error> {
    let path = readme_path();
    let wrong = |source| Error::Write {
        flag: "results README",
        path: path.clone(),
        source,
    };
    let text = made()?;
    let folder = results_directory();
    fs::create_dir_all(&folder).map_err(wrong)?;
    let mut temporary = record::temporary_in(&folder).map_err(wrong)?;
    temporary.write_all(text.as_bytes()).map_err(wrong)?;
    temporary
        .persist(&path)
        .map_err(|error| wrong(error.error))?;
    Ok(path)
}

/// Whether it is up to date.
pub fn check() -> Result<ExitStatus, Error> {
    let path = readme_path();
    let present = fs::read_to_string(&path).unwrap_or_default();
    if present == made()? {
        return Ok(ExitStatus::Success);
    }
    print::line(&format!(
        "{} is not what the history makes it; next: {COMMAND}",
        path.display()
    ));
    Ok(ExitStatus::Finding)
}

fn readme_path() -> PathBuf {
    results_directory().join("README.md")
}

fn made() -> Result<String, Error> {
    Ok(readme(&super::history()?))
}
