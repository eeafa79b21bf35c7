//! Format version 1, the format this project started from.
//!
//! All integers are 32-bit little-endian. A string is a length in bytes and that many bytes of UTF-8; an absent string
//! has length 0.
//!
//! ```text
//! magic            4 bytes  "BMES"; old writers stored the number 0x424D4553, whose bytes are "SEMB"
//! version          u32      1
//! requests         u32 count; each: specifier string; u32 has attributes (0|1);
//!                  if 1: u32 count; each: key string, value string
//! import entries   u32 count; each: u32 type (0 single, 1 single of TypeScript, 2 namespace);
//!                  module request, import name, local name strings
//! export entries   u32 count; each: u32 type (0 local, 1 indirect, 2 namespace);
//!                  export name, module name, import name, local name strings
//! star exports     u32 count; each: module name string
//! bytecode         u32 size, bytes
//! ```
//!
//! It has no variables and no code features, so no record can be rebuilt from it; no identity, so nobody can tell what it
//! is for; and no checksum. It can be written, read, looked at and compared.

mod convert;
mod read;
mod write;

pub use read::is_v1;

use serde::Serialize;

/// The first bytes, as they are written.
pub const MAGIC: [u8; 4] = *b"BMES";
/// The first bytes as a number in little-endian order left them.
pub const MAGIC_SWAPPED: [u8; 4] = *b"SEMB";
/// The version.
pub const VERSION: u32 = 1;

/// How @starDefault is spelled, which UTF-8 has no other way for.
pub const STAR_DEFAULT: &str = "*default*";
/// How @starNamespace is spelled.
pub const STAR_NAMESPACE: &str = "*namespace*";

/// Which of its two magics a file had.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum MagicOrder {
    /// `BMES`.
    #[default]
    #[serde(rename = "BMES")]
    Bmes,
    /// `SEMB`.
    #[serde(rename = "SEMB")]
    Semb,
}

/// A file of version 1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FileV1 {
    /// The magic that was read; written is always `BMES`.
    pub magic: MagicOrder,
    /// Requested modules.
    pub requests: Vec<RequestV1>,
    /// Import entries.
    pub imports: Vec<ImportV1>,
    /// Export entries.
    pub exports: Vec<ExportV1>,
    /// Specifiers of `export *`.
    pub stars: Vec<String>,
    #[serde(skip)]
    pub bytecode: Vec<u8>,
}

/// A requested module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RequestV1 {
    pub specifier: String,
    /// Import attributes, if the request has a clause for them.
    pub attributes: Option<Vec<(String, String)>>,
}

/// An import entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportV1 {
    /// One binding or the namespace.
    #[serde(rename = "type")]
    pub kind: ImportKindV1,
    /// The specifier.
    pub module_request: String,
    /// What it is called in that module.
    pub import_name: String,
    /// What it is called here.
    pub local_name: String,
}

/// The type of an import entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u32)]
pub enum ImportKindV1 {
    /// One binding.
    Single = 0,
    /// One binding that may turn out to be a TypeScript type.
    SingleTypeScript = 1,
    /// The namespace object.
    Namespace = 2,
}

/// An export entry. Names that its type does not have are empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportV1 {
    /// What it stands for.
    #[serde(rename = "type")]
    pub kind: ExportKindV1,
    /// The name that others import.
    pub export_name: String,
    /// The specifier.
    pub module_name: String,
    /// What it is called in that module.
    pub import_name: String,
    /// What it is called here.
    pub local_name: String,
}

/// The type of an export entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[repr(u32)]
pub enum ExportKindV1 {
    /// A variable of this module.
    Local = 0,
    /// An export of another module.
    Indirect = 1,
    /// The namespace of another module.
    Namespace = 2,
}
