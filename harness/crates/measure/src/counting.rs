//! Counting instructions in the place of taking times.

use std::path::{Path, PathBuf};

use record::Counted;
use workers::counting::{Counter, OPTIONS};

/// How instructions are counted.
#[derive(Debug, Clone)]
pub struct Counting {
    /// What counts them.
    pub counter: Counter,
    /// Where it writes.
    pub directory: PathBuf,
}

impl Counting {
    /// Counting that writes into this directory.
    pub fn new(counter: Counter, directory: &Path) -> Self {
        Self {
            counter,
            directory: directory.to_owned(),
        }
    }

    /// As a result says it.
    pub fn kept(&self) -> Counted {
        // As this process has them; whoever measures may have set them to something else.
        let options = OPTIONS.map(|(name, _)| {
            let value = std::env::var(name).unwrap_or_default();
            (name.to_owned(), value)
        });
        Counted {
            by: self.counter.version.clone(),
            variables: options.into(),
        }
    }
}
