//! 128-bit digests: XXH3-128, in its canonical (big-endian) byte order, which is what `xxhsum -H128` prints.
//!
//! XXH3 finds accidents, not attacks: it says that bytes are the bytes that were written or read before. Nothing in a
//! cache is authenticated; strangers are kept out by the store's rules (see [`super::store`]).

use std::borrow::Cow;
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_128;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// 128 bits that stand for something larger.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    FromBytes,
    IntoBytes,
    Immutable,
    KnownLayout,
    Unaligned,
)]
#[repr(transparent)]
pub struct Digest([u8; 16]);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes).to_be_bytes())
    }

    /// A digest that was made elsewhere, by any function.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The digest that 32 hexadecimal digits spell, or `None` when they do not.
    pub fn from_hex(text: &str) -> Option<Self> {
        let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = is_hex.then(|| u128::from_str_radix(text, 16).ok())??;
        Some(Self(value.to_be_bytes()))
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The first 64 bits: what file names carry.
    pub const fn prefix(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_hex(&text)
            .ok_or_else(|| D::Error::custom(format_args!("{text:?} is not a digest")))
    }
}

/// Digest of a module's raw source: the file's bytes, before any decoding. Every value is compared; none means
/// "unchecked".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SourceHash(Digest);

impl SourceHash {
    /// The hash of the file's bytes.
    pub fn of(source: &[u8]) -> Self {
        Self(Digest::of(source))
    }

    /// A hash that was read from an entry.
    pub const fn from_digest(digest: Digest) -> Self {
        Self(digest)
    }

    /// The hash as a plain digest.
    pub const fn digest(self) -> Digest {
        self.0
    }
}

impl fmt::Display for SourceHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_and_back() {
        let digest = Digest::of(b"module");
        assert_eq!(Digest::from_hex(&digest.to_string()), Some(digest));
        assert_eq!(
            digest.to_string()[..16],
            format!("{:016x}", digest.prefix())
        );
    }

    #[test]
    fn the_digest_is_plain_xxh3_128() {
        // The published value for no input (xxHash's own test vectors).
        assert_eq!(
            Digest::of(b"").to_string(),
            "99aa06d3014798d86001c324468d497f"
        );
    }

    #[test]
    fn what_is_not_32_digits_is_refused() {
        let long = "0".repeat(33);
        let sign = format!("+{}", "0".repeat(31));
        for text in ["", "12", "zz", &long, &sign] {
            assert_eq!(Digest::from_hex(text), None, "{text}");
        }
    }
}
