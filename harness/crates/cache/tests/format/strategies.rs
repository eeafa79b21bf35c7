//! Arbitrary records: such as engines make, and such as none makes.

use jsc_module_cache::record::{
    Attributes, Environment, Export, ExportTarget, Features, Import, ImportKind, Name, PrivateName,
    PrivateTraits, Record, Request, Text, Traits, Variable,
};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::Index;

/// A record that keeps every rule of the image.
pub fn valid_record() -> impl Strategy<Value = Record> {
    let names = (
        btree_set(any_text(), 0..8),
        btree_set(identifier(), 0..8),
        btree_set(identifier(), 0..8),
        btree_set(well_formed(), 0..8),
    );
    let choices = vec((any::<Index>(), any::<u32>()), 64);
    (
        names,
        choices,
        any::<(bool, bool, bool, bool)>(),
        any::<u16>(),
    )
        .prop_map(
            |((specifiers, declared, lexical, exported), choices, flags, features)| {
                let specifiers: Vec<Text> = specifiers.into_iter().collect();
                let lexical: Vec<Text> = lexical.into_iter().collect();
                let declared: Vec<Text> = declared.into_iter().collect();
                let mut choices = choices.into_iter().cycle();
                let mut choose = move || choices.next().unwrap();
                let mut lexical_names: Vec<Name> =
                    lexical.iter().cloned().map(Name::Text).collect();
                if flags.3 {
                    lexical_names.push(Name::StarDefault);
                }
                let locals: Vec<Name> = declared
                    .iter()
                    .cloned()
                    .map(Name::Text)
                    .chain(lexical_names.iter().cloned())
                    .collect();
                Record {
                    is_async: flags.0,
                    features: Features(u32::from(features) & 0x3FFF),
                    requests: specifiers
                        .iter()
                        .map(|specifier| Request {
                            specifier: specifier.clone(),
                            attributes: attributes(choose().1),
                            phase: 0,
                        })
                        .collect(),
                    imports: lexical
                        .iter()
                        .filter(|_| !specifiers.is_empty())
                        .map(|local| {
                            let (index, bits) = choose();
                            let namespace = bits % 3 == 0;
                            Import {
                                kind: if namespace {
                                    ImportKind::Namespace
                                } else {
                                    ImportKind::Single
                                },
                                module_request: index.get(&specifiers).clone(),
                                import_name: match bits % 6 {
                                    0 => Name::StarNamespace,
                                    3 => Name::Text("*".into()),
                                    _ => Name::Text(local.clone()),
                                },
                                local_name: local.clone(),
                            }
                        })
                        .collect(),
                    exports: exported
                        .into_iter()
                        .filter_map(|export_name| {
                            let (index, bits) = choose();
                            let target = match bits % 3 {
                                0 if !locals.is_empty() => ExportTarget::Local {
                                    local_name: index.get(&locals).clone(),
                                },
                                1 if !specifiers.is_empty() => ExportTarget::Indirect {
                                    module_name: index.get(&specifiers).clone(),
                                    import_name: export_name.clone(),
                                },
                                2 if !specifiers.is_empty() => ExportTarget::Namespace {
                                    module_name: index.get(&specifiers).clone(),
                                },
                                _ => return None,
                            };
                            Some(Export {
                                export_name,
                                target,
                            })
                        })
                        .collect(),
                    stars: specifiers
                        .iter()
                        .filter(|_| choose().1 % 2 == 0)
                        .cloned()
                        .collect(),
                    declared: Environment {
                        everything_captured: flags.1,
                        variables: variables(declared.iter().cloned().map(Name::Text), choose().1),
                        private_names: private_names(&declared, choose().1),
                    },
                    lexical: Environment {
                        everything_captured: flags.2,
                        variables: variables(lexical_names.into_iter(), choose().1),
                        private_names: private_names(&lexical, choose().1),
                    },
                }
            },
        )
}

/// A record that keeps no rules: names stand twice, are empty, ill-formed or of the wrong kind, and bits are unknown.
pub fn any_record() -> impl Strategy<Value = Record> {
    let name = || {
        prop_oneof![
            6 => few_texts().prop_map(Name::Text),
            1 => Just(Name::StarDefault),
            1 => Just(Name::StarNamespace),
            1 => Just(Name::None),
        ]
    };
    let bits = || prop_oneof![4 => 0u32..4, 1 => any::<u32>()];
    let request =
        (few_texts(), any::<u32>(), 0u32..20).prop_map(|(specifier, bits, phase)| Request {
            specifier,
            attributes: attributes(bits),
            phase: phase / 19,
        });
    let import = (any::<bool>(), few_texts(), name(), few_texts()).prop_map(
        |(namespace, module_request, import_name, local_name)| Import {
            kind: if namespace {
                ImportKind::Namespace
            } else {
                ImportKind::Single
            },
            module_request,
            import_name,
            local_name,
        },
    );
    let target = prop_oneof![
        name().prop_map(|local_name| ExportTarget::Local { local_name }),
        (few_texts(), few_texts()).prop_map(|(module_name, import_name)| ExportTarget::Indirect {
            module_name,
            import_name
        }),
        few_texts().prop_map(|module_name| ExportTarget::Namespace { module_name }),
    ];
    let export = (few_texts(), target).prop_map(|(export_name, target)| Export {
        export_name,
        target,
    });
    let environment = move || {
        let variable = (name(), bits()).prop_map(|(name, traits)| Variable {
            name,
            traits: Traits(traits),
        });
        let private = (few_texts(), bits()).prop_map(|(name, traits)| PrivateName {
            name,
            traits: PrivateTraits(traits),
        });
        (any::<bool>(), vec(variable, 0..4), vec(private, 0..3)).prop_map(
            |(everything_captured, variables, private_names)| Environment {
                everything_captured,
                variables,
                private_names,
            },
        )
    };
    (
        any::<bool>(),
        bits(),
        vec(request, 0..4),
        vec(import, 0..3),
        vec(export, 0..3),
        vec(few_texts(), 0..3),
        environment(),
        environment(),
    )
        .prop_map(
            |(is_async, features, requests, imports, exports, stars, declared, lexical)| Record {
                is_async,
                features: Features(features),
                requests,
                imports,
                exports,
                stars,
                declared,
                lexical,
            },
        )
}

/// Any string that JavaScript has.
pub fn any_text() -> impl Strategy<Value = Text> {
    prop_oneof![
        vec(any::<u16>(), 0..6).prop_map(Text::from_units),
        vec(0u16..256, 0..6).prop_map(Text::from_units),
        well_formed(),
    ]
}

fn well_formed() -> impl Strategy<Value = Text> {
    prop_oneof![".{0,8}", "[a-zÿ]{0,4}"].prop_map(|text| Text::from(text.as_str()))
}

fn identifier() -> impl Strategy<Value = Text> {
    "[a-z$_é日𠀀][a-z0-9é日𠀀]{0,5}".prop_map(|text| Text::from(text.as_str()))
}

/// So few that the same ones come again.
fn few_texts() -> impl Strategy<Value = Text> {
    prop_oneof![
        4 => "[ab]".prop_map(|text| Text::from(text.as_str())),
        2 => "[日本]".prop_map(|text| Text::from(text.as_str())),
        1 => Just(Text::from("")),
        1 => Just(Text::from_units([0xD800])),
    ]
}

fn attributes(bits: u32) -> Attributes {
    match bits % 5 {
        0 => Attributes::None,
        1 => Attributes::Untyped,
        2 => Attributes::JavaScript,
        3 => Attributes::WebAssembly,
        _ => Attributes::Json,
    }
}

fn variables(names: impl Iterator<Item = Name>, seed: u32) -> Vec<Variable> {
    (0u32..)
        .zip(names)
        .map(|(index, name)| Variable {
            name,
            traits: Traits(seed.rotate_left(index) & 0x7FFF),
        })
        .collect()
}

fn private_names(names: &[Text], seed: u32) -> Vec<PrivateName> {
    (0u32..)
        .zip(names)
        .filter(|(index, _)| seed >> index & 1 == 1)
        .map(|(index, name)| PrivateName {
            name: name.clone(),
            traits: PrivateTraits(seed.rotate_right(index) & 0xF),
        })
        .collect()
}
