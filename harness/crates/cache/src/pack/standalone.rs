//! Packs for tools: of any engine and any entry.

use std::ops::Deref;

use serde::Serialize;
use zerocopy::FromBytes;

use super::graph_image::{GraphView, keys};
use super::layout::{
    GraphModule, GraphResolution, HEADER_SIZE, MAGIC, PackHeader, PackSection, SECTION_NAMES,
    SECTIONS, section,
};
use super::validate::validate;
use super::verified::VerifiedPack;
use crate::record::{Name, Text};
use crate::{Digest, EntryBytes, Identity, Miss, Target};

/// A pack that passed every check, whatever engine it is of. Not enough for an engine, which takes a [`VerifiedPack`] of its
/// own: none can be had from here but by reference.
#[derive(Debug)]
pub struct Pack {
    pack: VerifiedPack,
    header: PackHeader,
    sections: [PackSection; SECTIONS],
}

/// What a name that a module exports leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Resolved {
    pub name: Text,
    /// The place of the module that has it.
    pub module: usize,
    /// Its variable, or `@starNamespace` for the module's namespace.
    pub variable: Name,
}

/// Whether a file that starts like this is to be taken for a pack.
pub fn is_pack(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Checks that `bytes` are a whole and valid pack of any entry, engine and target.
pub fn validate_standalone(bytes: EntryBytes) -> Result<Pack, Miss> {
    let header = PackHeader::read_from_prefix(&bytes).ok().map(|it| it.0);
    let sections = bytes.get(HEADER_SIZE..);
    let sections = sections.and_then(|it| <[PackSection; SECTIONS]>::read_from_prefix(it).ok());
    let sections = sections.map(|it| it.0);
    // What cannot be told is found wrong by the checks, which take nothing on trust from here.
    let identity = header.as_ref().map_or_else(nobody, of);
    let entry = sections
        .as_ref()
        .and_then(|table| entry_key(&bytes, &table[section::GRAPH]))
        .unwrap_or_default();
    let pack = validate(bytes, &identity, &entry)?;
    let (Some(header), Some(sections)) = (header, sections) else {
        unreachable!("a valid pack has both")
    };
    Ok(Pack {
        pack,
        header,
        sections,
    })
}

impl Pack {
    /// What made it.
    pub fn identity(&self) -> Identity {
        of(&self.header)
    }

    /// Its format's version.
    pub fn format_version(&self) -> u32 {
        self.header.format_version.get()
    }

    /// Its checksum, which is right.
    pub fn checksum(&self) -> Digest {
        self.header.checksum
    }

    /// The key of the entry module.
    pub fn entry_key(&self) -> &str {
        self.pack.key(self.pack.len() - 1)
    }

    /// Name, offset and length of each section.
    pub fn sections(&self) -> impl ExactSizeIterator<Item = (&'static str, u64, u64)> {
        SECTION_NAMES
            .into_iter()
            .zip(&self.sections)
            .map(|(name, it)| (name, it.offset.get(), it.length.get()))
    }

    /// Of each module, the names that others import from it, and what each leads to.
    pub fn resolutions(&self) -> Vec<Vec<Resolved>> {
        let Ok(graph) = GraphView::split(self.pack.graph_image()) else {
            return Vec::new();
        };
        let mut rest = graph.resolutions.iter();
        let resolved = |it: &GraphResolution| Resolved {
            name: graph.table().text(it.name),
            module: it.module.get() as usize,
            variable: graph.table().name(it.local_name),
        };
        let of_module = |it: &GraphModule| {
            let own = rest.by_ref().take(it.resolutions.get() as usize);
            own.map(resolved).collect()
        };
        graph.modules.iter().map(of_module).collect()
    }
}

impl Deref for Pack {
    type Target = VerifiedPack;

    fn deref(&self) -> &VerifiedPack {
        &self.pack
    }
}

fn of(header: &PackHeader) -> Identity {
    Identity {
        engine: header.engine,
        options: header.options,
        target: header.target,
    }
}

/// An identity for a file that has none.
fn nobody() -> Identity {
    Identity {
        engine: Digest::from_bytes([0; 16]),
        options: Digest::from_bytes([0; 16]),
        target: Target::host(),
    }
}

fn entry_key(file: &[u8], graph: &PackSection) -> Option<String> {
    let start = usize::try_from(graph.offset.get()).ok()?;
    let length = usize::try_from(graph.length.get()).ok()?;
    let image = file.get(start..start.checked_add(length)?)?;
    keys(image).ok()?.pop().map(|(key, _)| key)
}
