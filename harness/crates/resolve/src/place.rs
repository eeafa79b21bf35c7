//! Where a specifier leads before anything is looked for there.

use std::path::{Path, PathBuf};

use super::file_url::FileUrl;
use super::target::Field;

/// Where a specifier leads, whether something is there or not.
#[derive(Debug)]
pub(super) struct Place {
    pub url: FileUrl,
    /// The map that says so.
    pub by: Option<Mapping>,
}

impl From<FileUrl> for Place {
    fn from(url: FileUrl) -> Self {
        Self { url, by: None }
    }
}

/// A map of a package.
#[derive(Debug)]
pub(super) struct Mapping {
    pub field: Field,
    /// Of the package.
    pub directory: PathBuf,
}

impl Mapping {
    /// The map `field` of the package in `directory`.
    pub fn new(field: Field, directory: &Path) -> Self {
        Self {
            field,
            directory: directory.into(),
        }
    }
}
