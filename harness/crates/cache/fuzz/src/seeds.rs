//! Files to start from.

use jsc_module_cache::record::{
    Attributes, Environment, Export, ExportTarget, Features, Import, ImportKind, Name, PrivateName,
    PrivateTraits, Record, Request, Text, Traits, Variable,
};
use jsc_module_cache::{Digest, EntryParts, Identity, SourceHash, Target, write};

/// Files of format 2: an empty module, and one with everything that a record can have.
pub fn format_v2() -> Vec<Vec<u8>> {
    [Record::default(), everything()]
        .iter()
        .map(|record| {
            let identity = Identity {
                engine: Digest::of(b"engine"),
                options: Digest::of(b"options"),
                target: Target::host(),
            };
            let parts = EntryParts {
                identity: &identity,
                module_key: "file:///m.js",
                source_hash: SourceHash::of(b"source"),
                source_length: 6,
                source_units: 6,
                source_text_hash: 1,
                source_is_8bit: true,
                image: &record.encode().expect("a valid record"),
                bytecode: b"bytecode",
            };
            write(&parts).expect("a valid entry").as_bytes().to_vec()
        })
        .collect()
}

fn everything() -> Record {
    let request = |specifier: Text, attributes| Request {
        specifier,
        attributes,
        phase: 0,
    };
    let variable = |name: Name, traits| Variable {
        name,
        traits: Traits(traits),
    };
    let private = |name: &str, traits| PrivateName {
        name: name.into(),
        traits: PrivateTraits(traits),
    };
    Record {
        is_async: true,
        features: Features(0x1080),
        requests: vec![
            request("./a".into(), Attributes::None),
            request("./日".into(), Attributes::Json),
            request(Text::from_units([0xD800]), Attributes::WebAssembly),
        ],
        imports: vec![
            Import {
                kind: ImportKind::Single,
                module_request: "./a".into(),
                import_name: Name::Text("default".into()),
                local_name: "a".into(),
            },
            Import {
                kind: ImportKind::Namespace,
                module_request: "./日".into(),
                import_name: Name::StarNamespace,
                local_name: "日".into(),
            },
        ],
        exports: vec![
            Export {
                export_name: "default".into(),
                target: ExportTarget::Local {
                    local_name: Name::StarDefault,
                },
            },
            Export {
                export_name: "b".into(),
                target: ExportTarget::Indirect {
                    module_name: "./a".into(),
                    import_name: "".into(),
                },
            },
            Export {
                export_name: "c".into(),
                target: ExportTarget::Namespace {
                    module_name: "./日".into(),
                },
            },
            Export {
                export_name: "d".into(),
                target: ExportTarget::Local {
                    local_name: Name::Text("v".into()),
                },
            },
        ],
        stars: vec!["./a".into(), "./日".into()],
        declared: Environment {
            everything_captured: true,
            variables: vec![variable(Name::Text("v".into()), 0x14)],
            private_names: vec![private("#p", 1)],
        },
        lexical: Environment {
            everything_captured: false,
            variables: vec![
                variable(Name::StarDefault, 2),
                variable(Name::Text("a".into()), 0x22),
                variable(Name::Text("日".into()), 0x62),
            ],
            private_names: vec![private("#p", 8), private("#q", 2)],
        },
    }
}
