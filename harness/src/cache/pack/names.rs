//! Where a resolution leads: to a local export of its target's record, under the same name.

use super::graph::GraphView;
use super::layout::{GraphResolution, NO_EXPORT};
use crate::cache::Miss;
use crate::cache::format::{ImageView, constants};
use crate::cache::miss::miss;

/// The export of `target` that a resolution leads to: its index, or [`NO_EXPORT`]. `None` when there is none.
pub fn find(
    graph: &GraphView<'_>,
    resolution: &GraphResolution,
    target: Option<&ImageView<'_>>,
) -> Option<u32> {
    if leads_to_no_export(resolution, target) {
        return Some(NO_EXPORT);
    }
    let target = target?;
    (0..target.exports.len())
        .map(|it| it as u32)
        .find(|index| is_export(graph, resolution, target, *index))
}

/// Checks that a resolution of a graph leads where `export` says.
pub fn check(
    graph: &GraphView<'_>,
    index: usize,
    target: Option<&ImageView<'_>>,
    export: u32,
) -> Result<(), Miss> {
    let resolution = &graph.resolutions[index];
    let right = if leads_to_no_export(resolution, target) {
        export == NO_EXPORT
    } else {
        target.is_some_and(|it| is_export(graph, resolution, it, export))
    };
    if !right {
        return Err(miss!(
            Schema,
            "resolution {index} leads to no variable that its module exports"
        ));
    }
    Ok(())
}

/// A namespace, or something of a JSON module (`target` is its record, which JSON has none of).
fn leads_to_no_export(resolution: &GraphResolution, target: Option<&ImageView<'_>>) -> bool {
    let local = resolution.local_name.get();
    local == constants::NAME_STAR_NAMESPACE
        || target.is_none() && local < constants::NAME_STAR_DEFAULT
}

fn is_export(
    graph: &GraphView<'_>,
    resolution: &GraphResolution,
    target: &ImageView<'_>,
    export: u32,
) -> bool {
    let Some(export) = target.exports.get(export as usize) else {
        return false;
    };
    if export.kind.get() != constants::EXPORT_LOCAL {
        return false;
    }
    let (local, wanted) = (export.local_name.get(), resolution.local_name);
    if local >= constants::NAME_STAR_DEFAULT || wanted.get() >= constants::NAME_STAR_DEFAULT {
        return local == wanted.get();
    }
    let name = target
        .strings
        .get(local as usize)
        .map(|it| (it.is_16_bit(), target.characters_of(*it)));
    name.is_some() && name == graph.string(wanted)
}
