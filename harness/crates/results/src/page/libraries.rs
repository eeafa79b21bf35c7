//! The libraries that draw the charts and sort the table, as `cargo xtask setup` installs them.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Why they cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LibrariesError {
    /// They are not installed.
    #[error(transparent)]
    NotInstalled(#[from] workloads::Error),
    /// One of their files cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },
}

/// Their texts.
#[derive(Debug, Clone)]
pub struct Libraries {
    pub(super) d3: String,
    pub(super) plot: String,
    pub(super) tablesort: String,
    pub(super) tablesort_number: String,
}

impl Libraries {
    /// Those in the checkout.
    pub fn installed() -> Result<Self, LibrariesError> {
        Self::of(&folder())
    }

    /// Those that npm installed for the project in `folder`.
    fn of(folder: &Path) -> Result<Self, LibrariesError> {
        workloads::npm::require(folder)?;
        let text = |file: &str| {
            let path = folder.join("node_modules").join(file);
            fs::read_to_string(&path).map_err(|source| LibrariesError::Read { path, source })
        };
        Ok(Self {
            d3: text("d3/dist/d3.min.js")?,
            plot: text("@observablehq/plot/dist/plot.umd.min.js")?,
            tablesort: text("tablesort/dist/tablesort.min.js")?,
            tablesort_number: text("tablesort/dist/sorts/tablesort.number.min.js")?,
        })
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("page")
}
