//! A mutator that knows where the fields of format 2 are.

use jsc_module_cache::format::layout::HEADER_SIZE;
use jsc_module_cache::format::{attributes_digest, requests_digest};
use crate::properties::sign;

/// Changes a file a little, then mostly makes length, digests and checksum right again. The same seed makes the same
/// changes. The file grows to at most `max` bytes.
pub fn mutate(file: &mut Vec<u8>, seed: u64, max: usize) {
    let mut random = Random(seed);
    if file.len() < HEADER_SIZE + 72 {
        let seeds = crate::seeds::format_v2();
        *file = seeds[random.below(seeds.len())].clone();
    }
    for _ in 0..=random.below(4) {
        one(file, &mut random, max);
    }
    if random.below(16) != 0 {
        put_digests(file);
    }
    if random.below(16) != 0 {
        sign(file);
    }
}

fn one(file: &mut Vec<u8>, random: &mut Random, max: usize) {
    match random.below(10) {
        // A field of the header or of the section table.
        0 => set_word(file, random, 0, HEADER_SIZE + 96),
        // Any byte.
        1 => {
            let place = random.below(file.len().max(1));
            if let Some(byte) = file.get_mut(place) {
                *byte = random.next() as u8;
            }
        }
        // Items in or out of the record, with its length and what follows put right.
        2 | 3 => resize_record(file, random, max),
        // Two words of the record change places, or one is copied.
        4 | 5 => {
            if let Some((start, words)) = record_words(file) {
                let (a, b) = (random.below(words), random.below(words));
                let (a, b) = (start + 4 * a, start + 4 * b);
                let (from, to) = (word(file, a), word(file, b));
                put_word(file, b, from);
                if random.below(2) == 0 {
                    put_word(file, a, to);
                }
            }
        }
        // A word of the record.
        _ => {
            if let Some((start, words)) = record_words(file) {
                set_word(file, random, start, start + 4 * words);
            }
        }
    }
}

/// Gives a word of `start..end` a value that is odd in one way or another.
pub(crate) fn set_word(file: &mut [u8], random: &mut Random, start: usize, end: usize) {
    let words = end.min(file.len()).saturating_sub(start) / 4;
    if words == 0 {
        return;
    }
    let place = start + 4 * random.below(words);
    let was = u32::from_le_bytes(word(file, place));
    let value = match random.below(8) {
        0 => random.below(24) as u32,
        1 => was.wrapping_add(1),
        2 => was.wrapping_sub(1),
        3 => was ^ 1 << random.below(32),
        4 => u32::MAX - random.below(4) as u32,
        5 => was.wrapping_add(random.below(64) as u32).wrapping_sub(32),
        6 => [1 << 31, 1 << 30, 1 << 16, 0xFFFF, 8, 16][random.below(6)],
        _ => random.next() as u32,
    };
    put_word(file, place, value.to_le_bytes());
}

/// Inserts or removes a few words of the record; often adjusts a count by as many items.
fn resize_record(file: &mut Vec<u8>, random: &mut Random, max: usize) {
    let Some((start, words)) = record_words(file) else {
        return;
    };
    let size = 8 * (1 + random.below(3));
    let place = start + 4 * random.below(words);
    let grow = random.below(2) == 0;
    if grow && file.len() + size > max || !grow && 4 * words < size + 64 {
        return;
    }
    if grow {
        let from = start + 4 * random.below(words);
        let chunk: Vec<u8> = (from..from + size)
            .map(|it| file.get(it).copied().unwrap_or(0))
            .collect();
        file.splice(place..place, chunk);
    } else {
        let end = (place + size).min(start + 4 * words);
        file.drain(end - size..end);
    }
    let change = if grow { size as i64 } else { -(size as i64) };
    adjust(file, HEADER_SIZE + 24 + 16, change);
    realign(file, change);
    if random.below(4) != 0 {
        let item_sizes = [8, 12, 16, 20, 4, 8, 8, 8, 8, 1];
        let array = random.below(item_sizes.len());
        let count = start + 8 + 4 * array;
        let items = (size / item_sizes[array]) as u32;
        let was = u32::from_le_bytes(word(file, count));
        let now = if grow {
            was.wrapping_add(items)
        } else {
            was.wrapping_sub(items)
        };
        put_word(file, count, now.to_le_bytes());
    }
}

/// Moves the bytecode to where it belongs behind a record whose length changed by `change`.
fn realign(file: &mut Vec<u8>, change: i64) {
    let Some((record, length)) = section(file, 1) else {
        return;
    };
    let Some((bytecode, _)) = section(file, 2) else {
        return;
    };
    let moved = (bytecode as i64 + change).max(0) as usize;
    let place = (record + length).next_multiple_of(16);
    if moved > file.len() || record + length > moved.min(file.len()) {
        return;
    }
    file.splice(
        record + length..moved,
        std::iter::repeat_n(0, place - record - length),
    );
    adjust(file, HEADER_SIZE + 48 + 8, place as i64 - bytecode as i64);
}

fn put_digests(file: &mut [u8]) {
    let Some((start, length)) = section(file, 1) else {
        return;
    };
    let Some(image) = file.get(start..start + length) else {
        return;
    };
    if let (Ok(requests), Ok(attributes)) = (requests_digest(image), attributes_digest(image)) {
        let digests = [*requests.as_bytes(), *attributes.as_bytes()];
        file[116..148].copy_from_slice(digests.as_flattened());
    }
}

/// Where the words of the record are, and how many.
fn record_words(file: &[u8]) -> Option<(usize, usize)> {
    let (start, length) = section(file, 1)?;
    (length >= 64 && start + length <= file.len()).then_some((start, length / 4))
}

/// Offset and length of a section, when they are in reach.
fn section(file: &[u8], index: usize) -> Option<(usize, usize)> {
    let line = file.get(HEADER_SIZE + 24 * index..)?;
    let offset = u64::from_le_bytes(*line.get(8..)?.first_chunk()?);
    let length = u64::from_le_bytes(*line.get(16..)?.first_chunk()?);
    (offset < 1 << 30 && length < 1 << 30).then_some((offset as usize, length as usize))
}

fn adjust(file: &mut [u8], place: usize, change: i64) {
    if let Some(field) = file.get_mut(place..place + 8) {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(field);
        let value = u64::from_le_bytes(bytes).wrapping_add_signed(change);
        field.copy_from_slice(&value.to_le_bytes());
    }
}

/// Zeros beyond the end.
pub(crate) fn word(file: &[u8], place: usize) -> [u8; 4] {
    file.get(place..)
        .and_then(|rest| rest.first_chunk())
        .copied()
        .unwrap_or_default()
}

/// Nothing beyond the end.
pub(crate) fn put_word(file: &mut [u8], place: usize, word: [u8; 4]) {
    if let Some(field) = file.get_mut(place..place + 4) {
        field.copy_from_slice(&word);
    }
}

/// Adds to a word, which wraps.
pub(crate) fn adjust_word(file: &mut [u8], place: usize, by: i32) {
    let was = u32::from_le_bytes(word(file, place));
    put_word(file, place, was.wrapping_add_signed(by).to_le_bytes());
}

/// SplitMix64: small, and good enough for choosing.
pub struct Random(pub u64);

impl Random {
    /// The next number.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ value >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ value >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ value >> 31
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}
