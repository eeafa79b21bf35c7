//! Which cache a run uses and how.

use std::borrow::Cow;
use std::path::PathBuf;

use jsc_module_cache::Miss;
use jsc_module_cache::pack::{Payload, Root, VerifiedPack};
use jsc_module_cache::store::{Access, Loading};
use resolve::ModuleKey;
use sample::{CacheMode, CacheUse, Check, PackUse};

use crate::error::Error;

/// Which cache a run uses and how.
#[derive(Debug, Clone)]
pub struct CacheOptions {
    /// The store's directory.
    pub directory: PathBuf,
    /// What may be done with it.
    pub mode: CacheMode,
    /// Whether files are read or mapped.
    pub loading: Loading,
    /// Build each cached record both ways and compare.
    pub validate: bool,
    /// Which functions a pack holds.
    pub payload: Payload,
    /// How a pack's sources are checked.
    pub check: Check,
    /// The directory that keys in packs are relative to, if any.
    pub root: Option<Root>,
    /// Let a second thread read what an entry's record says is coming.
    pub read_ahead: bool,
}

impl CacheOptions {
    /// The cache in `directory`, in this mode; everything else as usual.
    pub fn new(directory: impl Into<PathBuf>, mode: CacheMode) -> Self {
        Self {
            directory: directory.into(),
            mode,
            loading: Loading::Auto,
            validate: false,
            payload: PackUse::default().payload,
            check: PackUse::default().check,
            root: None,
            read_ahead: true,
        }
    }

    /// The cache that a task names.
    pub fn of_task(cache: &CacheUse) -> Self {
        Self {
            validate: cache.validate,
            payload: cache.payload,
            check: cache.check,
            read_ahead: cache.read_ahead,
            ..Self::new(&cache.directory, cache.mode)
        }
    }

    /// What a pack of this entry is found by.
    pub fn stored<'a>(&self, entry: &'a ModuleKey) -> Cow<'a, str> {
        match &self.root {
            Some(root) => root.stored(entry.as_str()),
            None => entry.as_str().into(),
        }
    }

    /// A pack with the keys of where its program lies.
    ///
    /// # Errors
    /// They are too long, or there is no memory.
    pub fn placed(&self, pack: VerifiedPack) -> Result<VerifiedPack, Miss> {
        match &self.root {
            Some(root) => pack.at(root),
            None => Ok(pack),
        }
    }

    /// What may be done to the store.
    pub(crate) fn access(&self) -> Access {
        match self.mode {
            CacheMode::ReadOnly => Access::ReadOnly,
            CacheMode::Auto | CacheMode::Refresh => Access::ReadWrite,
        }
    }
}

/// Where the cache lies when nobody says otherwise: `$XDG_CACHE_HOME/jsc-harness/modules`.
pub fn default_cache_directory() -> Result<PathBuf, Error> {
    Ok(jsc_provision::Settings::from_env()?.store.join("modules"))
}
