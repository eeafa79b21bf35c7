//! The bytes of `jsc-sys/bridge/observe.h`, taken apart: numbers and texts, each of which also goes into the digest.

use super::roots::Roots;
use super::value::{CutText, Text};

/// The most bytes of a text that are told.
const LONGEST_TEXT: usize = 200;

/// The bridge wrote something else than its header says, which it never does: both are of the same build.
#[derive(Debug, thiserror::Error)]
#[error("the observation of the bridge ends or goes wrong at byte {0}")]
pub struct Malformed(pub usize);

/// Reads numbers and texts from left to right.
pub struct Stream<'a> {
    bytes: &'a [u8],
    position: usize,
    roots: &'a Roots,
    digest: &'a mut blake3::Hasher,
}

type Read<T> = Result<T, Malformed>;

impl<'a> Stream<'a> {
    /// A stream over what the bridge wrote; all that is read goes into `digest`.
    pub fn new(bytes: &'a [u8], roots: &'a Roots, digest: &'a mut blake3::Hasher) -> Self {
        Self {
            bytes,
            position: 0,
            roots,
            digest,
        }
    }

    /// Whether everything was read.
    pub fn is_at_end(&self) -> bool {
        self.position == self.bytes.len()
    }

    /// The error at this place.
    pub fn malformed<T>(&self) -> Read<T> {
        Err(Malformed(self.position))
    }

    /// A byte.
    pub fn u8(&mut self) -> Read<u8> {
        let bytes = self.take(1)?;
        self.digest.update(bytes);
        Ok(bytes[0])
    }

    /// A little-endian number of 4 bytes.
    pub fn u32(&mut self) -> Read<u32> {
        let value = self.raw_u32()?;
        self.digest.update(&value.to_le_bytes());
        Ok(value)
    }

    /// A little-endian number of 8 bytes.
    pub fn f64(&mut self) -> Read<f64> {
        let bytes: [u8; 8] = self.take(8)?.try_into().unwrap_or_default();
        self.digest.update(&bytes);
        Ok(f64::from_le_bytes(bytes))
    }

    /// A text that is told whole.
    pub fn name(&mut self) -> Read<String> {
        let text = self.text_of_program()?;
        let text = self.roots.relative(text).into_owned();
        self.digest_text(&text);
        Ok(text)
    }

    /// The key of a module, from the graph's root.
    pub fn module(&mut self) -> Read<String> {
        let key = self.text_of_program()?;
        let module = self.roots.module(&key);
        self.digest_text(&module);
        Ok(module)
    }

    /// A text of any length.
    pub fn text(&mut self) -> Read<Text> {
        let text = self.text_of_program()?;
        let text = self.roots.relative(text);
        self.digest_text(&text);
        Ok(bounded(text.into_owned()))
    }

    /// Bytes, in hex.
    pub fn bytes(&mut self) -> Read<Text> {
        let length = self.raw_u32()? as usize;
        let bytes = self.take(length)?;
        self.digest.update(&(length as u64).to_le_bytes());
        self.digest.update(bytes);
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(if bytes.len() <= LONGEST_TEXT / 2 {
            Text::Whole(hex(bytes))
        } else {
            Text::Cut(CutText {
                beginning: hex(&bytes[..LONGEST_TEXT / 2]),
                length: bytes.len() as u64,
                digest: digest_of(bytes),
            })
        })
    }

    fn digest_text(&mut self, text: &str) {
        self.digest.update(&(text.len() as u64).to_le_bytes());
        self.digest.update(text.as_bytes());
    }

    /// How JSC holds a text (8 or 16 bits a unit) is nothing that a program sees.
    fn text_of_program(&mut self) -> Read<String> {
        const IS_16_BIT: u32 = 1 << 31;
        let header = self.raw_u32()?;
        let length = (header & !IS_16_BIT) as usize;
        if header & IS_16_BIT == 0 {
            let bytes = self.take(length)?;
            return Ok(match std::str::from_utf8(bytes) {
                Ok(ascii) if bytes.is_ascii() => ascii.to_owned(),
                _ => bytes.iter().map(|&byte| char::from(byte)).collect(),
            });
        }
        let units = self.take(length * 2)?.chunks_exact(2);
        let units = units.map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
        let mut text = String::with_capacity(length);
        for decoded in char::decode_utf16(units) {
            match decoded {
                Ok(character) => text.push(character),
                Err(lone) => text.push_str(&format!("\\u{{{:x}}}", lone.unpaired_surrogate())),
            }
        }
        Ok(text)
    }

    fn raw_u32(&mut self) -> Read<u32> {
        let bytes: [u8; 4] = self.take(4)?.try_into().unwrap_or_default();
        Ok(u32::from_le_bytes(bytes))
    }

    fn take(&mut self, length: usize) -> Read<&'a [u8]> {
        let rest = &self.bytes[self.position..];
        if rest.len() < length {
            return self.malformed();
        }
        self.position += length;
        Ok(&rest[..length])
    }
}

/// The text, cut short if it is long.
pub fn bounded(text: String) -> Text {
    if text.len() <= LONGEST_TEXT {
        return Text::Whole(text);
    }
    Text::Cut(cut(&text))
}

/// The text, cut short.
pub fn cut(text: &str) -> CutText {
    CutText {
        beginning: text[..text.floor_char_boundary(LONGEST_TEXT)].to_owned(),
        length: text.len() as u64,
        digest: digest_of(text.as_bytes()),
    }
}

fn digest_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..32].to_owned()
}
