//! Where a resolution leads: to a local export of its target's record, under the same name.

use super::graph_image::GraphView;
use super::layout::{GraphResolution, NO_EXPORT};
use crate::Miss;
use crate::format::{ImageView, constants};
use crate::miss::miss;

/// The export of `target` that a resolution leads to: its index, or [`NO_EXPORT`]. `None` when there is none.
pub fn find(resolution: &GraphResolution, target: Option<&ImageView<'_>>) -> Option<u32> {
    if leads_to_no_export(resolution, target) {
        return Some(NO_EXPORT);
    }
    let target = target?;
    (0..target.exports.len())
        .map(|it| it as u32)
        .find(|index| is_export(resolution, target, *index))
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
        target.is_some_and(|it| is_export(resolution, it, export))
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

fn is_export(resolution: &GraphResolution, target: &ImageView<'_>, export: u32) -> bool {
    let Some(export) = target.exports.get(export as usize) else {
        return false;
    };
    if export.kind.get() != constants::EXPORT_LOCAL {
        return false;
    }
    // Both are strings of one table, in which none occurs twice.
    export.local_name == resolution.local_name
}
