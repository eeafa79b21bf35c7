//! A pack, read and checked, in the shape that is shown.

use serde::Serialize;

use super::facts::Fact;
use jsc_module_cache::pack::{Pack, Payload};
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
    /// Its key.
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
    /// Names that others import from it: where each leads is known.
    pub resolutions: u32,
    #[serde(skip)]
    record: Digest,
    #[serde(skip)]
    bytecode: Digest,
}

impl DocumentPack {
    /// What `pack` holds.
    pub fn new(pack: &Pack) -> Self {
        let bytes = pack.file_length();
        let resolutions = pack.resolutions();
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
                resolutions: resolutions.get(index).copied().unwrap_or_default(),
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

    /// What it says, for comparing two packs. Modules are known by their keys, so that one that was added shifts nothing.
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts: Vec<Fact> = Vec::new();
        let mut fact = |name: String, value: String| facts.push((name, value));
        fact("format".to_owned(), format!("pack {}", self.format));
        fact("entry".to_owned(), self.entry.clone());
        fact("engine".to_owned(), self.identity.engine.to_string());
        fact("options".to_owned(), self.identity.options.to_string());
        fact("target".to_owned(), self.identity.target.to_string());
        fact("payload".to_owned(), self.payload.name().to_owned());
        for module in &self.modules {
            let of_module = |what: &str| format!("module {} {what}", module.key);
            fact(of_module("kind"), module.kind.to_owned());
            fact(of_module("source hash"), module.source_hash.to_string());
            fact(of_module("source bytes"), module.source_bytes.to_string());
            fact(of_module("record digest"), module.record.to_string());
            let bytecode = module.bytecode_bytes.to_string();
            fact(of_module("bytecode bytes"), bytecode);
            fact(of_module("bytecode digest"), module.bytecode.to_string());
            let edges = module.edges.iter().map(|it| &*self.modules[*it].key);
            fact(of_module("requests"), edges.collect::<Vec<_>>().join(", "));
            fact(of_module("resolutions"), module.resolutions.to_string());
        }
        let order = self.modules.iter().map(|it| &*it.key);
        fact(
            "module order".to_owned(),
            order.collect::<Vec<_>>().join(", "),
        );
        facts
    }
}
