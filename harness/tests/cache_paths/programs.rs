//! Small programs, each for one thing that could differ when nothing was parsed.

use crate::support::{Subject, every_path, nothing_wrong};
use test_programs::{engines, program};

/// A program: its entry, its other files, and what is known of it.
struct Case {
    name: &'static str,
    entry: &'static str,
    files: &'static [(&'static str, &'static str)],
    unparsable: &'static [&'static str],
    unlinkable: &'static [&'static str],
    shows_text: bool,
}

const fn case(name: &'static str, entry: &'static str) -> Case {
    Case {
        name,
        entry,
        files: &[],
        unparsable: &[],
        unlinkable: &[],
        shows_text: false,
    }
}

fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for case in cases {
        let mut program = program(case.entry);
        for (path, contents) in case.files {
            program = program.file(path, contents);
        }
        let entry = program.path("main.mjs");
        for engine in engines() {
            wrong.extend(every_path(
                engine,
                &Subject {
                    name: case.name,
                    entry: &entry,
                    unparsable: case.unparsable,
                    unlinkable: case.unlinkable,
                    shows_text: case.shows_text,
                    leaves_out: false,
                    shares_file: false,
                },
            ));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn modules_that_parts_of_the_graph_share() {
    check(&[
        Case {
            files: &[
                ("data.json", r#"{ "list": [1, 2] }"#),
                ("a.mjs", "import data from './data.json' with { type: 'json' }; data.list.push(3); export default data;"),
            ],
            ..case(
                "JSON",
                "import data from './data.json' with { type: 'json' };
                 import same from './a.mjs';
                 console.log(data === same, data.list);
                 console.log((await import('./data.json', { with: { type: 'json' } })).default === data);",
            )
        },
        Case {
            files: &[
                ("static.mjs", "export const value = 'static'; console.log(import.meta.url.split('/').pop());"),
                ("late.mjs", "import { value } from './static.mjs'; export default value + ' late'; console.log('late runs');"),
                ("later.mjs", "export { default } from './late.mjs'; export const here = await import('./static.mjs');"),
            ],
            ..case(
                "dynamic imports",
                "import { value } from './static.mjs';
                 const [one, two] = await Promise.all([import('./late.mjs'), import(`./${'late'}.mjs`)]);
                 console.log(value, one === two, one.default);
                 const later = await import('./later.mjs');
                 console.log(later.default, later.here.value, Object.keys(later));
                 const load = (name) => import(name);
                 for (const name of ['./static.mjs', './absent.mjs', 'bare', '']) {
                     await load(name).then((it) => console.log(Object.keys(it)), (error) => console.log(String(error)));
                 }
                 console.log(await eval(`import('./late.mjs')`) === one);
                 console.log(await new Function(`return import('./late.mjs')`)().then(Object.keys, String));",
            )
        },
        Case {
            files: &[
                ("a.mjs", "import { b } from './b.mjs'; export let a = 1; export function up() { a += b(); return a; } console.log('a');"),
                ("b.mjs", "import { up } from './a.mjs'; export function b() { return typeof up === 'function' ? 10 : 0; } console.log('b', typeof up);"),
                ("stars.mjs", "export * from './a.mjs'; export * as again from './b.mjs'; export { b as 'b c' } from './b.mjs';"),
            ],
            ..case(
                "a cycle, stars and names that are strings",
                "import * as stars from './stars.mjs';
                 import { 'b c' as bc } from './stars.mjs';
                 console.log(Object.keys(stars), stars.up(), stars.a, bc(), stars.again.b === bc);",
            )
        },
        Case {
            files: &[("a.mjs", "export let x = await Promise.resolve(1); for await (const y of [2, 3]) x += y;")],
            ..case(
                "top-level await",
                "console.log('before'); import { x } from './a.mjs'; console.log(x, await x, this);",
            )
        },
    ]);
}

#[test]
fn code_that_is_made_while_the_program_runs() {
    check(&[
        case(
            "direct eval sees what surrounds it",
            "let outer = 1; const fixed = 2;
             class Base { constructor() { this.kind = new.target.name; } name() { return 'base'; } }
             class C extends Base {
                 #secret = 3; static #count = 0;
                 field = eval('this.kind + outer');
                 constructor() { super(); C.#count += 1; this.seen = eval('new.target === C'); }
                 read() { return eval('this.#secret + fixed + C.#count'); }
                 name() { return eval('super.name()') + (() => eval('this.#secret'))(); }
                 static { this.made = eval('typeof this'); }
             }
             const c = new C();
             console.log(c.field, c.seen, c.read(), c.name(), C.made);
             function parameters(a, b = eval('a + 1')) { eval('var a = 5'); { let a = 7; eval('a += 1'); b += a; } return [a, b]; }
             console.log(parameters(1));
             console.log(eval('outer = 4; var hidden = 1; typeof hidden'), outer, typeof hidden);
             try { eval('fixed = 1'); } catch (error) { console.log(String(error)); }
             try { eval('early'); } catch (error) { console.log(error.name); }
             let early = 1;
             console.log((0, eval)('typeof outer'), typeof outer);",
        ),
        Case {
            shows_text: true,
            ..case(
                "new Function and its relatives",
                "const f = new Function('a', 'b', 'return a + b + typeof module');
                 console.log(f(1, 2), f.name, f.toString());
                 const Generator = (function* () {}).constructor, Async = (async () => {}).constructor;
                 console.log([...Generator('yield 1; yield 2')()], await Async('return await 3')());
                 console.log(Generator('yield').toString(), Async('x', '').toString());
                 for (const text of ['}', 'return import.meta', 'super()', '#x'])
                     try { new Function(text); } catch (error) { console.log(String(error)); }",
            )
        },
        case(
            "closures, loops and the dead zone",
            "const late = []; for (let i = 0; i < 3; i++) late.push(() => i); console.log(late.map((it) => it()));
             function dead() { try { return inner; } catch (error) { return error.name; } let inner; }
             console.log(dead());
             switch (1) { case 0: let x; case 1: try { x; } catch (error) { console.log(error.name); } }
             const { a = 1, ...rest } = { b: 2, c: 3 }; console.log(a, rest);
             label: for (const x of [1, 2, 3]) { for (;;) { if (x == 2) break label; continue label; } }
             function* g() { try { yield* [1, 2]; } finally { console.log('finally'); } } for (const x of g()) break;",
        ),
    ]);
}

#[test]
fn programs_that_fail() {
    check(&[
        Case {
            shows_text: true,
            files: &[("a.mjs", "export function fail(value) {\n  return value\n    .first . second;\n}")],
            ..case("a message that quotes the source", "import { fail } from './a.mjs';\n\n  fail({});")
        },
        Case {
            shows_text: true,
            files: &[("a.mjs", "export const e = (() => { try { undefinedName; } catch (error) { return error; } })();")],
            ..case(
                "messages of every kind",
                "import { e } from './a.mjs';
                 const attempt = (f) => { try { f(); } catch (error) { console.log(String(error), error.line, error.column, error.sourceURL); } };
                 console.log(e.message, e.stack, e.line, e.column);
                 attempt(() => null.x); attempt(() => undefined.x.y); attempt(() => (void 0)()); attempt(() => ({}).a.b());
                 attempt(() => new (class { constructor() { this.x.y; } })()); attempt(() => { const c = 1; c = 2; });
                 attempt(() => { const { a } = null; }); attempt(() => { const [a] = {}; }); attempt(() => new ({}.x)());
                 attempt(() => 1 in 'x'); attempt(() => ({}) instanceof 1); attempt(() => { class A extends null {} new A(); });
                 attempt(() => 'é'.x.ü.y); attempt(() => { for (const x of 5); }); attempt(() => Symbol() + 1); attempt(() => e = 1);",
            )
        },
        Case {
            files: &[("deep/a.mjs", "import '../b.mjs';\nexport default class { static run() { throw new RangeError('é \u{1F600}'); } }"),
                     ("b.mjs", "// nothing")],
            ..case("an uncaught error, with its stack", "import A from './deep/a.mjs';\nsetTimeout(() => {\n    (function outer() { A.run(); })();\n}, 0);")
        },
        case("a thrown value", "console.log(1); throw { toString() { return 'me'; } };"),
        case("an unhandled rejection", "Promise.reject(new TypeError('nobody'));"),
        case("a top-level await that never ends", "await new Promise(() => {});"),
        case("endless recursion", "let depth = 0; const f = () => { depth++; f(); }; try { f(); } catch (error) { console.log(String(error), depth > 100); }"),
        Case {
            unparsable: &["a.mjs"],
            files: &[("a.mjs", "export const x = 1;\nlet y = ;\n")],
            ..case("a syntax error", "import './a.mjs';")
        },
        Case {
            unparsable: &["a.mjs"],
            files: &[("a.mjs", "export { nothing };"), ("b.mjs", "export const b = 1;")],
            ..case("an early error that is caught", "import { b } from './b.mjs'; try { await import('./a.mjs'); } catch (error) { console.log(String(error), b); }")
        },
        Case {
            files: &[("a.mjs", "import './absent.mjs';")],
            ..case("an import of a file that is not there", "import './a.mjs';")
        },
        Case {
            files: &[("a.mjs", "console.log('a'); throw new Error('once');")],
            ..case(
                "a module that throws throws the same again",
                "let first; try { await import('./a.mjs'); } catch (error) { first = error; }
                 await import('./a.mjs').catch((error) => console.log(error === first, error.stack));",
            )
        },
        Case {
            files: &[("a.mjs", "setTimeout(() => console.log('never'), 0); (function f() { f.caller; })();")],
            ..case("strict functions have no caller", "import './a.mjs';")
        },
    ]);
}

#[test]
fn odd_sources() {
    check(&[
        case("an empty module", ""),
        case("a comment", "// nothing"),
        case("a line end", "\n"),
        Case {
            files: &[("bom.mjs", "\u{FEFF}export const a = 'bom';"), ("crlf.mjs", "export const b = `x\r\ny`;\r\n// \u{2028}export const c = 1;")],
            ..case("byte order marks and line ends", "import { a } from './bom.mjs'; import { b } from './crlf.mjs'; console.log(a, JSON.stringify(b));")
        },
        case("a hashbang", "#!/usr/bin/env jsc\nconsole.log('ran', new Error('x').line);"),
        Case {
            shows_text: true,
            ..case("16-bit text", "const 变量 = 'é😀'; function ф(a = '→') { /* 注 */ return a + 变量; }\nconsole.log(ф(), ф.toString(), String(class Ω { #ж = 1; }), ф.name);\nФункция();")
        },
        Case {
            shows_text: true,
            ..case("Latin-1 text", "const é = 'ü'; function ñ() { /* ¿ */ return é; }\nconsole.log(ñ(), ñ.toString());\né.x.y;")
        },
        case("literals", "const tag = (strings, ...values) => strings.raw.join('|') + values; const f = () => tag`a\\n${1}b\\u{41}`;
             console.log(f(), (() => tag)()`\\unicode` , 0.1 + 0.2, -0, 1e308 * 10, 2n ** 70n, /a(?<n>b)/dgs.exec('ab').groups.n, /\\u{1F600}/u.flags);
             console.log([1, , 3], [, ], { __proto__: null, a: 1 }, { ['x' + 1]: 2, get y() { return 3; } }, 'a\\0b', '\\ud800'.length, [0.5, 1, 'x', null, true]);"),
        case("an empty specifier", "import '';"),
        case("a specifier with a NUL", "import './a\\0b.mjs';"),
        // JSC keeps one request for a specifier: the first.
        Case {
            files: &[("data.json", "{}")],
            ..case("with an attribute, then without", "import a from './data.json' with { type: 'json' }; import b from './data.json'; console.log(a === b);")
        },
        Case {
            files: &[("a.mjs", "export default 1;")],
            ..case("without an attribute, then with", "import './a.mjs'; import a from './a.mjs' with { type: 'json' }; console.log(a);")
        },
        Case {
            files: &[("a.mjs", "export default 1;")],
            ..case(
                "a specifier with a lone surrogate",
                "import a from './a.mjs';
                 for (const it of ['./\\ud800.mjs', '\\udc00', './a.mjs#\\ud800'])
                     await import(it).then((it) => console.log(it.default), (error) => console.log(JSON.stringify(String(error))));",
            )
        },
        Case {
            files: &[],
            ..case("a static specifier with a lone surrogate", "import './a\\ud800.mjs';")
        },
        Case {
            files: &[("constructor.mjs", "export const __proto__ = 1, toString = 2, then = 3, hasOwnProperty = 4; export default 5;")],
            ..case("names of Object's own properties", "import * as all from './constructor.mjs'; import d, { toString as t } from './constructor.mjs'; console.log(Object.keys(all), d, t);")
        },
        Case {
            shows_text: true,
            ..case("a sourceURL comment", "function f() { return new Error('x'); }\nconsole.log(f().stack, f().sourceURL);\nthrow f();\n//# sourceURL=elsewhere.js\n//# sourceMappingURL=map.json")
        },
    ]);
}

/// On its own, because several modules fail in one run.
#[test]
fn no_module_that_does_not_link_gets_an_entry() {
    check(&[Case {
        unlinkable: &["a.mjs", "c.mjs"],
        files: &[
            ("a.mjs", "import { nothing } from './b.mjs';"),
            ("b.mjs", "export const b = 1;"),
            ("c.mjs", "import absent from './b.mjs';"),
        ],
        ..case(
            "two modules that do not link",
            "for (const it of ['./a.mjs', './b.mjs', './c.mjs'])
                     await import(it).then(Object.keys, String).then((it) => console.log(it));",
        )
    }]);
}

/// Much of one thing. What a writer wrote that its reader does not take would be a miss in every run. JSC's encoder looks
/// for each address among all of its pages, so that far more functions than these would take minutes to write.
#[test]
fn far_more_than_people_write() {
    let repeated =
        |count: usize, text: &dyn Fn(usize) -> String| -> String { (0..count).map(text).collect() };
    let programs = [
        (
            "functions",
            repeated(10_000, &|it| {
                format!("function f{it}(a) {{ return a + {it}; }}\n")
            }) + "console.log(f0(1), f9999(1));",
        ),
        (
            "exports",
            repeated(20_000, &|it| format!("export const e{it} = {it};")) + "console.log(e19999);",
        ),
        (
            "a literal",
            format!(
                "const text = '{}'; console.log(text.length);",
                "x".repeat(8_000_000)
            ),
        ),
        (
            "a list",
            format!(
                "console.log([{}].length);",
                repeated(200_000, &|it| format!("{it},"))
            ),
        ),
        (
            "parentheses",
            format!("console.log({}1{});", "(".repeat(2_000), ")".repeat(2_000)),
        ),
        (
            "blocks",
            format!("{}console.log(1);{}", "{".repeat(3_000), "}".repeat(3_000)),
        ),
        (
            "a specifier",
            format!("import './{}';", "x".repeat(1 << 20)),
        ),
    ];
    let mut wrong = Vec::new();
    for (index, (name, text)) in programs.iter().enumerate() {
        let program = program(text);
        // What is counted does not depend on the engine: one each, in turn.
        wrong.extend(every_path(
            &engines()[index % engines().len()],
            &Subject {
                name,
                entry: &program.path("main.mjs"),
                unparsable: &[],
                unlinkable: &[],
                shows_text: false,
                leaves_out: false,
                shares_file: false,
            },
        ));
    }
    nothing_wrong(&wrong);
}
