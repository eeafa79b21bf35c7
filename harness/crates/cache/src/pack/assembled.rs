//! A graph that is put together for one load, and kept in no file: of modules of a pack, of cache entries, of modules
//! that the engine has analyzed, and of JSON.

use std::collections::HashSet;
use std::sync::Arc;

use zerocopy::FromBytes;
use zerocopy::little_endian::U32;

use super::graph_image::{GraphView, count};
use super::layout::{GraphModule, KIND_ANALYZED, KIND_ENTRY, KIND_JAVASCRIPT, KIND_JSON};
use super::verified::VerifiedPack;
use crate::format::{ImageHeader, ImageString};
use crate::miss::miss;
use crate::{EntryBytes, Miss, VerifiedEntry};

/// Such a graph. Its image is valid in every respect that `jsc-sys/bridge/graph_image.h` demands, and has an edge for each
/// request of a record that is in a pack or an entry.
#[derive(Debug)]
pub struct AssembledGraph {
    image: EntryBytes,
    modules: Vec<Assembled>,
    pack: Option<Arc<VerifiedPack>>,
}

/// What a module of it is made from.
#[derive(Debug)]
pub enum Assembled {
    /// A JavaScript module of the pack.
    Packed {
        /// Its place in it.
        place: usize,
        /// Whether the names that it exports still lead to what the pack says.
        keeps_names: bool,
    },
    /// An entry that is valid for the module's present source.
    Entry(Arc<VerifiedEntry>),
    /// The engine has parsed and analyzed it in the realm that the graph is for, and keeps its record.
    Analyzed,
    /// JSON, which the engine fetches; its place in the pack, if it is there.
    Json(Option<usize>),
}

/// A module on its way into a graph.
#[derive(Debug)]
pub struct ModuleToAssemble<'a> {
    /// Its key: an ASCII URL.
    pub key: &'a str,
    /// The modules that it requests, in the order of its requests, by their places in the graph.
    pub edges: Vec<usize>,
    pub from: Assembled,
}

impl AssembledGraph {
    /// Puts a graph together, of modules of this pack and of others. Modules come in the order in which they are
    /// evaluated, the entry last.
    ///
    /// # Errors
    /// A module that is there twice, an edge that leads nowhere, a module whose edges are not those of its record, a
    /// place that the pack does not have, or more than an image can count.
    pub fn new(
        modules: Vec<ModuleToAssemble<'_>>,
        pack: Option<Arc<VerifiedPack>>,
    ) -> Result<Self, Miss> {
        let (mut strings, mut table, mut edges) = (Vec::new(), Vec::new(), Vec::new());
        let mut characters: Vec<u8> = Vec::new();
        let mut known = HashSet::with_capacity(modules.len());
        for (index, module) in modules.iter().enumerate() {
            if !known.insert((module.key, module.from.kind() == KIND_JSON)) {
                return Err(miss!(Schema, "duplicate module {}", module.key));
            }
            module.check(pack.as_deref())?;
            strings.push(ImageString {
                offset: count(characters.len())?,
                length: count(module.key.len())?,
            });
            characters.extend(module.key.as_bytes());
            table.push(GraphModule {
                key: count(index)?,
                kind: U32::new(module.from.kind()),
                edges: count(module.edges.len())?,
                resolutions: U32::ZERO,
            });
            for edge in &module.edges {
                edges.push(count(*edge)?);
            }
        }
        let image = GraphView {
            strings: &strings,
            modules: &table,
            edges: &edges,
            resolutions: &[],
            characters: &characters,
        }
        .encode()?;
        GraphView::split(&image)?.check_assembled()?;
        let image = EntryBytes::copy_of(&image)
            .map_err(|error| miss!(Io, "no memory for a graph: {error}"))?;
        let modules = modules.into_iter().map(|it| it.from).collect();
        Ok(Self {
            image,
            modules,
            pack,
        })
    }

    /// The graph image.
    pub fn image(&self) -> &[u8] {
        &self.image
    }

    /// What its modules are made from, in its order.
    pub fn modules(&self) -> &[Assembled] {
        &self.modules
    }

    /// The pack that some of them are from.
    pub fn pack(&self) -> Option<&Arc<VerifiedPack>> {
        self.pack.as_ref()
    }
}

impl ModuleToAssemble<'_> {
    fn check(&self, pack: Option<&VerifiedPack>) -> Result<(), Miss> {
        let packed = |place: usize, is_json: bool| {
            let pack = pack.filter(|it| place < it.len() && it.source(place).is_json == is_json);
            pack.ok_or_else(|| miss!(Bounds, "{} is not in the pack", self.key))
        };
        let requests = match &self.from {
            Assembled::Packed { place, .. } => packed(*place, false)?.edges(*place).count(),
            Assembled::Entry(entry) => requests_of(entry),
            Assembled::Json(Some(place)) => packed(*place, true)?.edges(*place).count(),
            Assembled::Json(None) => 0,
            Assembled::Analyzed => return Ok(()),
        };
        if requests != self.edges.len() {
            let edges = self.edges.len();
            return Err(miss!(
                Schema,
                "{} has {edges} edges and {requests} requests",
                self.key
            ));
        }
        Ok(())
    }
}

impl Assembled {
    fn kind(&self) -> u32 {
        match self {
            Self::Packed { .. } => KIND_JAVASCRIPT,
            Self::Entry(_) => KIND_ENTRY,
            Self::Analyzed => KIND_ANALYZED,
            Self::Json(_) => KIND_JSON,
        }
    }
}

fn requests_of(entry: &VerifiedEntry) -> usize {
    ImageHeader::ref_from_prefix(entry.image())
        .map_or(0, |(header, _)| header.requests.get() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MissReason;

    fn module<'a>(key: &'a str, edges: &[usize], from: Assembled) -> ModuleToAssemble<'a> {
        ModuleToAssemble {
            key,
            edges: edges.to_vec(),
            from,
        }
    }

    #[test]
    fn a_graph_is_an_image_that_is_valid() {
        let graph = AssembledGraph::new(
            vec![
                module("file:///a.json", &[], Assembled::Json(None)),
                module("file:///b.mjs", &[2, 0], Assembled::Analyzed),
                module("file:///c.mjs", &[1, 0, 1], Assembled::Analyzed),
            ],
            None,
        )
        .unwrap();
        assert_eq!(graph.image().len() % 8, 0);
        let view = GraphView::split(graph.image()).unwrap();
        let kinds: Vec<u32> = view.modules.iter().map(|it| it.kind.get()).collect();
        assert_eq!(kinds, [KIND_JSON, KIND_ANALYZED, KIND_ANALYZED]);
        let edges: Vec<u32> = view.edges.iter().map(|it| it.get()).collect();
        assert_eq!(edges, [2, 0, 1, 0, 1]);
        let (is_wide, key) = view.string(view.modules[1].key).unwrap();
        assert_eq!((is_wide, key), (false, &b"file:///b.mjs"[..]));
    }

    /// The rules of an image are tested with those of packs; here only that they are held.
    #[test]
    fn a_graph_that_would_not_be_is_refused() {
        let reason = |modules| AssembledGraph::new(modules, None).unwrap_err().reason;
        assert_eq!(reason(vec![]), MissReason::Schema);
        let nowhere = module("file:///a.mjs", &[1], Assembled::Analyzed);
        assert_eq!(reason(vec![nowhere]), MissReason::Bounds);
        let twice = || module("file:///a.mjs", &[], Assembled::Analyzed);
        assert_eq!(reason(vec![twice(), twice()]), MissReason::Schema);
        let json = module("file:///a.json", &[0], Assembled::Json(None));
        assert_eq!(reason(vec![json]), MissReason::Schema);
        let not_packed = Assembled::Packed {
            place: 0,
            keeps_names: true,
        };
        let not_packed = module("file:///a.mjs", &[], not_packed);
        assert_eq!(reason(vec![not_packed]), MissReason::Bounds);
        let no_key = module("", &[], Assembled::Analyzed);
        assert_eq!(reason(vec![no_key]), MissReason::String);
    }
}
