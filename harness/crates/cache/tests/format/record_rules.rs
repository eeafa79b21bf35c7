//! Records that break a rule, and those that are legal although they are rare.

use jsc_module_cache::MissReason::{self, *};
use jsc_module_cache::record::Attributes as Of;
use jsc_module_cache::record::{Export, ExportTarget, ImportKind, Name, Record, Text};
use jsc_module_cache::write;
use testing::samples;

/// Records that break one rule each: what the reader says of their images.
fn expect_record(reason: MissReason, change: impl FnOnce(&mut Record)) {
    let mut record = samples::record();
    change(&mut record);
    let miss = record.encode().unwrap_err();
    assert_eq!(miss.reason, reason, "{miss}");
    let image = record.encode_unchecked().unwrap();
    assert!(write(&samples::parts(&samples::identity(), &image)).is_err());
}

#[test]
fn rules_of_a_record() {
    let lone = || Text::from_units([0xDC00]);
    // Duplicates.
    expect_record(Schema, |it| it.requests.push(it.requests[0].clone()));
    expect_record(Schema, |it| it.imports.push(it.imports[0].clone()));
    expect_record(Schema, |it| it.exports.push(it.exports[0].clone()));
    expect_record(Schema, |it| it.stars.push(it.stars[0].clone()));
    expect_record(Schema, |it| {
        it.declared.variables.push(it.declared.variables[0].clone());
    });
    expect_record(Schema, |it| {
        it.lexical.variables.push(it.lexical.variables[0].clone());
    });
    expect_record(Schema, |it| {
        it.lexical
            .private_names
            .push(it.lexical.private_names[0].clone());
    });
    // Names that nothing declares or requests.
    expect_record(Schema, |it| it.stars.push("./unknown.js".into()));
    expect_record(Schema, |it| {
        it.imports[0].module_request = "./unknown.js".into();
    });
    expect_record(Schema, |it| {
        it.exports[2].target = ExportTarget::Indirect {
            module_name: "count".into(),
            import_name: "x".into(),
        };
    });
    expect_record(Schema, |it| {
        it.exports.push(Export {
            export_name: "ghost".into(),
            target: ExportTarget::Local {
                local_name: Name::Text("ghost".into()),
            },
        });
    });
    expect_record(Schema, |it| {
        it.lexical.variables.remove(0);
    });
    expect_record(Schema, |it| it.declared.variables.clear());
    // Text that the place cannot have.
    expect_record(String, |it| it.exports[1].export_name = lone());
    expect_record(String, |it| {
        it.imports[0].import_name = Name::Text(lone());
    });
    expect_record(String, |it| it.imports[0].local_name = lone());
    expect_record(String, |it| it.imports[0].local_name = "".into());
    expect_record(String, |it| {
        it.declared.variables[0].name = Name::Text(lone());
    });
    expect_record(String, |it| {
        it.lexical.private_names[0].name = "".into();
    });
    // Bits and kinds.
    expect_record(Schema, |it| it.features.0 |= 1 << 14);
    expect_record(Schema, |it| it.requests[0].phase = 1);
    expect_record(Schema, |it| {
        it.imports[0].import_name = Name::StarNamespace;
    });
    expect_record(Schema, |it| {
        it.declared.variables[0].name = Name::StarNamespace;
    });
}

#[test]
fn what_is_legal_although_it_is_rare() {
    let mut record = samples::record();
    record.imports[1].import_name = Name::Text("*".into());
    record.imports[0].kind = ImportKind::Namespace;
    record.exports[1].export_name = "__proto__".into();
    record.requests.push(samples::request("", Of::None));
    record
        .requests
        .push(samples::request("a\0b", Of::JavaScript));
    record
        .requests
        .push(samples::request(&"x".repeat(1 << 20), Of::Untyped));
    let image = record.encode().unwrap();
    assert_eq!(Record::read(&image).unwrap(), record);
    let empty = Record::default();
    assert_eq!(empty.encode().unwrap().len(), 64);
}
