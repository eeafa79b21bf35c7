//! Validation of a pack: as with an entry, nothing reaches the engine that was not checked here.

use std::ops::Range;

use zerocopy::FromBytes;
use zerocopy::little_endian::U32;

use super::graph::GraphView;
use super::layout::{
    ALIGNMENT, CHECKED_FROM, FORMAT_VERSION, HEADER_SIZE, KIND_JAVASCRIPT, KIND_JSON, MAGIC,
    PackEntry, PackHeader, PackSection, Payload, SECTIONS,
};
use super::{names, texts};
use crate::format::ImageView;
use crate::format::layout::{ENCODING_8_BIT, ENCODING_16_BIT};
use crate::miss::miss;
use crate::record::{Record, Request};
use crate::{Digest, EntryBytes, Identity, Miss, SharedImages, SourceHash};

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
    /// Its inode.
    pub inode: u64,
    /// The device that the inode is on.
    pub device: u64,
}

/// A pack that passed every check that needs no source: made by the loaded engine, with its options, for one entry.
#[derive(Debug)]
pub struct VerifiedPack {
    bytes: EntryBytes,
    payload: Payload,
    sections: [Range<usize>; SECTIONS],
    modules: Vec<Module>,
}

#[derive(Debug)]
struct Module {
    key: Range<usize>,
    source: PackSource,
    record: Range<usize>,
    bytecode: Range<usize>,
    edges: Range<usize>,
}

const GRAPH: usize = 0;
const EXPORTS: usize = 1;
const MODULES: usize = 2;
const RECORDS: usize = 3;
const BYTECODE: usize = 4;
const TEXTS: usize = 5;
const PACKAGES: usize = 6;

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

    /// The key of a module.
    pub fn key(&self, index: usize) -> &str {
        // Validation has seen that it is ASCII; a mapped file that someone changes since must not become a panic.
        std::str::from_utf8(&self.bytes[self.modules[index].key.clone()]).unwrap_or_default()
    }

    /// What it says of a module's source.
    pub fn source(&self, index: usize) -> PackSource {
        self.modules[index].source
    }

    /// What is known of the packages that its requests lead through, in the words of who resolves them.
    pub fn packages(&self) -> &[u8] {
        &self.bytes[self.sections[PACKAGES].clone()]
    }

    /// The sources of its modules, compressed.
    pub fn texts(&self) -> &[u8] {
        &self.bytes[self.sections[TEXTS].clone()]
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

    /// The graph image.
    pub fn graph_image(&self) -> &[u8] {
        &self.bytes[self.sections[GRAPH].clone()]
    }
}

/// Checks that `bytes` are a whole and valid pack of the closure of `entry_key`, made by this engine.
pub fn validate(
    bytes: EntryBytes,
    identity: &Identity,
    entry_key: &str,
) -> Result<VerifiedPack, Miss> {
    let (payload, sections) = header(&bytes, identity)?;
    let graph = GraphView::split(&bytes[sections[GRAPH].clone()])?;
    graph.check()?;
    let entry = graph.modules.last().and_then(|it| graph.string(it.key));
    if entry.map(|(_, key)| key) != Some(entry_key.as_bytes()) {
        return Err(miss!(Identity, "a pack of another entry than {entry_key}"));
    }
    let modules = modules(&bytes, &sections, &graph)?;
    check_graph(&bytes, &sections, &graph, &modules)?;
    texts::check(&bytes[sections[TEXTS].clone()], modules.len())?;
    Ok(VerifiedPack {
        payload,
        sections,
        modules,
        bytes,
    })
}

fn header(file: &[u8], identity: &Identity) -> Result<(Payload, [Range<usize>; SECTIONS]), Miss> {
    let truncated = || {
        miss!(
            Truncated,
            "{} bytes, the header has {HEADER_SIZE}",
            file.len()
        )
    };
    let magic: &[u8; 8] = file.first_chunk().ok_or_else(truncated)?;
    if *magic != MAGIC {
        return Err(miss!(
            Magic,
            "file starts with \"{}\", not \"{}\"",
            magic.escape_ascii(),
            MAGIC.escape_ascii()
        ));
    }
    let (header, rest) = PackHeader::ref_from_prefix(file).map_err(|_| truncated())?;
    let version = header.format_version.get();
    if version != FORMAT_VERSION || header.header_size.get() as usize != HEADER_SIZE {
        return Err(miss!(
            Format,
            "pack version {version}, this program reads {FORMAT_VERSION}"
        ));
    }
    let (stated, actual) = (header.file_length.get(), file.len() as u64);
    if actual < stated {
        return Err(miss!(Truncated, "{actual} bytes, the header says {stated}"));
    }
    if actual > stated {
        return Err(miss!(Length, "{actual} bytes, the header says {stated}"));
    }
    if header.target != identity.target {
        return Err(miss!(
            Target,
            "made for {}, not {}",
            header.target,
            identity.target
        ));
    }
    if header.engine != identity.engine {
        return Err(miss!(
            Engine,
            "made by engine {}, loaded is {}",
            header.engine,
            identity.engine
        ));
    }
    if header.options != identity.options {
        return Err(miss!(
            Options,
            "made with options {}, in force are {}",
            header.options,
            identity.options
        ));
    }
    let checksum = Digest::of(&file[CHECKED_FROM..]);
    if checksum != header.checksum {
        return Err(miss!(
            Checksum,
            "checksum is {checksum}, the header says {}",
            header.checksum
        ));
    }
    let payload = match header.payload.get() {
        0 => Payload::All,
        1 => Payload::Executed,
        number => return Err(miss!(Schema, "unknown payload {number}")),
    };
    if header.reserved != [0; 44] {
        return Err(miss!(Schema, "reserved bytes of the header are not zero"));
    }
    let (table, _) = <[PackSection; SECTIONS]>::ref_from_prefix(rest)
        .map_err(|_| miss!(Bounds, "the section table does not fit into the file"))?;
    Ok((payload, place(file, table)?))
}

fn place(file: &[u8], table: &[PackSection; SECTIONS]) -> Result<[Range<usize>; SECTIONS], Miss> {
    let mut end = HEADER_SIZE + size_of::<[PackSection; SECTIONS]>();
    let mut sections = [const { 0..0 }; SECTIONS];
    for (index, section) in table.iter().enumerate() {
        let start = end.next_multiple_of(ALIGNMENT);
        let range = usize::try_from(section.length.get())
            .ok()
            .and_then(|length| start.checked_add(length))
            .filter(|it| section.offset.get() == start as u64 && *it <= file.len())
            .map(|it| start..it)
            .ok_or_else(|| {
                miss!(
                    Bounds,
                    "section {index} has {} bytes at {}, its place is {start} of {}",
                    section.length,
                    section.offset,
                    file.len()
                )
            })?;
        if file[end..start].iter().any(|byte| *byte != 0) {
            return Err(miss!(Schema, "bytes before section {index} are not zero"));
        }
        end = range.end;
        sections[index] = range;
    }
    if end != file.len() {
        return Err(miss!(
            Bounds,
            "the last section ends at {end}, the file at {}",
            file.len()
        ));
    }
    Ok(sections)
}

fn modules(
    file: &[u8],
    sections: &[Range<usize>; SECTIONS],
    graph: &GraphView<'_>,
) -> Result<Vec<Module>, Miss> {
    let table = <[PackEntry]>::ref_from_bytes(&file[sections[MODULES].clone()])
        .ok()
        .filter(|it| it.len() == graph.modules.len())
        .ok_or_else(|| {
            miss!(
                Bounds,
                "a table of {} bytes for {} modules",
                sections[MODULES].len(),
                graph.modules.len()
            )
        })?;
    let characters = sections[GRAPH].start
        + (graph.characters.as_ptr() as usize - file[sections[GRAPH].clone()].as_ptr() as usize);
    let (mut record_end, mut bytecode_end, mut edge) = (0, 0, 0);
    let mut modules = Vec::with_capacity(table.len());
    for (index, (entry, module)) in table.iter().zip(graph.modules).enumerate() {
        let is_json = module.kind.get() == KIND_JSON;
        let record = record_end..record_end + entry.record_length.get() as usize;
        let bytecode_start = usize::next_multiple_of(bytecode_end, ALIGNMENT);
        let bytecode = usize::try_from(entry.bytecode_length.get())
            .ok()
            .and_then(|length| bytecode_start.checked_add(length))
            .map(|end| bytecode_start..end)
            .filter(|it| it.end <= sections[BYTECODE].len())
            .filter(|_| entry.bytecode_offset.get() == bytecode_start as u64);
        let Some(bytecode) = bytecode.filter(|_| record.end <= sections[RECORDS].len()) else {
            return Err(miss!(
                Bounds,
                "record or bytecode of module {index} is not in its place"
            ));
        };
        if is_json != record.is_empty() || is_json != bytecode.is_empty() {
            return Err(miss!(
                Schema,
                "module {index} of kind {} has a record of {} bytes and bytecode of {}",
                module.kind,
                record.len(),
                bytecode.len()
            ));
        }
        let encoding = entry.source_encoding.get();
        let known = match module.kind.get() {
            KIND_JAVASCRIPT => encoding == ENCODING_8_BIT || encoding == ENCODING_16_BIT,
            _ => encoding == 0,
        };
        let units = u64::from(entry.source_units.get());
        if !known || units > entry.source_length.get() {
            return Err(miss!(Schema, "the source of module {index} cannot be so"));
        }
        let padding =
            sections[BYTECODE].start + bytecode_end..sections[BYTECODE].start + bytecode.start;
        if file[padding].iter().any(|byte| *byte != 0) {
            return Err(miss!(
                Schema,
                "padding before the bytecode of module {index} is not zero"
            ));
        }
        record_end = record.end;
        bytecode_end = bytecode.end;
        let edges = edge..edge + module.edges.get() as usize;
        edge = edges.end;
        let string = graph.strings[module.key.get() as usize];
        let key = characters + string.offset.get() as usize;
        let offset = |range: Range<usize>, section: usize| {
            range.start + sections[section].start..range.end + sections[section].start
        };
        modules.push(Module {
            key: key..key + string.units(),
            source: PackSource {
                hash: SourceHash::from_digest(entry.source_hash),
                length: entry.source_length.get(),
                status: FileStatus {
                    modified: entry.modified.get(),
                    changed: entry.changed.get(),
                    inode: entry.inode.get(),
                    device: entry.device.get(),
                },
                is_json,
                units: entry.source_units.get(),
                text_hash: entry.source_text_hash.get(),
                is_8bit: encoding == ENCODING_8_BIT,
            },
            record: offset(record, RECORDS),
            bytecode: offset(bytecode, BYTECODE),
            edges,
        });
    }
    if record_end != sections[RECORDS].len() || bytecode_end != sections[BYTECODE].len() {
        return Err(miss!(
            Bounds,
            "records or bytecode that belong to no module"
        ));
    }
    Ok(modules)
}

/// Whether a request with these attributes can lead to this module: it is of that kind, or the only one with its key. An
/// engine whose registry goes by key alone gives a file that is requested in two ways to both as what it was first.
fn is_requested_kind(file: &[u8], modules: &[Module], attributes: u32, target: usize) -> bool {
    // 0: no attributes; 4: JSON (image.h).
    let wants_json = match attributes {
        0 => false,
        4 => true,
        _ => return false,
    };
    let target = &modules[target];
    target.source.is_json == wants_json
        || modules
            .iter()
            .filter(|it| it.source.is_json == wants_json)
            .all(|it| file[it.key.clone()] != file[target.key.clone()])
}

/// Checks the records, and the graph against them.
fn check_graph(
    file: &[u8],
    sections: &[Range<usize>; SECTIONS],
    graph: &GraphView<'_>,
    modules: &[Module],
) -> Result<(), Miss> {
    let mut views = Vec::with_capacity(modules.len());
    let mut marks = Vec::new();
    let mut images = SharedImages::new(graph.table(), &mut marks)?;
    for (index, module) in modules.iter().enumerate() {
        if module.source.is_json {
            views.push(None);
            continue;
        }
        let view = images.check(&file[module.record.clone()])?;
        if view.requests.len() != module.edges.len() {
            return Err(miss!(
                Dependencies,
                "module {index} has {} edges for {} requests",
                module.edges.len(),
                view.requests.len()
            ));
        }
        for (request, edge) in view.requests.iter().zip(&graph.edges[module.edges.clone()]) {
            let target = edge.get() as usize;
            if !is_requested_kind(file, modules, request.attributes.get(), target) {
                return Err(miss!(
                    Attributes,
                    "module {index} requests a module of another kind than {edge} is"
                ));
            }
        }
        views.push(Some(view));
    }
    let exports = <[U32]>::ref_from_bytes(&file[sections[EXPORTS].clone()])
        .ok()
        .filter(|it| it.len() == graph.resolutions.len())
        .ok_or_else(|| miss!(Bounds, "not one export index for each resolution"))?;
    for (index, (resolution, export)) in graph.resolutions.iter().zip(exports).enumerate() {
        let target = views[resolution.module.get() as usize].as_ref();
        names::check(graph, index, target, export.get())?;
    }
    Ok(())
}
