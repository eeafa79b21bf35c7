//! Format version 1, byte for byte.

use jsc_module_cache::MissReason;
use jsc_module_cache::MissReason::*;
use jsc_module_cache::format::v1::{
    ExportKindV1, ExportV1, FileV1, ImportKindV1, ImportV1, MagicOrder, RequestV1,
};

use testing::samples;

/// One of everything, written by hand from the description of the format.
fn by_hand() -> Vec<u8> {
    let mut bytes = b"BMES".to_vec();
    let number = |bytes: &mut Vec<u8>, it: u32| bytes.extend(it.to_le_bytes());
    let string = |bytes: &mut Vec<u8>, it: &str| {
        bytes.extend((it.len() as u32).to_le_bytes());
        bytes.extend(it.as_bytes());
    };
    number(&mut bytes, 1);
    number(&mut bytes, 2);
    string(&mut bytes, "./a.js");
    number(&mut bytes, 0);
    string(&mut bytes, "./é.json");
    number(&mut bytes, 1);
    number(&mut bytes, 1);
    string(&mut bytes, "type");
    string(&mut bytes, "json");
    number(&mut bytes, 1);
    number(&mut bytes, 1);
    string(&mut bytes, "./a.js");
    string(&mut bytes, "x");
    string(&mut bytes, "y");
    number(&mut bytes, 1);
    number(&mut bytes, 2);
    string(&mut bytes, "all");
    string(&mut bytes, "./a.js");
    string(&mut bytes, "");
    string(&mut bytes, "");
    number(&mut bytes, 1);
    string(&mut bytes, "./a.js");
    number(&mut bytes, 3);
    bytes.extend(b"\x01\x02\x03");
    bytes
}

fn in_types() -> FileV1 {
    FileV1 {
        magic: MagicOrder::Bmes,
        requests: vec![
            RequestV1 {
                specifier: "./a.js".into(),
                attributes: None,
            },
            RequestV1 {
                specifier: "./é.json".into(),
                attributes: Some(vec![("type".into(), "json".into())]),
            },
        ],
        imports: vec![ImportV1 {
            kind: ImportKindV1::SingleTypeScript,
            module_request: "./a.js".into(),
            import_name: "x".into(),
            local_name: "y".into(),
        }],
        exports: vec![ExportV1 {
            kind: ExportKindV1::Namespace,
            export_name: "all".into(),
            module_name: "./a.js".into(),
            import_name: "".into(),
            local_name: "".into(),
        }],
        stars: vec!["./a.js".into()],
        bytecode: vec![1, 2, 3],
    }
}

fn reason(bytes: &[u8]) -> Option<MissReason> {
    FileV1::read(bytes).err().map(|miss| miss.reason)
}

#[test]
fn it_is_as_described() {
    assert_eq!(in_types().write().unwrap(), by_hand());
    assert_eq!(FileV1::read(&by_hand()).unwrap(), in_types());
}

#[test]
fn both_magics_are_read_and_one_is_written() {
    let mut bytes = by_hand();
    bytes[..4].copy_from_slice(&0x424D_4553u32.to_le_bytes());
    let file = FileV1::read(&bytes).unwrap();
    assert_eq!(file.magic, MagicOrder::Semb);
    assert_eq!(file.write().unwrap(), by_hand());
}

#[test]
fn damage_is_named() {
    let good = by_hand();
    for length in 0..good.len() {
        let found = reason(&good[..length]);
        assert!(
            matches!(found, Some(Truncated | Bounds)),
            "{length}: {found:?}"
        );
    }
    assert_eq!(reason(&[&good[..], &[0]].concat()), Some(Length));
    let with = |offset: usize, value: u32| {
        let mut bytes = good.clone();
        bytes[offset..][..4].copy_from_slice(&value.to_le_bytes());
        reason(&bytes)
    };
    assert_eq!(with(0, 7), Some(Magic));
    assert_eq!(with(4, 2), Some(Format));
    assert_eq!(with(8, u32::MAX), Some(Bounds));
    assert_eq!(with(12, u32::MAX), Some(Bounds));
    assert_eq!(with(22, 2), Some(Schema));
    let mut bytes = good.clone();
    bytes[16] = 0xFF;
    assert_eq!(reason(&bytes), Some(String));
    for offset in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[offset] ^= 1 << bit;
            // No checksum: damage may go unnoticed, but never reads as anything but itself.
            if let Ok(file) = FileV1::read(&bytes) {
                assert_eq!(file.write().unwrap(), bytes);
            }
        }
    }
}

#[test]
fn a_record_that_utf8_cannot_hold_is_refused() {
    let mut record = samples::record();
    let miss = FileV1::from_record(&record, &[]).unwrap_err();
    assert_eq!(miss.reason, String);
    assert!(miss.detail.contains("cannot be written as v1"), "{miss}");

    record.requests.pop();
    let file = FileV1::from_record(&record, b"code").unwrap();
    assert_eq!(file.exports[0].local_name, "*default*");
    assert_eq!(file.imports[1].import_name, "*namespace*");
    assert_eq!(
        file.requests[1].attributes,
        Some(vec![("type".into(), "json".into())])
    );
    assert_eq!(FileV1::read(&file.write().unwrap()).unwrap(), file);
}
