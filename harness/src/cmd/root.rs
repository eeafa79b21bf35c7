//! `--root DIR`: packs whose keys are relative to a directory.

use std::fs;
use std::path::{Path, PathBuf};

use jsc_module_cache::pack::Root;
use resolve::ModuleKey;

use crate::Error;

/// The directory that `--root` names, for programs in it.
///
/// # Errors
/// Usage: it is no directory, or an entry is not in it.
pub fn root(directory: Option<&Path>, entries: &[PathBuf]) -> Result<Option<Root>, Error> {
    let Some(directory) = directory else {
        return Ok(None);
    };
    let wrong = |what: String| Error::Usage(format!("--root {}: {what}", directory.display()));
    let real = fs::canonicalize(directory).map_err(|error| wrong(error.to_string()))?;
    if !real.is_dir() {
        return Err(wrong("it is no directory".to_owned()));
    }
    let key = ModuleKey::from_path(&real).map_err(|error| wrong(error.to_string()))?;
    let root = Root::new(key.as_str());
    for entry in entries {
        // One that cannot be found is told of by whoever loads it.
        if let Ok(key) = ModuleKey::from_entry(entry)
            && !root.holds(key.as_str())
        {
            let entry = entry.display();
            return Err(wrong(format!(
                "the entry {entry} is not in it; name a directory that holds the whole program"
            )));
        }
    }
    Ok(Some(root))
}
