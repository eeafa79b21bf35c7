//! A cache file of any kind, read and checked, in the shape that is shown.

use std::path::Path;

use serde::Serialize;

use super::pack::DocumentPack;
use crate::{Error, cmd::ExitStatus};
use jsc_module_cache::format::layout::kind;
use jsc_module_cache::format::v1::{FileV1, MagicOrder, is_v1};
use jsc_module_cache::pack;
use jsc_module_cache::record::Record;
use jsc_module_cache::store::read_file;
use jsc_module_cache::{
    Digest, Entry, EntryBytes, Identity, Miss, MissReason, SourceHash, validate_standalone,
};

/// A valid cache file.
#[derive(Debug)]
pub enum Document {
    /// Version 1.
    V1(Box<DocumentV1>),
    /// Version 2.
    V2(Box<DocumentV2>),
    /// A graph pack.
    Pack(Box<DocumentPack>),
}

/// What a file of version 1 holds.
#[derive(Debug, Serialize)]
pub struct DocumentV1 {
    /// 1.
    pub format: u32,
    /// Size of the file.
    pub bytes: u64,
    /// Size of the bytecode.
    pub bytecode_bytes: u64,
    /// Everything else.
    #[serde(flatten)]
    pub content: FileV1,
}

/// What a file of version 2 holds.
#[derive(Debug, Serialize)]
pub struct DocumentV2 {
    /// 2.
    pub format: u32,
    /// Size of the file.
    pub bytes: u64,
    /// Its checksum, which is right.
    pub checksum: Digest,
    /// The key of the module.
    pub module_key: String,
    /// What made it.
    pub identity: Identity,
    /// What it was made from.
    pub source: SourceFacts,
    /// Bytes of the file for each byte of source; nothing for an empty source.
    pub bytes_per_source_byte: Option<f64>,
    /// Digest of the requested specifiers.
    pub requests_digest: Digest,
    /// Digest of the requests' attributes.
    pub attributes_digest: Digest,
    /// The section table.
    pub sections: Vec<SectionFacts>,
    pub record: Record,
    #[serde(skip)]
    pub bytecode: Vec<u8>,
}

/// The source of a module.
#[derive(Debug, Serialize)]
pub struct SourceFacts {
    /// Hash of its bytes.
    pub hash: SourceHash,
    /// Its bytes.
    pub bytes: u64,
    /// Code units of the decoded text.
    pub units: u32,
    /// Bits of a code unit.
    pub unit_bits: u32,
    /// JSC's hash of the decoded text.
    pub text_hash: u32,
}

/// A line of the section table.
#[derive(Debug, Serialize)]
pub struct SectionFacts {
    /// Its number.
    pub kind: u32,
    /// What that number means.
    pub name: &'static str,
    pub flags: u32,
    /// Where it starts.
    pub offset: u64,
    /// How long it is.
    pub bytes: u64,
}

impl Document {
    /// Reads and checks a file.
    pub fn read(path: &Path) -> Result<Self, Miss> {
        Self::new(read_file(path)?)
    }

    /// Checks the bytes of a file.
    pub fn new(bytes: EntryBytes) -> Result<Self, Miss> {
        if is_v1(&bytes) {
            let content = FileV1::read(&bytes)?;
            return Ok(Self::V1(Box::new(DocumentV1 {
                format: 1,
                bytes: bytes.len() as u64,
                bytecode_bytes: content.bytecode.len() as u64,
                content,
            })));
        }
        if pack::is_pack(&bytes) {
            let pack = pack::validate_standalone(bytes)?;
            return Ok(Self::Pack(Box::new(DocumentPack::new(&pack))));
        }
        Ok(Self::V2(Box::new(DocumentV2::new(&validate_standalone(
            bytes,
        )?))))
    }
}

impl DocumentV1 {
    /// How the magic was stored, in words.
    pub fn magic(&self) -> &'static str {
        match self.content.magic {
            MagicOrder::Bmes => "BMES",
            MagicOrder::Semb => {
                "SEMB (the number in little-endian order, as an old writer left it)"
            }
        }
    }
}

impl DocumentV2 {
    fn new(entry: &Entry) -> Self {
        let bytes = entry.as_bytes().len() as u64;
        let source_bytes = entry.source_length();
        Self {
            format: 2,
            bytes,
            checksum: entry.checksum(),
            module_key: entry.module_key().to_owned(),
            identity: entry.identity(),
            source: SourceFacts {
                hash: entry.source_hash(),
                bytes: source_bytes,
                units: entry.source_units(),
                unit_bits: if entry.source_is_8bit() { 8 } else { 16 },
                text_hash: entry.source_text_hash(),
            },
            bytes_per_source_byte: (source_bytes != 0).then(|| bytes as f64 / source_bytes as f64),
            requests_digest: entry.requests_digest(),
            attributes_digest: entry.attributes_digest(),
            sections: entry
                .sections()
                .iter()
                .map(|section| SectionFacts {
                    kind: section.kind.get(),
                    name: match section.kind.get() {
                        kind::MODULE_KEY => "module key",
                        kind::RECORD => "record",
                        kind::BYTECODE => "bytecode",
                        _ => "unknown, skipped",
                    },
                    flags: section.flags.get(),
                    offset: section.offset.get(),
                    bytes: section.length.get(),
                })
                .collect(),
            record: entry.record(),
            bytecode: entry.bytecode().to_vec(),
        }
    }
}

/// What a command does about a file that it cannot show: one that cannot be read stops it, one that is bad is a result.
pub fn status_of(path: &Path, miss: &Miss) -> Result<ExitStatus, Error> {
    match miss.reason {
        MissReason::Absent | MissReason::Io => Err(Error::CacheFile {
            path: path.to_owned(),
            miss: miss.clone(),
        }),
        _ => Ok(ExitStatus::Invalid),
    }
}
