//! From an image to a [`Record`].

use zerocopy::little_endian::U32;

use crate::format::{
    ImageExport, ImageImport, ImageRequest, ImageVariable, ImageView, StringTable, constants,
};
use crate::{Miss, validate_image};

use super::{
    Attributes, Environment, Export, ExportTarget, Features, Import, ImportKind, Name, PrivateName,
    PrivateTraits, Record, Request, Text, Traits, Variable,
};

impl Record {
    /// Reads an image.
    ///
    /// Errors: what validation finds wrong with it.
    pub fn read(image: &[u8]) -> Result<Self, Miss> {
        validate_image(image)?;
        let reader = Reader {
            view: ImageView::split(image)?,
        };
        Ok(reader.record())
    }

    /// The requests of an image that is known to be valid; none of one that is not.
    pub fn read_requests(image: &[u8]) -> Vec<Request> {
        ImageView::split(image).map_or_else(|_| Vec::new(), Self::requests_of_view)
    }

    /// Reads an image that is known to be valid.
    pub(crate) fn of_view(view: ImageView<'_>) -> Self {
        Reader { view }.record()
    }

    /// Only the requests of such an image.
    pub(crate) fn requests_of_view(view: ImageView<'_>) -> Vec<Request> {
        let reader = Reader { view };
        let requests = view.requests.iter();
        requests.map(|request| reader.request(request)).collect()
    }
}

/// Reads a valid image; a name out of range would read as none.
struct Reader<'a> {
    view: ImageView<'a>,
}

impl Reader<'_> {
    fn record(&self) -> Record {
        let view = &self.view;
        let flags = view.header.flags.get();
        Record {
            is_async: flags & constants::ASYNC != 0,
            features: Features(view.header.features.get()),
            requests: view.requests.iter().map(|it| self.request(it)).collect(),
            imports: view.imports.iter().map(|it| self.import(it)).collect(),
            exports: view.exports.iter().map(|it| self.export(it)).collect(),
            stars: view.stars.iter().map(|it| self.text(*it)).collect(),
            declared: Environment {
                everything_captured: flags & constants::DECLARED_EVERYTHING_CAPTURED != 0,
                variables: self.variables(view.declared),
                private_names: self.private_names(view.declared_private),
            },
            lexical: Environment {
                everything_captured: flags & constants::LEXICAL_EVERYTHING_CAPTURED != 0,
                variables: self.variables(view.lexical),
                private_names: self.private_names(view.lexical_private),
            },
        }
    }

    fn request(&self, request: &ImageRequest) -> Request {
        Request {
            specifier: self.text(request.specifier),
            attributes: match request.attributes.get() {
                1 => Attributes::Untyped,
                2 => Attributes::JavaScript,
                3 => Attributes::WebAssembly,
                constants::ATTRIBUTES_JSON => Attributes::Json,
                _ => Attributes::None,
            },
            phase: request.phase.get(),
        }
    }

    fn import(&self, import: &ImageImport) -> Import {
        Import {
            kind: match import.kind.get() {
                constants::IMPORT_NAMESPACE => ImportKind::Namespace,
                _ => ImportKind::Single,
            },
            module_request: self.text(import.module_request),
            import_name: self.name(import.import_name),
            local_name: self.text(import.local_name),
        }
    }

    fn export(&self, export: &ImageExport) -> Export {
        Export {
            export_name: self.text(export.export_name),
            target: match export.kind.get() {
                constants::EXPORT_INDIRECT => ExportTarget::Indirect {
                    module_name: self.text(export.module_name),
                    import_name: self.text(export.import_name),
                },
                constants::EXPORT_NAMESPACE => ExportTarget::Namespace {
                    module_name: self.text(export.module_name),
                },
                _ => ExportTarget::Local {
                    local_name: self.name(export.local_name),
                },
            },
        }
    }

    fn variables(&self, variables: &[ImageVariable]) -> Vec<Variable> {
        let variable = |it: &ImageVariable| Variable {
            name: self.name(it.name),
            traits: Traits(it.traits.get()),
        };
        variables.iter().map(variable).collect()
    }

    fn private_names(&self, names: &[ImageVariable]) -> Vec<PrivateName> {
        let private_name = |it: &ImageVariable| PrivateName {
            name: self.text(it.name),
            traits: PrivateTraits(it.traits.get()),
        };
        names.iter().map(private_name).collect()
    }

    fn name(&self, name: U32) -> Name {
        self.view.table().name(name)
    }

    fn text(&self, name: U32) -> Text {
        self.view.table().text(name)
    }
}

/// A name out of range would read as none.
impl StringTable<'_> {
    /// What a name stands for.
    pub(crate) fn name(&self, name: U32) -> Name {
        match name.get() {
            constants::NAME_NONE => Name::None,
            constants::NAME_STAR_NAMESPACE => Name::StarNamespace,
            constants::NAME_STAR_DEFAULT => Name::StarDefault,
            _ => Name::Text(self.text(name)),
        }
    }

    /// The string of an index.
    pub(crate) fn text(&self, name: U32) -> Text {
        let Some(string) = self.strings.get(name.get() as usize) else {
            return Text::default();
        };
        let characters = self.characters_of(*string);
        let units: Vec<u16> = if string.is_16_bit() {
            let (units, _) = characters.as_chunks();
            units.iter().map(|unit| u16::from_le_bytes(*unit)).collect()
        } else {
            characters.iter().map(|byte| u16::from(*byte)).collect()
        };
        Text::from_units(units)
    }
}
