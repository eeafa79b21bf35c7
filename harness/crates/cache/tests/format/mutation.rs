//! Every field of a file, changed on its own and signed again: the reason that it gives.

use jsc_module_cache::MissReason;
use jsc_module_cache::MissReason::*;
use jsc_module_cache::{EntryBytes, validate_standalone};

use crate::field_map::{Array, Field, File, header, section};
use testing::samples;

pub const NONE: u64 = 0xFFFF_FFFF;
pub const STAR_NAMESPACE: u64 = 0xFFFF_FFFE;
pub const STAR_DEFAULT: u64 = 0xFFFF_FFFD;

/// Each value in the field gives one of the reasons.
pub fn expect(file: &File, what: &str, field: Field, values: &[u64], reasons: &[MissReason]) {
    let was = file.get(field);
    for value in values {
        if *value == was {
            continue;
        }
        match file.with(field, *value).signed().read() {
            Err(miss) if reasons.contains(&miss.reason) => {}
            Err(miss) => panic!("{what} = {value:#x} (was {was:#x}) gave {miss}, not {reasons:?}"),
            Ok(_) => panic!("{what} = {value:#x} (was {was:#x}) was taken"),
        }
    }
}

/// All zeros, all ones, and a flipped bit at either end of 16 bytes.
pub fn expect_digest(file: &File, what: &str, offset: usize, reason: MissReason) {
    let mut first = file.bytes[offset..][..16].to_vec();
    let mut last = first.clone();
    first[0] ^= 1;
    last[15] ^= 0x80;
    for digest in [vec![0; 16], vec![0xFF; 16], first, last] {
        let mut changed = file.with_bytes(offset, &digest);
        if reason != Checksum {
            changed = changed.signed();
        }
        let miss = changed.read().unwrap_err();
        assert_eq!(miss.reason, reason, "{what}: {miss}");
    }
}

#[test]
fn header_fields() {
    let file = File::sample();
    let length = file.bytes.len() as u64;
    for byte in 0..8 {
        expect(
            &file,
            "magic",
            header(byte, 1),
            &[0, 1, 0x20, 0xFF],
            &[Magic],
        );
    }
    let versions = [0, 1, 3, 0x0200_0000, NONE];
    expect(&file, "format version", header(8, 4), &versions, &[Format]);
    let sizes = [0, 191, 193, 256, NONE];
    expect(&file, "header size", header(12, 4), &sizes, &[Format]);
    let longer = [length + 1, u64::MAX, 1 << 63];
    expect(&file, "file length", header(16, 8), &longer, &[Truncated]);
    let shorter = [0, 1, 192, length - 1];
    expect(&file, "file length", header(16, 8), &shorter, &[Length]);
    expect_digest(&file, "checksum", 24, Checksum);
    for byte in 40..48 {
        expect(
            &file,
            "target",
            header(byte, 1),
            &[0, 1, 2, 32, 64, 0xFF].map(|it| it ^ 0x10),
            &[Target],
        );
    }
    expect_digest(&file, "engine", 48, Engine);
    expect_digest(&file, "options", 64, Options);
    expect_digest(&file, "source hash", 80, Source);
    let lengths = [0, 48, 50, u64::MAX, 1 << 32];
    expect(&file, "source length", header(96, 8), &lengths, &[Source]);
    expect(
        &file,
        "source units",
        header(104, 4),
        &[50, NONE],
        &[Schema],
    );
    expect(
        &file,
        "source encoding",
        header(112, 4),
        &[0, 3, NONE],
        &[Schema],
    );
    expect_digest(&file, "requests digest", 116, Dependencies);
    expect_digest(&file, "attributes digest", 132, Attributes);
    let counts = [0, 1, 2, 4, 5, NONE];
    expect(
        &file,
        "section count",
        header(148, 4),
        &counts,
        &[Bounds, Schema],
    );
    for byte in 152..192 {
        expect(&file, "reserved", header(byte, 1), &[1, 0xFF], &[Schema]);
    }
}

#[test]
fn facts_that_only_the_engine_knows_are_kept_as_they_are() {
    let file = File::sample();
    let entry = file.with(header(108, 4), 7).signed().read().unwrap();
    assert_eq!(entry.source_text_hash(), 7);
    let entry = file.with(header(112, 4), 2).signed().read().unwrap();
    assert!(!entry.source_is_8bit());
    let entry = file.with(header(104, 4), 0).signed().read().unwrap();
    assert_eq!(entry.source_units(), 0);
}

#[test]
fn section_table() {
    let file = File::sample();
    let all = [0, 1, 2, 3, 4, 0x100, NONE];
    for index in 0..3 {
        expect(&file, "kind", section(index, 0), &all, &[Schema]);
        expect(&file, "flags", section(index, 4), &[1, 2, NONE], &[Schema]);
        let offset = file.get(section(index, 8));
        let offsets = [
            0,
            offset - 16,
            offset - 1,
            offset + 1,
            offset + 16,
            u64::MAX,
            u64::MAX - 15,
        ];
        expect(&file, "offset", section(index, 8), &offsets, &[Bounds]);
        let length = file.get(section(index, 16));
        let lengths = [length + 16, length + 1000, u64::MAX, u64::MAX - offset];
        expect(&file, "length", section(index, 16), &lengths, &[Bounds]);
        expect(&file, "length", section(index, 16), &[0], &[Schema]);
        // What the sections do not cover must be padding, and padding is zero.
        expect(
            &file,
            "length",
            section(index, 16),
            &[length - 1],
            &[Bounds, Schema],
        );
        // A key that takes in its padding is another key, a record with more padding no record.
        let one_more = file.with(section(index, 16), length + 1).signed();
        let miss = one_more.read().unwrap_err();
        let expected = if index == 0 { Identity } else { Bounds };
        assert_eq!(miss.reason, expected, "{miss}");
    }
    // Two sections in one place.
    let first = file.get(section(1, 8));
    expect(&file, "offset", section(2, 8), &[first], &[Bounds]);
}

#[test]
fn padding_between_sections_is_zero() {
    let file = File::sample();
    let key = file.get(section(0, 8)) as usize;
    let end = key + file.get(section(0, 16)) as usize;
    for offset in (HEADER_END..key).chain(end..file.image) {
        let field = header(offset, 1);
        assert_eq!(file.get(field), 0);
        expect(&file, "padding", field, &[1, 0xFF], &[Schema]);
    }
}

const HEADER_END: usize = 192 + 3 * 24;

#[test]
fn module_key() {
    let file = File::sample();
    let key = file.get(section(0, 8)) as usize;
    for offset in key..key + samples::KEY.len() {
        expect(
            &file,
            "key",
            header(offset, 1),
            &[0, 0x21, 0xFF],
            &[Identity],
        );
    }
    // Where no key is expected, it must at least be text.
    let bad = file.with(header(key + 3, 1), 0xFF).signed();
    let miss = validate_standalone(EntryBytes::copy_of(&bad.bytes).unwrap()).unwrap_err();
    assert_eq!(miss.reason, String, "{miss}");
}

#[test]
fn another_module_source_or_engine() {
    let file = File::sample();
    let bytes = || EntryBytes::copy_of(&file.bytes).unwrap();
    let identity = samples::identity();
    let good = samples::expected(&identity);
    let reason = |expected| {
        jsc_module_cache::validate(bytes(), &expected)
            .unwrap_err()
            .reason
    };
    let mut other = good;
    other.module_key = "file:///project/src/other.js";
    assert_eq!(reason(other), Identity);
    let mut other = good;
    other.source_hash = jsc_module_cache::SourceHash::of(b"edited");
    assert_eq!(reason(other), Source);
    let mut other = good;
    other.source_length += 1;
    assert_eq!(reason(other), Source);
    let mut engine = identity;
    engine.engine = jsc_module_cache::Digest::of(b"another build");
    let mut other = good;
    other.identity = &engine;
    assert_eq!(reason(other), Engine);
    let mut options = identity;
    options.options = jsc_module_cache::Digest::of(b"useJIT=0");
    other.identity = &options;
    assert_eq!(reason(other), Options);
    let mut target = identity;
    target.target.pointer_bits = 32;
    other.identity = &target;
    assert_eq!(reason(other), Target);
}

#[test]
fn image_header() {
    let file = File::sample();
    let word = |index: usize| header(file.image + index * 4, 4);
    expect(
        &file,
        "features",
        word(0),
        &[1 << 14, 1 << 31, NONE],
        &[Schema],
    );
    expect(&file, "flags", word(1), &[8, 1 << 31, NONE], &[Schema]);
    let wrong = [Bounds, Schema, String];
    for index in 2..12 {
        let count = file.get(word(index));
        let far = [count + 200, 1 << 28, 1 << 31, NONE];
        expect(&file, "count", word(index), &far, &[Bounds]);
        let near = [0, count.wrapping_sub(1) & NONE, count + 1, count + 2];
        expect(&file, "count", word(index), &near, &wrong);
    }
    for index in 12..16 {
        expect(&file, "reserved", word(index), &[1, NONE], &[Schema]);
    }
    for value in 0..1 << 14 {
        let taken = file.with(word(0), value).signed().read().unwrap();
        assert_eq!(u64::from(taken.record().features.0), value);
    }
}

#[test]
fn strings() {
    let file = File::sample();
    for index in 0..file.count(Array::Strings) {
        let offset = file.item(Array::Strings, index, 0);
        let was = file.get(offset);
        let offsets = [was + 1, was + 2, was.wrapping_sub(1) & NONE, 1 << 31, NONE];
        expect(&file, "offset", offset, &offsets, &[Bounds]);
        let length = file.item(Array::Strings, index, 4);
        let was = file.get(length);
        let lengths = [was + 100, was | 0x7FFF_FFFF];
        expect(&file, "length", length, &lengths, &[Bounds]);
        let wrong = [Bounds, Schema, String];
        let lengths = [was.wrapping_sub(1) & NONE, NONE];
        expect(&file, "length", length, &lengths, &wrong);
        expect(&file, "form", length, &[was ^ 1 << 31], &wrong);
        // A zero that stands before an even offset can be the end of a longer string.
        match file.with(length, was + 1).signed().read() {
            Ok(entry) => assert_eq!(entry.record().encode().unwrap(), entry.image()),
            Err(miss) => assert!(
                matches!(miss.reason, Bounds | Dependencies),
                "{index}: {miss}"
            ),
        }
    }
}

#[test]
fn requests() {
    let file = File::sample();
    let strings = file.count(Array::Strings) as u64;
    for index in 0..file.count(Array::Requests) {
        let specifier = file.item(Array::Requests, index, 0);
        let within: Vec<u64> = (0..strings).collect();
        expect(&file, "specifier", specifier, &within, &[Schema]);
        let beyond = [strings, strings + 1, 1 << 31, STAR_DEFAULT - 1];
        expect(&file, "specifier", specifier, &beyond, &[Bounds]);
        let constants = [NONE, STAR_DEFAULT, STAR_NAMESPACE];
        expect(&file, "specifier", specifier, &constants, &[Schema]);
        let attributes = file.item(Array::Requests, index, 4);
        expect(
            &file,
            "attributes",
            attributes,
            &[0, 1, 2, 3, 4],
            &[Attributes],
        );
        expect(
            &file,
            "attributes",
            attributes,
            &[5, 0x100, NONE],
            &[Schema],
        );
        let phase = file.item(Array::Requests, index, 8);
        expect(&file, "phase", phase, &[1, 2, NONE], &[Schema]);
    }
}

#[test]
fn imports() {
    let file = File::sample();
    let strings = file.count(Array::Strings) as u64;
    for index in 0..file.count(Array::Imports) {
        let kind = file.item(Array::Imports, index, 0);
        expect(&file, "type", kind, &[2, 3, NONE], &[Schema]);
        for offset in [4, 8, 12] {
            let name = file.item(Array::Imports, index, offset);
            let beyond = [strings, 1 << 31, STAR_DEFAULT - 1];
            expect(&file, "name", name, &beyond, &[Bounds]);
            // Any other string either cannot stand there or moves the first use of the one that should.
            let within: Vec<u64> = (0..strings).collect();
            if offset == 4 {
                let module = file.get(name);
                let others: Vec<u64> = within.iter().copied().filter(|it| *it >= 5).collect();
                expect(&file, "module", name, &others, &[Schema]);
                assert!(module < 5);
            }
        }
        for offset in [4, 12] {
            let name = file.item(Array::Imports, index, offset);
            let constants = [NONE, STAR_DEFAULT, STAR_NAMESPACE];
            expect(&file, "name", name, &constants, &[Schema]);
        }
    }
    // The single import's name is a string, the namespace's may be anything.
    let single = file.item(Array::Imports, 0, 8);
    expect(
        &file,
        "import name",
        single,
        &[NONE, STAR_DEFAULT, STAR_NAMESPACE],
        &[Schema],
    );
    let namespace = file.item(Array::Imports, 1, 8);
    for name in [NONE, STAR_DEFAULT, STAR_NAMESPACE] {
        assert!(file.with(namespace, name).signed().read().is_ok());
    }
}

#[test]
fn exports() {
    let file = File::sample();
    let strings = file.count(Array::Strings) as u64;
    let kinds = [0u64, 0, 1, 2];
    for (index, kind) in kinds.into_iter().enumerate() {
        let field = |offset| file.item(Array::Exports, index, offset);
        assert_eq!(file.get(field(0)), kind);
        // Another type has other names.
        expect(
            &file,
            "type",
            field(0),
            &[0, 1, 2, 3, NONE],
            &[Schema, Bounds],
        );
        for offset in [4, 8, 12, 16] {
            let constant = file.get(field(offset)) >= STAR_DEFAULT;
            let beyond = [strings, 1 << 31, STAR_DEFAULT - 1];
            let reason = if constant && (offset != 16 || kind != 0) {
                Schema
            } else {
                Bounds
            };
            expect(&file, "name", field(offset), &beyond, &[reason]);
            let constants = [STAR_NAMESPACE, NONE];
            expect(&file, "name", field(offset), &constants, &[Schema]);
            if offset != 16 || kind != 0 {
                expect(&file, "name", field(offset), &[STAR_DEFAULT], &[Schema]);
            }
        }
    }
}

#[test]
fn stars() {
    let file = File::sample();
    let strings = file.count(Array::Strings) as u64;
    let star = file.item(Array::Stars, 1, 0);
    assert_eq!(file.get(file.item(Array::Stars, 0, 0)), 0);
    expect(&file, "star", star, &[0], &[Schema]);
    let others: Vec<u64> = (5..strings).collect();
    expect(&file, "star", star, &others, &[Schema]);
    expect(&file, "star", star, &[strings, 1 << 31], &[Bounds]);
    expect(
        &file,
        "star",
        star,
        &[NONE, STAR_DEFAULT, STAR_NAMESPACE],
        &[Schema],
    );
}

#[test]
fn variables() {
    let file = File::sample();
    let strings = file.count(Array::Strings) as u64;
    for (array, known) in [
        (Array::Declared, 15),
        (Array::Lexical, 15),
        (Array::DeclaredPrivate, 4),
        (Array::LexicalPrivate, 4),
    ] {
        for index in 0..file.count(array) {
            let traits = file.item(array, index, 4);
            expect(
                &file,
                "traits",
                traits,
                &[1 << known, 1 << 16, 1 << 31, NONE],
                &[Schema],
            );
            for bit in 0..known {
                assert!(file.with(traits, 1 << bit).signed().read().is_ok());
            }
            let name = file.item(array, index, 0);
            expect(&file, "name", name, &[strings, 1 << 31], &[Bounds]);
            expect(&file, "name", name, &[NONE, STAR_NAMESPACE], &[Schema]);
            if matches!(array, Array::DeclaredPrivate | Array::LexicalPrivate) {
                expect(&file, "name", name, &[STAR_DEFAULT], &[Schema]);
            }
        }
    }
    let twice = file.get(file.item(Array::Lexical, 1, 0));
    expect(
        &file,
        "name",
        file.item(Array::Lexical, 2, 0),
        &[twice, STAR_DEFAULT],
        &[Schema],
    );
    let twice = file.get(file.item(Array::LexicalPrivate, 0, 0));
    expect(
        &file,
        "name",
        file.item(Array::LexicalPrivate, 1, 0),
        &[twice],
        &[Schema],
    );
}
