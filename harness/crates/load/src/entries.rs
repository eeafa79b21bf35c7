//! Finding entries, from whatever thread.

use std::sync::Arc;

use jsc_module_cache::{Expected, Identity, Miss, MissReason, SourceHash, Store, VerifiedEntry};
use resolve::ModuleKey;
use sample::CacheMode;

use crate::interference::Interference;
use crate::options::CacheOptions;
use crate::source_file::decoded;

/// Looks an entry up: key and source of the module.
pub type LookUp = dyn Fn(&str, &[u8]) -> Result<VerifiedEntry, Miss> + Send + Sync;

/// The same, for a module whose source may not be UTF-8: if it has no entry then, it is replaced by its text.
pub fn look_up_text(
    look_up: &LookUp,
    key: &ModuleKey,
    source: &mut Vec<u8>,
) -> Result<VerifiedEntry, Miss> {
    let found = look_up(key.as_str(), source);
    if found.is_ok() {
        return found;
    }
    match decoded(source) {
        Some(text) => {
            *source = text;
            look_up(key.as_str(), source)
        }
        None => found,
    }
}

/// The entries that a run may use.
#[derive(Clone)]
pub struct Entries {
    /// Finds them.
    pub look_up: Arc<LookUp>,
    /// Why the whole store cannot be used, if so.
    pub refusal: Option<Miss>,
}

impl Entries {
    /// Opens the store.
    pub fn open(options: &CacheOptions, identity: Identity, interference: &Interference) -> Self {
        let store = Store::open(&options.directory, options.access(), options.loading);
        let refusal = store.refusal().cloned();
        let alter = interference.alter.clone();
        let stale = interference.stale.clone();
        let is_refreshed = options.mode == CacheMode::Refresh;
        let look_up = move |key: &str, source: &[u8]| {
            if is_refreshed {
                let why = "the cache is being refreshed";
                return Err(Miss::new(MissReason::Absent, why));
            }
            if stale.as_deref() == Some(key) {
                let why = "it is seen as changed";
                return Err(Miss::new(MissReason::Source, why));
            }
            let entry = store.load(&Expected {
                identity: &identity,
                module_key: key,
                source_hash: SourceHash::of(source),
                source_length: source.len() as u64,
            })?;
            match &alter {
                Some(alter) => alter.entry(key, entry),
                None => Ok(entry),
            }
        };
        Self {
            look_up: Arc::new(look_up),
            refusal,
        }
    }
}
