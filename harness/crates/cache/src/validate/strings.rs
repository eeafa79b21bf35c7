//! A table of strings: where their characters are, in which form, and that no string occurs twice.

use xxhash_rust::xxh3::xxh3_64;

use crate::Miss;
use crate::format::{ImageString, StringTable};
use crate::miss::miss;

use super::names::{EMPTY, ILL_FORMED, Marks};

/// Most records have no more strings than this; what is noted of theirs needs no allocation.
pub(super) const FEW: usize = 64;

/// Checks every string and notes in `marks` what its content rules out.
pub fn check(view: StringTable<'_>, marks: &mut Marks<'_>) -> Result<(), Miss> {
    let mut few = [0; 2 * FEW];
    let mut many = Vec::new();
    let mut seen = Seen::new(if view.strings.len() <= FEW {
        &mut few
    } else {
        many.resize((2 * view.strings.len()).next_power_of_two(), 0);
        &mut many
    });
    let mut end = 0;
    for (index, string) in view.strings.iter().enumerate() {
        let characters = characters(view, index, *string, end)?;
        end = string.offset.get() as usize + characters.len();
        if string.is_16_bit() {
            let content = Content::of(characters);
            if content.fits_8_bits {
                return Err(miss!(
                    String,
                    "string {index} has 2 bytes a unit, and its units fit into 1"
                ));
            }
            if content.ill_formed {
                marks.set(index, ILL_FORMED);
            }
        } else if characters.is_empty() {
            marks.set(index, EMPTY);
        }
        if let Some(first) = seen.insert(view, index, characters) {
            return Err(miss!(String, "strings {first} and {index} are the same"));
        }
    }
    if end != view.characters.len() {
        return Err(miss!(
            Bounds,
            "strings end at {end}, the characters at {}",
            view.characters.len()
        ));
    }
    Ok(())
}

/// The characters of a string that stands right behind the one that ended at `end`.
fn characters<'a>(
    view: StringTable<'a>,
    index: usize,
    string: ImageString,
    end: usize,
) -> Result<&'a [u8], Miss> {
    let start = if string.is_16_bit() {
        end.next_multiple_of(2)
    } else {
        end
    };
    let offset = string.offset.get();
    if offset as usize != start {
        return Err(miss!(
            Bounds,
            "characters of string {index} are at {offset}, their place is {start}"
        ));
    }
    let characters = start
        .checked_add(string.bytes() as usize)
        .and_then(|end| view.characters.get(start..end))
        .ok_or_else(|| {
            miss!(
                Bounds,
                "string {index} has {} bytes at {start} of {}",
                string.bytes(),
                view.characters.len()
            )
        })?;
    if view.characters[end..start].iter().any(|byte| *byte != 0) {
        return Err(miss!(Schema, "padding before string {index} is not zero"));
    }
    Ok(characters)
}

/// What 16-bit characters are.
struct Content {
    /// The string should have been an 8-bit one.
    fits_8_bits: bool,
    /// It has a surrogate without its partner.
    ill_formed: bool,
}

impl Content {
    fn of(characters: &[u8]) -> Self {
        let units = || {
            characters
                .as_chunks()
                .0
                .iter()
                .map(|it| u16::from_le_bytes(*it))
        };
        Self {
            fits_8_bits: units().all(|unit| unit <= 0xFF),
            ill_formed: char::decode_utf16(units()).any(|it| it.is_err()),
        }
    }
}

/// The strings seen so far: an open hash table, at most half full, each slot the upper half of a hash and an index
/// counted from 1.
struct Seen<'a> {
    slots: &'a mut [u64],
    mask: usize,
}

impl<'a> Seen<'a> {
    /// `slots` are zeros, a power of two of them.
    fn new(slots: &'a mut [u64]) -> Self {
        let mask = slots.len() - 1;
        Self { slots, mask }
    }

    /// Adds a string, or gives the index of the one that equals it.
    fn insert(&mut self, view: StringTable<'_>, index: usize, characters: &[u8]) -> Option<usize> {
        const UPPER: u64 = 0xFFFF_FFFF_0000_0000;
        let hash = xxh3_64(characters);
        let mut place = hash as usize & self.mask;
        loop {
            let slot = self.slots[place];
            if slot == 0 {
                self.slots[place] = hash & UPPER | (index as u64 + 1);
                return None;
            }
            if (slot ^ hash) & UPPER == 0 {
                let other = (slot & !UPPER) as usize - 1;
                let same_form = view.strings[other].is_16_bit() == view.strings[index].is_16_bit();
                if same_form && view.characters_of(view.strings[other]) == characters {
                    return Some(other);
                }
            }
            place = (place + 1) & self.mask;
        }
    }
}
