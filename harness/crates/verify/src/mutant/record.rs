//! What each mutant does to a record.

use jsc_module_cache::record::{
    Attributes, Export, ExportTarget, Features, Import, ImportKind, Name, Record, Text, Traits,
    Variable,
};
use sample::Mutant;

/// Whether there was anything to spoil.
pub fn spoil(mutant: Mutant, record: &mut Record) -> bool {
    match mutant {
        Mutant::DropStar => remove_first(&mut record.stars),
        Mutant::AddStar => {
            let stars = &mut record.stars;
            let request = record.requests.iter().map(|it| &it.specifier);
            let added = request.clone().find(|it| !stars.contains(it)).cloned();
            stars.extend(added.clone());
            added.is_some()
        }
        Mutant::SwapRequests => swap(&mut record.requests, |_| true),
        Mutant::DropRequest => {
            let unused = (0..record.requests.len())
                .find(|&index| !is_used(record, &record.requests[index].specifier));
            unused.map(|index| record.requests.remove(index)).is_some()
        }
        Mutant::DropAttributes => {
            let with = record
                .requests
                .iter_mut()
                .filter(|it| it.attributes != Attributes::None);
            with.map(|request| request.attributes = Attributes::None)
                .count()
                > 0
        }
        Mutant::RenameLocal => single(record)
            .map(|import| import.local_name = other_name(&import.local_name))
            .is_some(),
        Mutant::SwapImports => swap_imports(record),
        Mutant::RedirectImport => {
            let other = |record: &Record, from: &Text| other_request(record, from);
            let Some(index) = record
                .imports
                .iter()
                .position(|it| it.kind == ImportKind::Single)
            else {
                return false;
            };
            let found = other(record, &record.imports[index].module_request);
            found
                .map(|it| record.imports[index].module_request = it)
                .is_some()
        }
        Mutant::WidenImport => single(record)
            .map(|import| {
                import.kind = ImportKind::Namespace;
                import.import_name = Name::StarNamespace;
            })
            .is_some(),
        Mutant::DropExport => remove_first(&mut record.exports),
        Mutant::RenameExport => {
            let first = record.exports.first_mut();
            first
                .map(|it| it.export_name = other_name(&it.export_name))
                .is_some()
        }
        Mutant::SwapExports => swap_exports(&mut record.exports),
        Mutant::RedirectReexport => redirect(record, |target| match target {
            ExportTarget::Indirect { module_name, .. } => Some(module_name),
            _ => None,
        }),
        Mutant::RenameReexport => {
            let names = record
                .exports
                .iter_mut()
                .find_map(|it| match &mut it.target {
                    ExportTarget::Indirect { import_name, .. } => Some(import_name),
                    _ => None,
                });
            names.map(|name| *name = other_name(name)).is_some()
        }
        Mutant::RedirectNamespace => redirect(record, |target| match target {
            ExportTarget::Namespace { module_name } => Some(module_name),
            _ => None,
        }),
        Mutant::DeadVariable => {
            let any = !record.declared.variables.is_empty();
            if any {
                let variable = record.declared.variables.remove(0);
                record.lexical.variables.push(variable);
            }
            any
        }
        Mutant::DropDeadZone => drop_dead_zone(record),
        Mutant::ForgetImportMeta => {
            let bit = feature("import-meta");
            let had = record.features.0 & bit != 0;
            record.features = Features(record.features.0 & !bit);
            had
        }
        Mutant::ForgetAwait => std::mem::take(&mut record.is_async),
        Mutant::StaleEntry | Mutant::StaleBytecode | Mutant::TrustPack => false,
    }
}

fn remove_first<T>(items: &mut Vec<T>) -> bool {
    !items.is_empty() && {
        items.remove(0);
        true
    }
}

/// Exchanges the first two items of a kind.
fn swap<T>(items: &mut [T], of_kind: impl Fn(&T) -> bool) -> bool {
    let mut places = (0..items.len()).filter(|&index| of_kind(&items[index]));
    match (places.next(), places.next()) {
        (Some(first), Some(second)) => {
            items.swap(first, second);
            true
        }
        _ => false,
    }
}

/// Whether anything but evaluation order hangs on the request.
fn is_used(record: &Record, specifier: &Text) -> bool {
    let by_export = |it: &Export| match &it.target {
        ExportTarget::Local { .. } => false,
        ExportTarget::Indirect { module_name, .. } | ExportTarget::Namespace { module_name } => {
            module_name == specifier
        }
    };
    record
        .imports
        .iter()
        .any(|it| it.module_request == *specifier)
        || record.exports.iter().any(by_export)
        || record.stars.contains(specifier)
}

fn single(record: &mut Record) -> Option<&mut Import> {
    record
        .imports
        .iter_mut()
        .find(|it| it.kind == ImportKind::Single)
}

fn swap_imports(record: &mut Record) -> bool {
    for first in 0..record.imports.len() {
        let pair = |index: &usize| {
            let (a, b) = (&record.imports[first], &record.imports[*index]);
            a.kind == ImportKind::Single
                && b.kind == ImportKind::Single
                && a.module_request == b.module_request
                && a.import_name != b.import_name
        };
        if let Some(second) = (first + 1..record.imports.len()).find(pair) {
            let name = record.imports[first].import_name.clone();
            record.imports[first].import_name =
                std::mem::replace(&mut record.imports[second].import_name, name);
            return true;
        }
    }
    false
}

fn swap_exports(exports: &mut [Export]) -> bool {
    let mut local = (0..exports.len())
        .filter(|&index| matches!(exports[index].target, ExportTarget::Local { .. }));
    match (local.next(), local.next()) {
        (Some(first), Some(second)) => {
            let target = exports[first].target.clone();
            exports[first].target = std::mem::replace(&mut exports[second].target, target);
            true
        }
        _ => false,
    }
}

/// Sends the first export of a kind to another requested module.
fn redirect(record: &mut Record, of: impl Fn(&mut ExportTarget) -> Option<&mut Text>) -> bool {
    for index in 0..record.exports.len() {
        let Some(from) = of(&mut record.exports[index].target).cloned() else {
            continue;
        };
        let Some(other) = other_request(record, &from) else {
            return false;
        };
        if let Some(module) = of(&mut record.exports[index].target) {
            *module = other;
            return true;
        }
    }
    false
}

fn other_request(record: &Record, from: &Text) -> Option<Text> {
    let specifiers = record.requests.iter().map(|it| &it.specifier);
    specifiers.clone().find(|it| *it != from).cloned()
}

fn other_name(name: &Text) -> Text {
    Text::from(format!("{name}$").as_str())
}

fn drop_dead_zone(record: &mut Record) -> bool {
    let known = |name: &Name| record.declared.variables.iter().any(|it| it.name == *name);
    let imported = |name: &Name| {
        record
            .imports
            .iter()
            .any(|it| Name::Text(it.local_name.clone()) == *name)
    };
    let lexical: Vec<Variable> = record
        .lexical
        .variables
        .iter()
        .filter(|it| !known(&it.name) && !imported(&it.name))
        .map(|it| Variable {
            name: it.name.clone(),
            traits: Traits(it.traits.0),
        })
        .collect();
    let any = !lexical.is_empty();
    record.declared.variables.extend(lexical);
    any
}

/// The bit of a feature by its name.
fn feature(name: &str) -> u32 {
    (0..u32::BITS)
        .map(|bit| 1 << bit)
        .find(|&bit| Features(bit).names() == [name])
        .unwrap_or_default()
}
