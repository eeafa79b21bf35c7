//! One string table for a pack: that of the graph image, and behind it the strings that only records have.

use std::collections::HashMap;

use zerocopy::IntoBytes;
use zerocopy::little_endian::U32;

use super::graph_image::GraphView;
use crate::Miss;
use crate::format::{
    ImageExport, ImageHeader, ImageImport, ImageRequest, ImageString, ImageVariable, ImageView,
    StringTable, constants,
};
use crate::miss::miss;
use crate::record::Text;

/// The table while it is filled.
#[derive(Default)]
pub struct SharedStrings {
    indices: HashMap<(bool, Vec<u8>), u32>,
    strings: Vec<ImageString>,
    characters: Vec<u8>,
}

impl SharedStrings {
    /// The strings of a graph image.
    pub fn of(graph: &GraphView<'_>) -> Result<Self, Miss> {
        let mut shared = Self::default();
        shared.add_all(graph.table())?;
        Ok(shared)
    }

    /// A record image whose names are strings of the table instead of its own.
    pub fn share(&mut self, image: &[u8]) -> Result<Vec<u8>, Miss> {
        let view = ImageView::split(image)?;
        let indices = self.add_all(view.table())?;
        let name = |name: U32| {
            // What is not an index into the image's strings is a constant.
            let index = indices.get(name.get() as usize);
            index.map_or(name, |it| U32::new(*it))
        };
        let variables = |variables: &[ImageVariable]| -> Vec<ImageVariable> {
            let renamed = variables.iter().map(|it| ImageVariable {
                name: name(it.name),
                ..*it
            });
            renamed.collect()
        };
        let requests = view.requests.iter().map(|it| ImageRequest {
            specifier: name(it.specifier),
            ..*it
        });
        let imports = view.imports.iter().map(|it| ImageImport {
            kind: it.kind,
            module_request: name(it.module_request),
            import_name: name(it.import_name),
            local_name: name(it.local_name),
        });
        let exports = view.exports.iter().map(|it| ImageExport {
            kind: it.kind,
            export_name: name(it.export_name),
            module_name: name(it.module_name),
            import_name: name(it.import_name),
            local_name: name(it.local_name),
        });
        let stars = view.stars.iter().map(|it| name(*it));
        let header = ImageHeader {
            strings: U32::ZERO,
            character_bytes: U32::ZERO,
            ..*view.header
        };
        let mut shared = header.as_bytes().to_vec();
        append(&mut shared, requests);
        append(&mut shared, imports);
        append(&mut shared, exports);
        append(&mut shared, stars);
        append(&mut shared, variables(view.declared));
        append(&mut shared, variables(view.lexical));
        append(&mut shared, variables(view.declared_private));
        append(&mut shared, variables(view.lexical_private));
        pad(&mut shared);
        Ok(shared)
    }

    /// The graph image with the table as it is now.
    pub fn graph_image(&self, graph: &GraphView<'_>) -> Result<Vec<u8>, Miss> {
        GraphView {
            strings: &self.strings,
            characters: &self.characters,
            ..*graph
        }
        .encode()
    }

    /// The index of a string, which is added if it is not there yet.
    pub fn add_text(&mut self, text: &Text) -> Result<u32, Miss> {
        let latin1: Option<Vec<u8>> = text
            .units()
            .iter()
            .map(|it| u8::try_from(*it).ok())
            .collect();
        match latin1 {
            Some(latin1) => self.add(false, &latin1),
            None => self.add(true, text.units().as_bytes()),
        }
    }

    /// Adds the strings that are not there yet; gives the indices of all.
    fn add_all(&mut self, table: StringTable<'_>) -> Result<Vec<u32>, Miss> {
        let strings = table.strings.iter();
        strings
            .map(|string| self.add(string.is_16_bit(), table.characters_of(*string)))
            .collect()
    }

    fn add(&mut self, is_16_bit: bool, characters: &[u8]) -> Result<u32, Miss> {
        let key = (is_16_bit, characters.to_vec());
        if let Some(index) = self.indices.get(&key) {
            return Ok(*index);
        }
        if is_16_bit && !self.characters.len().is_multiple_of(2) {
            self.characters.push(0);
        }
        let index = self.strings.len() as u32;
        let offset = u32::try_from(self.characters.len())
            .ok()
            .filter(|_| index < constants::NAME_STAR_DEFAULT)
            .ok_or_else(|| miss!(Length, "the strings of the graph are too large for a pack"))?;
        let (units, form) = match is_16_bit {
            true => (characters.len() / 2, constants::STRING_16_BIT),
            false => (characters.len(), 0),
        };
        self.strings.push(ImageString {
            offset: offset.into(),
            length: U32::new(units as u32 | form),
        });
        self.characters.extend_from_slice(characters);
        self.indices.insert(key, index);
        Ok(index)
    }
}

fn append<T: IntoBytes + zerocopy::Immutable>(
    image: &mut Vec<u8>,
    items: impl IntoIterator<Item = T>,
) {
    for item in items {
        image.extend_from_slice(item.as_bytes());
    }
}

fn pad(image: &mut Vec<u8>) {
    image.resize(image.len().next_multiple_of(8), 0);
}
