//! Every word of a record image, changed on its own.

use jsc_module_cache::MissReason::*;

use crate::field_map::{Array, File, header};
use crate::mutation::{NONE, STAR_DEFAULT, STAR_NAMESPACE, expect};

/// The exhaustive part: every word of the record with every interesting value. What is taken must be the one image of
/// its record.
#[test]
fn every_word_of_the_record() {
    let file = File::sample();
    let mut taken = 0;
    for offset in (file.image..file.image_end).step_by(4) {
        let field = header(offset, 4);
        let was = file.get(field);
        let mut values: Vec<u64> = (0..40).chain((0..32).map(|bit| was ^ 1 << bit)).collect();
        values.extend([
            was + 1,
            was.wrapping_sub(1),
            NONE,
            STAR_DEFAULT,
            STAR_NAMESPACE,
        ]);
        for value in values {
            let changed = file.with(field, value & NONE).signed();
            match changed.read() {
                Ok(entry) => {
                    taken += 1;
                    assert_eq!(entry.record().encode().unwrap(), entry.image(), "{offset}");
                }
                Err(miss) => assert!(
                    matches!(
                        miss.reason,
                        Bounds | Schema | String | Dependencies | Attributes
                    ),
                    "{offset}: {miss}"
                ),
            }
        }
    }
    // Traits, features, flags and characters of names may be others.
    assert!(taken > 100, "{taken}");
}

#[test]
fn characters_of_a_specifier_are_the_dependencies() {
    let file = File::sample();
    let first = file.item(Array::Characters, 0, 0);
    expect(
        &file,
        "character",
        first,
        &[u64::from(b'x')],
        &[Dependencies],
    );
}

#[test]
fn padding_of_the_characters_is_zero() {
    let file = File::sample();
    let end = file.item(Array::Characters, file.count(Array::Characters) - 1, 0);
    for offset in end.offset + 1..file.image_end {
        expect(&file, "padding", header(offset, 1), &[1, 0xFF], &[Schema]);
    }
    // "./ünï.js" and "./data.json" leave an odd offset before "./日本.js".
    let string = file.get(file.item(Array::Strings, 3, 0)) as usize;
    let before = file.item(Array::Strings, 2, 0);
    let end = file.get(before) + file.get(file.item(Array::Strings, 2, 4));
    assert_eq!(string as u64, end + 1, "the sample has a gap here");
    let gap = file.item(Array::Characters, string - 1, 0);
    expect(&file, "gap", gap, &[1], &[Schema]);
}
