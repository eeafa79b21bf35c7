//! The records of a pack, and its graph against them.

use zerocopy::FromBytes;
use zerocopy::little_endian::U32;

use super::exports;
use super::graph_image::GraphView;
use super::layout::section;
use super::verified::{Module, Sections};
use crate::format::constants;
use crate::miss::miss;
use crate::{Miss, SharedImages};

/// Whether a request with these attributes can lead to this module: it is of that kind, or the only one with its key. An
/// engine whose registry goes by key alone gives a file that is requested in two ways to both as what it was first.
fn is_requested_kind(file: &[u8], modules: &[Module], attributes: u32, target: usize) -> bool {
    let wants_json = match attributes {
        constants::ATTRIBUTES_NONE => false,
        constants::ATTRIBUTES_JSON => true,
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
pub(super) fn check(
    file: &[u8],
    sections: &Sections,
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
    let indices = <[U32]>::ref_from_bytes(&file[sections[section::EXPORTS].clone()])
        .ok()
        .filter(|it| it.len() == graph.resolutions.len())
        .ok_or_else(|| miss!(Bounds, "not one export index for each resolution"))?;
    for (index, (resolution, export)) in graph.resolutions.iter().zip(indices).enumerate() {
        let target = views[resolution.module.get() as usize].as_ref();
        exports::check(graph, index, target, export.get())?;
    }
    Ok(())
}
