//! Writing a file of format version 2.

use zerocopy::IntoBytes;
use zerocopy::little_endian::U64;

use crate::memory::EntryBytes;
use crate::{Expected, Identity, Miss, SourceHash, VerifiedEntry, validate};

use super::ImageView;
use super::layout::{
    CHECKSUM_OFFSET, ENCODING_8_BIT, ENCODING_16_BIT, FORMAT_VERSION, HEADER_SIZE, Header, MAGIC,
    MAX_FILE_LENGTH, SECTION_ALIGNMENT, Section, checksum, kind,
};

/// Everything that an entry is made of.
#[derive(Debug, Clone, Copy)]
pub struct EntryParts<'a> {
    /// The engine that made the parts.
    pub identity: &'a Identity,
    /// The module's key.
    pub module_key: &'a str,
    /// Hash of the source file's bytes.
    pub source_hash: SourceHash,
    /// Length of the source file in bytes.
    pub source_length: u64,
    /// Length of the decoded source text in code units.
    pub source_units: u32,
    /// JSC's hash of the decoded source text.
    pub source_text_hash: u32,
    /// Whether the decoded source text is 8-bit.
    pub source_is_8bit: bool,
    /// The record image.
    pub image: &'a [u8],
    pub bytecode: &'a [u8],
}

/// Why no entry could be made of the parts.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The reader would not take it: a fault of whoever made the parts.
    #[error("entry of {module_key} would be rejected by its own reader: {miss}")]
    Rejected {
        module_key: String,
        /// What the reader says.
        #[source]
        miss: Miss,
    },
    /// Not enough memory.
    #[error("entry of {module_key}: {source}")]
    Memory {
        module_key: String,
        source: std::io::Error,
    },
}

/// Makes an entry: the same parts give the same bytes. It has passed validation, so what the store publishes is never
/// what its readers reject.
pub fn write(parts: &EntryParts<'_>) -> Result<VerifiedEntry, WriteError> {
    let rejected = |miss| WriteError::Rejected {
        module_key: parts.module_key.to_owned(),
        miss,
    };
    let file = encode(parts).map_err(rejected)?;
    let bytes = EntryBytes::copy_of(&file).map_err(|source| WriteError::Memory {
        module_key: parts.module_key.to_owned(),
        source,
    })?;
    let expected = Expected {
        identity: parts.identity,
        module_key: parts.module_key,
        source_hash: parts.source_hash,
        source_length: parts.source_length,
    };
    validate(bytes, &expected).map_err(rejected)
}

fn encode(parts: &EntryParts<'_>) -> Result<Vec<u8>, Miss> {
    let view = ImageView::split(parts.image)?;
    let contents: [(u32, &[u8]); 3] = [
        (kind::MODULE_KEY, parts.module_key.as_bytes()),
        (kind::RECORD, parts.image),
        (kind::BYTECODE, parts.bytecode),
    ];
    let (sections, length) = place(&contents);
    if length as u64 > MAX_FILE_LENGTH {
        return Err(crate::miss::miss!(
            Length,
            "{length} bytes, an entry has at most {MAX_FILE_LENGTH}"
        ));
    }
    let header = Header {
        magic: MAGIC,
        format_version: FORMAT_VERSION.into(),
        header_size: (HEADER_SIZE as u32).into(),
        file_length: (length as u64).into(),
        checksum: crate::Digest::from_bytes([0; 16]),
        target: parts.identity.target,
        engine: parts.identity.engine,
        options: parts.identity.options,
        source_hash: parts.source_hash.digest(),
        source_length: parts.source_length.into(),
        source_units: parts.source_units.into(),
        source_text_hash: parts.source_text_hash.into(),
        source_encoding: if parts.source_is_8bit {
            ENCODING_8_BIT.into()
        } else {
            ENCODING_16_BIT.into()
        },
        requests_digest: view.requests_digest(),
        attributes_digest: view.attributes_digest(),
        section_count: (sections.len() as u32).into(),
        reserved: [0; 40],
    };

    let mut file = Vec::with_capacity(length);
    file.extend_from_slice(header.as_bytes());
    file.extend_from_slice(sections.as_bytes());
    for (_, content) in contents {
        file.resize(file.len().next_multiple_of(SECTION_ALIGNMENT), 0);
        file.extend_from_slice(content);
    }
    if let Some(checksum) = checksum(&file) {
        file[CHECKSUM_OFFSET..][..16].copy_from_slice(checksum.as_bytes());
    }
    Ok(file)
}

/// The section table and the length of the file.
fn place(contents: &[(u32, &[u8]); 3]) -> ([Section; 3], usize) {
    let mut end = HEADER_SIZE + size_of::<[Section; 3]>();
    let sections = contents.map(|(kind, content)| {
        let offset = end.next_multiple_of(SECTION_ALIGNMENT);
        end = offset + content.len();
        Section {
            kind: kind.into(),
            flags: 0.into(),
            offset: U64::new(offset as u64),
            length: U64::new(content.len() as u64),
        }
    });
    (sections, end)
}
