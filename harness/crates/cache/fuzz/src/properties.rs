//! What must be true of any bytes. A violation is a panic.

use jsc_module_cache::format::layout::{CHECKSUM_OFFSET, checksum};
use jsc_module_cache::format::v1::{FileV1, MagicOrder};
use jsc_module_cache::pack::{self, PackModule, PackParts, VerifiedPack};
use jsc_module_cache::record::Record;
use jsc_module_cache::{
    Digest, EntryBytes, EntryParts, Expected, validate, validate_standalone, write,
};
use crate::pack_seeds;

/// Reads `bytes` as a file of format 2. When it is taken, its record has no other image, it is taken again when exactly
/// it is expected, and writing its parts gives it back, unless it has sections that were skipped. Says whether it was
/// taken.
pub fn format_v2(bytes: &[u8]) -> bool {
    let copy = || EntryBytes::copy_of(bytes).expect("memory");
    let Ok(entry) = validate_standalone(copy()) else {
        return false;
    };
    let record = entry.record();
    assert_eq!(
        record.encode().expect("a record that was read"),
        entry.image()
    );
    assert!(entry.image().as_ptr().addr().is_multiple_of(16));
    assert!(entry.bytecode().as_ptr().addr().is_multiple_of(16));
    let identity = entry.identity();
    let expected = Expected {
        identity: &identity,
        module_key: entry.module_key(),
        source_hash: entry.source_hash(),
        source_length: entry.source_length(),
    };
    validate(copy(), &expected).expect("what was taken is taken again");
    if entry.sections().len() == 3 {
        let parts = EntryParts {
            identity: &identity,
            module_key: entry.module_key(),
            source_hash: entry.source_hash(),
            source_length: entry.source_length(),
            source_units: entry.source_units(),
            source_text_hash: entry.source_text_hash(),
            source_is_8bit: entry.source_is_8bit(),
            image: entry.image(),
            bytecode: entry.bytecode(),
        };
        let written = write(&parts).expect("what was read can be written");
        assert_eq!(written.as_bytes(), bytes);
    }
    true
}

/// Reads `bytes` as a file of format 1: what is taken is written the same, except the magic.
pub fn format_v1(bytes: &[u8]) -> bool {
    let Ok(file) = FileV1::read(bytes) else {
        return false;
    };
    let written = file.write().expect("what was read can be written");
    assert_eq!(&written[4..], &bytes[4..]);
    assert_eq!(file.magic == MagicOrder::Bmes, bytes[..4] == written[..4]);
    true
}

/// Reads `bytes` as a pack. When it is taken, all that the engine is given lies where it may, every index leads to
/// something, and writing its parts gives a pack with the same parts. Says whether it was taken.
pub fn graph_pack(bytes: &[u8]) -> bool {
    let copy = EntryBytes::copy_of(bytes).expect("memory");
    let (identity, entry) = (pack_seeds::identity(), pack_seeds::ENTRY_KEY);
    let Ok(pack) = pack::validate(copy, &identity, entry) else {
        return false;
    };
    assert_eq!(pack.as_bytes(), bytes);
    let keys = pack::keys(pack.graph_image()).expect("a graph that was read");
    assert_eq!(keys.len(), pack.len());
    for (index, (key, kind)) in keys.iter().enumerate() {
        assert_eq!(key, pack.key(index));
        assert!(pack.edges(index).all(|it| it < pack.len()));
        let (image, bytecode) = (pack.record_image(index), pack.bytecode(index));
        assert_eq!(pack.source(index).is_json, *kind == pack::layout::KIND_JSON);
        if pack.source(index).is_json {
            assert!(image.is_empty() && bytecode.is_empty());
            continue;
        }
        let record = Record::read(image).expect("a record that was read");
        assert_eq!(record.requests.len(), pack.edges(index).count());
        assert_eq!(record.encode().expect("the same record"), image);
        assert!(image.as_ptr().addr().is_multiple_of(8));
        assert!(bytecode.as_ptr().addr().is_multiple_of(16) && !bytecode.is_empty());
    }
    assert_eq!(keys.last().map(|it| it.0.as_str()), Some(entry));
    let written = write_again(&pack);
    assert_eq!(parts_of(&written), parts_of(&pack));
    assert_eq!(written.as_bytes().len(), bytes.len());
    assert_eq!(write_again(&written).as_bytes(), written.as_bytes());
    true
}

fn write_again(pack: &VerifiedPack) -> VerifiedPack {
    let modules: Vec<PackModule> = (0..pack.len())
        .map(|index| {
            let source = pack.source(index);
            PackModule {
                source_hash: source.hash,
                source_length: source.length,
                status: source.status,
                source_units: source.units,
                source_text_hash: source.text_hash,
                source_is_8bit: source.is_8bit,
                image: pack.record_image(index).to_vec(),
                bytecode: pack.bytecode(index).to_vec(),
            }
        })
        .collect();
    let parts = PackParts {
        identity: &pack_seeds::identity(),
        payload: pack.payload(),
        entry_key: pack_seeds::ENTRY_KEY,
        root: None,
        graph: pack.graph_image(),
        modules: &modules,
        packages: pack.packages(),
        texts: pack.texts(),
    };
    pack::write(&parts).expect("what was read can be written")
}

type Part<'a> = (&'a str, pack::PackSource, &'a [u8], &'a [u8], Vec<usize>);

fn parts_of(pack: &VerifiedPack) -> (pack::Payload, &[u8], Vec<Part<'_>>) {
    let part = |index| {
        (
            pack.key(index),
            pack.source(index),
            pack.record_image(index),
            pack.bytecode(index),
            pack.edges(index).collect(),
        )
    };
    (
        pack.payload(),
        pack.graph_image(),
        (0..pack.len()).map(part).collect(),
    )
}

/// Puts the right length and checksum into a pack.
pub fn sign_pack(bytes: &mut [u8]) {
    let length = bytes.len() as u64;
    if let Some(field) = bytes.get_mut(16..24) {
        field.copy_from_slice(&length.to_le_bytes());
    }
    if let Some(checked) = bytes.get(pack::layout::CHECKED_FROM..) {
        let checksum = Digest::of(checked);
        bytes[pack::layout::CHECKSUM_OFFSET..][..16].copy_from_slice(checksum.as_bytes());
    }
}

/// Puts the right length and checksum into a file of format 2.
pub fn sign(bytes: &mut [u8]) {
    let length = bytes.len() as u64;
    if let Some(field) = bytes.get_mut(16..24) {
        field.copy_from_slice(&length.to_le_bytes());
    }
    if let Some(checksum) = checksum(bytes) {
        bytes[CHECKSUM_OFFSET..][..16].copy_from_slice(checksum.as_bytes());
    }
}
