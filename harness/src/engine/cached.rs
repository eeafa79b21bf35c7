//! The one place where a cache entry becomes something that JSC may read.

use super::host::{SourceFacts, VerifiedModule};
use crate::cache::VerifiedEntry;

// SAFETY: a `VerifiedEntry` is made by validation only. Validation has checked the image against every rule of image.h,
// the bytecode against the checksum it was written with, and that the entry was made by this engine with these options
// for exactly the source it is served with. Its bytes are aligned to 16 and never move or change (`EntryBytes`; a mapped
// file may be changed by the user's own processes, which the store's rules leave to the user and `Loading::Read` rules out).
unsafe impl VerifiedModule for VerifiedEntry {
    fn source_facts(&self) -> SourceFacts {
        SourceFacts {
            units: self.source_units(),
            text_hash: self.source_text_hash(),
            is_latin1: self.source_is_8bit(),
        }
    }

    fn image(&self) -> &[u8] {
        (**self).image()
    }

    fn bytecode(&self) -> &[u8] {
        (**self).bytecode()
    }
}
