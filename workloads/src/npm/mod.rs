//! Real packages: which graphs there are, and installing them from the lock file.

mod entries;
mod install;

pub use install::{folder, install, install_project, require};

pub(crate) use entries::entries;
pub(crate) use install::{LOCK_FILE, lock};
