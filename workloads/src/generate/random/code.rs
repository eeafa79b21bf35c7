//! Code that shows where it stands: texts of functions, positions of errors, classes, closures.

use super::writer::Writer;

/// Adds something that computes and shows what it came to.
pub fn write(writer: &mut Writer<'_>) {
    let it = writer.local();
    let statement = match writer.rng.below(26) {
        0 => format!("function {it}(a, /* kept */ b = a) {{ return  a; }} see('text', () => {it}.toString());"),
        1 => format!(
            "class {it} {{ #x = 1; static #count = 0; static {{ this.#count++; }} has(o) {{ return #x in o; }} \
             static tell() {{ return {it}.#count + String(new {it}().has({{}})); }} }} see('class', () => {it}.tell());"
        ),
        2 => format!("const {it} = (\n  a,\n  b\n) =>\n  a +\n  b.c.d;\nsee('position', () => {{ try {{ {it}(1, {{}}); }} catch (error) {{ return error.line + ':' + error.column; }} }});"),
        3 => "see('stack', () => new Error('here').stack);".to_owned(),
        4 => "see('meta', () => import.meta.url.split('/').pop() + (import.meta === import.meta));".to_owned(),
        5 => "see('this', () => typeof this);".to_owned(),
        6 => format!("function* {it}() {{ const got = yield 1; yield* [got, 2]; }} see('generator', () => [...{it}()].join());"),
        7 => format!("const {it} = (parts) => parts; see('template', () => {{ const f = () => {it}`a${{1}}b`; return f() === f() && f().raw.length; }});"),
        8 => "see('eval', () => (0, eval)('var fromEval = typeof see; fromEval'));".to_owned(),
        9 => "see('function', () => new Function('a', 'return a * 2')(21));".to_owned(),
        10 => "(globalThis.order ??= []).push(import.meta.url.split('/').pop()); see('order', () => order.join());".to_owned(),
        11 => format!("see('hoisted', () => {it}()); function {it}() {{ return {it}.length; }}"),
        12 => format!("see('dead', () => {it}); let {it} = 1;"),
        13 => format!("see('dead typeof', () => typeof {it}); class {it} {{}}"),
        14 => format!("var {it} = 'var'; {{ let {it} = 'block'; see('block', () => {it}); }} see('outer', () => {it});"),
        15 => "see('big', () => 123456789012345678901234567890n ** 2n);".to_owned(),
        16 => "see('pattern', () => 'caf\u{e9} \u{1f4a5}'.replace(/(?<word>\\p{L}+)/gu, '[$<word>]'));".to_owned(),
        17 => format!("const {it} = {{ get a() {{ return super.toString; }}, ['b' + 1]: 2, async *c() {{}} }}; see('object', () => {it});"),
        18 => "see('lines', () => 'a\u{2028}b'.length + `\\\n`.length);".to_owned(),
        19 => format!("async function {it}() {{ try {{ await null; throw new Error('async'); }} catch (error) {{ see('async', () => error.line); }} }} {it}();"),
        20 => "label: for (const i of [1, 2]) { for (;;) { see('label', () => i); continue label; } }".to_owned(),
        21 => format!("const {it} = (() => {{\n  return (a) =>\n    a;\n}})();\nsee('line', () => new Error().line + {it}.toString());"),
        22 => format!("see('deep', () => {{ const {it} = (n) => n ? {it}(n - 1) : new Error('deep').stack.split('\\n').length; return {it}(5); }});"),
        23 => "see('typeof', () => typeof undeclared + typeof globalThis.undeclared);".to_owned(),
        24 => format!("const {it} = class {{ static async *[Symbol.asyncIterator]() {{ yield 1; }} accessor = 2; 'quoted'() {{}} 0() {{}} }}; see('keys', () => Reflect.ownKeys({it}.prototype).map(String).join());"),
        _ => format!("let {it} = 0; const up_{it} = () => ++{it}, tell_{it} = () => {it}; up_{it}(); up_{it}(); see('closure', () => tell_{it}());"),
    };
    writer.add(statement);
}
