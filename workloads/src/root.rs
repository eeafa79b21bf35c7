//! Where this crate's own definitions lie.

use std::env;
use std::path::PathBuf;

/// Names a folder of definitions to use instead of the one that this crate was built from.
pub const ROOT_VARIABLE: &str = "HARNESS_WORKLOADS";

/// The folder with this crate's own definitions and the files that are not generated, or what `HARNESS_WORKLOADS` names.
pub fn root() -> PathBuf {
    named_root().unwrap_or_else(own_root)
}

pub(crate) fn named_root() -> Option<PathBuf> {
    let named = env::var_os(ROOT_VARIABLE).filter(|root| !root.is_empty());
    named.map(PathBuf::from)
}

pub(crate) fn own_root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
