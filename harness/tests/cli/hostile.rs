//! Programs that replace or break what the globals could lean on: an error at most, never a crash.

use test_programs::{engines, program};

#[test]
fn a_console_that_is_called_while_it_sets_itself_up() {
    program(
        "const original = Object.getOwnPropertyDescriptor;
         let depth = 0;
         Object.getOwnPropertyDescriptor = (...all) => { if (depth++ === 0) console.log('inside', {}); return original(...all); };
         console.log({ a: 1 });",
    )
    .prints("inside {}\n{ a: 1 }\n");
}

#[test]
fn printing_from_inside_a_value() {
    program("console.log(new Proxy({}, { ownKeys() { console.log('inside', { a: 1 }); return []; } }));")
        .prints("inside { a: 1 }\n{}\n");
}

#[test]
fn replaced_promises() {
    program(
        "Promise.prototype.then = () => { throw 'then'; };
         globalThis.Promise = undefined;
         queueMicrotask(() => console.log('microtask')); setTimeout(() => console.log('timer'), 0);
         await 0; console.log('awaited', typeof await import('./a.mjs'));",
    )
    .file("a.mjs", "export const a = 1;")
    .prints("microtask\nawaited object\ntimer\n");
}

#[test]
fn promises_of_another_species() {
    program(
        "Object.defineProperty(Promise, Symbol.species, { get() { throw 'species'; } });
         queueMicrotask(() => console.log('one'));
         Object.defineProperty(Promise.prototype, 'constructor', { get() { throw 'constructor'; } });
         queueMicrotask(() => console.log('two'));",
    )
    .prints("one\ntwo\n");
}

#[test]
fn replaced_error_classes() {
    program(
        "for (const wrong of [null, function () { return 5; }, () => {}])
             { globalThis.TypeError = wrong; for (const call of [setTimeout, queueMicrotask]) try { call(1); } catch { console.log('threw'); } }
         await import('').catch((error) => console.log(error.code));",
    )
    .prints(&("threw\n".repeat(6) + "ERR_INVALID_MODULE_SPECIFIER\n"));
}

#[test]
fn setters_on_the_prototypes() {
    program(
        "for (const key of ['0', '1', 'url', 'then', 'value', 'code', 'length'])
             Object.defineProperty(Object.prototype, key, Object.assign(Object.create(null), { set() { throw key; }, get() {}, configurable: true }));
         setTimeout((word) => console.log('timer', word), 0, 'x'); queueMicrotask(() => console.log('microtask'));
         console.log(typeof import.meta.url, typeof await import('./a.mjs'));",
    )
    .file("a.mjs", "export const a = 1;")
    .prints("microtask\nstring object\ntimer x\n");
}

#[test]
fn no_globals_left() {
    program(
        "const { log } = console, { ownKeys, deleteProperty } = Reflect, all = globalThis;
         for (const key of ownKeys(all)) deleteProperty(all, key);
         log('text', 1); await import('./a.mjs'); log('end');",
    )
    .file("a.mjs", "export {};")
    .prints("text 1\nend\n");
}

#[test]
fn frozen_everything() {
    program(
        "for (const it of [Object, Array, Function, Promise, Error, String]) { Object.freeze(it); Object.freeze(it.prototype); }
         Object.freeze(globalThis); console.log({ a: [1] }); await import('./a.mjs'); setTimeout(console.log, 0, 'timer');",
    )
    .file("a.mjs", "")
    .prints("{ a: [ 1 ] }\ntimer\n");
}

#[test]
fn conversions_that_schedule_and_clear() {
    program(
        "const one = setTimeout(() => console.log('no'), 1);
         clearTimeout({ valueOf() { clearTimeout(one); return one; } });
         setTimeout(console.log, { valueOf() { setTimeout(console.log, 0, 'first'); return 0; } }, 'second');",
    )
    .prints("first\nsecond\n");
}

#[test]
fn code_that_runs_while_an_error_is_printed() {
    program("throw { toString() { console.log('shown'); setTimeout(() => console.log('no'), 0); Promise.reject(1); return 'text'; } };")
        .ends(1, "shown\n", "Uncaught text\n");
}

#[test]
fn the_end_of_the_stack_inside_the_globals() {
    for call in [
        "console.log('x')",
        "console.log({})",
        "setTimeout(() => {})",
        "queueMicrotask(() => {})",
        "import.meta.resolve('./main.mjs')",
        "performance.now()",
    ] {
        let program = program(&format!(
            "let caught; function f() {{ {call}; f(); }} try {{ f(); }} catch (error) {{ caught = error; }} console.error(caught.name);"
        ));
        for engine in engines() {
            let ran = program.run_on(engine);
            assert_eq!(
                (ran.code, &*ran.stderr),
                (Some(0), "RangeError\n"),
                "{call} on {}",
                engine.version
            );
        }
    }
}

/// Wide, long and tangled, each larger than any real package of the workloads is in that way.
#[test]
fn graphs_of_an_unusual_shape() {
    let wide = (0..1000).fold(program(""), |it, i| it.file(&format!("m{i}.mjs"), ""));
    let imports: String = (0..1000).map(|i| format!("import './m{i}.mjs';")).collect();
    wide.file("main.mjs", imports + "console.log('wide');")
        .prints("wide\n");

    let chain = (0..1000).fold(program("import './m0.mjs';"), |it, i| {
        it.file(&format!("m{i}.mjs"), format!("import './m{}.mjs';", i + 1))
    });
    chain
        .file("m1000.mjs", "console.log('end of the chain');")
        .prints("end of the chain\n");

    let tangle = (0..200).fold(
        program("import './m0.mjs'; console.log('done');"),
        |it, i| {
            let imports: String = [1, 7, 31]
                .iter()
                .map(|step| format!("import './m{}.mjs';", (i * step + step) % 200))
                .collect();
            it.file(&format!("m{i}.mjs"), imports)
        },
    );
    tangle.prints("done\n");
}
