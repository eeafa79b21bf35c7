//! Deliberately broken caches: what `verify` must find out. Each mutant spoils the entries of a graph in one way, so that
//! they are still valid, and only what the program does tells.
//!
//! What a mutant of a record cannot show is left out: JSC reads nothing but the names of a record's declared variables
//! and the feature `import-meta` once the bytecode is there (`JSModuleRecord::instantiateDeclarations`), so a changed
//! trait of a variable changes nothing, and only validate mode finds it.

mod record;

use std::sync::{Mutex, PoisonError};

use jsc_module_cache::{EntryParts, Miss, MissReason, VerifiedEntry, write};
use load::Alter;
use sample::{Check, Mutant};

/// How the sources of packs are checked for a mutant to work.
pub fn check(mutant: Mutant) -> Check {
    match mutant {
        Mutant::TrustPack => Check::Unsealed,
        _ => Check::Content,
    }
}

/// Spoils every entry that it can be done to.
pub fn alter(mutant: Mutant) -> Alter {
    // What was served before, as it was on disk.
    let last: Mutex<Option<Previous>> = Mutex::new(None);
    Alter::new(move |key, entry| {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        let previous = last.replace(Previous::of(&entry));
        match (mutant, previous) {
            (Mutant::StaleEntry, Some(previous)) => previous.write(key, &entry, true),
            (Mutant::StaleBytecode, Some(previous)) => previous.write(key, &entry, false),
            (Mutant::StaleEntry | Mutant::StaleBytecode, None) | (Mutant::TrustPack, _) => {
                Ok(entry)
            }
            _ => {
                let mut record = entry.record();
                if !record::spoil(mutant, &mut record) {
                    return Ok(entry);
                }
                Previous::of(&entry).with_image(key, &entry, &record.encode()?)
            }
        }
    })
}

/// What an entry that was served holds.
struct Previous {
    units: u32,
    text_hash: u32,
    is_8bit: bool,
    image: Vec<u8>,
    bytecode: Vec<u8>,
}

impl Previous {
    fn of(entry: &VerifiedEntry) -> Self {
        Self {
            units: entry.source_units(),
            text_hash: entry.source_text_hash(),
            is_8bit: entry.source_is_8bit(),
            image: entry.image().to_vec(),
            bytecode: entry.bytecode().to_vec(),
        }
    }

    /// This entry under the name of another; without `image`, with the other's record.
    fn write(&self, key: &str, other: &VerifiedEntry, image: bool) -> Result<VerifiedEntry, Miss> {
        let image = if image { &*self.image } else { other.image() };
        self.with_image(key, other, image)
    }

    fn with_image(
        &self,
        key: &str,
        named: &VerifiedEntry,
        image: &[u8],
    ) -> Result<VerifiedEntry, Miss> {
        let identity = named.identity();
        let parts = EntryParts {
            identity: &identity,
            module_key: key,
            source_hash: named.source_hash(),
            source_length: named.source_length(),
            source_units: self.units,
            source_text_hash: self.text_hash,
            source_is_8bit: self.is_8bit,
            image,
            bytecode: &self.bytecode,
        };
        write(&parts).map_err(|error| Miss::new(MissReason::Schema, error.to_string()))
    }
}
