//! Deliberately broken caches: what `verify` must find out. Each mutant spoils the entries of a graph in one way, so that
//! they are still valid, and only what the program does tells.
//!
//! What a mutant of a record cannot show is left out: JSC reads nothing but the names of a record's declared variables
//! and the feature `import-meta` once the bytecode is there (`JSModuleRecord::instantiateDeclarations`), so a changed
//! trait of a variable changes nothing, and only validate mode finds it.

mod record;

use std::sync::{Mutex, PoisonError};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::cache::{self, EntryParts, Miss, MissReason, VerifiedEntry};
use crate::load::{Alter, Check};

/// How entries are spoiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Mutant {
    /// The first star export is forgotten
    DropStar,
    /// A star export of the first request is added
    AddStar,
    /// The first two requests change places
    SwapRequests,
    /// A request that is there for its side effects is forgotten
    DropRequest,
    /// Import attributes are forgotten
    DropAttributes,
    /// The first import of one name gets another local name
    RenameLocal,
    /// The first two imports from one module change places
    SwapImports,
    /// The first import comes from another requested module
    RedirectImport,
    /// The first import of one name becomes one of the namespace
    WidenImport,
    /// The first export is forgotten
    DropExport,
    /// The first export gets another name
    RenameExport,
    /// The first two exports of variables change places
    SwapExports,
    /// The first re-export of one name comes from another requested module
    RedirectReexport,
    /// The first re-export of one name takes another name there
    RenameReexport,
    /// The first re-export of a namespace takes another requested module's
    RedirectNamespace,
    /// The first declared variable is a lexical one, so that it begins in a dead zone
    DeadVariable,
    /// Lexical variables are declared ones, which have no dead zone
    DropDeadZone,
    /// That the module asks for import.meta is forgotten
    ForgetImportMeta,
    /// That the module awaits is forgotten
    ForgetAwait,
    /// Each entry but the first is the one before it: another module's, record and bytecode
    StaleEntry,
    /// Each bytecode but the first is that of the entry before it, under the right record
    StaleBytecode,
    /// The sources of a pack are not checked, so that a stale one is used
    TrustPack,
}

impl Mutant {
    /// How the sources of packs are checked.
    pub fn check(self) -> Check {
        match self {
            Self::TrustPack => Check::None,
            _ => Check::Content,
        }
    }

    /// Spoils every entry that it can be done to.
    pub fn alter(self) -> Alter {
        // What was served before, as it was on disk.
        let last: Mutex<Option<Previous>> = Mutex::new(None);
        Alter::new(move |key, entry| {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            let previous = last.replace(Previous::of(&entry));
            match (self, previous) {
                (Self::StaleEntry, Some(previous)) => previous.write(key, &entry, true),
                (Self::StaleBytecode, Some(previous)) => previous.write(key, &entry, false),
                (Self::StaleEntry | Self::StaleBytecode, None) | (Self::TrustPack, _) => Ok(entry),
                _ => {
                    let mut record = entry.record();
                    if !self.spoil(&mut record) {
                        return Ok(entry);
                    }
                    Previous::of(&entry).with_image(key, &entry, &record.encode()?)
                }
            }
        })
    }
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
        cache::write(&parts).map_err(|error| Miss::new(MissReason::Schema, error.to_string()))
    }
}
