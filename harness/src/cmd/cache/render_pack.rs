//! A pack as text.

use std::path::Path;

use super::bytes;
use super::pack::DocumentPack;
use super::render::{Sections, table};

/// A pack.
pub fn pack(path: &Path, document: &DocumentPack) -> String {
    let ratio = match document.bytes_per_source_byte {
        Some(ratio) => format!("{ratio:.2} bytes of pack for each byte of source"),
        None => "the sources are empty".to_owned(),
    };
    let mut text = Sections::default();
    text.facts(&[
        ("file", &path.display()),
        (
            "format",
            &format!(
                "graph pack {}, {}, checksum {}",
                document.format,
                bytes(document.bytes),
                document.checksum
            ),
        ),
        ("entry", &document.entry),
        ("engine", &document.identity.engine),
        ("options", &document.identity.options),
        ("target", &document.identity.target),
        ("payload", &document.payload.name()),
        ("source", &bytes(document.source_bytes)),
        ("ratio", &ratio),
    ]);
    let rows: Vec<_> = document
        .sections
        .iter()
        .map(|section| {
            vec![
                section.name.to_owned(),
                format!("at {}", section.offset),
                bytes(section.bytes),
                format!(
                    "{:.1} %",
                    section.bytes as f64 * 100.0 / document.bytes as f64
                ),
            ]
        })
        .collect();
    text.part("sections", &table(&rows));
    text.table("modules", &modules(document));
    text.finish()
}

/// A row for each module: number, key, source, sizes, the numbers of the modules that it requests, names that are
/// imported from it.
fn modules(document: &DocumentPack) -> Vec<Vec<String>> {
    let row = |(number, module): (usize, &super::pack::PackModuleFacts)| {
        let edges: Vec<String> = module.edges.iter().map(ToString::to_string).collect();
        vec![
            number.to_string(),
            module.key.clone(),
            format!("{} of source", bytes(module.source_bytes)),
            format!("hash {}", module.source_hash),
            match module.kind {
                "json" => "json".to_owned(),
                _ => format!("record {}", bytes(module.record_bytes)),
            },
            match module.kind {
                "json" => String::new(),
                _ => format!("bytecode {}", bytes(module.bytecode_bytes)),
            },
            match edges.is_empty() {
                true => "requests nothing".to_owned(),
                false => format!("requests {}", edges.join(" ")),
            },
            format!("{} resolved in it", module.resolutions.len()),
        ]
    };
    document.modules.iter().enumerate().map(row).collect()
}
