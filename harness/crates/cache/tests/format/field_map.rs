//! Where the fields of a file are, to change one and sign the file anew, so that the check behind the checksum is
//! reached.

use jsc_module_cache::format::layout::{CHECKSUM_OFFSET, HEADER_SIZE, checksum};
use jsc_module_cache::{EntryBytes, Expected, Miss, VerifiedEntry, validate};

use testing::samples;

/// A field: where it is and how many bytes it has.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// From the start of the file.
    pub offset: usize,
    /// Bytes.
    pub size: usize,
}

/// A field of the header, by its offset there.
pub const fn header(offset: usize, size: usize) -> Field {
    Field { offset, size }
}

/// Field of a line of the section table: kind 0, flags 4, offset 8, length 16.
pub const fn section(index: usize, offset: usize) -> Field {
    Field {
        offset: HEADER_SIZE + index * 24 + offset,
        size: if offset < 8 { 4 } else { 8 },
    }
}

/// The arrays of the record image, in order, with the size of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Array {
    Strings,
    Requests,
    Imports,
    Exports,
    Stars,
    Declared,
    Lexical,
    DeclaredPrivate,
    LexicalPrivate,
    Characters,
}

const ITEM_SIZES: [usize; 10] = [8, 12, 16, 20, 4, 8, 8, 8, 8, 1];

/// A file to be changed.
#[derive(Clone)]
pub struct File {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Where the record image starts.
    pub image: usize,
    /// Where it ends.
    pub image_end: usize,
}

impl File {
    /// The sample.
    pub fn sample() -> Self {
        let bytes = samples::entry().as_bytes().to_vec();
        let mut file = Self {
            bytes,
            image: 0,
            image_end: 0,
        };
        file.image = file.get(section(1, 8)) as usize;
        file.image_end = file.image + file.get(section(1, 16)) as usize;
        file
    }

    /// How many items an array has.
    pub fn count(&self, array: Array) -> usize {
        self.get(self.count_field(array)) as usize
    }

    /// Where that number is.
    pub fn count_field(&self, array: Array) -> Field {
        let index = if array == Array::Characters {
            11
        } else {
            2 + array as usize
        };
        Field {
            offset: self.image + index * 4,
            size: 4,
        }
    }

    /// A 32-bit field of an item, by its offset in the item.
    pub fn item(&self, array: Array, index: usize, offset: usize) -> Field {
        assert!(index < self.count(array), "{array:?} {index}");
        let before: usize = [
            Array::Strings,
            Array::Requests,
            Array::Imports,
            Array::Exports,
            Array::Stars,
            Array::Declared,
            Array::Lexical,
            Array::DeclaredPrivate,
            Array::LexicalPrivate,
        ]
        .iter()
        .take(array as usize)
        .map(|it| self.count(*it) * ITEM_SIZES[*it as usize])
        .sum();
        Field {
            offset: self.image + 64 + before + index * ITEM_SIZES[array as usize] + offset,
            size: if array == Array::Characters { 1 } else { 4 },
        }
    }

    /// The number in a field.
    pub fn get(&self, field: Field) -> u64 {
        let mut value = [0; 8];
        value[..field.size].copy_from_slice(&self.bytes[field.offset..][..field.size]);
        u64::from_le_bytes(value)
    }

    /// The file with another number in a field.
    pub fn with(&self, field: Field, value: u64) -> Self {
        let mut file = self.clone();
        file.bytes[field.offset..][..field.size]
            .copy_from_slice(&value.to_le_bytes()[..field.size]);
        file
    }

    /// The file with other bytes from an offset on.
    pub fn with_bytes(&self, offset: usize, bytes: &[u8]) -> Self {
        let mut file = self.clone();
        file.bytes[offset..][..bytes.len()].copy_from_slice(bytes);
        file
    }

    /// The file with the right checksum.
    pub fn signed(&self) -> Self {
        let mut file = self.clone();
        if let Some(checksum) = checksum(&file.bytes) {
            file.bytes[CHECKSUM_OFFSET..][..16].copy_from_slice(checksum.as_bytes());
        }
        file
    }

    /// The file with the right length and checksum.
    pub fn with_length(&self) -> Self {
        self.with(header(16, 8), self.bytes.len() as u64).signed()
    }

    /// What the reader says, expecting the sample.
    pub fn read(&self) -> Result<VerifiedEntry, Miss> {
        read(&self.bytes)
    }
}

/// What the reader says of these bytes, expecting the sample.
pub fn read(bytes: &[u8]) -> Result<VerifiedEntry, Miss> {
    let identity = samples::identity();
    let expected: Expected<'_> = samples::expected(&identity);
    validate(EntryBytes::copy_of(bytes).unwrap(), &expected)
}
