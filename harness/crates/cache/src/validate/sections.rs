//! The section table: where the sections are, and that they and the zeros between them are the whole file.

use std::ops::Range;

use zerocopy::FromBytes;

use crate::Miss;
use crate::format::layout::{
    FLAG_SKIPPABLE, HEADER_SIZE, Header, SECTION_ALIGNMENT, Section, kind,
};
use crate::miss::miss;

/// Where the sections are, all of them inside the file.
#[derive(Debug, Clone)]
pub(super) struct Sections {
    /// The module's key.
    pub module_key: Range<usize>,
    /// The record image.
    pub record: Range<usize>,
    /// The bytecode.
    pub bytecode: Range<usize>,
}

impl Sections {
    /// Reads the table of a file whose header was checked.
    pub fn locate(file: &[u8], header: &Header) -> Result<Self, Miss> {
        let count = header.section_count.get();
        let (table, rest) =
            <[Section]>::ref_from_prefix_with_elems(&file[HEADER_SIZE..], count as usize)
                .map_err(|_| miss!(Bounds, "{count} sections do not fit into the file"))?;

        let mut found: [Option<Range<usize>>; 3] = [const { None }; 3];
        let mut end = file.len() - rest.len();
        let mut last_kind = 0;
        for section in table {
            let range = placed(file, section, end)?;
            end = range.end;
            let kind = section.kind.get();
            if kind <= last_kind {
                return Err(miss!(
                    Schema,
                    "section kind {kind} after {last_kind}: kinds increase"
                ));
            }
            last_kind = kind;
            match slot_of(section)? {
                Some(slot) => found[slot] = Some(range),
                None => continue,
            }
        }
        if end != file.len() {
            return Err(miss!(
                Bounds,
                "the last section ends at {end}, the file at {}",
                file.len()
            ));
        }
        let [Some(module_key), Some(record), Some(bytecode)] = found else {
            return Err(miss!(
                Schema,
                "a file needs a module key, a record and bytecode"
            ));
        };
        Ok(Self {
            module_key,
            record,
            bytecode,
        })
    }
}

/// The section's place, when it is the one place where a section after `end` may stand.
fn placed(file: &[u8], section: &Section, end: usize) -> Result<Range<usize>, Miss> {
    let (kind, offset, length) = (section.kind, section.offset, section.length);
    let start = end.next_multiple_of(SECTION_ALIGNMENT);
    if offset.get() != start as u64 {
        return Err(miss!(
            Bounds,
            "section {kind} is at {offset}, its place is {start}"
        ));
    }
    if length.get() == 0 {
        return Err(miss!(Schema, "section {kind} is empty"));
    }
    let range = usize::try_from(length.get())
        .ok()
        .and_then(|length| start.checked_add(length))
        .filter(|end| *end <= file.len())
        .map(|end| start..end)
        .ok_or_else(|| {
            miss!(
                Bounds,
                "section {kind} has {length} bytes at {start}, the file {}",
                file.len()
            )
        })?;
    if file[end..start].iter().any(|byte| *byte != 0) {
        return Err(miss!(
            Schema,
            "bytes {end} to {start}, before section {kind}, are not zero"
        ));
    }
    Ok(range)
}

/// Which of the known sections it is; `None` for one to be skipped.
fn slot_of(section: &Section) -> Result<Option<usize>, Miss> {
    let (kind, flags) = (section.kind.get(), section.flags.get());
    let slot = match kind {
        kind::MODULE_KEY => 0,
        kind::RECORD => 1,
        kind::BYTECODE => 2,
        _ if flags == FLAG_SKIPPABLE => return Ok(None),
        _ => {
            return Err(miss!(
                Schema,
                "unknown section kind {kind} with flags {flags:#x} must not be skipped"
            ));
        }
    };
    if flags != 0 {
        return Err(miss!(Schema, "section {kind} has unknown flags {flags:#x}"));
    }
    Ok(Some(slot))
}
