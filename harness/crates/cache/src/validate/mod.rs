//! Validation: the wall between bytes and the engine. JSC checks nothing of what it decodes, and the bridge trusts every
//! count and index of a record image, so all of it is checked here, once, before either sees a byte.
//!
//! The order of the checks makes every single cause give its own reason. Nothing is allocated before the count that
//! asks for it is known to fit into the file, and then at most 10 bytes for each string.

mod entry;
mod header;
mod image;
mod names;
mod sections;
mod strings;

pub use entry::{Entry, VerifiedEntry};
pub(super) use image::SharedImages;
pub use image::validate_image;

use super::format::layout::{ENCODING_8_BIT, ENCODING_16_BIT, Header};
use super::miss::miss;
use super::{Identity, Miss, SourceHash};
use crate::memory::EntryBytes;
use header::checked_header;
use sections::Sections;

/// What an entry must be to be used for a module now.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The loaded engine.
    pub identity: &'a Identity,
    /// The module's key.
    pub module_key: &'a str,
    /// Hash of the module's source as it is now.
    pub source_hash: SourceHash,
    /// Length of the module's source in bytes.
    pub source_length: u64,
}

/// Checks that `bytes` are a whole and valid entry, made for exactly what is expected.
pub fn validate(bytes: EntryBytes, expected: &Expected<'_>) -> Result<VerifiedEntry, Miss> {
    let entry = check(bytes, Some(expected))?;
    Ok(VerifiedEntry::new(entry))
}

/// Checks that `bytes` are a whole and valid entry of any module, engine and target: for tools. Not enough for an engine,
/// which is why the type is another one.
pub fn validate_standalone(bytes: EntryBytes) -> Result<Entry, Miss> {
    check(bytes, None)
}

fn check(bytes: EntryBytes, expected: Option<&Expected<'_>>) -> Result<Entry, Miss> {
    let header = checked_header(&bytes, expected.map(|it| it.identity))?;
    let sections = Sections::locate(&bytes, header)?;
    let module_key = &bytes[sections.module_key.clone()];
    if let Some(expected) = expected {
        check_module(header, module_key, expected)?;
    }
    check_source_facts(header)?;
    std::str::from_utf8(module_key)
        .map_err(|error| miss!(String, "module key is not UTF-8: {error}"))?;
    let image = image::checked_image(&bytes[sections.record.clone()])?;
    if image.requests_digest() != header.requests_digest {
        return Err(miss!(
            Dependencies,
            "digest of the requested specifiers is {}, the header says {}",
            image.requests_digest(),
            header.requests_digest
        ));
    }
    if image.attributes_digest() != header.attributes_digest {
        return Err(miss!(
            Attributes,
            "digest of the requests' attributes is {}, the header says {}",
            image.attributes_digest(),
            header.attributes_digest
        ));
    }
    let header = *header;
    Ok(Entry::new(bytes, header, sections))
}

fn check_module(header: &Header, key: &[u8], expected: &Expected<'_>) -> Result<(), Miss> {
    if key != expected.module_key.as_bytes() {
        return Err(miss!(
            Identity,
            "entry of {}, expected {}",
            key.escape_ascii(),
            expected.module_key
        ));
    }
    let length = header.source_length.get();
    if length != expected.source_length {
        return Err(miss!(
            Source,
            "made from {length} bytes of source, now {}",
            expected.source_length
        ));
    }
    if header.source_hash != expected.source_hash.digest() {
        return Err(miss!(
            Source,
            "made from source {}, now {}",
            header.source_hash,
            expected.source_hash
        ));
    }
    Ok(())
}

fn check_source_facts(header: &Header) -> Result<(), Miss> {
    let encoding = header.source_encoding.get();
    if encoding != ENCODING_8_BIT && encoding != ENCODING_16_BIT {
        return Err(miss!(Schema, "unknown source encoding {encoding}"));
    }
    // UTF-8 has at least one byte for each UTF-16 unit.
    let (units, length) = (header.source_units.get(), header.source_length.get());
    if u64::from(units) > length {
        return Err(miss!(
            Schema,
            "{units} code units of source decoded from {length} bytes"
        ));
    }
    Ok(())
}
