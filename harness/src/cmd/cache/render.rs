//! A cache file as text.

use std::fmt::Display;
use std::path::Path;

use comfy_table::Table;
use comfy_table::presets::NOTHING;

use super::bytes;
use super::document::{DocumentV1, DocumentV2, SectionFacts};
use jsc_module_cache::format::v1::{ExportKindV1, ExportV1, ImportKindV1, ImportV1, RequestV1};
use jsc_module_cache::record::{
    Environment, Export, ExportTarget, Import, ImportKind, Record, Request, Text,
};

/// A file of version 2.
pub fn v2(path: &Path, document: &DocumentV2) -> String {
    let source = &document.source;
    let ratio = match document.bytes_per_source_byte {
        Some(ratio) => format!("{ratio:.2} bytes of cache for each byte of source"),
        None => "the source is empty".to_owned(),
    };
    let mut text = Sections::default();
    text.facts(&[
        ("file", &path.display()),
        (
            "format",
            &format!(
                "2, {}, checksum {}",
                bytes(document.bytes),
                document.checksum
            ),
        ),
        ("module", &document.module_key),
        ("engine", &document.identity.engine),
        ("options", &document.identity.options),
        ("target", &document.identity.target),
        (
            "source",
            &format!(
                "{}, hash {}; text of {} {}-bit units, hash {:#08x}",
                bytes(source.bytes),
                source.hash,
                source.units,
                source.unit_bits,
                source.text_hash
            ),
        ),
        ("ratio", &ratio),
        ("async", &yes(document.record.is_async)),
        ("features", &or_none(&document.record.features)),
    ]);
    text.part(
        "sections",
        &section_rows(&document.sections, document.bytes),
    );
    record(&mut text, &document.record);
    text.finish()
}

/// A file of version 1.
pub fn v1(path: &Path, document: &DocumentV1) -> String {
    let content = &document.content;
    let mut text = Sections::default();
    text.facts(&[
        ("file", &path.display()),
        ("format", &format!("1, {}", bytes(document.bytes))),
        ("magic", &document.magic()),
        ("bytecode", &bytes(document.bytecode_bytes)),
    ]);
    text.list("requests", content.requests.iter().map(request_v1));
    text.list("imports", content.imports.iter().map(import_v1));
    text.list("exports", content.exports.iter().map(export_v1));
    text.list(
        "star exports",
        content
            .stars
            .iter()
            .map(|it| format!("export * from {it:?}")),
    );
    text.finish()
}

fn record(text: &mut Sections, record: &Record) {
    text.list("requests", record.requests.iter().map(request));
    text.list("imports", record.imports.iter().map(import));
    text.list("exports", record.exports.iter().map(export));
    text.list(
        "star exports",
        record
            .stars
            .iter()
            .map(|it| format!("export * from {}", quoted(it))),
    );
    environment(text, "declared", &record.declared);
    environment(text, "lexical", &record.lexical);
}

/// A request as JavaScript would write it.
pub fn request(request: &Request) -> String {
    let phase = match request.phase {
        0 => String::new(),
        phase => format!(" phase {phase}"),
    };
    format!(
        "{} {}{phase}",
        quoted(&request.specifier),
        request.attributes
    )
    .trim_end()
    .to_owned()
}

/// An import entry as JavaScript would write it.
pub fn import(import: &Import) -> String {
    let module = quoted(&import.module_request);
    match import.kind {
        ImportKind::Namespace => format!(
            "import * as {} from {module}  (import name {})",
            import.local_name, import.import_name
        ),
        ImportKind::Single => format!(
            "import {{ {} }} from {module}",
            renamed(
                &import.import_name.to_string(),
                &import.local_name.to_string()
            )
        ),
    }
}

/// An export entry as JavaScript would write it.
pub fn export(export: &Export) -> String {
    let name = export.export_name.to_string();
    match &export.target {
        ExportTarget::Local { local_name } => {
            format!("export {{ {} }}", renamed(&local_name.to_string(), &name))
        }
        ExportTarget::Indirect {
            module_name,
            import_name,
        } => format!(
            "export {{ {} }} from {}",
            renamed(&import_name.to_string(), &name),
            quoted(module_name)
        ),
        ExportTarget::Namespace { module_name } => {
            format!("export * as {} from {}", bare(&name), quoted(module_name))
        }
    }
}

/// A request of version 1.
pub fn request_v1(request: &RequestV1) -> String {
    let specifier = &request.specifier;
    match &request.attributes {
        None => format!("{specifier:?}"),
        Some(attributes) => {
            let attributes: Vec<_> = attributes
                .iter()
                .map(|(key, value)| format!("{key}: {value:?}"))
                .collect();
            format!("{specifier:?} with {{ {} }}", attributes.join(", "))
        }
    }
}

/// An import entry of version 1.
pub fn import_v1(import: &ImportV1) -> String {
    let names = match import.kind {
        ImportKindV1::Namespace => {
            return format!(
                "import * as {} from {:?}  (import name {})",
                import.local_name, import.module_request, import.import_name
            );
        }
        ImportKindV1::Single | ImportKindV1::SingleTypeScript => {
            renamed(&import.import_name, &import.local_name)
        }
    };
    let typescript = match import.kind {
        ImportKindV1::SingleTypeScript => "  (may be a TypeScript type)",
        _ => "",
    };
    format!(
        "import {{ {names} }} from {:?}{typescript}",
        import.module_request
    )
}

/// An export entry of version 1.
pub fn export_v1(export: &ExportV1) -> String {
    let name = &export.export_name;
    match export.kind {
        ExportKindV1::Local => format!("export {{ {} }}", renamed(&export.local_name, name)),
        ExportKindV1::Indirect => format!(
            "export {{ {} }} from {:?}",
            renamed(&export.import_name, name),
            export.module_name
        ),
        ExportKindV1::Namespace => {
            format!("export * as {} from {:?}", bare(name), export.module_name)
        }
    }
}

fn environment(text: &mut Sections, name: &str, environment: &Environment) {
    if environment.everything_captured {
        text.part(
            &format!("{name} variables: everything is captured"),
            &table(&[]),
        );
    }
    let rows: Vec<_> = environment
        .variables
        .iter()
        .map(|it| vec![it.name.to_string(), it.traits.to_string()])
        .collect();
    text.table(&format!("{name} variables"), &rows);
    let rows: Vec<_> = environment
        .private_names
        .iter()
        .map(|it| vec![it.name.to_string(), it.traits.to_string()])
        .collect();
    text.table(&format!("{name} private names"), &rows);
}

fn section_rows(sections: &[SectionFacts], total: u64) -> String {
    let rows: Vec<_> = sections
        .iter()
        .map(|section| {
            vec![
                format!("{} {}", section.kind, section.name),
                format!("at {}", section.offset),
                bytes(section.bytes),
                format!("{:.1} %", section.bytes as f64 * 100.0 / total as f64),
            ]
        })
        .collect();
    table(&rows)
}

/// Text in paragraphs.
#[derive(Default)]
pub(super) struct Sections(Vec<String>);

impl Sections {
    pub(super) fn facts(&mut self, facts: &[(&str, &dyn Display)]) {
        let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let lines: Vec<_> = facts
            .iter()
            .map(|(name, value)| format!("{name:width$}  {value}"))
            .collect();
        self.0.push(lines.join("\n"));
    }

    fn list(&mut self, name: &str, items: impl ExactSizeIterator<Item = String>) {
        if items.len() == 0 {
            return;
        }
        let heading = format!("{name} ({})", items.len());
        let lines: Vec<_> = items.map(|item| format!("  {item}")).collect();
        self.part(&heading, &lines.join("\n"));
    }

    pub(super) fn table(&mut self, name: &str, rows: &[Vec<String>]) {
        if !rows.is_empty() {
            self.part(&format!("{name} ({})", rows.len()), &table(rows));
        }
    }

    pub(super) fn part(&mut self, heading: &str, body: &str) {
        self.0
            .push(format!("{heading}\n{body}").trim_end().to_owned());
    }

    pub(super) fn finish(self) -> String {
        self.0.join("\n\n")
    }
}

pub(super) fn table(rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.add_rows(rows);
    table
        .lines()
        .map(|line| format!("  {}", line.trim()))
        .collect::<Vec<_>>()
        .join("\n")
}

fn renamed(from: &str, to: &str) -> String {
    if from == to {
        bare(from)
    } else {
        format!("{} as {}", bare(from), bare(to))
    }
}

/// A name as it is, or quoted when it is not one word.
pub fn bare(name: &str) -> String {
    let word = |it: char| it.is_alphanumeric() || "$_@*#".contains(it);
    if !name.is_empty() && name.chars().all(word) {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}

fn quoted(text: &Text) -> String {
    format!("{text:?}")
}

fn yes(yes: bool) -> &'static str {
    if yes { "yes, a top-level await" } else { "no" }
}

fn or_none(value: &impl Display) -> String {
    let text = value.to_string();
    if text.is_empty() {
        "none".to_owned()
    } else {
        text
    }
}
