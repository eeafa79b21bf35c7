//! What a module imports while it runs, and what it waits for.

use super::plan::Kind;
use super::writer::Writer;

/// Adds imports of modules of the closure and of others, of what is not there, and of one module twice.
pub fn write(writer: &mut Writer<'_>) {
    // What is imported later by nobody else is imported by the entry.
    if writer.index == 0 {
        for target in writer.plan.inside..writer.plan.modules.len() {
            import(writer, target);
        }
    }
    for _ in 0..writer.rng.below(3) {
        let target = writer.rng.below(writer.plan.modules.len());
        import(writer, target);
    }
}

fn import(writer: &mut Writer<'_>, target: usize) {
    let path = writer.specifier(target);
    let is_json = writer.plan.modules[target].kind == Kind::Json;
    let options = match (is_json, writer.rng.below(12)) {
        (true, 0) | (false, 1..) => "",
        (true, _) => ", { with: { type: 'json' } }",
        (false, _) => ", { with: {} }",
    };
    let specifier = match writer.rng.below(6) {
        0 => {
            let (first, rest) = path.split_at(path.len() / 2);
            format!("'{first}' + '{rest}'")
        }
        1 => format!("`{path}`"),
        2 => format!("{{ toString: () => '{path}' }}"),
        _ => format!("'{path}'"),
    };
    let call = match writer.rng.below(20) {
        0 => "import('./gone.mjs')".to_owned(),
        1 => "import('nothing-of-this-name')".to_owned(),
        2 => format!("import({specifier}, {{ with: {{ type: 'wrong' }} }})"),
        _ => format!("import({specifier}{options})"),
    };
    let show = format!(
        "(it) => see('import {path}', () => it), (error) => see('import {path} fails', () => error)"
    );
    let can_await = writer.module().awaits;
    match writer.rng.below(9) {
        0 => {
            let local = writer.local();
            writer.add(format!(
                "const {local} = [{call}, {call}]; Promise.allSettled({local}).then(([a, b]) => \
                 see('twice {path}', () => a.status + (a.value === b.value) + (a.reason === b.reason)));"
            ));
        }
        1 => {
            writer.add(format!(
                "{call}.then((it) => see('keys', () => Object.keys(it).join()), (error) => see('fails', () => error.name + error.line));"
            ));
        }
        2 if can_await => writer.add(format!(
            "try {{ const it = await {call}; see('awaited', () => it); }} catch (error) {{ see('caught', () => error); }}"
        )),
        3 => writer.add(format!("setTimeout(() => {call}.then({show}), 0);")),
        4 => writer.add(format!(
            "{call}.then({show}).then(() => {call}).then({show}).finally(() => see('end', () => 'of {path}'));"
        )),
        5 => writer.add(format!(
            "(async () => {{ for (let i = 0; i < 9; i++) {{ await null; see('tick', () => i); }} }})(); {call}.then({show});"
        )),
        6 => writer.add(format!(
            "(async () => {{ const {{ default: one, ...rest }} = await {call}; see('parts', () => String(one) + Object.keys(rest)); }})().catch((error) => see('no parts', () => error));"
        )),
        _ => writer.add(format!("{call}.then({show});")),
    }
}

/// Adds an `await` of the module itself.
pub fn awaits(writer: &mut Writer<'_>) {
    let statement = match writer.rng.below(7) {
        0 => "for await (const it of [1, Promise.resolve(2)]) see('of', () => it);".to_owned(),
        1 => "see('awaited', Function.prototype.bind.call((it) => it, null, await 'value'));".to_owned(),
        2 => "try { await Promise.reject(new RangeError('no')); } catch (error) { see('rejected', () => error); }"
            .to_owned(),
        3 => "await new Promise((go) => setTimeout(go, 0)); see('half', () => 'after a timer');".to_owned(),
        4 => {
            let local = writer.local();
            format!("export const awaited_{local} = await Promise.all([1, 2]); see('awaited', () => awaited_{local});")
        }
        5 => "if (globalThis.never) await 0; else see('half', () => 'not awaited');".to_owned(),
        _ => "see('half', () => 'before'); await null; see('half', () => 'after');".to_owned(),
    };
    writer.add(statement);
}
