//! Programs that are right: modules of each kind, and what they see of each other.

use test_programs::program;

#[test]
fn the_minimum() {
    program("").prints("");
    program("console.log('hello', 1 + 1);").prints("hello 2\n");
    program("#!/usr/bin/env jsc-harness\nconsole.log('shebang');").prints("shebang\n");
    program("\u{FEFF}console.log('byte order mark');").prints("byte order mark\n");
    program("console.log('Grüße', '😀', `${import.meta.url}`);")
        .prints("Grüße 😀 file://DIR/main.mjs\n");
}

#[test]
fn modules_are_strict_and_have_no_this() {
    program("console.log(this, (function () { return this; })(), typeof require, typeof module);")
        .prints("undefined undefined undefined undefined\n");
}

#[test]
fn dependencies_run_once_and_first() {
    program("import './a.mjs'; import './b.mjs'; console.log('main');")
        .file("a.mjs", "import './b.mjs'; console.log('a');")
        .file("b.mjs", "console.log('b');")
        .prints("b\na\nmain\n");
}

#[test]
fn bindings_are_live() {
    program("import { count, up } from './a.mjs'; up(); console.log(count);")
        .file(
            "a.mjs",
            "export let count = 0; export function up() { ++count; }",
        )
        .prints("1\n");
}

#[test]
fn cycles_work_where_no_binding_is_used_too_early() {
    program("import { even } from './even.mjs'; console.log(even(10), even(7));")
        .file(
            "even.mjs",
            "import { odd } from './odd.mjs'; export const even = (n) => n === 0 || odd(n - 1);",
        )
        .file(
            "odd.mjs",
            "import { even } from './even.mjs'; export const odd = (n) => n !== 0 && even(n - 1);",
        )
        .prints("true false\n");
}

#[test]
fn a_module_may_import_itself() {
    program("import * as self from './main.mjs'; export const x = 1; console.log(self.x, await import('./main.mjs') === self);")
        .prints("1 true\n");
}

#[test]
fn namespaces_are_sorted_sealed_and_without_prototype() {
    program(
        "import * as ns from './a.mjs';
         console.log(Object.keys(ns).join(), Object.getPrototypeOf(ns), Object.isSealed(ns), ns[Symbol.toStringTag]);
         try { ns.a = 1; } catch (error) { console.log(error.name); }
         console.log(ns);",
    )
    .file("a.mjs", "export * from './b.mjs'; export const z = 1; export default function () {} export { z as 'any string' };")
    .file("b.mjs", "export const a = 2; export default 3;")
    .prints(
        "a,any string,default,z null true Module\nTypeError\n\
         [Module: null prototype] { a: 2, 'any string': 1, default: [Function: default], z: 1 }\n",
    );
}

#[test]
fn two_urls_of_one_file_are_two_modules() {
    program(
        "import * as one from './a.mjs?1'; import * as two from './a.mjs?2'; import * as again from './a.mjs?1';
         console.log(one === two, one === again, one.url, two.url);
         console.log((await import('./a.mjs#x')).url);",
    )
    .file("a.mjs", "export const url = import.meta.url;")
    .prints("false true file://DIR/a.mjs?1 file://DIR/a.mjs?2\nfile://DIR/a.mjs#x\n");
}

#[test]
fn json_modules() {
    program(
        "import data from './data.json' with { type: 'json' };
         import * as ns from './data.json' with { type: 'json' };
         console.log(data, Object.keys(ns).join(), ns.default === data);
         console.log((await import('./data.json', { with: { type: 'json' } })) === ns);
         const bare = await import('./text', { with: { type: 'json' } });
         console.log(bare.default);",
    )
    .file("data.json", "\u{FEFF}{\"a\": [1, null, \"é\"]}")
    .file("text", "\"no extension\"")
    .prints("{ a: [ 1, null, 'é' ] } default true\ntrue\nno extension\n");
}

#[test]
fn top_level_await_holds_importers_back() {
    program("import { value } from './a.mjs'; console.log('main', value);")
        .file("a.mjs", "export { value } from './b.mjs'; console.log('a');")
        .file("b.mjs", "export const value = await new Promise((done) => setTimeout(done, 5, 'late')); console.log('b');")
        .prints("b\na\nmain late\n");
}

#[test]
fn dynamic_import_gives_the_namespace() {
    program(
        "const ns = await import('./a.mjs');
         console.log(ns.default, ns === await import('./a.mjs'));
         import('./a.mjs').then((ns) => console.log('later', ns.default));",
    )
    .file("a.mjs", "console.log('a runs'); export default 5;")
    .prints("a runs\n5 true\nlater 5\n");
}

#[test]
fn dynamic_import_that_fails_rejects() {
    program(
        "for (const specifier of ['./missing.mjs', './syntax.mjs', './link.mjs', './throws.mjs'])
             await import(specifier).then(() => console.log('loaded'), (error) => console.log(specifier, error.name, error.code));
         console.log('still here');",
    )
    .file("syntax.mjs", "let = = 1;")
    .file("link.mjs", "import { nothing } from './empty.mjs';")
    .file("empty.mjs", "")
    .file("throws.mjs", "throw new RangeError('on purpose');")
    .prints(
        "./missing.mjs Error ERR_MODULE_NOT_FOUND\n./syntax.mjs SyntaxError undefined\n\
         ./link.mjs SyntaxError undefined\n./throws.mjs RangeError undefined\nstill here\n",
    );
}

#[test]
fn a_missing_module_may_come_later() {
    program(
        "await import('./missing.mjs').catch((error) => console.log(error.code));
         await import('./missing.mjs').catch((error) => console.log(error.code));",
    )
    .prints("ERR_MODULE_NOT_FOUND\nERR_MODULE_NOT_FOUND\n");
}

#[test]
fn dynamic_import_checks_its_options() {
    program(
        "for (const options of [1, { with: 1 }, { with: { type: 'css' } }, { with: { type: 1 } }, { with: { other: 'json' } }])
             await import('./a.mjs', options).then(() => console.log('loaded'), (error) => console.log(error.name));
         console.log((await import('./a.mjs', { with: {} })).default, (await import('./a.mjs', {})).default);",
    )
    .file("a.mjs", "export default 1;")
    .prints("TypeError\nTypeError\nTypeError\nTypeError\nTypeError\n1 1\n");
}

#[test]
fn import_meta() {
    program(
        "console.log(import.meta.url);
         console.log(import.meta.filename);
         console.log(import.meta.dirname);
         console.log(import.meta.resolve('./sub/a.mjs'), import.meta.resolve('pkg'));
         console.log(Object.keys(import.meta).join(), Object.getPrototypeOf(import.meta));
         await import('./sub/a%20%23.mjs');",
    )
    .file("sub/a.mjs", "")
    .file("sub/a #.mjs", "console.log(import.meta.url, import.meta.filename, import.meta.dirname);")
    .file("node_modules/pkg/package.json", r#"{ "exports": "./p.js" }"#)
    .file("node_modules/pkg/p.js", "")
    .prints(
        "file://DIR/main.mjs\nDIR/main.mjs\nDIR\nfile://DIR/sub/a.mjs file://DIR/node_modules/pkg/p.js\n\
         dirname,filename,resolve,url null\n\
         file://DIR/sub/a%20%23.mjs DIR/sub/a #.mjs DIR/sub\n",
    );
}
