//! Validation of a pack: as with an entry, nothing reaches the engine that was not checked here.

use zerocopy::FromBytes;

use super::graph_image::GraphView;
use super::layout::{
    FORMAT_VERSION, HEADER_SIZE, MAGIC, PackHeader, PackSection, Payload, SECTION_NAMES, SECTIONS,
    section,
};
use super::verified::{Sections, VerifiedPack};
use super::{modules, records, texts};
use crate::front::{Kind, check_end, checked, placed};
use crate::miss::miss;
use crate::{Digest, EntryBytes, Identity, Miss};

const PACK: Kind = Kind {
    magic: MAGIC,
    version: FORMAT_VERSION,
    header_size: HEADER_SIZE,
    called: "pack version",
};

/// Checks that `bytes` are a whole and valid pack of the closure of `entry_key`, made by this engine.
pub fn validate(
    bytes: EntryBytes,
    identity: &Identity,
    entry_key: &str,
) -> Result<VerifiedPack, Miss> {
    let (payload, host, sections) = header(&bytes, identity)?;
    let graph = GraphView::split(&bytes[sections[section::GRAPH].clone()])?;
    graph.check()?;
    let entry = graph.modules.last().and_then(|it| graph.string(it.key));
    if entry.map(|(_, key)| key) != Some(entry_key.as_bytes()) {
        return Err(miss!(Identity, "a pack of another entry than {entry_key}"));
    }
    let modules = modules::read(&bytes, &sections, &graph)?;
    records::check(&bytes, &sections, &graph, &modules)?;
    texts::check(&bytes[sections[section::TEXTS].clone()], modules.len())?;
    Ok(VerifiedPack {
        payload,
        host,
        sections,
        modules,
        bytes,
        moved: None,
    })
}

fn header(file: &[u8], identity: &Identity) -> Result<(Payload, Digest, Sections), Miss> {
    checked(file, &PACK, Some(identity))?;
    let (header, rest) = PackHeader::ref_from_prefix(file)
        .map_err(|_| miss!(Truncated, "the header is not whole"))?;
    let payload = match header.payload.get() {
        0 => Payload::All,
        1 => Payload::Executed,
        number => return Err(miss!(Schema, "unknown payload {number}")),
    };
    if header.reserved != [0; 28] {
        return Err(miss!(Schema, "reserved bytes of the header are not zero"));
    }
    let (table, _) = <[PackSection; SECTIONS]>::ref_from_prefix(rest)
        .map_err(|_| miss!(Bounds, "the section table does not fit into the file"))?;
    let mut end = HEADER_SIZE + size_of::<[PackSection; SECTIONS]>();
    let mut sections = [const { 0..0 }; SECTIONS];
    for (index, section) in table.iter().enumerate() {
        let name = &SECTION_NAMES[index];
        sections[index] = placed(file, name, (section.offset, section.length), end)?;
        end = sections[index].end;
    }
    check_end(file, end)?;
    Ok((payload, header.host, sections))
}
