//! The layout of a graph pack, version 4. All integers are little-endian; digests are bytes.
//!
//! ```text
//! offset size
//!      0    8  magic               "JSCGRAPH"
//!      8    4  format version      4
//!     12    4  header size         128
//!     16    8  file length         bytes, exactly
//!     24   16  checksum            XXH3-128 of everything after this field, to the end of the file
//!     40    8  target              as in an entry
//!     48   16  engine              digest of the engine's code
//!     64   16  options             digest of the engine's options
//!     80    4  payload             0: every function, 1: those that a first run has executed
//!     84   16  host                digest of what the host gives besides the engine: zero if that is what Node gives
//!    100   28  reserved            zero
//!    128       section table       7 of 16 bytes each: u64 offset from the start of the file, u64 length
//!              graph image         jsc-sys/bridge/graph_image.h, with the strings of all records
//!              export indices      u32 for each resolution of the graph image (see below)
//!              modules             88 bytes for each module of the graph image, in its order
//!              record images       jsc-sys/bridge/image.h, one behind the other, without strings of their own
//!              bytecode            each at a multiple of 16
//!              texts               the modules' sources, compressed (`texts.rs`)
//!              packages            what is known of the manifests that requests lead through (see below)
//! ```
//!
//! Sections stand in that order, each at the first multiple of 16 after the one before; what lies between is zero, and
//! the file ends where the last one ends.
//!
//! Names in record images are strings of the graph image: what many modules say is in the file once, and becomes one of
//! JSC's strings once. Version 1 had them in each record.
//!
//! Keys are `file:` URLs. In a pack that is relative to a directory they begin with `root:///` for what is in it
//! (`root.rs`).
//!
//! An export index says which export of the target's record image a resolution leads to: it is a local one, and its
//! variable is the resolution's. For namespaces, and for modules that are JSON, it is [`NO_EXPORT`].
//!
//! The packages are for the check of a pack alone: in JSON, of each `package.json` its digest, what was taken from
//! it, and the files that subpaths are exported as (`harness/crates/resolve/src/manifest.rs`). No engine sees them,
//! and what cannot be read of them is not known. Version 2 had none, and its check parsed the manifests.
//!
//! Version 3 had no texts: the source of a function without code was read from its file again.

use serde::{Deserialize, Serialize};
use zerocopy::little_endian::{I64, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::Digest;
use crate::identity::Target;

/// First bytes of a file.
pub const MAGIC: [u8; 8] = *b"JSCGRAPH";
/// The version that this code reads and writes.
pub const FORMAT_VERSION: u32 = 4;
/// Size of [`PackHeader`] in bytes.
pub const HEADER_SIZE: usize = size_of::<PackHeader>();
pub use crate::front::{ALIGNMENT, CHECKED_FROM, CHECKSUM_OFFSET};
/// Larger files are no packs: a bound for what a reader maps. The largest known one has 0.5 GB.
pub const MAX_FILE_LENGTH: u64 = 1 << 31;
/// A resolution that leads to no export.
pub const NO_EXPORT: u32 = u32::MAX;

/// Which functions' bytecode a pack holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Payload {
    /// Of every function, call and construct code.
    All,
    /// Of those that a first run has executed; the rest is parsed when it is first called, as in stock JSC.
    #[default]
    Executed,
}

impl Payload {
    /// Its number in a header.
    pub fn number(self) -> u32 {
        match self {
            Self::All => 0,
            Self::Executed => 1,
        }
    }

    /// Its word in the command line and in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Executed => "executed",
        }
    }
}

/// The fixed part at the start of a file.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PackHeader {
    pub magic: [u8; 8],
    pub format_version: U32,
    pub header_size: U32,
    pub file_length: U64,
    pub checksum: Digest,
    pub target: Target,
    pub engine: Digest,
    pub options: Digest,
    pub payload: U32,
    pub host: Digest,
    pub reserved: [u8; 28],
}

const _: () = assert!(HEADER_SIZE == 128);

/// A line of the section table.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PackSection {
    pub offset: U64,
    pub length: U64,
}

/// What the sections are, in their order. Their numbers are in [`section`].
pub const SECTION_NAMES: [&str; SECTIONS] = [
    "graph", "exports", "modules", "records", "bytecode", "texts", "packages",
];

/// How many sections there are.
pub const SECTIONS: usize = 7;

/// The place of each section in the table.
pub mod section {
    /// The graph image.
    pub const GRAPH: usize = 0;
    /// An export index for each resolution.
    pub const EXPORTS: usize = 1;
    /// The table of modules.
    pub const MODULES: usize = 2;
    /// The record images.
    pub const RECORDS: usize = 3;
    /// The bytecode.
    pub const BYTECODE: usize = 4;
    /// The modules' sources.
    pub const TEXTS: usize = 5;
    /// What is known of packages.
    pub const PACKAGES: usize = 6;
}

/// A module: its source when the pack was made, and where its parts are, from the start of their sections.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PackEntry {
    pub source_hash: Digest,
    pub source_length: U64,
    /// Time of modification and of change, in nanoseconds since 1970.
    pub modified: I64,
    pub changed: I64,
    pub inode: U64,
    pub device: U64,
    pub source_units: U32,
    pub source_text_hash: U32,
    /// As in an entry; 0 for JSON.
    pub source_encoding: U32,
    pub record_length: U32,
    pub bytecode_offset: U64,
    pub bytecode_length: U64,
}

const _: () = assert!(size_of::<PackEntry>() == 88);

/// The header of a graph image.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct GraphHeader {
    pub strings: U32,
    pub modules: U32,
    pub edges: U32,
    pub resolutions: U32,
    pub character_bytes: U32,
    pub reserved: [U32; 3],
}

/// `jsb_graph_module`.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct GraphModule {
    pub key: U32,
    pub kind: U32,
    pub edges: U32,
    pub resolutions: U32,
}

/// `jsb_graph_resolution`.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct GraphResolution {
    pub name: U32,
    pub module: U32,
    pub local_name: U32,
}

/// A source text module.
pub const KIND_JAVASCRIPT: u32 = 0;
/// A JSON module.
pub const KIND_JSON: u32 = 1;
/// In no pack: a module from an entry, whose record image has strings of its own.
pub const KIND_ENTRY: u32 = 2;
/// In no pack: a module that the engine has analyzed.
pub const KIND_ANALYZED: u32 = 3;
