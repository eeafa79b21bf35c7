//! Packs that were cut, extended, damaged or never ours.

use std::fs;

use jsc_module_cache::MissReason;
use jsc_module_cache::MissReason::{
    Checksum, Engine, Format, Identity as Other, Length, Magic, Options, Schema, Target, Truncated,
};
use jsc_module_cache::pack::layout::{HEADER_SIZE, PackSection, SECTIONS};
use jsc_module_cache::pack::{VerifiedPack, validate, validate_standalone};
use jsc_module_cache::{Identity, Miss};
use testing::front::reason_of_changed_byte;

use crate::support::{bytes, case, check, edit, sample, sign};
use test_programs::engines;

/// A pack, and how it is read.
struct File {
    bytes: Vec<u8>,
    identity: Identity,
    entry: String,
    /// Where each section starts and ends.
    boundaries: Vec<usize>,
}

impl File {
    fn sample() -> Self {
        let file = sample(&engines()[0]);
        let pack = validate_standalone(bytes(&file)).unwrap();
        let sections = pack.sections();
        let boundaries = sections.flat_map(|(_, at, length)| [at as usize, (at + length) as usize]);
        Self {
            boundaries: boundaries.collect(),
            identity: pack.identity(),
            entry: pack.entry_key().to_owned(),
            bytes: file,
        }
    }

    fn read(&self, file: &[u8]) -> Result<VerifiedPack, Miss> {
        validate(bytes(file), &self.identity, &self.entry)
    }

    fn reason(&self, file: &[u8]) -> Option<MissReason> {
        // A tool reads what an engine reads, and must say the same, but that it minds no engine.
        let alone = validate_standalone(bytes(file)).err().map(|it| it.reason);
        let reason = self.read(file).err().map(|it| it.reason);
        if !matches!(reason, Some(Target | Engine | Options | Other)) {
            assert_eq!(alone, reason);
        }
        reason
    }
}

#[test]
fn the_sample_is_valid() {
    let file = File::sample();
    assert_eq!(file.reason(&file.bytes), None);
    assert_eq!(file.boundaries.len(), 2 * SECTIONS);
}

#[test]
fn cut_anywhere_it_is_truncated() {
    let file = File::sample();
    let table = HEADER_SIZE + SECTIONS * size_of::<PackSection>();
    let near = |at: &usize| [at.saturating_sub(1), *at, at + 1];
    let lengths = (0..=table)
        .chain(file.boundaries.iter().flat_map(near))
        .chain((table..file.bytes.len()).step_by(29))
        .filter(|it| *it < file.bytes.len());
    for length in lengths {
        assert_eq!(
            file.reason(&file.bytes[..length]),
            Some(Truncated),
            "{length}"
        );
    }
}

#[test]
fn a_byte_more_is_a_wrong_length() {
    let file = File::sample();
    for more in [&[0][..], &[1], &[0; 16], &[0; 4096]] {
        assert_eq!(file.reason(&[&file.bytes, more].concat()), Some(Length));
    }
}

#[test]
fn flipped_bits_are_found() {
    let file = File::sample();
    for offset in 0..file.bytes.len() {
        // All bits of the header, one of every other byte.
        let bits = if offset < HEADER_SIZE {
            0..8
        } else {
            offset % 8..offset % 8 + 1
        };
        for bit in bits {
            let mut changed = file.bytes.clone();
            changed[offset] ^= 1 << bit;
            let found = file.reason(&changed);
            let expected = reason_of_changed_byte(offset, found);
            assert_eq!(found, Some(expected), "bit {bit} of byte {offset}");
        }
    }
}

#[test]
fn zeroed_pages_are_found() {
    let file = File::sample();
    for start in (HEADER_SIZE..file.bytes.len()).step_by(97) {
        let mut changed = file.bytes.clone();
        let end = (start + 200).min(changed.len());
        changed[start..end].fill(0);
        if changed != file.bytes {
            assert_eq!(file.reason(&changed), Some(Checksum), "{start}");
        }
    }
    assert_eq!(file.reason(&vec![0; file.bytes.len()]), Some(Magic));
}

#[test]
fn other_files_have_another_magic() {
    let file = File::sample();
    let elf = fs::read(std::env::current_exe().unwrap()).unwrap();
    let python = [&b"\xcb\x0d\x0d\x0a"[..], &[0; 200]].concat();
    for other in [
        &elf[..4096],
        &python,
        b"JSCMODUL and more",
        b"export default 1;",
    ] {
        let read = file.read(other).err().map(|it| it.reason);
        assert_eq!(read, Some(Magic));
    }
    assert_eq!(file.reason(b""), Some(Truncated));
    assert_eq!(file.reason(b"JSCGRAP"), Some(Truncated));
    // Nor is a pack an entry.
    let entry = jsc_module_cache::validate_standalone(bytes(&file.bytes));
    assert_eq!(entry.unwrap_err().reason, Magic);
}

#[test]
fn another_version_or_payload() {
    let file = File::sample();
    let version = u32::from_le_bytes(file.bytes[8..12].try_into().unwrap());
    for other in [0, version - 1, version + 1, u32::MAX] {
        let mut changed = file.bytes.clone();
        changed[8..12].copy_from_slice(&other.to_le_bytes());
        sign(&mut changed);
        assert_eq!(file.reason(&changed), Some(Format), "{other}");
    }
    let mut changed = file.bytes.clone();
    changed[80] = 2;
    sign(&mut changed);
    assert_eq!(file.reason(&changed), Some(Schema));
}

/// The same in a program's cache: named, and made again.
#[test]
fn a_damaged_pack_is_replaced() {
    check(&[
        case(
            "an empty file",
            Some(("main.mjs", "truncated")),
            |_, cache| {
                edit(&cache.pack(), Vec::clear);
            },
        ),
        case("half of it", Some(("main.mjs", "truncated")), |_, cache| {
            edit(&cache.pack(), |it| it.truncate(it.len() / 2));
        }),
        case("a byte more", Some(("main.mjs", "length")), |_, cache| {
            edit(&cache.pack(), |it| it.push(0));
        }),
        case(
            "a flipped bit",
            Some(("main.mjs", "checksum")),
            |_, cache| {
                edit(&cache.pack(), |it| {
                    let middle = it.len() / 2;
                    it[middle] ^= 1;
                });
            },
        ),
        case(
            "a page of zeros",
            Some(("main.mjs", "checksum")),
            |_, cache| {
                edit(&cache.pack(), |it| {
                    let end = it.len();
                    it[end - 400..end - 200].fill(0);
                });
            },
        ),
        case("another file", Some(("main.mjs", "magic")), |_, cache| {
            edit(&cache.pack(), |it| {
                it[..8].copy_from_slice(b"\x7fELF\x02\x01\x01\x00")
            });
        }),
        case(
            "another version",
            Some(("main.mjs", "format")),
            |_, cache| {
                edit(&cache.pack(), |it| it[8] = it[8].wrapping_add(1));
            },
        ),
        case(
            "another target",
            Some(("main.mjs", "target")),
            |_, cache| {
                edit(&cache.pack(), |it| {
                    it[40] ^= 1;
                    sign(it);
                });
            },
        ),
    ]);
}
