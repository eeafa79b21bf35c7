//! What goes wrong in a module: when it is parsed, linked or run.

use super::fault::Fault;
use super::names::spelt;
use super::writer::Writer;

const WRONG: &[&str] = &[
    "export const = 1;",
    "let twice; let twice;",
    "return 1;",
    "with (globalThis) {}",
    "export { undeclared };",
    "const both = 1; export { both as z, both as z };",
    "export default 1; export default 2;",
    "var public = 1;",
    "see('octal', () => 010);",
    "see('pattern', () => /(/);",
    "arguments = 1;",
    "function waits() { await 1; }",
    "import { a as one, b as one } from './entry.mjs';",
    "here: here: ;",
    "break;",
    "class Broken { read() { return this.#absent; } }",
    "<!-- a comment of the web",
    "new.target;",
    "super();",
    "delete SEE;",
    "const never;",
    "see('text', () => 'never ends);",
    "}",
    "yield = 1;",
    "export { 'not a name' };",
    "const f = (\n  a,\n  b,\n) =>\n  a +\n  ;",
    "import.meta = 1;",
    "await = 1;",
    "let let = 1;",
    "`${`",
    "\u{feff}#! a mark and this\n",
    "import x from './entry.mjs' with { type: 'json', type: 'json' };",
];

const ENDS: &[&str] = &[
    "throw new Error('on purpose');",
    "throw 'a value';",
    "throw null;",
    "throw { toString() { return 'an object'; } };",
    "throw { toString() { throw 1; } };",
    "throw Symbol('a symbol');",
    "null.length;",
    "const deep = (\n  it\n) =>\n  it.of.nothing;\n\ndeep({});",
    "throw Object.assign(new TypeError('with a code'), { code: 'E_RANDOM' });",
    "await Promise.reject(new RangeError('rejected'));",
    "await Promise.reject();",
    "Promise.reject(new Error('unhandled'));",
    "await new Promise(() => {});",
    "await import('./gone.mjs');",
    "late; let late = 1;",
    "queueMicrotask(() => { throw new Error('in a job'); });",
    "setTimeout(() => { throw new Error('in a timer'); }, 0);",
    "class Own extends Error { name = 'Own'; }\nthrow new Own('its own class');",
    "JSON.parse('{');",
    "import.meta.absent.more;",
    "new Function('throw new Error(\"made\")')();",
    "eval('(');",
];

/// Adds what goes wrong.
pub fn write(writer: &mut Writer<'_>, fault: Fault) {
    let statement = match fault {
        Fault::Parse => (*writer.rng.pick(WRONG)).to_owned(),
        Fault::Run => (*writer.rng.pick(ENDS)).to_owned(),
        Fault::Link => link(writer),
    };
    writer.add_at_an_end(statement);
}

fn link(writer: &mut Writer<'_>) -> String {
    let count = match writer.index < writer.plan.inside {
        true => writer.plan.inside,
        false => writer.plan.modules.len(),
    };
    let target = writer.rng.below(count);
    let from = super::exports::request(writer, target);
    let (_, ambiguous) = writer.plan.names(target);
    if let Some(name) = ambiguous.first() {
        let name = spelt(name);
        return match writer.once_in(2) {
            true => format!("import {{ {name} as ambiguous }} from {from};"),
            false => format!("export {{ {name} as ambiguous }} from {from};"),
        };
    }
    let own = writer.module().path.rsplit('/').next().unwrap_or_default();
    match writer.rng.below(7) {
        0 => format!("import {{ absent }} from {from};"),
        1 => format!("export {{ absent as wanted }} from {from};"),
        2 => format!("export {{ round as round }} from './{own}';"),
        3 => "import './gone.mjs';".to_owned(),
        4 => "import 'nothing-of-this-name';".to_owned(),
        5 => "export * from './gone.mjs';".to_owned(),
        _ => format!("import {{ absent as l0 }} from {from}; see('l0', () => l0);"),
    }
}
