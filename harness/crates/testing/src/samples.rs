//! Records and entries for tests.

use jsc_module_cache::record::{
    Attributes, Environment, Export, ExportTarget, Features, Import, ImportKind, Name, PrivateName,
    PrivateTraits, Record, Request, Text, Traits, Variable,
};
use jsc_module_cache::{
    Digest, EntryParts, Expected, Identity, SourceHash, Target, VerifiedEntry, write,
};

/// The key of [`entry`].
pub const KEY: &str = "file:///project/src/main.js";
/// The source of [`entry`].
pub const SOURCE: &[u8] = b"import { a } from './a.js'; export default a + 1;";
/// The bytecode of [`entry`].
pub const BYTECODE: &[u8] = b"not really bytecode, but nobody here can tell";

/// The engine that made [`entry`].
pub fn identity() -> Identity {
    Identity {
        engine: Digest::of(b"engine"),
        options: Digest::of(b"options"),
        target: Target::host(),
    }
}

/// What [`entry`] is valid for.
pub fn expected(identity: &Identity) -> Expected<'_> {
    Expected {
        identity,
        module_key: KEY,
        source_hash: SourceHash::of(SOURCE),
        source_length: SOURCE.len() as u64,
    }
}

/// The parts of [`entry`].
pub fn parts<'a>(identity: &'a Identity, image: &'a [u8]) -> EntryParts<'a> {
    EntryParts {
        identity,
        module_key: KEY,
        source_hash: SourceHash::of(SOURCE),
        source_length: SOURCE.len() as u64,
        source_units: SOURCE.len() as u32,
        source_text_hash: 0x00ab_cdef,
        source_is_8bit: true,
        image,
        bytecode: BYTECODE,
    }
}

/// An entry whose record has everything that a record can have.
pub fn entry() -> VerifiedEntry {
    let image = record().encode().expect("the sample is a valid record");
    write(&parts(&identity(), &image)).expect("the sample is a valid entry")
}

/// A record that has everything that a record can have.
pub fn record() -> Record {
    let lone = Text::from_units([0x2E, 0xD800]);
    Record {
        is_async: true,
        features: Features(1 << 12 | 1 << 7),
        requests: vec![
            request("./a.js", Attributes::None),
            request("./data.json", Attributes::Json),
            request("./ünï.js", Attributes::None),
            request("./日本.js", Attributes::None),
            Request {
                specifier: lone,
                attributes: Attributes::WebAssembly,
                phase: 0,
            },
        ],
        imports: vec![
            Import {
                kind: ImportKind::Single,
                module_request: "./a.js".into(),
                import_name: Name::Text("a".into()),
                local_name: "a".into(),
            },
            Import {
                kind: ImportKind::Namespace,
                module_request: "./日本.js".into(),
                import_name: Name::StarNamespace,
                local_name: "日本".into(),
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
                export_name: "".into(),
                target: ExportTarget::Local {
                    local_name: Name::Text("count".into()),
                },
            },
            Export {
                export_name: "other".into(),
                target: ExportTarget::Indirect {
                    module_name: "./a.js".into(),
                    import_name: "😀 is a name".into(),
                },
            },
            Export {
                export_name: "everything".into(),
                target: ExportTarget::Namespace {
                    module_name: "./ünï.js".into(),
                },
            },
        ],
        stars: vec!["./a.js".into(), "./日本.js".into()],
        declared: Environment {
            everything_captured: false,
            variables: vec![variable(Name::Text("count".into()), 1 << 2 | 1 << 4)],
            private_names: vec![private("#p", 0)],
        },
        lexical: Environment {
            everything_captured: true,
            variables: vec![
                variable(Name::StarDefault, 1 << 1 | 1 << 4),
                variable(Name::Text("a".into()), 1 << 1 | 1 << 5),
                variable(Name::Text("日本".into()), 1 << 1 | 1 << 5 | 1 << 6),
            ],
            private_names: vec![private("#p", 1), private("#q", 0b1111)],
        },
    }
}

/// A request for evaluation.
pub fn request(specifier: &str, attributes: Attributes) -> Request {
    Request {
        specifier: specifier.into(),
        attributes,
        phase: 0,
    }
}

/// A variable.
pub fn variable(name: Name, traits: u32) -> Variable {
    Variable {
        name,
        traits: Traits(traits),
    }
}

fn private(name: &str, traits: u32) -> PrivateName {
    PrivateName {
        name: name.into(),
        traits: PrivateTraits(traits),
    }
}
