//! A mutator that knows where the fields of a pack are.

use jsc_module_cache::pack::layout::{ALIGNMENT, HEADER_SIZE, PackEntry, SECTIONS};
use crate::mutate::{Random, adjust_word, put_word, set_word, word};
use crate::properties::sign_pack;

const TABLE: usize = 16 * SECTIONS;
const GRAPH: usize = 0;
const EXPORTS: usize = 1;
const MODULES: usize = 2;
const RECORDS: usize = 3;
const BYTECODE: usize = 4;
const ENTRY: usize = size_of::<PackEntry>();
/// Where an entry has the lengths of its record and of its bytecode.
const RECORD_LENGTH: usize = 68;
const BYTECODE_LENGTH: usize = 80;

/// Changes a pack a little, mostly keeping it in a shape of which more than the checksum is looked at. The same seed makes
/// the same changes. The file grows to at most `max` bytes.
pub fn mutate(file: &mut Vec<u8>, seed: u64, max: usize) {
    let mut random = Random(seed);
    let mut parts = match Parts::split(file) {
        Some(parts) => parts,
        None => {
            let seeds = crate::pack_seeds::packs();
            *file = seeds[random.below(seeds.len())].clone();
            match Parts::split(file) {
                Some(parts) => parts,
                None => return,
            }
        }
    };
    for _ in 0..=random.below(4) {
        parts.change(&mut random);
    }
    let joined = parts.join();
    if joined.len() <= max {
        *file = joined;
    }
    // What only shows in the file as a whole.
    match random.below(12) {
        0 => set_word(file, &mut random, 0, HEADER_SIZE + TABLE),
        1 => {
            let place = random.below(file.len());
            file[place] = random.next() as u8;
        }
        _ => {}
    }
    if random.below(16) != 0 {
        sign_pack(file);
    }
}

/// A pack, cut into its sections.
struct Parts {
    header: Vec<u8>,
    sections: [Vec<u8>; SECTIONS],
}

impl Parts {
    fn split(file: &[u8]) -> Option<Self> {
        let header = file.get(..HEADER_SIZE)?.to_vec();
        let mut sections = [const { Vec::new() }; SECTIONS];
        for (index, section) in sections.iter_mut().enumerate() {
            let line = file.get(HEADER_SIZE + 16 * index..)?;
            let offset = usize::try_from(u64::from_le_bytes(*line.first_chunk()?)).ok()?;
            let length = u64::from_le_bytes(*line.get(8..)?.first_chunk()?);
            let length = usize::try_from(length).ok()?;
            *section = file.get(offset..offset.checked_add(length)?)?.to_vec();
        }
        (sections[GRAPH].len() >= 32).then_some(Self { header, sections })
    }

    fn join(&self) -> Vec<u8> {
        let mut file = self.header.clone();
        let mut end = HEADER_SIZE + TABLE;
        for section in &self.sections {
            let offset = end.next_multiple_of(ALIGNMENT);
            file.extend((offset as u64).to_le_bytes());
            file.extend((section.len() as u64).to_le_bytes());
            end = offset + section.len();
        }
        for section in &self.sections {
            file.resize(file.len().next_multiple_of(ALIGNMENT), 0);
            file.extend(section);
        }
        file
    }

    fn change(&mut self, random: &mut Random) {
        match random.below(12) {
            0..4 => self.set_word_of(GRAPH, random),
            4 => self.set_word_of(EXPORTS, random),
            5 => self.set_word_of(MODULES, random),
            6 => self.set_word_of(RECORDS, random),
            7 => self.swap_words(random),
            8 | 9 => self.resize_graph(random),
            10 => self.resize_part(RECORDS, RECORD_LENGTH, 4 * (1 + random.below(5)), random),
            _ => self.resize_part(BYTECODE, BYTECODE_LENGTH, 1 + random.below(40), random),
        }
    }

    fn set_word_of(&mut self, section: usize, random: &mut Random) {
        let section = &mut self.sections[section];
        let end = section.len();
        set_word(section, random, 0, end);
    }

    fn swap_words(&mut self, random: &mut Random) {
        let section = &mut self.sections[random.below(RECORDS + 1)];
        let words = section.len() / 4;
        if words == 0 {
            return;
        }
        let (a, b) = (4 * random.below(words), 4 * random.below(words));
        let (from, to) = (word(section, a), word(section, b));
        put_word(section, b, from);
        if random.below(2) == 0 {
            put_word(section, a, to);
        }
    }

    /// An item into or out of one of the graph's arrays, mostly with all that counts it.
    fn resize_graph(&mut self, random: &mut Random) {
        const ITEMS: [usize; 5] = [8, 16, 4, 12, 8];
        let graph = &mut self.sections[GRAPH];
        let counts: Vec<usize> = (0..5)
            .map(|it| u32::from_le_bytes(word(graph, 4 * it)) as usize)
            .collect();
        let array = random.below(4);
        let start = 32 + (0..array).map(|it| counts[it] * ITEMS[it]).sum::<usize>();
        let (size, count) = (ITEMS[array], counts[array]);
        if counts.iter().any(|it| *it > 1 << 16) || start + count * size > graph.len() || count == 0
        {
            return;
        }
        let index = random.below(count);
        let place = start + index * size;
        let grow = random.below(2) == 0;
        if grow {
            let copy = graph[place..place + size].to_vec();
            graph.splice(place..place, copy);
        } else {
            graph.drain(place..place + size);
        }
        // The image has a multiple of 8 bytes.
        let padded = graph.len().next_multiple_of(8);
        graph.resize(padded, 0);
        let by = if grow { 1 } else { -1 };
        adjust_word(graph, 4 * array, by);
        let (of_modules, modules) = (32 + counts[0] * 8, counts[1].max(1));
        match array {
            1 => copy_or_drop(&mut self.sections[MODULES], index * ENTRY, ENTRY, grow),
            2 => adjust_word(graph, of_modules + 16 * random.below(modules) + 8, by),
            3 => {
                adjust_word(graph, of_modules + 16 * random.below(modules) + 12, by);
                copy_or_drop(&mut self.sections[EXPORTS], index * 4, 4, grow);
            }
            _ => {}
        }
    }

    /// Makes the record or the bytecode of a module longer or shorter.
    fn resize_part(&mut self, section: usize, field: usize, by: usize, random: &mut Random) {
        let modules = self.sections[MODULES].len() / ENTRY;
        let bytes = &mut self.sections[section];
        if modules == 0 || bytes.is_empty() {
            return;
        }
        let module = random.below(modules);
        let place = random.below(bytes.len()) & !3;
        let grow = random.below(2) == 0;
        let by = by.min(bytes.len() - place);
        copy_or_drop(bytes, place, by, grow);
        let change = by as i32 * if grow { 1 } else { -1 };
        adjust_word(&mut self.sections[MODULES], module * ENTRY + field, change);
    }
}

fn copy_or_drop(bytes: &mut Vec<u8>, place: usize, size: usize, copy: bool) {
    if place + size > bytes.len() {
        return;
    }
    if copy {
        let item = bytes[place..place + size].to_vec();
        bytes.splice(place..place, item);
    } else {
        bytes.drain(place..place + size);
    }
}
