//! A pack, read and checked, in the shape that is shown.

use std::mem;

use serde::Serialize;

use jsc_module_cache::pack::{Pack, Payload, Resolved};
use jsc_module_cache::{Digest, Identity, SourceHash};

/// What a pack holds.
#[derive(Debug, Serialize)]
pub struct DocumentPack {
    /// `pack`.
    pub kind: &'static str,
    /// Version of its format.
    pub format: u32,
    /// Size of the file.
    pub bytes: u64,
    /// Its checksum, which is right.
    pub checksum: Digest,
    /// The key of the entry module.
    pub entry: String,
    /// What made it.
    pub identity: Identity,
    /// Which functions it holds.
    pub payload: Payload,
    /// Bytes of all sources.
    pub source_bytes: u64,
    /// Bytes of the file for each byte of source; nothing when there is no source.
    pub bytes_per_source_byte: Option<f64>,
    /// The section table.
    pub sections: Vec<PackSectionFacts>,
    /// The modules in their order: a module's number is its place.
    pub modules: Vec<PackModuleFacts>,
}

/// A line of the section table.
#[derive(Debug, Serialize)]
pub struct PackSectionFacts {
    /// What it holds.
    pub name: &'static str,
    /// Where it starts.
    pub offset: u64,
    /// How long it is.
    pub bytes: u64,
}

/// A module of a pack.
#[derive(Debug, Serialize)]
pub struct PackModuleFacts {
    pub key: String,
    /// `javascript` or `json`.
    pub kind: &'static str,
    /// Hash of its source.
    pub source_hash: SourceHash,
    /// Bytes of its source.
    pub source_bytes: u64,
    /// Bytes of its record.
    pub record_bytes: u64,
    /// Bytes of its bytecode.
    pub bytecode_bytes: u64,
    /// The modules that it requests, in its order.
    pub edges: Vec<usize>,
    /// Names that others import from it, and what each leads to.
    pub resolutions: Vec<Resolved>,
    #[serde(skip)]
    pub record: Digest,
    #[serde(skip)]
    pub bytecode: Digest,
}

impl DocumentPack {
    /// What `pack` holds.
    pub fn new(pack: &Pack) -> Self {
        let bytes = pack.file_length();
        let mut resolutions = pack.resolutions();
        let modules: Vec<_> = (0..pack.len())
            .map(|index| PackModuleFacts {
                key: pack.key(index).to_owned(),
                kind: match pack.source(index).is_json {
                    true => "json",
                    false => "javascript",
                },
                source_hash: pack.source(index).hash,
                source_bytes: pack.source(index).length,
                record_bytes: pack.record_image(index).len() as u64,
                bytecode_bytes: pack.bytecode(index).len() as u64,
                edges: pack.edges(index).collect(),
                resolutions: resolutions
                    .get_mut(index)
                    .map(mem::take)
                    .unwrap_or_default(),
                record: Digest::of(pack.record_image(index)),
                bytecode: Digest::of(pack.bytecode(index)),
            })
            .collect();
        let source_bytes: u64 = modules.iter().map(|it| it.source_bytes).sum();
        Self {
            kind: "pack",
            format: pack.format_version(),
            bytes,
            checksum: pack.checksum(),
            entry: pack.entry_key().to_owned(),
            identity: pack.identity(),
            payload: pack.payload(),
            source_bytes,
            bytes_per_source_byte: (source_bytes != 0).then(|| bytes as f64 / source_bytes as f64),
            sections: pack
                .sections()
                .map(|(name, offset, bytes)| PackSectionFacts {
                    name,
                    offset,
                    bytes,
                })
                .collect(),
            modules,
        }
    }
}
