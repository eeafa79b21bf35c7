//! What a module imports, and what it sees of that.

use super::exports::request;
use super::names::{quoted, spelt};
use super::plan::Kind;
use super::writer::Writer;

/// Writes the imports of the plan.
pub fn write(writer: &mut Writer<'_>) {
    for target in writer.module().imports.clone() {
        import(writer, target);
    }
}

fn import(writer: &mut Writer<'_>, target: usize) {
    let (names, _) = writer.plan.names(target);
    let from = request(writer, target);
    let kind = writer.plan.modules[target].kind;
    // A script of JSON has no exports; one that is called so cannot be a script.
    let by_both = writer.plan.modules[target].path.ends_with(".mjs") && writer.once_in(4);
    if kind == Kind::Json && by_both {
        let specifier = writer.specifier(target);
        let local = writer.local();
        writer.add(format!("import * as {local} from '{specifier}';"));
        writer.see(&local, &local);
    }
    match writer.rng.below(8) {
        0 => writer.add(format!("import {from};")),
        1 | 2 => namespace(writer, &names, &from),
        3 if names.iter().any(|it| it == "default") => {
            let (local, all) = (writer.local(), writer.local());
            writer.add(format!("import {local}, * as {all} from {from};"));
            writer.see(&local, &local);
            writer.see(&all, &all);
        }
        _ if names.is_empty() => writer.add(format!("import {{}} from {from};")),
        _ => some(writer, &names, &from),
    }
}

/// Imports a few names in one declaration.
fn some(writer: &mut Writer<'_>, names: &[String], from: &str) {
    let mut list = Vec::new();
    let mut default = None;
    for _ in 0..=writer.rng.below(3) {
        let name = writer.rng.pick(names).clone();
        let local = writer.local();
        if name == "default" && default.is_none() && writer.once_in(2) {
            default = Some(local.clone());
        } else {
            list.push(format!("{} as {local}", spelt(&name)));
        }
        read(writer, &name, &local);
    }
    let list = match list.is_empty() {
        true => String::new(),
        false => format!("{{ {} }}", list.join(", ")),
    };
    let clause = match (default, list.is_empty()) {
        (Some(default), true) => default,
        (Some(default), false) => format!("{default}, {list}"),
        (None, _) => list,
    };
    writer.add(format!("import {clause} from {from};"));
}

/// What is done with an imported binding.
fn read(writer: &mut Writer<'_>, name: &str, local: &str) {
    match writer.rng.below(10) {
        // Not used at all.
        0 => {}
        // Another of that name hides it.
        1 => writer.add(format!(
            "(function () {{ function {local}() {{ return 'its own'; }} see('{local}', () => {local}()); }})();"
        )),
        2 => writer.add(format!(
            "see('assigns', () => {{ {local} = 1; return 'assigned'; }});"
        )),
        3 => writer.see(
            local,
            &format!("typeof {local} === 'function' ? {local}() : {local}"),
        ),
        4 => writer.add(format!(
            "Promise.resolve().then(() => see('then {local}', () => {local}));"
        )),
        5 => writer.add(format!(
            "setTimeout(() => see('at last {local}', () => {local}), 0);"
        )),
        6 => writer.see(local, &format!("eval('{local}')")),
        7 => writer.see(local, &format!("new {local}().own")),
        _ => writer.see(name, local),
    }
}

fn namespace(writer: &mut Writer<'_>, names: &[String], from: &str) {
    let local = writer.local();
    writer.add(format!("import * as {local} from {from};"));
    let name = match names.is_empty() {
        true => "absent".to_owned(),
        false => writer.rng.pick(names).clone(),
    };
    let key = quoted(&name);
    match writer.rng.below(8) {
        0 => writer.see(&local, &local),
        1 => writer.see(&name, &format!("{local}[{key}]")),
        2 => writer.see(&name, &format!("Object.keys({local}).join() + ({key} in {local})")),
        3 => writer.see(&name, &format!("delete {local}[{key}]")),
        4 => writer.see(&name, &format!("{{ {local}[{key}] = 1; return 'written'; }}")),
        5 => writer.see(
            "tag",
            &format!("{local}[Symbol.toStringTag] + Object.isExtensible({local}) + Object.getPrototypeOf({local})"),
        ),
        6 => writer.see(
            &name,
            &format!("JSON.stringify(Object.getOwnPropertyDescriptor({local}, {key}))"),
        ),
        _ => {
            writer.see(&local, &format!("Object.isFrozen({local})"));
            writer.add(format!("(globalThis.spaces ??= new Set()).add({local}); see('spaces', () => spaces.size);"));
        }
    }
}
