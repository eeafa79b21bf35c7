//! What is written is read: records, files of both versions. And what is read is what is written: a valid image is the
//! only image of its record.

use jsc_module_cache::format::v1::FileV1;
use jsc_module_cache::record::Record;
use jsc_module_cache::{
    EntryBytes, EntryParts, Expected, SourceHash, validate, validate_image, validate_standalone,
    write,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::strategies::{any_record, valid_record};
use testing::samples;

proptest! {
    #[test]
    fn a_record_survives_its_image(record in valid_record()) {
        let image = record.encode().unwrap();
        prop_assert_eq!(image.len() % 8, 0);
        prop_assert_eq!(Record::read(&image).unwrap(), record);
    }

    #[test]
    fn an_image_that_is_taken_is_the_only_one_of_its_record(record in any_record()) {
        let image = record.encode_unchecked().unwrap();
        if validate_image(&image).is_ok() {
            let read = Record::read(&image).unwrap();
            prop_assert_eq!(&read, &record);
            prop_assert_eq!(read.encode().unwrap(), image);
        }
    }

    #[test]
    fn any_bytes_are_no_image_and_no_panic(
        mut bytes in vec(prop_oneof![Just(0u8), 0u8..4, any::<u8>()], 0..400),
        plausible in any::<bool>(),
    ) {
        if plausible && bytes.len() >= 64 {
            // Counts that could fit, so that what is behind them is looked at.
            for count in bytes[8..48].chunks_mut(4) {
                count[1..].fill(0);
                count[0] %= 4;
            }
            bytes[48..64].fill(0);
        }
        if validate_image(&bytes).is_ok() {
            prop_assert_eq!(Record::read(&bytes).unwrap().encode().unwrap(), bytes);
        }
    }

    #[test]
    fn an_entry_survives_its_file(
        record in valid_record(),
        key in "file:///.{1,20}",
        source in vec(any::<u8>(), 0..100),
        bytecode in vec(any::<u8>(), 1..100),
        is_8bit in any::<bool>(),
        text_hash in any::<u32>(),
    ) {
        let identity = samples::identity();
        let image = record.encode().unwrap();
        let parts = EntryParts {
            identity: &identity,
            module_key: &key,
            source_hash: SourceHash::of(&source),
            source_length: source.len() as u64,
            source_units: source.len() as u32,
            source_text_hash: text_hash,
            source_is_8bit: is_8bit,
            image: &image,
            bytecode: &bytecode,
        };
        let written = write(&parts).unwrap();
        let again = write(&parts).unwrap();
        prop_assert_eq!(written.as_bytes(), again.as_bytes());

        let expected = Expected {
            identity: &identity,
            module_key: &key,
            source_hash: SourceHash::of(&source),
            source_length: source.len() as u64,
        };
        let read = validate(EntryBytes::copy_of(written.as_bytes()).unwrap(), &expected).unwrap();
        prop_assert_eq!(read.module_key(), key);
        prop_assert_eq!(read.image(), image);
        prop_assert_eq!(read.bytecode(), bytecode);
        prop_assert_eq!(read.record(), record);
        prop_assert_eq!(read.source_units() as usize, source.len());
        prop_assert_eq!(read.source_text_hash(), text_hash);
        prop_assert_eq!(read.source_is_8bit(), is_8bit);
        prop_assert_eq!(read.identity(), identity);
        prop_assert_eq!(read.image().as_ptr().addr() % 16, 0);
        prop_assert_eq!(read.bytecode().as_ptr().addr() % 16, 0);
    }

    #[test]
    fn any_bytes_are_no_file_and_no_panic(bytes in vec(any::<u8>(), 0..600)) {
        prop_assert!(validate_standalone(EntryBytes::copy_of(&bytes).unwrap()).is_err());
        let _ = FileV1::read(&bytes);
    }

    #[test]
    fn version_1_survives(record in valid_record(), bytecode in vec(any::<u8>(), 0..50)) {
        match FileV1::from_record(&record, &bytecode) {
            Ok(file) => {
                let bytes = file.write().unwrap();
                prop_assert_eq!(&bytes[..8], b"BMES\x01\0\0\0");
                prop_assert_eq!(FileV1::read(&bytes).unwrap(), file);
            }
            Err(miss) => {
                let lone = record.requests.iter().any(|it| it.specifier.to_utf8().is_none());
                prop_assert!(lone, "{}", miss);
            }
        }
    }
}

#[test]
fn what_no_reader_takes_is_not_written() {
    let identity = samples::identity();
    let image = samples::record().encode().unwrap();
    let mut wrong = samples::parts(&identity, &image);
    wrong.source_units = samples::SOURCE.len() as u32 + 1;
    let error = write(&wrong).unwrap_err();
    assert!(
        error.to_string().contains("schema: 50 code units"),
        "{error}"
    );

    let mut record = samples::record();
    record.requests[0].phase = 1;
    let image = record.encode_unchecked().unwrap();
    let error = write(&samples::parts(&identity, &image)).unwrap_err();
    assert!(error.to_string().contains("unknown phase 1"), "{error}");

    let image = samples::record().encode().unwrap();
    for bytecode in [&b""[..], &[1]] {
        let mut parts = samples::parts(&identity, &image);
        parts.bytecode = bytecode;
        assert_eq!(write(&parts).is_ok(), !bytecode.is_empty());
    }
}
