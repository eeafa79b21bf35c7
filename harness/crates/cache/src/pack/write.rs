//! Writing a pack.

use zerocopy::IntoBytes;
use zerocopy::little_endian::{U32, U64};

use super::exports;
use super::graph_image::GraphView;
use super::layout::{
    ALIGNMENT, CHECKED_FROM, CHECKSUM_OFFSET, FORMAT_VERSION, HEADER_SIZE, MAGIC, MAX_FILE_LENGTH,
    PackEntry, PackHeader, PackSection, Payload, SECTIONS, section,
};
use super::root::{Root, stored_image};
use super::share::SharedStrings;
use super::validate::validate;
use super::verified::{FileStatus, VerifiedPack};
use crate::format::ImageView;
use crate::format::layout::{ENCODING_8_BIT, ENCODING_16_BIT};
use crate::miss::miss;
use crate::{Digest, EntryBytes, Identity, Miss, SourceHash};

/// Everything that a pack is made of.
#[derive(Debug, Clone, Copy)]
pub struct PackParts<'a> {
    /// The engine that made the parts.
    pub identity: &'a Identity,
    /// Which functions the bytecode holds.
    pub payload: Payload,
    /// The key of the entry module.
    pub entry_key: &'a str,
    /// The directory that keys are to be relative to, if any.
    pub root: Option<&'a Root>,
    /// The digest of what the host gives.
    pub host: Digest,
    /// The graph image.
    pub graph: &'a [u8],
    /// Its modules, in its order.
    pub modules: &'a [PackModule],
    /// What is known of the packages that its requests lead through, in the words of who resolves them.
    pub packages: &'a [u8],
    /// What [`super::encode_texts`] makes of the modules' sources.
    pub texts: &'a [u8],
}

/// A module of a pack.
#[derive(Debug, Clone)]
pub struct PackModule {
    /// Hash of its source file's bytes.
    pub source_hash: SourceHash,
    /// Their number.
    pub source_length: u64,
    /// The file.
    pub status: FileStatus,
    /// Length of the decoded source text in code units.
    pub source_units: u32,
    /// JSC's hash of the decoded source text.
    pub source_text_hash: u32,
    /// Whether the decoded source text is 8-bit.
    pub source_is_8bit: bool,
    /// The record image; empty for JSON.
    pub image: Vec<u8>,
    /// The bytecode; empty for JSON.
    pub bytecode: Vec<u8>,
}

/// Makes a pack and has its own reader check it.
///
/// Errors: what the reader says, or `io` for want of memory.
pub fn write(parts: &PackParts<'_>) -> Result<VerifiedPack, Miss> {
    let Some(root) = parts.root else {
        return write_as_it_is(parts);
    };
    let written = write_as_it_is(&PackParts {
        graph: &stored_image(parts.graph, root)?,
        entry_key: &root.stored(parts.entry_key),
        ..*parts
    })?;
    written.at(root)
}

fn write_as_it_is(parts: &PackParts<'_>) -> Result<VerifiedPack, Miss> {
    let file = encode(parts)?;
    let bytes = EntryBytes::copy_of(&file).map_err(|error| miss!(Io, "no memory: {error}"))?;
    validate(bytes, parts.identity, parts.entry_key)
}

fn encode(parts: &PackParts<'_>) -> Result<Vec<u8>, Miss> {
    let captured = GraphView::split(parts.graph)?;
    let mut strings = SharedStrings::of(&captured)?;
    let images = parts
        .modules
        .iter()
        .map(|it| match it.image.is_empty() {
            true => Ok(Vec::new()),
            false => strings.share(&it.image),
        })
        .collect::<Result<Vec<_>, _>>()?;
    let graph = strings.graph_image(&captured)?;
    let mut table = Vec::with_capacity(parts.modules.len());
    let (mut records, mut bytecode) = (Vec::new(), Vec::new());
    for (module, image) in parts.modules.iter().zip(&images) {
        bytecode.resize(usize::next_multiple_of(bytecode.len(), ALIGNMENT), 0);
        let encoding = match (module.image.is_empty(), module.source_is_8bit) {
            (true, _) => 0,
            (false, true) => ENCODING_8_BIT,
            (false, false) => ENCODING_16_BIT,
        };
        let record_length = u32::try_from(image.len())
            .map_err(|_| miss!(Length, "a record of {} bytes", image.len()))?;
        table.push(PackEntry {
            source_hash: module.source_hash.digest(),
            source_length: module.source_length.into(),
            modified: module.status.modified.into(),
            changed: module.status.changed.into(),
            inode: module.status.inode.into(),
            device: module.status.device.into(),
            source_units: module.source_units.into(),
            source_text_hash: module.source_text_hash.into(),
            source_encoding: encoding.into(),
            record_length: record_length.into(),
            bytecode_offset: (bytecode.len() as u64).into(),
            bytecode_length: (module.bytecode.len() as u64).into(),
        });
        records.extend_from_slice(image);
        bytecode.extend_from_slice(&module.bytecode);
    }
    // Offsets are rounded up before a module without bytecode, too, and nothing may stand behind the last one.
    let end = table
        .last()
        .map_or(0, |it| it.bytecode_offset.get() + it.bytecode_length.get());
    bytecode.truncate(end as usize);
    let export_indices = export_indices(&graph, &images)?;
    let mut contents: [&[u8]; SECTIONS] = [&[]; SECTIONS];
    contents[section::GRAPH] = &graph;
    contents[section::EXPORTS] = export_indices.as_bytes();
    contents[section::MODULES] = table.as_bytes();
    contents[section::RECORDS] = &records;
    contents[section::BYTECODE] = &bytecode;
    contents[section::TEXTS] = parts.texts;
    contents[section::PACKAGES] = parts.packages;
    assemble(parts, contents)
}

fn assemble(parts: &PackParts<'_>, contents: [&[u8]; SECTIONS]) -> Result<Vec<u8>, Miss> {
    let mut length = HEADER_SIZE + size_of::<[PackSection; SECTIONS]>();
    let sections = contents.map(|content| {
        let offset = length.next_multiple_of(ALIGNMENT);
        length = offset + content.len();
        PackSection {
            offset: U64::new(offset as u64),
            length: U64::new(content.len() as u64),
        }
    });
    if length as u64 > MAX_FILE_LENGTH {
        return Err(miss!(
            Length,
            "{length} bytes, a pack has at most {MAX_FILE_LENGTH}"
        ));
    }
    let header = PackHeader {
        magic: MAGIC,
        format_version: FORMAT_VERSION.into(),
        header_size: (HEADER_SIZE as u32).into(),
        file_length: (length as u64).into(),
        checksum: Digest::from_bytes([0; 16]),
        target: parts.identity.target,
        engine: parts.identity.engine,
        options: parts.identity.options,
        payload: parts.payload.number().into(),
        host: parts.host,
        reserved: [0; 28],
    };
    let mut file = Vec::with_capacity(length);
    file.extend_from_slice(header.as_bytes());
    file.extend_from_slice(sections.as_bytes());
    for content in contents {
        file.resize(file.len().next_multiple_of(ALIGNMENT), 0);
        file.extend_from_slice(content);
    }
    let checksum = Digest::of(&file[CHECKED_FROM..]);
    file[CHECKSUM_OFFSET..CHECKED_FROM].copy_from_slice(checksum.as_bytes());
    Ok(file)
}

fn export_indices(graph: &[u8], images: &[Vec<u8>]) -> Result<Vec<U32>, Miss> {
    let graph = GraphView::split(graph)?;
    let views: Vec<Option<ImageView<'_>>> = images
        .iter()
        .map(|it| match it.is_empty() {
            true => Ok(None),
            false => ImageView::split_shared(it, graph.table()).map(Some),
        })
        .collect::<Result<_, _>>()?;
    let index = |(index, resolution): (usize, &super::layout::GraphResolution)| {
        let target = views
            .get(resolution.module.get() as usize)
            .and_then(Option::as_ref);
        exports::find(resolution, target)
            .map(U32::new)
            .ok_or_else(|| miss!(Schema, "resolution {index} leads to no export"))
    };
    graph.resolutions.iter().enumerate().map(index).collect()
}
