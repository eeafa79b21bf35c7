//! From a [`Record`] to the one image that stands for it: byte for byte what the bridge captures.

use std::collections::HashMap;

use zerocopy::little_endian::U32;
use zerocopy::{Immutable, IntoBytes};

use crate::format::{
    ImageExport, ImageHeader, ImageImport, ImageRequest, ImageString, ImageVariable, constants,
};
use crate::miss::miss;
use crate::{Miss, validate_image};

use super::{Attributes, ExportTarget, ImportKind, Name, PrivateName, Record, Text, Variable};

impl Record {
    /// The image of this record.
    ///
    /// Errors: what validation finds wrong with it: a record can hold what no engine makes.
    pub fn encode(&self) -> Result<Vec<u8>, Miss> {
        let image = self.encode_unchecked()?;
        validate_image(&image)?;
        Ok(image)
    }

    /// The image of this record, whether or not a reader takes it: for tests of the reader.
    ///
    /// Errors: only that it has more than 2^32 of something.
    pub fn encode_unchecked(&self) -> Result<Vec<u8>, Miss> {
        let mut strings = Strings::default();
        // The order of these lines is the order of first use.
        let requests = self.requests(&mut strings)?;
        let imports = self.imports(&mut strings)?;
        let exports = self.exports(&mut strings)?;
        let stars: Vec<U32> = all(&self.stars, |star| strings.text(star))?;
        let declared = variables(&self.declared.variables, &mut strings)?;
        let lexical = variables(&self.lexical.variables, &mut strings)?;
        let declared_private = private_names(&self.declared.private_names, &mut strings)?;
        let lexical_private = private_names(&self.lexical.private_names, &mut strings)?;

        let header = ImageHeader {
            features: self.features.0.into(),
            flags: self.flags().into(),
            strings: count(strings.table.len())?,
            requests: count(requests.len())?,
            imports: count(imports.len())?,
            exports: count(exports.len())?,
            stars: count(stars.len())?,
            declared: count(declared.len())?,
            lexical: count(lexical.len())?,
            declared_private: count(declared_private.len())?,
            lexical_private: count(lexical_private.len())?,
            character_bytes: count(strings.characters.len())?,
            reserved: [U32::ZERO; 4],
        };
        let mut image = header.as_bytes().to_vec();
        append(&mut image, &strings.table);
        append(&mut image, &requests);
        append(&mut image, &imports);
        append(&mut image, &exports);
        append(&mut image, &stars);
        append(&mut image, &declared);
        append(&mut image, &lexical);
        append(&mut image, &declared_private);
        append(&mut image, &lexical_private);
        image.extend_from_slice(&strings.characters);
        image.resize(image.len().next_multiple_of(8), 0);
        Ok(image)
    }

    fn flags(&self) -> u32 {
        [
            (self.is_async, constants::ASYNC),
            (
                self.declared.everything_captured,
                constants::DECLARED_EVERYTHING_CAPTURED,
            ),
            (
                self.lexical.everything_captured,
                constants::LEXICAL_EVERYTHING_CAPTURED,
            ),
        ]
        .into_iter()
        .filter(|(set, _)| *set)
        .fold(0, |flags, (_, flag)| flags | flag)
    }

    fn requests(&self, strings: &mut Strings) -> Result<Vec<ImageRequest>, Miss> {
        all(&self.requests, |request| {
            Ok(ImageRequest {
                specifier: strings.text(&request.specifier)?,
                attributes: match request.attributes {
                    Attributes::None => constants::ATTRIBUTES_NONE,
                    Attributes::Untyped => 1,
                    Attributes::JavaScript => 2,
                    Attributes::WebAssembly => 3,
                    Attributes::Json => constants::ATTRIBUTES_JSON,
                }
                .into(),
                phase: request.phase.into(),
            })
        })
    }

    fn imports(&self, strings: &mut Strings) -> Result<Vec<ImageImport>, Miss> {
        all(&self.imports, |import| {
            Ok(ImageImport {
                kind: match import.kind {
                    ImportKind::Single => constants::IMPORT_SINGLE,
                    ImportKind::Namespace => constants::IMPORT_NAMESPACE,
                }
                .into(),
                module_request: strings.text(&import.module_request)?,
                import_name: strings.name(&import.import_name)?,
                local_name: strings.text(&import.local_name)?,
            })
        })
    }

    fn exports(&self, strings: &mut Strings) -> Result<Vec<ImageExport>, Miss> {
        all(&self.exports, |export| {
            let none = U32::new(constants::NAME_NONE);
            let mut image = ImageExport {
                kind: U32::ZERO,
                export_name: strings.text(&export.export_name)?,
                module_name: none,
                import_name: none,
                local_name: none,
            };
            match &export.target {
                ExportTarget::Local { local_name } => {
                    image.kind = constants::EXPORT_LOCAL.into();
                    image.local_name = strings.name(local_name)?;
                }
                ExportTarget::Indirect {
                    module_name,
                    import_name,
                } => {
                    image.kind = constants::EXPORT_INDIRECT.into();
                    image.module_name = strings.text(module_name)?;
                    image.import_name = strings.text(import_name)?;
                }
                ExportTarget::Namespace { module_name } => {
                    image.kind = constants::EXPORT_NAMESPACE.into();
                    image.module_name = strings.text(module_name)?;
                }
            }
            Ok(image)
        })
    }
}

fn variables(variables: &[Variable], strings: &mut Strings) -> Result<Vec<ImageVariable>, Miss> {
    all(variables, |variable| {
        Ok(ImageVariable {
            name: strings.name(&variable.name)?,
            traits: variable.traits.0.into(),
        })
    })
}

fn private_names(names: &[PrivateName], strings: &mut Strings) -> Result<Vec<ImageVariable>, Miss> {
    all(names, |name| {
        Ok(ImageVariable {
            name: strings.text(&name.name)?,
            traits: name.traits.0.into(),
        })
    })
}

/// The strings of an image, each once, in order of first use.
#[derive(Default)]
struct Strings {
    indices: HashMap<Text, U32>,
    table: Vec<ImageString>,
    characters: Vec<u8>,
}

impl Strings {
    fn name(&mut self, name: &Name) -> Result<U32, Miss> {
        match name {
            Name::Text(text) => self.text(text),
            Name::StarDefault => Ok(constants::NAME_STAR_DEFAULT.into()),
            Name::StarNamespace => Ok(constants::NAME_STAR_NAMESPACE.into()),
            Name::None => Ok(constants::NAME_NONE.into()),
        }
    }

    fn text(&mut self, text: &Text) -> Result<U32, Miss> {
        if let Some(index) = self.indices.get(text) {
            return Ok(*index);
        }
        let index = count(self.table.len())?;
        let units = text.units();
        let latin1: Option<Vec<u8>> = units.iter().map(|it| u8::try_from(*it).ok()).collect();
        let mut length = count(units.len())?.get();
        if latin1.is_none() {
            length |= constants::STRING_16_BIT;
            self.characters
                .resize(self.characters.len().next_multiple_of(2), 0);
        }
        self.table.push(ImageString {
            offset: count(self.characters.len())?,
            length: length.into(),
        });
        match latin1 {
            Some(bytes) => self.characters.extend(bytes),
            None => self
                .characters
                .extend(units.iter().flat_map(|unit| unit.to_le_bytes())),
        }
        self.indices.insert(text.clone(), index);
        Ok(index)
    }
}

fn all<T, U>(items: &[T], encode: impl FnMut(&T) -> Result<U, Miss>) -> Result<Vec<U>, Miss> {
    items.iter().map(encode).collect()
}

fn append<T: IntoBytes + Immutable>(image: &mut Vec<u8>, items: &[T]) {
    image.extend_from_slice(items.as_bytes());
}

fn count(count: usize) -> Result<U32, Miss> {
    u32::try_from(count)
        .ok()
        .filter(|count| *count < constants::STRING_16_BIT)
        .map(U32::new)
        .ok_or_else(|| miss!(Bounds, "a record with {count} of something"))
}
