//! Reading version 1. A count is believed only as far as the bytes that are left could hold it.

use crate::Miss;
use crate::miss::miss;

use super::{
    ExportKindV1, ExportV1, FileV1, ImportKindV1, ImportV1, MAGIC, MAGIC_SWAPPED, MagicOrder,
    RequestV1, VERSION,
};

/// Bytes of an empty string: its length.
const STRING: usize = 4;

/// Whether a file starts like one of version 1.
pub fn is_v1(file: &[u8]) -> bool {
    file.starts_with(&MAGIC) || file.starts_with(&MAGIC_SWAPPED)
}

impl FileV1 {
    /// Reads a whole file.
    ///
    /// Errors: `magic`, `format`, `truncated` (it ends within a number), `bounds` (a count or length is more than what
    /// is left), `schema` (an unknown type), `string` (not UTF-8), `length` (it goes on).
    pub fn read(file: &[u8]) -> Result<Self, Miss> {
        let mut reader = Reader { file, position: 0 };
        let magic = reader.magic()?;
        let version = reader.number("version")?;
        if version != VERSION {
            return Err(miss!(
                Format,
                "format version {version} behind the magic of version {VERSION}"
            ));
        }
        let read = Self {
            magic,
            requests: reader.array("requests", STRING + 4, Reader::request)?,
            imports: reader.array("import entries", 4 + 3 * STRING, Reader::import)?,
            exports: reader.array("export entries", 4 + 4 * STRING, Reader::export)?,
            stars: reader.array("star exports", STRING, |it| it.string("star export"))?,
            bytecode: reader.bytes("bytecode")?.to_vec(),
        };
        if reader.position != file.len() {
            return Err(miss!(
                Length,
                "{} bytes, the last field ends at {}",
                file.len(),
                reader.position
            ));
        }
        Ok(read)
    }
}

struct Reader<'a> {
    file: &'a [u8],
    position: usize,
}

impl<'a> Reader<'a> {
    fn magic(&mut self) -> Result<MagicOrder, Miss> {
        let magic = *self
            .file
            .first_chunk()
            .ok_or_else(|| miss!(Truncated, "{} bytes, no magic", self.file.len()))?;
        self.position = magic.len();
        match magic {
            MAGIC => Ok(MagicOrder::Bmes),
            MAGIC_SWAPPED => Ok(MagicOrder::Semb),
            other => Err(miss!(
                Magic,
                "file starts with \"{}\", not \"{}\"",
                other.escape_ascii(),
                MAGIC.escape_ascii()
            )),
        }
    }

    fn request(&mut self) -> Result<RequestV1, Miss> {
        let specifier = self.string("specifier")?;
        let attributes = match self.number("has attributes")? {
            0 => None,
            1 => Some(self.array("attributes", 2 * STRING, |it| {
                Ok((it.string("attribute key")?, it.string("attribute value")?))
            })?),
            other => return Err(self.unknown("has attributes", other)),
        };
        Ok(RequestV1 {
            specifier,
            attributes,
        })
    }

    fn import(&mut self) -> Result<ImportV1, Miss> {
        Ok(ImportV1 {
            kind: match self.number("import type")? {
                0 => ImportKindV1::Single,
                1 => ImportKindV1::SingleTypeScript,
                2 => ImportKindV1::Namespace,
                other => return Err(self.unknown("import type", other)),
            },
            module_request: self.string("module request")?,
            import_name: self.string("import name")?,
            local_name: self.string("local name")?,
        })
    }

    fn export(&mut self) -> Result<ExportV1, Miss> {
        Ok(ExportV1 {
            kind: match self.number("export type")? {
                0 => ExportKindV1::Local,
                1 => ExportKindV1::Indirect,
                2 => ExportKindV1::Namespace,
                other => return Err(self.unknown("export type", other)),
            },
            export_name: self.string("export name")?,
            module_name: self.string("module name")?,
            import_name: self.string("import name")?,
            local_name: self.string("local name")?,
        })
    }

    /// A count and that many items, each of at least `item_size` bytes.
    fn array<T>(
        &mut self,
        what: &str,
        item_size: usize,
        mut item: impl FnMut(&mut Self) -> Result<T, Miss>,
    ) -> Result<Vec<T>, Miss> {
        let count = self.number(what)? as usize;
        let left = self.file.len() - self.position;
        if count > left / item_size {
            return Err(miss!(
                Bounds,
                "{count} {what} at {}, with {left} bytes left",
                self.position
            ));
        }
        (0..count).map(|_| item(self)).collect()
    }

    fn string(&mut self, what: &str) -> Result<String, Miss> {
        let start = self.position;
        let bytes = self.bytes(what)?;
        std::str::from_utf8(bytes)
            .map(str::to_owned)
            .map_err(|error| miss!(String, "{what} at {start} is not UTF-8: {error}"))
    }

    fn bytes(&mut self, what: &str) -> Result<&'a [u8], Miss> {
        let length = self.number(what)? as usize;
        let rest = &self.file[self.position..];
        let bytes = rest.get(..length).ok_or_else(|| {
            miss!(
                Bounds,
                "{what} of {length} bytes at {}, with {} left",
                self.position,
                rest.len()
            )
        })?;
        self.position += length;
        Ok(bytes)
    }

    fn number(&mut self, what: &str) -> Result<u32, Miss> {
        let bytes = self.file[self.position..].first_chunk().ok_or_else(|| {
            miss!(
                Truncated,
                "{} bytes end within {what} at {}",
                self.file.len(),
                self.position
            )
        })?;
        self.position += bytes.len();
        Ok(u32::from_le_bytes(*bytes))
    }

    fn unknown(&self, what: &str, value: u32) -> Miss {
        miss!(
            Schema,
            "unknown {what} {value} at {}",
            self.position - size_of::<u32>()
        )
    }
}
