//! Format version 2, the layout of a file. All integers are little-endian; digests are bytes (see [`Digest`]).
//!
//! ```text
//! offset size
//!      0    8  magic               "JSCMREC\n"
//!      8    4  format version      2
//!     12    4  header size         192
//!     16    8  file length         bytes, exactly
//!     24   16  checksum            XXH3-128 of everything after this field, to the end of the file
//!     40    8  target              u8 architecture, u8 pointer bits, u8 endianness, u8 system, u32 zero
//!     48   16  engine              digest of the engine's code
//!     64   16  options             digest of the engine's options
//!     80   16  source hash         XXH3-128 of the source file's bytes
//!     96    8  source length       bytes
//!    104    4  source units        code units of the decoded source text; at most its bytes
//!    108    4  source text hash    what JSC's StringImpl::hash() gives for the decoded text; opaque here
//!    112    4  source encoding     the decoded text is 1: 8-bit, 2: 16-bit
//!    116   16  requests digest     the specifiers, in order (see `requests_digest`)
//!    132   16  attributes digest   attributes and phase of each request, in order (see `attributes_digest`)
//!    148    4  section count
//!    152   40  reserved            zero
//!    192       section table       24 bytes each:
//!                                    u32 kind, u32 flags, u64 offset from the start of the file, u64 length
//!              sections            in the order of the table
//! ```
//!
//! Rules, each of which the validator holds a file to:
//!
//! - Kinds increase strictly, so that no kind occurs twice. 1 is the module key (a URL, UTF-8), 2 the record image
//!   (`jsc-sys/bridge/image.h`), 3 the bytecode, opaque to everything but the engine. All three are there.
//! - Flag bit 0 says that a reader that does not know the kind may skip the section; any other unknown section makes
//!   the file unreadable. Known sections have no flags.
//! - A section starts at the first multiple of 16 after what precedes it, and has at least one byte. What lies between
//!   is zero. The file ends where its last section ends.
//!
//! The checksum needs no field before it: those have one right value each (the magic, 2, 192, and the file's length),
//! and any other value is a miss of its own. A checksum is not authentication: a file that was made to deceive and
//! hashed correctly is out of scope, because a cache is code; who may put files there is the store's business.

use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::Digest;
use crate::identity::Target;

/// First bytes of a file.
pub const MAGIC: [u8; 8] = *b"JSCMREC\n";
/// The version that this code reads and writes.
pub const FORMAT_VERSION: u32 = 2;
/// Size of [`Header`] in bytes.
pub const HEADER_SIZE: usize = size_of::<Header>();
pub use crate::front::{ALIGNMENT as SECTION_ALIGNMENT, CHECKED_FROM, CHECKSUM_OFFSET};
/// Larger files are no entries: a bound for what a reader allocates. The largest known entry has 12 MB.
pub const MAX_FILE_LENGTH: u64 = 1 << 30;

/// The decoded source text is 8-bit (Latin-1).
pub const ENCODING_8_BIT: u32 = 1;
/// The decoded source text is 16-bit (UTF-16).
pub const ENCODING_16_BIT: u32 = 2;

/// Section flag: a reader that does not know the kind may skip the section.
pub const FLAG_SKIPPABLE: u32 = 1;

/// What a section holds.
pub mod kind {
    /// The module's key: a URL, UTF-8.
    pub const MODULE_KEY: u32 = 1;
    /// The record image.
    pub const RECORD: u32 = 2;
    /// The engine's bytecode.
    pub const BYTECODE: u32 = 3;
}

/// The fixed part at the start of a file; the field comments are in the module's documentation.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Header {
    pub magic: [u8; 8],
    pub format_version: U32,
    pub header_size: U32,
    pub file_length: U64,
    pub checksum: Digest,
    pub target: Target,
    pub engine: Digest,
    pub options: Digest,
    pub source_hash: Digest,
    pub source_length: U64,
    pub source_units: U32,
    pub source_text_hash: U32,
    pub source_encoding: U32,
    pub requests_digest: Digest,
    pub attributes_digest: Digest,
    pub section_count: U32,
    pub reserved: [u8; 40],
}

const _: () = assert!(HEADER_SIZE == 192);
const _: () = assert!(std::mem::offset_of!(Header, checksum) == CHECKSUM_OFFSET);

/// One line of the section table.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Section {
    /// One of [`kind`], or something newer.
    pub kind: U32,
    /// [`FLAG_SKIPPABLE`] or nothing.
    pub flags: U32,
    /// From the start of the file, in bytes.
    pub offset: U64,
    /// In bytes.
    pub length: U64,
}

/// The checksum that belongs into a file with these bytes, or `None` when they are too few to have one.
pub fn checksum(file: &[u8]) -> Option<Digest> {
    file.get(CHECKED_FROM..).map(Digest::of)
}
