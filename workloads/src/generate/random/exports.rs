//! Everything that a module exports, in every form.

use super::names::{is_declarable, quoted, spelt};
use super::writer::Writer;

/// Writes the exports of the plan.
pub fn write(writer: &mut Writer<'_>) {
    let module = writer.module();
    for name in &module.local {
        local(writer, name);
    }
    for (name, target, theirs) in &module.handed_on {
        hand_on(writer, name, *target, theirs);
    }
    for (name, target) in &module.namespaces {
        namespace(writer, name, *target);
    }
    for target in &module.stars {
        let from = writer.specifier(*target);
        writer.add(format!("export * from '{from}';"));
    }
}

fn local(writer: &mut Writer<'_>, name: &str) {
    if name == "default" {
        return default(writer);
    }
    let text = quoted(&format!("{}.{name}", writer.name()));
    if is_declarable(name) {
        return declared(writer, name, &text);
    }
    let local = writer.local();
    let exported = spelt(name);
    let keyword = *writer.rng.pick(&["let", "const", "var"]);
    writer.add(format!("{keyword} {local} = {text};"));
    writer.add(format!("export {{ {local} as {exported} }};"));
    if keyword != "const" && writer.once_in(2) {
        writer.add(format!(
            "try {{ {local} += ' again'; }} catch (error) {{ see('early', () => error); }}"
        ));
    }
}

/// Exports a declaration of this name, or a variable of it by a list.
fn declared(writer: &mut Writer<'_>, name: &str, text: &str) {
    let listed = writer.once_in(5);
    let export = if listed { "" } else { "export " };
    let declaration = match writer.rng.below(16) {
        0 => format!("{export}function {name}(x = 1) {{ return {text} + x; }}"),
        1 => format!("{export}async function {name}() {{ await null; return {text}; }}"),
        2 => format!("{export}function* {name}() {{ yield {text}; }}"),
        3 => format!(
            "{export}class {name} {{ static kind = {text}; #own = 1; get own() {{ return this.#own; }} }}"
        ),
        4 => format!("{export}let {name};"),
        5 => format!("{export}const {{ x: {name}, ...rest_{name} }} = {{ x: {text}, y: 2 }};"),
        6 => format!("{export}const [{name} = {text}, , ...others_{name}] = [undefined, 1, 2];"),
        7 => format!("{export}const {name} = (x) => x + {text};"),
        8 => format!("{export}var {name} = {text}, second_{name} = 2;"),
        9..12 => format!("{export}let {name} = {text};"),
        12 => {
            format!("{export}var {name} = {{ get deep() {{ return {text}; }}, list: [1, , 3] }};")
        }
        _ => format!("{export}const {name} = {text};"),
    };
    let changes = declaration.contains("let ") || declaration.contains("var ");
    writer.add(declaration);
    if listed {
        let local = escaped(writer, name);
        writer.add(format!("export {{ {local} as {name} }};"));
    }
    if changes && writer.once_in(2) {
        change(writer, name);
    }
}

/// The name, or the same with an escape in it.
fn escaped(writer: &mut Writer<'_>, name: &str) -> String {
    let first = name.chars().next().filter(char::is_ascii_lowercase);
    match first {
        Some(first) if writer.once_in(4) => {
            format!("\\u{:04x}{}", u32::from(first), &name[1..])
        }
        _ => name.to_owned(),
    }
}

/// Changes an exported variable: at once, in a function that is exported, or later.
fn change(writer: &mut Writer<'_>, name: &str) {
    let statement = match writer.rng.below(5) {
        0 => format!(
            "Promise.resolve().then(() => {{ {name} = 'later'; see('later', () => {name}); }});"
        ),
        1 => format!(
            "setTimeout(() => {{ {name} = 'much later'; see('timer', () => {name}); }}, 0);"
        ),
        2 => format!(
            "export function change_{name}() {{ {name} = 'changed by ' + new Error().line; }}"
        ),
        3 => format!("see('tries {name}', () => {{ {name} = 'at once'; return {name}; }});"),
        _ => format!(
            "(globalThis.changes ??= []).push(() => {{ {name} = 'by another'; }}); for (const it of changes) try {{ it(); }} catch {{}}"
        ),
    };
    writer.add(statement);
}

fn default(writer: &mut Writer<'_>) {
    let name = writer.name();
    let local = writer.local();
    let statement = match writer.rng.below(14) {
        0 => format!("export default '{name} default';"),
        1 => format!("export default function () {{ return '{name}'; }}"),
        2 => format!("export default function {local}() {{ return {local}.name; }}"),
        3 => "export default class { static #secret = 1; static tell() { return this.#secret; } }"
            .to_owned(),
        4 => format!("export default class {local} {{ static {{ this.made = '{name}'; }} }}"),
        5 => "export default () => import.meta.url.split('/').pop();".to_owned(),
        6 => "export default async function () {}".to_owned(),
        7 => "export default function* () { yield 1; }".to_owned(),
        8 => format!("let {local} = 'before'; export {{ {local} as default }}; {local} = 'after';"),
        9 => format!("let {local} = 'copied'; export default {local}; {local} = 'not live';"),
        10 => "export default { a: 1, toString() { return 'an object'; } };".to_owned(),
        11 => format!("export default function {local}() {{}}\n{local} = 'another';"),
        12 => "export default (function () { return typeof this; });".to_owned(),
        _ => "export default (class Named {}, [1, 2, 3]);".to_owned(),
    };
    writer.add(statement);
}

fn hand_on(writer: &mut Writer<'_>, name: &str, target: usize, theirs: &str) {
    let from = request(writer, target);
    let (name, theirs) = (spelt(name), spelt(theirs));
    match writer.rng.below(3) {
        0 => {
            let local = writer.local();
            writer.add(format!("import {{ {theirs} as {local} }} from {from};"));
            writer.add(format!("export {{ {local} as {name} }};"));
            if writer.once_in(2) {
                writer.see(&local, &local);
            }
        }
        _ => writer.add(format!("export {{ {theirs} as {name} }} from {from};")),
    }
}

fn namespace(writer: &mut Writer<'_>, name: &str, target: usize) {
    let from = request(writer, target);
    let exported = spelt(name);
    match writer.rng.below(3) {
        0 => {
            let local = writer.local();
            writer.add(format!("import * as {local} from {from};"));
            writer.add(format!("export {{ {local} as {exported} }};"));
            writer.see(&local, &local);
        }
        _ => writer.add(format!("export * as {exported} from {from};")),
    }
}

/// The specifier with what the module's kind asks for.
pub fn request(writer: &mut Writer<'_>, target: usize) -> String {
    let kind = writer.plan.modules[target].kind;
    let specifier = writer.specifier(target);
    match kind {
        super::plan::Kind::Json => format!("'{specifier}' with {{ type: 'json' }}"),
        _ => format!("'{specifier}'"),
    }
}
