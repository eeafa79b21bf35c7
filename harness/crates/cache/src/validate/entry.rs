//! Entries that passed validation. The types can be made nowhere else.

use std::ops::{Deref, Range};

use zerocopy::FromBytes;

use crate::format::layout::{ENCODING_8_BIT, HEADER_SIZE, Header, Section};
use crate::memory::EntryBytes;
use crate::record::{Record, Request};
use crate::{Digest, Identity, SourceHash};

use super::sections::Sections;

/// A whole and valid entry of some module, made by some engine: good to look at.
#[derive(Debug)]
pub struct Entry {
    bytes: EntryBytes,
    header: Header,
    sections: Sections,
}

impl Entry {
    pub(super) fn new(bytes: EntryBytes, header: Header, sections: Sections) -> Self {
        Self {
            bytes,
            header,
            sections,
        }
    }

    /// The whole file.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The key (URL) of the module.
    pub fn module_key(&self) -> &str {
        // Validation has seen that it is UTF-8; a mapped file that someone changes since must not become a panic.
        std::str::from_utf8(self.section(&self.sections.module_key)).unwrap_or_default()
    }

    /// The record image, valid by the rules of `image.h`, at an address that is a multiple of 16.
    pub fn image(&self) -> &[u8] {
        self.section(&self.sections.record)
    }

    /// The bytecode, at an address that is a multiple of 16. Opaque here.
    pub fn bytecode(&self) -> &[u8] {
        self.section(&self.sections.bytecode)
    }

    /// Which engine made it.
    pub fn identity(&self) -> Identity {
        Identity {
            engine: self.header.engine,
            options: self.header.options,
            target: self.header.target,
        }
    }

    /// Hash of the source it was made from.
    pub fn source_hash(&self) -> SourceHash {
        SourceHash::from_digest(self.header.source_hash)
    }

    /// Length of the source in bytes.
    pub fn source_length(&self) -> u64 {
        self.header.source_length.get()
    }

    /// Length of the decoded source text in code units.
    pub fn source_units(&self) -> u32 {
        self.header.source_units.get()
    }

    /// JSC's hash of the decoded source text.
    pub fn source_text_hash(&self) -> u32 {
        self.header.source_text_hash.get()
    }

    /// Whether the decoded source text is 8-bit (Latin-1).
    pub fn source_is_8bit(&self) -> bool {
        self.header.source_encoding.get() == ENCODING_8_BIT
    }

    /// Checksum of the file.
    pub fn checksum(&self) -> Digest {
        self.header.checksum
    }

    /// Digest of the requested specifiers.
    pub fn requests_digest(&self) -> Digest {
        self.header.requests_digest
    }

    /// Digest of the requests' attributes and phases.
    pub fn attributes_digest(&self) -> Digest {
        self.header.attributes_digest
    }

    /// The section table, skipped sections included.
    pub fn sections(&self) -> Vec<Section> {
        let count = self.header.section_count.get() as usize;
        let table = self.bytes.get(HEADER_SIZE..).unwrap_or_default();
        <[Section]>::ref_from_prefix_with_elems(table, count)
            .map(|(table, _)| table.to_vec())
            .unwrap_or_default()
    }

    /// Whether the bytes are a mapped file.
    pub fn is_mapped(&self) -> bool {
        self.bytes.is_mapped()
    }

    /// The record, decoded for tools.
    pub fn record(&self) -> Record {
        // The image is valid, so reading it again cannot fail; the default stands for a mapped file changed since.
        Record::read(self.image()).unwrap_or_default()
    }

    /// The record's requests: what loading the module is going to need.
    pub fn requests(&self) -> Vec<Request> {
        Record::read_requests(self.image())
    }

    fn section(&self, range: &Range<usize>) -> &[u8] {
        &self.bytes[range.clone()]
    }
}

/// An entry that passed every check for one module, its present source and the loaded engine: the only kind that the
/// engine takes and the store writes.
#[derive(Debug)]
pub struct VerifiedEntry(Entry);

impl VerifiedEntry {
    pub(super) fn new(entry: Entry) -> Self {
        Self(entry)
    }
}

impl Deref for VerifiedEntry {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        &self.0
    }
}
