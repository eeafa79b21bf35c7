//! Files that were cut, extended, damaged or never ours, and files with other sections than we know.

use jsc_module_cache::MissReason;
use jsc_module_cache::MissReason::*;
use jsc_module_cache::format::layout::{CHECKED_FROM, FLAG_SKIPPABLE, HEADER_SIZE};

use crate::field_map::{File, header, read, section};
use testing::front::reason_of_changed_byte;
use testing::samples;

fn reason(bytes: &[u8]) -> Option<MissReason> {
    read(bytes).err().map(|miss| miss.reason)
}

#[test]
fn cut_anywhere_it_is_truncated() {
    let file = File::sample();
    for length in 0..file.bytes.len() {
        assert_eq!(reason(&file.bytes[..length]), Some(Truncated), "{length}");
    }
}

#[test]
fn a_byte_more_is_a_wrong_length() {
    let file = File::sample();
    for more in [&[0][..], &[1], &[0; 16], &[0; 4096]] {
        let bytes = [&file.bytes, more].concat();
        assert_eq!(reason(&bytes), Some(Length));
    }
}

#[test]
fn every_flipped_bit_is_found() {
    let file = File::sample();
    for offset in 0..file.bytes.len() {
        for bit in 0..8 {
            let mut bytes = file.bytes.clone();
            bytes[offset] ^= 1 << bit;
            let found = reason(&bytes);
            let expected = reason_of_changed_byte(offset, found);
            assert_eq!(found, Some(expected), "bit {bit} of byte {offset}");
        }
    }
}

#[test]
fn zeroed_pages_are_found() {
    let file = File::sample();
    for start in (CHECKED_FROM + 40..file.bytes.len()).step_by(7) {
        let mut bytes = file.bytes.clone();
        let end = (start + 200).min(bytes.len());
        bytes[start..end].fill(0);
        if bytes != file.bytes {
            assert_eq!(reason(&bytes), Some(Checksum), "{start}");
        }
    }
    // A whole file of zeros: what a power failure can leave.
    assert_eq!(reason(&vec![0; file.bytes.len()]), Some(Magic));
}

#[test]
fn other_files_have_another_magic() {
    let elf = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let python = [&b"\xcb\x0d\x0d\x0a"[..], &[0; 200]].concat();
    let hermes = [&b"\xc6\x1f\xbc\x03\xc1\x03\x19\x1f"[..], &[0; 200]].concat();
    let v1 = jsc_module_cache::format::v1::FileV1::default()
        .write()
        .unwrap();
    let source = b"export default 1; // a module";
    for bytes in [&elf[..], &python, &hermes, &v1, source] {
        assert_eq!(reason(bytes), Some(Magic));
    }
    assert_eq!(reason(b""), Some(Truncated));
    assert_eq!(reason(b"JSC"), Some(Truncated));
}

#[test]
fn another_version_is_one_even_when_it_is_shorter() {
    let file = File::sample();
    for version in [0, 1, 3, u32::MAX] {
        let other = file.with(header(8, 4), u64::from(version));
        assert_eq!(reason(&other.bytes), Some(Format));
        assert_eq!(reason(&other.bytes[..12]), Some(Format));
    }
}

/// The sample with one more line in its section table, and everything else moved.
fn with_section(kind: u32, flags: u32, content: &[u8]) -> File {
    let file = File::sample();
    let old: Vec<(u64, u64, Vec<u8>)> = (0..3)
        .map(|index| {
            let offset = file.get(section(index, 8)) as usize;
            let length = file.get(section(index, 16)) as usize;
            (
                file.get(section(index, 0)),
                0,
                file.bytes[offset..][..length].to_vec(),
            )
        })
        .collect();
    let mut sections = old;
    sections.push((u64::from(kind), u64::from(flags), content.to_vec()));
    sections.sort_by_key(|it| it.0);
    let mut bytes = file.bytes[..HEADER_SIZE].to_vec();
    let mut end = HEADER_SIZE + 24 * sections.len();
    for (kind, flags, content) in &sections {
        let offset = end.next_multiple_of(16);
        bytes.extend((*kind as u32).to_le_bytes());
        bytes.extend((*flags as u32).to_le_bytes());
        bytes.extend((offset as u64).to_le_bytes());
        bytes.extend((content.len() as u64).to_le_bytes());
        end = offset + content.len();
    }
    for (_, _, content) in &sections {
        bytes.resize(bytes.len().next_multiple_of(16), 0);
        bytes.extend(content);
    }
    let file = File { bytes, ..file };
    file.with(header(148, 4), sections.len() as u64)
        .with_length()
}

#[test]
fn an_unknown_section_that_may_be_skipped_is_skipped() {
    for content in [&b"x"[..], &[7; 1000]] {
        let file = with_section(9, FLAG_SKIPPABLE, content);
        let entry = file.read().expect("skipped");
        assert_eq!(entry.record(), samples::record());
        assert_eq!(entry.bytecode(), samples::BYTECODE);
        assert_eq!(entry.sections().len(), 4);
    }
}

#[test]
fn an_unknown_section_that_must_be_known_is_not() {
    for flags in [0, 2, 3, u32::MAX] {
        let file = with_section(9, flags, b"x");
        let miss = file.read().unwrap_err();
        assert_eq!(miss.reason, Schema, "{miss}");
    }
    for (kind, flags) in [(0, FLAG_SKIPPABLE), (2, FLAG_SKIPPABLE), (3, 0)] {
        assert_eq!(
            with_section(kind, flags, b"x").read().unwrap_err().reason,
            Schema
        );
    }
    assert_eq!(
        with_section(9, FLAG_SKIPPABLE, b"")
            .read()
            .unwrap_err()
            .reason,
        Schema
    );
}

#[test]
fn a_file_needs_all_three_sections() {
    let file = File::sample();
    for kinds in [[1, 2, 9], [1, 3, 9], [2, 3, 9]] {
        let mut changed = file.clone();
        for (index, kind) in kinds.into_iter().enumerate() {
            changed = changed.with(section(index, 0), kind);
        }
        let changed = changed.with(section(2, 4), 1).signed();
        let miss = changed.read().unwrap_err();
        assert_eq!(miss.reason, Schema, "{miss}");
        assert!(miss.detail.contains("needs a module key"), "{miss}");
    }
}
