use zerocopy::little_endian::U32;

use super::*;
use crate::record::{Attributes, Export, Import, Request};

/// A module: exports and imports in words, each with the place that its specifier means.
fn record(words: &[&str]) -> (Record, Vec<usize>) {
    let mut record = Record::default();
    let mut edges: Vec<usize> = Vec::new();
    let mut request = |record: &mut Record, target: &str| {
        let (specifier, target) = (Text::from(target), target.parse().unwrap());
        if !edges.contains(&target) {
            edges.push(target);
            record.requests.push(Request {
                specifier: specifier.clone(),
                attributes: Attributes::None,
                phase: 0,
            });
        }
        specifier
    };
    for words in words {
        let words: Vec<&str> = words.split(' ').collect();
        let export = |name: &str, target| Export {
            export_name: Text::from(name),
            target,
        };
        match words[..] {
            ["local", name] => {
                let local_name = match name {
                    "default" => Name::StarDefault,
                    name => Name::Text(Text::from(name)),
                };
                record
                    .exports
                    .push(export(name, ExportTarget::Local { local_name }));
            }
            ["from", name, imported, target] => {
                let target = ExportTarget::Indirect {
                    module_name: request(&mut record, target),
                    import_name: Text::from(imported),
                };
                record.exports.push(export(name, target));
            }
            ["namespace", name, target] => {
                let module_name = request(&mut record, target);
                record
                    .exports
                    .push(export(name, ExportTarget::Namespace { module_name }));
            }
            ["star", target] => {
                let target = request(&mut record, target);
                record.stars.push(target);
            }
            ["import", name, target] => {
                let module_request = request(&mut record, target);
                let (kind, import_name) = match name {
                    "*" => (ImportKind::Namespace, Name::StarNamespace),
                    name => (ImportKind::Single, Name::Text(Text::from(name))),
                };
                record.imports.push(Import {
                    kind,
                    module_request,
                    import_name,
                    local_name: Text::from("it"),
                });
            }
            _ => unreachable!("{words:?}"),
        }
    }
    (record, edges)
}

/// What a graph links to, as `MODULE.NAME=MODULE.VARIABLE`; a module without words is JSON.
fn linked(graph: &[&[&str]]) -> Result<Vec<String>, String> {
    let keys: Vec<String> = (0..graph.len()).map(|it| format!("file:///{it}")).collect();
    let records: Vec<_> = graph
        .iter()
        .map(|it| (!it.is_empty()).then(|| record(it)))
        .collect();
    let modules: Vec<_> = keys
        .iter()
        .zip(&records)
        .map(|(key, record)| ModuleToLink {
            key,
            record: record.as_ref().map(|it| &it.0),
            edges: record.as_ref().map_or_else(Vec::new, |it| it.1.clone()),
        })
        .collect();
    let image = link(&modules).map_err(|it| it.to_string())?;
    let view = GraphView::split(&image).unwrap();
    view.check().unwrap();
    let text = |index: U32| match index.get() {
        constants::NAME_STAR_DEFAULT => "<default>".to_owned(),
        constants::NAME_STAR_NAMESPACE => "<namespace>".to_owned(),
        _ => String::from_utf8(view.string(index).unwrap().1.to_vec()).unwrap(),
    };
    let mut told = Vec::new();
    let mut rest = view.resolutions.iter();
    for (place, module) in view.modules.iter().enumerate() {
        for it in rest.by_ref().take(module.resolutions.get() as usize) {
            told.push(format!(
                "{place}.{}={}.{}",
                text(it.name),
                it.module,
                text(it.local_name)
            ));
        }
    }
    Ok(told)
}

#[test]
fn names_lead_to_variables() {
    let graph: &[&[&str]] = &[
        &["local a", "local default", "local unused"],
        &["import a 0", "import default 0"],
    ];
    assert_eq!(linked(graph).unwrap(), ["0.a=0.a", "0.default=0.<default>"]);
    // By an indirect export, and by a star, which has no `default`.
    let graph: &[&[&str]] = &[
        &["local a", "local b", "local default"],
        &["from c a 0", "star 0"],
        &["import c 1", "import b 1", "import * 1"],
    ];
    assert_eq!(linked(graph).unwrap(), ["1.a=0.a", "1.b=0.b", "1.c=0.a"]);
    let graph: &[&[&str]] = &[
        &[],
        &["import default 0", "namespace json 0"],
        &["import json 1"],
    ];
    assert_eq!(linked(graph).unwrap(), ["1.json=0.<namespace>"]);
}

#[test]
fn stars_and_cycles() {
    // The same variable by two ways is one; a name of the module's own hides those of its stars.
    let graph: &[&[&str]] = &[
        &["local a"],
        &["star 0"],
        &["star 0", "star 1"],
        &["star 2", "local b", "import a 2"],
    ];
    assert_eq!(linked(graph).unwrap(), ["2.a=0.a"]);
    let graph: &[&[&str]] = &[
        &["local a", "star 1"],
        &["local a", "local b", "star 0"],
        &["import a 0", "import b 0", "import a 1"],
    ];
    assert_eq!(linked(graph).unwrap(), ["0.a=0.a", "0.b=1.b", "1.a=1.a"]);
    // An ambiguous name is in no namespace.
    let graph: &[&[&str]] = &[
        &["local a", "local b"],
        &["local a"],
        &["star 0", "star 1"],
        &["import * 2"],
    ];
    assert_eq!(linked(graph).unwrap(), ["2.b=0.b"]);
}

#[test]
fn what_does_not_link() {
    let wrong = |graph: &[&[&str]]| linked(graph).unwrap_err();
    assert_eq!(
        wrong(&[&["local a"], &["import b 0"]]),
        "file:///1 does not link: 'b' of file:///0 is not exported"
    );
    assert_eq!(
        wrong(&[
            &["local a"],
            &["local a"],
            &["star 0", "star 1"],
            &["import a 2"]
        ]),
        "file:///3 does not link: 'a' of file:///2 is ambiguous"
    );
    // In a circle, by a star, from JSON, and an indirect export that nobody imports.
    assert_eq!(
        wrong(&[&["from a a 1"], &["from a a 0"]]),
        "file:///0 does not link: 'a' of file:///1 is not exported"
    );
    assert_eq!(
        wrong(&[&["local default"], &["star 0"], &["import default 1"]]),
        "file:///2 does not link: 'default' of file:///1 is not exported"
    );
    assert_eq!(
        wrong(&[&[], &["import n 0"]]),
        "file:///1 does not link: 'n' of file:///0 is not exported"
    );
    assert_eq!(
        wrong(&[&["local a"], &["from b c 0"]]),
        "file:///1 does not link: 'c' of file:///0 is not exported"
    );
}

/// Where the engine may go on to the stars of a module, nothing is said: neither where a name leads, nor that it leads
/// nowhere.
#[test]
fn what_the_engine_decides() {
    // By way of 2, the indirect export of 1 leads back to it.
    let graph: &[&[&str]] = &[
        &["local x"],
        &["from x x 2", "star 0"],
        &["star 1", "star 3"],
        &["local x"],
        &["import x 2", "import * 2"],
    ];
    assert_eq!(linked(graph).unwrap(), ["1.x=3.x"]);
    let graph: &[&[&str]] = &[
        &["local y", "local b"],
        &["from b y 2", "star 0"],
        &["from y b 1"],
    ];
    assert_eq!(linked(graph).unwrap(), [""; 0]);
    // No more than this: another name of the same modules is known.
    let graph: &[&[&str]] = &[
        &["local x", "local z"],
        &["from x x 2", "star 0"],
        &["star 1"],
        &["import x 2", "import z 2"],
    ];
    assert_eq!(linked(graph).unwrap(), ["2.z=0.z"]);
}
