//! Strings as JavaScript has them: any sequence of 16-bit code units.

use std::fmt;

use serde::{Serialize, Serializer};

/// A JavaScript string: UTF-16 code units, surrogates without partners allowed.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Box<[u16]>);

impl Text {
    /// The string with these code units.
    pub fn from_units(units: impl Into<Box<[u16]>>) -> Self {
        Self(units.into())
    }

    /// The code units.
    pub fn units(&self) -> &[u16] {
        &self.0
    }

    /// The same as UTF-8, or `None` when a surrogate has no partner.
    pub fn to_utf8(&self) -> Option<String> {
        String::from_utf16(&self.0).ok()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.encode_utf16().collect())
    }
}

impl fmt::Display for Text {
    /// The text, with control characters and lone surrogates escaped, so that it stays on its line.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for unit in char::decode_utf16(self.0.iter().copied()) {
            match unit {
                Ok(character) if character.is_control() => {
                    write!(out, "{}", character.escape_default())?;
                }
                Ok(character) => write!(out, "{character}")?,
                Err(lone) => write!(out, "\\u{{{:x}}}", lone.unpaired_surrogate())?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "\"{self}\"")
    }
}

impl Serialize for Text {
    /// A string; `{"utf16": […]}` when a surrogate has no partner, because JSON text cannot hold one.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Units<'a> {
            utf16: &'a [u16],
        }
        match self.to_utf8() {
            Some(text) => serializer.serialize_str(&text),
            None => Units { utf16: &self.0 }.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_surrogate_is_shown_and_kept() {
        let text = Text::from_units([0x61, 0xD800, 0x0A]);
        assert_eq!(text.to_string(), "a\\u{d800}\\n");
        assert_eq!(
            serde_json::to_value(&text).ok(),
            Some(serde_json::json!({ "utf16": [0x61, 0xD800, 0x0A] }))
        );
    }
}
