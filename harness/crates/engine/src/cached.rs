//! The one place where a cache entry or a pack becomes something that JSC may read.

use std::sync::Arc;

use super::graph::{MixedClosure, MixedModule, VerifiedClosure};
use super::host::{SourceFacts, VerifiedModule};
use jsc_module_cache::VerifiedEntry;
use jsc_module_cache::pack::{Assembled, AssembledGraph, VerifiedPack};

// SAFETY: a `VerifiedEntry` is made by validation only. Validation has checked the image against every rule of image.h,
// the bytecode against the checksum it was written with, and that the entry was made by this engine with these options
// for exactly the source it is served with. Its bytes are aligned to 16 and never move or change (`EntryBytes`; a mapped
// file may be changed by the user's own processes, which the store's rules leave to the user and `Loading::Read` rules out).
unsafe impl VerifiedModule for Arc<VerifiedEntry> {
    fn source_facts(&self) -> SourceFacts {
        SourceFacts {
            units: self.source_units(),
            text_hash: self.source_text_hash(),
            is_latin1: self.source_is_8bit(),
        }
    }

    fn image(&self) -> &[u8] {
        (**self).image()
    }

    fn bytecode(&self) -> &[u8] {
        (**self).bytecode()
    }
}

// SAFETY: a `VerifiedPack` is made by validation only, which has checked the graph image against every rule of
// graph_image.h and against the record images, these against every rule of image.h, and the bytecode against the checksum
// that the pack was written with. The pack was made by this engine with these options. That the sources are still those
// it was made from is checked by whoever loads it, in the way its user has chosen. As for its bytes, see above.
unsafe impl VerifiedClosure for Arc<VerifiedPack> {
    fn graph(&self) -> &[u8] {
        self.graph_image()
    }

    fn modules(&self) -> Vec<(SourceFacts, &[u8], &[u8])> {
        let facts = |units, text_hash, is_latin1| SourceFacts {
            units,
            text_hash,
            is_latin1,
        };
        (0..self.len())
            .map(|index| {
                let source = self.source(index);
                (
                    facts(source.units, source.text_hash, source.is_8bit),
                    self.record_image(index),
                    self.bytecode(index),
                )
            })
            .collect()
    }
}

// SAFETY: an `AssembledGraph` checks its image, and that each record of its pack and each entry has as many edges as
// requests; its entries are valid, see above. That an analyzed module has as many edges as the bridge said it has
// requests, whoever assembles the graph sees to.
unsafe impl MixedClosure for AssembledGraph {
    fn graph(&self) -> &[u8] {
        self.image()
    }

    fn modules(&self) -> Vec<MixedModule<'_>> {
        let module = |module| match module {
            &Assembled::Packed { place, keeps_names } => MixedModule {
                packed: Some((place, keeps_names)),
                entry: None,
            },
            Assembled::Entry(entry) => MixedModule {
                entry: Some((entry.source_facts(), entry.image(), entry.bytecode())),
                packed: None,
            },
            Assembled::Json(packed) => MixedModule {
                packed: packed.map(|place| (place, true)),
                entry: None,
            },
            Assembled::Analyzed => MixedModule::default(),
        };
        AssembledGraph::modules(self).iter().map(module).collect()
    }

    fn pack(&self) -> Option<&[u8]> {
        AssembledGraph::pack(self).map(|it| it.graph_image())
    }
}
