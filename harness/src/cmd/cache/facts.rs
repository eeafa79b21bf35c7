//! A cache file as a list of named facts, for comparing two of them field by field.

use super::document::{Document, DocumentV1, DocumentV2};
use super::pack::DocumentPack;
use super::render::{bare, export, export_v1, import, import_v1, request, request_v1};
use jsc_module_cache::Digest;
use jsc_module_cache::record::{Environment, Record};

/// A name that is the same in every file, and what this file has there.
pub type Fact = (String, String);

/// What a file says, in its order. Checksum and digests are left out: they follow from the rest.
pub fn facts(document: &Document) -> Vec<Fact> {
    let mut facts = Vec::new();
    match document {
        Document::V1(document) => of_v1(&mut facts, document),
        Document::V2(document) => of_v2(&mut facts, document),
        Document::Pack(document) => facts = of_pack(document),
    }
    facts
}

fn of_v1(facts: &mut Vec<Fact>, document: &DocumentV1) {
    let content = &document.content;
    fact(facts, "format", 1);
    ordered(
        facts,
        "request",
        content
            .requests
            .iter()
            .map(|it| (format!("{:?}", it.specifier), request_v1(it))),
    );
    ordered(
        facts,
        "import",
        content
            .imports
            .iter()
            .map(|it| (bare(&it.local_name), import_v1(it))),
    );
    ordered(
        facts,
        "export",
        content
            .exports
            .iter()
            .map(|it| (bare(&it.export_name), export_v1(it))),
    );
    ordered(
        facts,
        "star export",
        content
            .stars
            .iter()
            .map(|it| (format!("{it:?}"), "there".to_owned())),
    );
    bytecode(facts, &content.bytecode);
}

fn of_v2(facts: &mut Vec<Fact>, document: &DocumentV2) {
    let source = &document.source;
    fact(facts, "format", 2);
    fact(facts, "module", &document.module_key);
    fact(facts, "engine", document.identity.engine);
    fact(facts, "options", document.identity.options);
    fact(facts, "target", document.identity.target);
    fact(facts, "source hash", source.hash);
    fact(facts, "source bytes", source.bytes);
    fact(facts, "source units", source.units);
    fact(facts, "source unit bits", source.unit_bits);
    fact(
        facts,
        "source text hash",
        format!("{:#08x}", source.text_hash),
    );
    of_record(facts, &document.record);
    bytecode(facts, &document.bytecode);
}

fn of_record(facts: &mut Vec<Fact>, record: &Record) {
    fact(facts, "async", record.is_async);
    fact(facts, "features", record.features);
    ordered(
        facts,
        "request",
        record
            .requests
            .iter()
            .map(|it| (format!("{:?}", it.specifier), request(it))),
    );
    ordered(
        facts,
        "import",
        record
            .imports
            .iter()
            .map(|it| (bare(&it.local_name.to_string()), import(it))),
    );
    ordered(
        facts,
        "export",
        record
            .exports
            .iter()
            .map(|it| (bare(&it.export_name.to_string()), export(it))),
    );
    ordered(
        facts,
        "star export",
        record
            .stars
            .iter()
            .map(|it| (format!("{it:?}"), "there".to_owned())),
    );
    environment(facts, "declared", &record.declared);
    environment(facts, "lexical", &record.lexical);
}

fn environment(facts: &mut Vec<Fact>, name: &str, environment: &Environment) {
    fact(
        facts,
        &format!("{name} everything captured"),
        environment.everything_captured,
    );
    ordered(
        facts,
        &format!("{name} variable"),
        environment
            .variables
            .iter()
            .map(|it| (it.name.to_string(), traits(&it.traits))),
    );
    ordered(
        facts,
        &format!("{name} private name"),
        environment
            .private_names
            .iter()
            .map(|it| (it.name.to_string(), traits(&it.traits))),
    );
}

fn bytecode(facts: &mut Vec<Fact>, bytecode: &[u8]) {
    fact(facts, "bytecode bytes", bytecode.len());
    fact(facts, "bytecode digest", Digest::of(bytecode));
}

/// One fact for each item, and one for the order of all, so that a mere permutation shows as one.
fn ordered(facts: &mut Vec<Fact>, what: &str, items: impl Iterator<Item = (String, String)>) {
    let mut order = Vec::new();
    for (name, value) in items {
        facts.push((format!("{what} {name}"), value));
        order.push(name);
    }
    facts.push((format!("{what} order"), order.join(", ")));
}

fn traits(traits: &impl ToString) -> String {
    let text = traits.to_string();
    if text.is_empty() {
        "no traits".to_owned()
    } else {
        text
    }
}

fn fact(facts: &mut Vec<Fact>, name: &str, value: impl ToString) {
    facts.push((name.to_owned(), value.to_string()));
}

/// What it says, for comparing two packs. Modules are known by their keys, so that one that was added shifts nothing.
fn of_pack(pack: &DocumentPack) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut fact = |name: String, value: String| facts.push((name, value));
    fact("format".to_owned(), format!("pack {}", pack.format));
    fact("entry".to_owned(), pack.entry.clone());
    fact("engine".to_owned(), pack.identity.engine.to_string());
    fact("options".to_owned(), pack.identity.options.to_string());
    fact("target".to_owned(), pack.identity.target.to_string());
    fact("payload".to_owned(), pack.payload.name().to_owned());
    for module in &pack.modules {
        let of_module = |what: &str| format!("module {} {what}", module.key);
        fact(of_module("kind"), module.kind.to_owned());
        fact(of_module("source hash"), module.source_hash.to_string());
        fact(of_module("source bytes"), module.source_bytes.to_string());
        fact(of_module("record digest"), module.record.to_string());
        let bytecode = module.bytecode_bytes.to_string();
        fact(of_module("bytecode bytes"), bytecode);
        fact(of_module("bytecode digest"), module.bytecode.to_string());
        let edges = module.edges.iter().map(|it| &*pack.modules[*it].key);
        fact(of_module("requests"), edges.collect::<Vec<_>>().join(", "));
        fact(
            of_module("resolutions"),
            module.resolutions.len().to_string(),
        );
    }
    let order = pack.modules.iter().map(|it| &*it.key);
    fact(
        "module order".to_owned(),
        order.collect::<Vec<_>>().join(", "),
    );
    facts
}
