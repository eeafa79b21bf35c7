//! The table of modules.

use std::ops::Range;

use zerocopy::FromBytes;

use super::graph_image::GraphView;
use super::layout::{ALIGNMENT, KIND_JAVASCRIPT, KIND_JSON, PackEntry, section};
use super::verified::{FileStatus, Module, PackSource, Sections};
use crate::format::layout::{ENCODING_8_BIT, ENCODING_16_BIT};
use crate::miss::miss;
use crate::{Miss, SourceHash};

/// Reads the table, and checks that every part of a module is in its place.
pub(super) fn read(
    file: &[u8],
    sections: &Sections,
    graph: &GraphView<'_>,
) -> Result<Vec<Module>, Miss> {
    let table = <[PackEntry]>::ref_from_bytes(&file[sections[section::MODULES].clone()])
        .ok()
        .filter(|it| it.len() == graph.modules.len())
        .ok_or_else(|| {
            miss!(
                Bounds,
                "a table of {} bytes for {} modules",
                sections[section::MODULES].len(),
                graph.modules.len()
            )
        })?;
    let characters = sections[section::GRAPH].start
        + (graph.characters.as_ptr() as usize
            - file[sections[section::GRAPH].clone()].as_ptr() as usize);
    let (mut record_end, mut bytecode_end, mut edge) = (0, 0, 0);
    let mut modules = Vec::with_capacity(table.len());
    for (index, (entry, module)) in table.iter().zip(graph.modules).enumerate() {
        let is_json = module.kind.get() == KIND_JSON;
        let record = record_end..record_end + entry.record_length.get() as usize;
        let bytecode_start = usize::next_multiple_of(bytecode_end, ALIGNMENT);
        let bytecode = usize::try_from(entry.bytecode_length.get())
            .ok()
            .and_then(|length| bytecode_start.checked_add(length))
            .map(|end| bytecode_start..end)
            .filter(|it| it.end <= sections[section::BYTECODE].len())
            .filter(|_| entry.bytecode_offset.get() == bytecode_start as u64);
        let Some(bytecode) = bytecode.filter(|_| record.end <= sections[section::RECORDS].len())
        else {
            return Err(miss!(
                Bounds,
                "record or bytecode of module {index} is not in its place"
            ));
        };
        if is_json != record.is_empty() || is_json != bytecode.is_empty() {
            return Err(miss!(
                Schema,
                "module {index} of kind {} has a record of {} bytes and bytecode of {}",
                module.kind,
                record.len(),
                bytecode.len()
            ));
        }
        let encoding = entry.source_encoding.get();
        let known = match module.kind.get() {
            KIND_JAVASCRIPT => encoding == ENCODING_8_BIT || encoding == ENCODING_16_BIT,
            _ => encoding == 0,
        };
        let units = u64::from(entry.source_units.get());
        if !known || units > entry.source_length.get() {
            let length = entry.source_length;
            return Err(miss!(
                Schema,
                "module {index}: encoding {encoding}, {units} code units from {length} bytes is impossible"
            ));
        }
        let padding = sections[section::BYTECODE].start + bytecode_end
            ..sections[section::BYTECODE].start + bytecode.start;
        if file[padding].iter().any(|byte| *byte != 0) {
            return Err(miss!(
                Schema,
                "padding before the bytecode of module {index} is not zero"
            ));
        }
        record_end = record.end;
        bytecode_end = bytecode.end;
        let edges = edge..edge + module.edges.get() as usize;
        edge = edges.end;
        let string = graph.strings[module.key.get() as usize];
        let key = characters + string.offset.get() as usize;
        let offset = |range: Range<usize>, of: usize| {
            range.start + sections[of].start..range.end + sections[of].start
        };
        modules.push(Module {
            key: key..key + string.units(),
            source: PackSource {
                hash: SourceHash::from_digest(entry.source_hash),
                length: entry.source_length.get(),
                status: FileStatus {
                    modified: entry.modified.get(),
                    changed: entry.changed.get(),
                    inode: entry.inode.get(),
                    device: entry.device.get(),
                },
                is_json,
                units: entry.source_units.get(),
                text_hash: entry.source_text_hash.get(),
                is_8bit: encoding == ENCODING_8_BIT,
            },
            record: offset(record, section::RECORDS),
            bytecode: offset(bytecode, section::BYTECODE),
            edges,
        });
    }
    if record_end != sections[section::RECORDS].len()
        || bytecode_end != sections[section::BYTECODE].len()
    {
        return Err(miss!(
            Bounds,
            "records or bytecode that belong to no module"
        ));
    }
    Ok(modules)
}
