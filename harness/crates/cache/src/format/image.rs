//! The record image as plain structures: a mirror of `jsc-sys/bridge/image.h`, whose comments say what each field is.

use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::miss::miss;
use crate::{Digest, Miss};

/// The numbers of `image.h`.
/// The numbers of `jsc-sys/bridge/image.h`.
pub mod constants {
    /// No name.
    pub const NAME_NONE: u32 = 0xFFFF_FFFF;
    /// The binding of `export * as ns`.
    pub const NAME_STAR_NAMESPACE: u32 = 0xFFFF_FFFE;
    /// The binding of `export default <expression>`.
    pub const NAME_STAR_DEFAULT: u32 = 0xFFFF_FFFD;
    /// In a string's length: 2 bytes a unit.
    pub const STRING_16_BIT: u32 = 0x8000_0000;

    /// The module has a top-level await.
    pub const ASYNC: u32 = 1 << 0;
    /// Everything declared is captured.
    pub const DECLARED_EVERYTHING_CAPTURED: u32 = 1 << 1;
    /// Everything lexical is captured.
    pub const LEXICAL_EVERYTHING_CAPTURED: u32 = 1 << 2;
    /// All flags.
    pub const FLAGS: u32 = ASYNC | DECLARED_EVERYTHING_CAPTURED | LEXICAL_EVERYTHING_CAPTURED;

    /// `JSC::CodeFeatures` has 14 bits in the engines that we know.
    pub const FEATURES: u32 = (1 << 14) - 1;
    /// `VariableEnvironmentEntry::Traits` has 15.
    pub const TRAITS: u32 = (1 << 15) - 1;
    /// `PrivateNameEntry::Traits` has 4.
    pub const PRIVATE_TRAITS: u32 = (1 << 4) - 1;
    /// A request without attributes.
    pub const ATTRIBUTES_NONE: u32 = 0;
    /// A request with `type: "json"`, and the largest value of attributes: 1 + `ScriptFetchParameters::JSON`.
    pub const ATTRIBUTES_JSON: u32 = 4;

    /// `ImportEntryType::Single`.
    pub const IMPORT_SINGLE: u32 = 0;
    /// `ImportEntryType::Namespace`.
    pub const IMPORT_NAMESPACE: u32 = 1;
    /// `ExportEntry::Type::Local`.
    pub const EXPORT_LOCAL: u32 = 0;
    /// `ExportEntry::Type::Indirect`.
    pub const EXPORT_INDIRECT: u32 = 1;
    /// `ExportEntry::Type::Namespace`.
    pub const EXPORT_NAMESPACE: u32 = 2;
}

/// `jsb_image_header`.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ImageHeader {
    pub features: U32,
    pub flags: U32,
    pub strings: U32,
    pub requests: U32,
    pub imports: U32,
    pub exports: U32,
    pub stars: U32,
    pub declared: U32,
    pub lexical: U32,
    pub declared_private: U32,
    pub lexical_private: U32,
    pub character_bytes: U32,
    pub reserved: [U32; 4],
}

const _: () = assert!(size_of::<ImageHeader>() == 64);

/// `jsb_image_string`.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ImageString {
    pub offset: U32,
    pub length: U32,
}

impl ImageString {
    /// Whether a unit has 2 bytes.
    pub fn is_16_bit(self) -> bool {
        self.length.get() & constants::STRING_16_BIT != 0
    }

    /// Code units.
    pub fn units(self) -> usize {
        (self.length.get() & !constants::STRING_16_BIT) as usize
    }

    /// Bytes that the characters take: at most 2^32.
    pub fn bytes(self) -> u64 {
        (self.units() as u64) << u32::from(self.is_16_bit())
    }
}

/// `jsb_image_request`.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ImageRequest {
    pub specifier: U32,
    pub attributes: U32,
    pub phase: U32,
}

/// `jsb_image_import`.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ImageImport {
    pub kind: U32,
    pub module_request: U32,
    pub import_name: U32,
    pub local_name: U32,
}

/// `jsb_image_export`.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ImageExport {
    pub kind: U32,
    pub export_name: U32,
    pub module_name: U32,
    pub import_name: U32,
    pub local_name: U32,
}

/// `jsb_image_variable`.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ImageVariable {
    pub name: U32,
    pub traits: U32,
}

/// Strings and their characters.
#[derive(Clone, Copy)]
pub(crate) struct StringTable<'a> {
    pub strings: &'a [ImageString],
    pub characters: &'a [u8],
}

impl<'a> StringTable<'a> {
    /// The characters of a string; empty when it leads out of them, which a validated one does not.
    pub fn characters_of(&self, string: ImageString) -> &'a [u8] {
        let start = string.offset.get() as usize;
        start
            .checked_add(string.bytes() as usize)
            .and_then(|end| self.characters.get(start..end))
            .unwrap_or_default()
    }
}

/// An image cut into its arrays: every count is inside the image. What the arrays hold is not checked.
#[derive(Clone, Copy)]
pub(crate) struct ImageView<'a> {
    pub header: &'a ImageHeader,
    pub strings: &'a [ImageString],
    pub requests: &'a [ImageRequest],
    pub imports: &'a [ImageImport],
    pub exports: &'a [ImageExport],
    pub stars: &'a [U32],
    pub declared: &'a [ImageVariable],
    pub lexical: &'a [ImageVariable],
    pub declared_private: &'a [ImageVariable],
    pub lexical_private: &'a [ImageVariable],
    pub characters: &'a [u8],
    /// What follows the characters: fewer than 8 bytes.
    pub padding: &'a [u8],
}

impl<'a> ImageView<'a> {
    /// Cuts an image, or says which count leads out of it.
    pub fn split(image: &'a [u8]) -> Result<Self, Miss> {
        let of = "record";
        let (header, rest) = ImageHeader::ref_from_prefix(image).map_err(|_| {
            miss!(
                Bounds,
                "record image of {} bytes has no header",
                image.len()
            )
        })?;
        let (strings, rest) = array(rest, header.strings, ("strings", of))?;
        let (requests, rest) = array(rest, header.requests, ("requests", of))?;
        let (imports, rest) = array(rest, header.imports, ("imports", of))?;
        let (exports, rest) = array(rest, header.exports, ("exports", of))?;
        let (stars, rest) = array(rest, header.stars, ("stars", of))?;
        let (declared, rest) = array(rest, header.declared, ("declared variables", of))?;
        let (lexical, rest) = array(rest, header.lexical, ("lexical variables", of))?;
        let (declared_private, rest) = array(
            rest,
            header.declared_private,
            ("declared private names", of),
        )?;
        let (lexical_private, rest) =
            array(rest, header.lexical_private, ("lexical private names", of))?;
        let (characters, padding) = array(rest, header.character_bytes, ("characters", of))?;
        if !image.len().is_multiple_of(8) || padding.len() >= 8 {
            return Err(miss!(
                Bounds,
                "record image of {} bytes has {} after its characters",
                image.len(),
                padding.len()
            ));
        }
        Ok(Self {
            header,
            strings,
            requests,
            imports,
            exports,
            stars,
            declared,
            lexical,
            declared_private,
            lexical_private,
            characters,
            padding,
        })
    }

    /// The same for an image without strings of its own, whose names are strings of a table that it shares.
    pub fn split_shared(image: &'a [u8], table: StringTable<'a>) -> Result<Self, Miss> {
        let view = Self::split(image)?;
        if !view.strings.is_empty() || !view.characters.is_empty() {
            return Err(miss!(
                Schema,
                "a record of a pack has {} strings of its own",
                view.strings.len()
            ));
        }
        let StringTable {
            strings,
            characters,
        } = table;
        Ok(Self {
            strings,
            characters,
            ..view
        })
    }

    /// Its strings.
    pub fn table(&self) -> StringTable<'a> {
        StringTable {
            strings: self.strings,
            characters: self.characters,
        }
    }

    /// See [`requests_digest`].
    pub fn requests_digest(&self) -> Digest {
        let specifiers = &self.strings[..self.requests.len().min(self.strings.len())];
        let end = specifiers
            .last()
            .map_or(0, |it| u64::from(it.offset.get()) + it.bytes());
        let end = (end as usize).min(self.characters.len());
        digest_of_requests(specifiers, &self.characters[..end])
    }

    /// See [`attributes_digest`].
    pub fn attributes_digest(&self) -> Digest {
        digest_of_attributes(self.requests)
    }
}

/// The next `count` items of an image and what follows them; `of` says which image.
pub(crate) fn array<'a, T: FromBytes + Immutable + KnownLayout + Unaligned>(
    bytes: &'a [u8],
    count: U32,
    (what, of): (&str, &str),
) -> Result<(&'a [T], &'a [u8]), Miss> {
    <[T]>::ref_from_prefix_with_elems(bytes, count.get() as usize).map_err(|_| {
        miss!(
            Bounds,
            "{count} {what} do not fit into the {} bytes that are left of the {of} image",
            bytes.len()
        )
    })
}

/// The digest of what a record image requests: the specifiers, in order.
///
/// By the image's rules the specifiers are the first strings and their characters come first, so that two slices hold
/// them all: their lengths and forms, whose XXH3-64 seeds the XXH3-128 of their characters.
///
/// Errors: as a validated image would give, when the image is not one.
pub fn requests_digest(image: &[u8]) -> Result<Digest, Miss> {
    Ok(ImageView::split(image)?.requests_digest())
}

/// The digest of how a record image requests: the XXH3-128 of the array of requests, each with its attributes and phase.
///
/// Errors: as a validated image would give, when the image is not one.
pub fn attributes_digest(image: &[u8]) -> Result<Digest, Miss> {
    Ok(ImageView::split(image)?.attributes_digest())
}

fn digest_of_requests(specifiers: &[ImageString], characters: &[u8]) -> Digest {
    let seed = xxhash_rust::xxh3::xxh3_64(specifiers.as_bytes());
    let digest = xxhash_rust::xxh3::xxh3_128_with_seed(characters, seed);
    Digest::from_bytes(digest.to_be_bytes())
}

fn digest_of_attributes(requests: &[ImageRequest]) -> Digest {
    Digest::of(requests.as_bytes())
}
