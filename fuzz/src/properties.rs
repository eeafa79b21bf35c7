//! What must be true of any bytes. A violation is a panic.

use crate::cache::format::layout::{CHECKSUM_OFFSET, checksum};
use crate::cache::format::v1::{FileV1, MagicOrder};
use crate::cache::{EntryBytes, EntryParts, Expected, validate, validate_standalone, write};

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

/// Reads `bytes` as a file of format 1: what is taken is written the same, but for the magic.
pub fn format_v1(bytes: &[u8]) -> bool {
    let Ok(file) = FileV1::read(bytes) else {
        return false;
    };
    let written = file.write().expect("what was read can be written");
    assert_eq!(&written[4..], &bytes[4..]);
    assert_eq!(file.magic == MagicOrder::Bmes, bytes[..4] == written[..4]);
    true
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
