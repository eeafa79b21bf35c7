//! From a record to version 1, as far as that can hold it.

use crate::Miss;
use crate::miss::miss;
use crate::record::{
    Attributes, Export, ExportTarget, Import, ImportKind, Name, Record, Request, Text,
};

use super::{
    ExportKindV1, ExportV1, FileV1, ImportKindV1, ImportV1, RequestV1, STAR_DEFAULT, STAR_NAMESPACE,
};

impl FileV1 {
    /// What version 1 keeps of a record: requests, imports, exports and stars. Variables, features, and whether it is
    /// async are lost; the engine's own names become [`STAR_DEFAULT`] and [`STAR_NAMESPACE`], which text could also
    /// spell.
    ///
    /// Errors: `string` when a name has a surrogate without its partner, `schema` when a request has a phase.
    pub fn from_record(record: &Record, bytecode: &[u8]) -> Result<Self, Miss> {
        Ok(Self {
            magic: Default::default(),
            requests: convert(&record.requests, request)?,
            imports: convert(&record.imports, import)?,
            exports: convert(&record.exports, export)?,
            stars: convert(&record.stars, utf8)?,
            bytecode: bytecode.to_vec(),
        })
    }
}

fn request(request: &Request) -> Result<RequestV1, Miss> {
    if request.phase != 0 {
        return Err(miss!(
            Schema,
            "cannot be written as v1: request {} has phase {}",
            request.specifier,
            request.phase
        ));
    }
    let of_type = |name: &str| Some(vec![("type".to_owned(), name.to_owned())]);
    Ok(RequestV1 {
        specifier: utf8(&request.specifier)?,
        attributes: match request.attributes {
            Attributes::None => None,
            Attributes::Untyped => Some(Vec::new()),
            Attributes::JavaScript => of_type("javascript"),
            Attributes::WebAssembly => of_type("webassembly"),
            Attributes::Json => of_type("json"),
        },
    })
}

fn import(import: &Import) -> Result<ImportV1, Miss> {
    Ok(ImportV1 {
        kind: match import.kind {
            ImportKind::Single => ImportKindV1::Single,
            ImportKind::Namespace => ImportKindV1::Namespace,
        },
        module_request: utf8(&import.module_request)?,
        import_name: name(&import.import_name)?,
        local_name: utf8(&import.local_name)?,
    })
}

fn export(export: &Export) -> Result<ExportV1, Miss> {
    let mut v1 = ExportV1 {
        kind: ExportKindV1::Local,
        export_name: utf8(&export.export_name)?,
        module_name: String::new(),
        import_name: String::new(),
        local_name: String::new(),
    };
    match &export.target {
        ExportTarget::Local { local_name } => v1.local_name = name(local_name)?,
        ExportTarget::Indirect {
            module_name,
            import_name,
        } => {
            v1.kind = ExportKindV1::Indirect;
            v1.module_name = utf8(module_name)?;
            v1.import_name = utf8(import_name)?;
        }
        ExportTarget::Namespace { module_name } => {
            v1.kind = ExportKindV1::Namespace;
            v1.module_name = utf8(module_name)?;
        }
    }
    Ok(v1)
}

fn name(name: &Name) -> Result<String, Miss> {
    match name {
        Name::Text(text) => utf8(text),
        Name::StarDefault => Ok(STAR_DEFAULT.to_owned()),
        Name::StarNamespace => Ok(STAR_NAMESPACE.to_owned()),
        Name::None => Ok(String::new()),
    }
}

fn utf8(text: &Text) -> Result<String, Miss> {
    text.to_utf8().ok_or_else(|| {
        miss!(
            String,
            "cannot be written as v1: \"{text}\" has a surrogate without its partner"
        )
    })
}

fn convert<T, U>(items: &[T], item: impl FnMut(&T) -> Result<U, Miss>) -> Result<Vec<U>, Miss> {
    items.iter().map(item).collect()
}
