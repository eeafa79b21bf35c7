//! The section table: where the sections are, and that they and the zeros between them are the whole file.

use std::ops::Range;

use zerocopy::FromBytes;

use crate::Miss;
use crate::format::layout::{FLAG_SKIPPABLE, HEADER_SIZE, Header, Section, kind};
use crate::front::{check_end, placed};
use crate::miss::miss;

/// Where the sections are, all of them inside the file.
#[derive(Debug, Clone)]
pub(super) struct Sections {
    /// The module's key.
    pub module_key: Range<usize>,
    /// The record image.
    pub record: Range<usize>,
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
            let kind = section.kind.get();
            let range = placed(file, &kind, (section.offset, section.length), end)?;
            end = range.end;
            if range.is_empty() {
                return Err(miss!(Schema, "section {kind} is empty"));
            }
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
        check_end(file, end)?;
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
