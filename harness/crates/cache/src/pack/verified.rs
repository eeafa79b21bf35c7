//! A pack that was validated, and what it holds.

use std::ops::Range;

use super::graph_image::GraphView;
use super::layout::{Payload, SECTIONS, section};
use super::texts;
use zerocopy::little_endian::U32;

use crate::Digest;
use crate::format::{ImageView, constants};
use crate::record::{Record, Request};
use crate::{EntryBytes, SourceHash};

/// What a pack says of the source of one of its modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackSource {
    /// Hash of the file's bytes.
    pub hash: SourceHash,
    /// Their number.
    pub length: u64,
    /// The file when the pack was made.
    pub status: FileStatus,
    /// Whether it is JSON, for which the rest says nothing.
    pub is_json: bool,
    /// Length of the decoded text in code units.
    pub units: u32,
    /// JSC's hash of the decoded text.
    pub text_hash: u32,
    /// Whether the decoded text is 8-bit.
    pub is_8bit: bool,
}

/// What the file system says of a file, to see that it has not been touched. Times are nanoseconds since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FileStatus {
    /// When its content was last changed.
    pub modified: i64,
    /// When anything about it was last changed.
    pub changed: i64,
    pub inode: u64,
    /// The device that the inode is on.
    pub device: u64,
}

/// A pack that passed every check that needs no source: made by the loaded engine, with its options, for one entry.
#[derive(Debug)]
pub struct VerifiedPack {
    pub(super) bytes: EntryBytes,
    pub(super) payload: Payload,
    pub(super) host: Digest,
    pub(super) sections: Sections,
    pub(super) modules: Vec<Module>,
    /// Its keys where its program lies now, if they are not those of the file.
    pub(super) moved: Option<Moved>,
}

/// The keys of a pack, other than those of its file (`root`).
#[derive(Debug)]
pub(super) struct Moved {
    pub keys: Vec<String>,
    /// The graph image with them.
    pub image: EntryBytes,
}

/// Where the sections are.
pub(super) type Sections = [Range<usize>; SECTIONS];

/// Where the parts of a module are: of its edges from the graph image's, of all others from the start of the file.
#[derive(Debug)]
pub(super) struct Module {
    pub key: Range<usize>,
    pub source: PackSource,
    pub record: Range<usize>,
    pub bytecode: Range<usize>,
    pub edges: Range<usize>,
}

impl VerifiedPack {
    /// Number of modules, JSON included.
    pub fn len(&self) -> usize {
        self.modules.len()
    }

    /// Whether it has no modules: never, since the entry is one.
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }

    /// Size of the file in bytes.
    pub fn file_length(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The whole file.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Which functions it holds.
    pub fn payload(&self) -> Payload {
        self.payload
    }

    /// The digest of what the host gave when it was made, besides the engine: zero if that is what Node gives.
    pub fn host(&self) -> Digest {
        self.host
    }

    /// The key of a module.
    pub fn key(&self, index: usize) -> &str {
        match &self.moved {
            Some(moved) => &moved.keys[index],
            None => self.stored_key(index),
        }
    }

    /// What the file has in its place, which is not the key when the pack is relative to a directory.
    pub fn stored_key(&self, index: usize) -> &str {
        // Validation has seen that it is ASCII; a mapped file that someone changes since must not become a panic.
        std::str::from_utf8(&self.bytes[self.modules[index].key.clone()]).unwrap_or_default()
    }

    /// What it says of a module's source.
    pub fn source(&self, index: usize) -> PackSource {
        self.modules[index].source
    }

    /// What is known of the packages that its requests lead through, in the words of who resolves them.
    pub fn packages(&self) -> &[u8] {
        &self.bytes[self.sections[section::PACKAGES].clone()]
    }

    /// The sources of its modules, compressed.
    pub fn texts(&self) -> &[u8] {
        &self.bytes[self.sections[section::TEXTS].clone()]
    }

    /// The source that a JavaScript module was made from, and those of the modules that are compressed with it, by their
    /// numbers. What does not have the hash that the pack says is left out.
    pub fn texts_with(&self, index: usize) -> Vec<(usize, Vec<u8>)> {
        let Some((modules, frame)) = texts::frame(self.texts(), index) else {
            return Vec::new();
        };
        let length = |module: usize| match self.modules.get(module) {
            Some(it) if !it.source.is_json => usize::try_from(it.source.length).ok(),
            _ => Some(0),
        };
        let total = modules
            .clone()
            .try_fold(0_usize, |total, module| total.checked_add(length(module)?));
        let Some(text) = total.and_then(|total| texts::decompress(frame, total)) else {
            return Vec::new();
        };
        let mut rest = &text[..];
        let mut found = Vec::with_capacity(modules.len());
        for module in modules {
            let (own, others) = rest.split_at(length(module).unwrap_or(0));
            rest = others;
            let source = self.modules[module].source;
            if !source.is_json && SourceHash::of(own) == source.hash {
                found.push((module, own.to_vec()));
            }
        }
        found
    }

    /// The requests of a module, in the order of its record.
    pub fn requests(&self, index: usize) -> Vec<Request> {
        self.view(index)
            .map_or_else(Vec::new, Record::requests_of_view)
    }

    /// The record of a module; JSON has none.
    pub fn record(&self, index: usize) -> Option<Record> {
        self.view(index).map(Record::of_view)
    }

    fn view(&self, index: usize) -> Option<ImageView<'_>> {
        let graph = GraphView::split(self.graph_image()).ok()?;
        ImageView::split_shared(self.record_image(index), graph.table()).ok()
    }

    /// The record image of a module, without strings of its own; empty for JSON.
    pub fn record_image(&self, index: usize) -> &[u8] {
        &self.bytes[self.modules[index].record.clone()]
    }

    /// The bytecode of a module; empty for JSON.
    pub fn bytecode(&self, index: usize) -> &[u8] {
        &self.bytes[self.modules[index].bytecode.clone()]
    }

    /// The modules that a module requests, in the order of its record.
    pub fn edges(&self, index: usize) -> impl Iterator<Item = usize> {
        let edges = GraphView::split(self.graph_image()).map_or(&[][..], |it| it.edges);
        let own = edges.get(self.modules[index].edges.clone());
        own.unwrap_or_default().iter().map(|it| it.get() as usize)
    }

    /// The modules from which a module exports names (`export … from`, `export *`).
    pub fn exports_from(&self, index: usize) -> Vec<usize> {
        let Some(view) = self.view(index) else {
            return Vec::new();
        };
        let targets: Vec<usize> = self.edges(index).collect();
        // Specifiers are strings of one table, in which each is once.
        let target = |specifier: U32| {
            let mut requests = view.requests.iter();
            let request = requests.position(|it| it.specifier == specifier)?;
            targets.get(request).copied()
        };
        let exports = view.exports.iter().map(|it| it.module_name);
        let exports = exports.filter(|it| it.get() != constants::NAME_NONE);
        exports
            .chain(view.stars.iter().copied())
            .filter_map(target)
            .collect()
    }

    /// The graph image.
    pub fn graph_image(&self) -> &[u8] {
        if let Some(moved) = &self.moved {
            return &moved.image;
        }
        &self.bytes[self.sections[section::GRAPH].clone()]
    }
}
