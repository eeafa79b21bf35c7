//! The graph image: cut into its arrays, and held to the rules of `jsc-sys/bridge/graph_image.h`.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, IntoBytes};

use super::layout::{
    GraphHeader, GraphModule, GraphResolution, KIND_ANALYZED, KIND_JAVASCRIPT, KIND_JSON,
};
use crate::Miss;
use crate::format::{ImageString, StringTable, array, constants};
use crate::miss::miss;

/// A graph image whose arrays are inside of it.
#[derive(Clone, Copy)]
pub struct GraphView<'a> {
    pub strings: &'a [ImageString],
    pub modules: &'a [GraphModule],
    pub edges: &'a [U32],
    pub resolutions: &'a [GraphResolution],
    pub characters: &'a [u8],
}

impl<'a> GraphView<'a> {
    /// Cuts an image, or says which count leads out of it.
    pub fn split(image: &'a [u8]) -> Result<Self, Miss> {
        let of = "graph";
        let (header, rest) = GraphHeader::ref_from_prefix(image)
            .map_err(|_| miss!(Bounds, "graph image of {} bytes has no header", image.len()))?;
        let (strings, rest) = array(rest, header.strings, ("strings", of))?;
        let (modules, rest) = array(rest, header.modules, ("modules", of))?;
        let (edges, rest) = array(rest, header.edges, ("edges", of))?;
        let (resolutions, rest) = array(rest, header.resolutions, ("resolutions", of))?;
        let (characters, padding): (&[u8], _) =
            array(rest, header.character_bytes, ("characters", of))?;
        if !image.len().is_multiple_of(8) || padding.len() >= 8 {
            return Err(miss!(
                Bounds,
                "graph image of {} bytes has {} after its characters",
                image.len(),
                padding.len()
            ));
        }
        let zero = header.reserved.iter().all(|it| it.get() == 0);
        if !zero || padding.iter().any(|byte| *byte != 0) {
            return Err(miss!(Schema, "reserved bytes of the graph are not zero"));
        }
        Ok(Self {
            strings,
            modules,
            edges,
            resolutions,
            characters,
        })
    }

    /// The image of these arrays.
    ///
    /// # Errors
    /// They are longer than an image can count.
    pub fn encode(&self) -> Result<Vec<u8>, Miss> {
        let header = GraphHeader {
            strings: count(self.strings.len())?,
            modules: count(self.modules.len())?,
            edges: count(self.edges.len())?,
            resolutions: count(self.resolutions.len())?,
            character_bytes: count(self.characters.len())?,
            reserved: [U32::ZERO; 3],
        };
        let mut image = [
            header.as_bytes(),
            self.strings.as_bytes(),
            self.modules.as_bytes(),
            self.edges.as_bytes(),
            self.resolutions.as_bytes(),
            self.characters,
        ]
        .concat();
        image.resize(image.len().next_multiple_of(8), 0);
        Ok(image)
    }

    /// The string of an index: whether its units have 2 bytes, and its characters.
    pub fn string(&self, index: U32) -> Option<(bool, &'a [u8])> {
        let string = self.strings.get(index.get() as usize)?;
        let start = string.offset.get() as usize;
        let end = start.checked_add(string.bytes() as usize)?;
        Some((string.is_16_bit(), self.characters.get(start..end)?))
    }

    /// Its strings, which the records share.
    pub fn table(&self) -> StringTable<'a> {
        StringTable {
            strings: self.strings,
            characters: self.characters,
        }
    }

    /// Checks everything but the strings, which [`crate::SharedImages`] does, and the modules' records.
    pub fn check(&self) -> Result<(), Miss> {
        self.check_with(KIND_JAVASCRIPT..=KIND_JSON)
    }

    /// The same for a graph that is in no pack.
    pub fn check_assembled(&self) -> Result<(), Miss> {
        self.check_with(KIND_JAVASCRIPT..=KIND_ANALYZED)
    }

    fn check_with(&self, kinds: RangeInclusive<u32>) -> Result<(), Miss> {
        if self.modules.is_empty() {
            return Err(miss!(Schema, "a graph without modules"));
        }
        let (mut edges, mut resolutions) = (0_u64, 0_u64);
        let mut keys = HashSet::with_capacity(self.modules.len());
        for (index, module) in self.modules.iter().enumerate() {
            self.check_key(index, module, &kinds)?;
            // One file is a module of each kind that it is imported as.
            if !keys.insert((module.key.get(), module.kind.get())) {
                return Err(miss!(Schema, "duplicate module at {index}"));
            }
            edges += u64::from(module.edges.get());
            resolutions += u64::from(module.resolutions.get());
        }
        if edges != self.edges.len() as u64 || resolutions != self.resolutions.len() as u64 {
            return Err(miss!(
                Bounds,
                "modules have {edges} edges and {resolutions} resolutions, the graph {} and {}",
                self.edges.len(),
                self.resolutions.len()
            ));
        }
        for (index, edge) in self.edges.iter().enumerate() {
            self.check_module(*edge, ("edge", index))?;
        }
        for (index, resolution) in self.resolutions.iter().enumerate() {
            self.check_module(resolution.module, ("resolution", index))?;
            self.check_name(resolution.name, ("name of resolution", index))?;
            let local = resolution.local_name.get();
            if local != constants::NAME_STAR_DEFAULT && local != constants::NAME_STAR_NAMESPACE {
                self.check_name(resolution.local_name, ("local name of resolution", index))?;
            }
        }
        Ok(())
    }

    fn check_key(
        &self,
        index: usize,
        module: &GraphModule,
        kinds: &RangeInclusive<u32>,
    ) -> Result<(), Miss> {
        let Some((false, key)) = self.string(module.key) else {
            return Err(miss!(Bounds, "key of module {index} is no 8-bit string"));
        };
        if key.is_empty() || !key.is_ascii() {
            return Err(miss!(String, "key of module {index} is no ASCII text"));
        }
        let kind = module.kind.get();
        if !kinds.contains(&kind) {
            return Err(miss!(Schema, "module {index} has unknown kind {kind}"));
        }
        if kind == KIND_JSON && (module.edges.get() != 0 || module.resolutions.get() != 0) {
            return Err(miss!(
                Schema,
                "module {index} is JSON and requests something"
            ));
        }
        Ok(())
    }

    fn check_module(&self, module: U32, (what, index): (&str, usize)) -> Result<(), Miss> {
        if module.get() as usize >= self.modules.len() {
            return Err(miss!(
                Bounds,
                "{what} {index} leads to module {module} of {}",
                self.modules.len()
            ));
        }
        Ok(())
    }

    fn check_name(&self, name: U32, (what, index): (&str, usize)) -> Result<(), Miss> {
        if name.get() as usize >= self.strings.len() {
            return Err(miss!(
                Bounds,
                "{what} {index} is string {name} of {}",
                self.strings.len()
            ));
        }
        Ok(())
    }
}

/// A number of things, or the place of one, as an image has it.
///
/// # Errors
/// It is more than an image can count.
pub fn count(number: usize) -> Result<U32, Miss> {
    let number = u32::try_from(number).map(U32::new);
    number.map_err(|_| miss!(Bounds, "a graph of more than 2^32 parts"))
}

/// Key and kind of each module of a graph image.
///
/// Errors: what validation finds wrong with it.
pub fn keys(image: &[u8]) -> Result<Vec<(String, u32)>, Miss> {
    let graph = GraphView::split(image)?;
    graph.check()?;
    let key = |module: &GraphModule| {
        let (_, key) = graph.string(module.key).unwrap_or_default();
        (String::from_utf8_lossy(key).into_owned(), module.kind.get())
    };
    Ok(graph.modules.iter().map(key).collect())
}
