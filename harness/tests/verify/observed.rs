//! What is observed of a program: every part of it, and none of the program's code runs for it.

use observation::{Content, Inner, Promise, Property, SymbolKind, Text, Value};

use crate::support::observe;
use crate::values::{
    builtin, export, exported, number, object, on_every_engine, property, string, value,
};
use test_programs::{engines, program};

#[test]
fn evaluation_order_with_awaits_and_failures() {
    let program = program(
        "import './slow.mjs'; import './data.json' with { type: 'json' };
         await import('./bad.mjs').catch(() => {}); await 0;",
    )
    .file("slow.mjs", "await null;")
    .file("data.json", "1")
    .file("bad.mjs", "throw 1;");
    on_every_engine(&program, |_, it| {
        let steps: Vec<(&str, bool, bool)> = it
            .evaluations
            .iter()
            .map(|it| (it.module.as_str(), it.resumed, it.threw))
            .collect();
        assert_eq!(
            steps,
            [
                ("slow.mjs", false, false),
                ("slow.mjs", true, false),
                ("data.json", false, false),
                ("main.mjs", false, false),
                ("bad.mjs", false, true),
                ("main.mjs", true, false),
                ("main.mjs", true, false),
            ]
        );
    });
}

#[test]
fn primitive_values() {
    let program = program(
        "export const u = undefined, n = null, t = true, zero = -0, nan = NaN, big = 10n ** 20n, text = 'é\\ud800';
         export const unique = Symbol('a'), registered = Symbol.for('b'), known = Symbol.iterator;
         export { later }; await 0; throw 1; let later;",
    );
    on_every_engine(&program, |_, it| {
        for (name, wanted) in [
            ("u", Value::Undefined),
            ("n", Value::Null),
            ("t", Value::Boolean(true)),
            ("zero", number("-0")),
            ("nan", number("NaN")),
            (
                "big",
                Value::BigInt(Text::Whole("1".to_owned() + &"0".repeat(20))),
            ),
            ("text", string("é\\u{d800}")),
            ("known", builtin("Symbol.iterator")),
            ("later", Value::Nothing),
        ] {
            assert_eq!(export(it, name), &wanted, "{name}");
        }
        let kind = |name| match export(it, name) {
            Value::Symbol(_, kind, description) => (*kind, description.clone()),
            other => panic!("{other:?}"),
        };
        assert_eq!(kind("unique"), (SymbolKind::Unique, "a".to_owned()));
        assert_eq!(kind("registered"), (SymbolKind::Registered, "b".to_owned()));
    });
}

#[test]
fn functions_and_classes() {
    let program = program(
        "export function f(a, b = 1) { /* c */ return a; }
         export class C extends Array { static s = 1; #p = 2; get v() { return 1; } async *m() {} }
         export const bound = f.bind(1, 2), c = new C();",
    );
    on_every_engine(&program, |_, it| {
        let f = exported(it, "f");
        assert_eq!(value(f, "name"), &string("f"));
        assert_eq!(value(f, "length"), &number("1"));
        assert_eq!(f.prototype, builtin("Function.prototype"));
        let Inner::Function {
            text,
            module,
            line,
            column,
        } = &f.inner
        else {
            panic!("{f:?}")
        };
        assert_eq!(
            text,
            &Text::Whole("function f(a, b = 1) { /* c */ return a; }".to_owned())
        );
        assert_eq!((module.as_str(), *line), ("main.mjs", 1));
        assert!(*column > 1);

        let class = exported(it, "C");
        assert_eq!(class.prototype, builtin("Array"));
        assert_eq!(value(class, "s"), &number("1"));
        let prototype = object(it, value(class, "prototype"));
        assert_eq!(prototype.prototype, builtin("Array.prototype"));
        assert!(matches!(
            property(prototype, "v").content,
            Content::Accessor(Value::Object(_), Value::Undefined)
        ));
        let method = object(it, value(prototype, "m"));
        assert_eq!(
            method.prototype,
            builtin("%AsyncGeneratorFunction.prototype%")
        );
        let instance = exported(it, "c");
        assert_eq!(&instance.prototype, value(class, "prototype"));
        let private = instance.properties.iter().find(|(key, _)| {
            matches!(key, Value::Symbol(_, SymbolKind::PrivateName, name) if name == "#p")
        });
        assert_eq!(private.unwrap().1.content, Content::Value(number("2")));

        let Inner::Bound {
            target,
            this,
            arguments,
        } = &exported(it, "bound").inner
        else {
            panic!()
        };
        assert_eq!(
            (target, this, &**arguments),
            (export(it, "f"), &number("1"), &[number("2")][..])
        );
    });
}

#[test]
fn objects_of_every_kind() {
    let program = program(
        "const key = { k: 1 };
         export const map = new Map([[key, 'v'], [key.k, key]]), set = new Set([key, 2]), date = new Date(5);
         export const pattern = /a+/gi, bytes = new Uint16Array([1, 258]), view = new DataView(new ArrayBuffer(2));
         export const wrapped = Object('text'), kept = Promise.resolve(3), broken = Promise.reject(4), open = new Promise(() => {});
         broken.catch(() => {});
         export const proxy = new Proxy(key, {}), frozen = Object.freeze([1, , 3]), bare = { __proto__: null };",
    );
    on_every_engine(&program, |_, it| {
        let Inner::Map(entries) = &exported(it, "map").inner else {
            panic!()
        };
        let Inner::Set(members) = &exported(it, "set").inner else {
            panic!()
        };
        let Inner::Proxy { target, .. } = &exported(it, "proxy").inner else {
            panic!()
        };
        let key = &entries[0].0;
        assert_eq!(value(object(it, key), "k"), &number("1"));
        assert_eq!(
            entries[..],
            [(key.clone(), string("v")), (number("1"), key.clone())]
        );
        assert_eq!(members[..], [key.clone(), number("2")]);
        assert_eq!(target, key);
        for (name, wanted) in [
            ("date", Inner::Date("5".to_owned())),
            (
                "pattern",
                Inner::RegExp {
                    pattern: Text::Whole("a+".to_owned()),
                    flags: "gi".to_owned(),
                },
            ),
            ("bytes", Inner::Bytes(Text::Whole("01000201".to_owned()))),
            ("view", Inner::Bytes(Text::Whole("0000".to_owned()))),
            ("wrapped", Inner::Primitive(string("text"))),
            ("kept", Inner::Promise(Promise::Fulfilled(number("3")))),
            ("broken", Inner::Promise(Promise::Rejected(number("4")))),
            ("open", Inner::Promise(Promise::Pending)),
        ] {
            assert_eq!(exported(it, name).inner, wanted, "{name}");
        }
        let frozen = exported(it, "frozen");
        let keys: Vec<&Value> = frozen.properties.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, [&string("0"), &string("2"), &string("length")]);
        assert!(!frozen.extensible);
        assert_eq!(property(frozen, "0").attributes, "e");
        assert_eq!(exported(it, "bare").prototype, Value::Null);
    });
}

#[test]
fn cycles_and_sharing_are_kept() {
    let program = program(
        "export const a = { name: 'a' }; a.self = a; export const b = [a, a, {}, {}]; export { a as again };",
    );
    on_every_engine(&program, |_, it| {
        let a = export(it, "a");
        assert_eq!(value(object(it, a), "self"), a);
        assert_eq!(export(it, "again"), a);
        let b = exported(it, "b");
        assert_eq!((value(b, "0"), value(b, "1")), (a, a));
        assert_ne!(value(b, "2"), value(b, "3"));
    });
}

/// Everything that could call back into the program does, and says so.
#[test]
fn none_of_the_programs_code_runs() {
    let program = program(
        "const loud = (what) => () => { console.log('called', what); throw 1; };
         const traps = ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'isExtensible'];
         export const proxy = new Proxy(function () {}, Object.fromEntries(traps.map((trap) => [trap, loud(trap)])));
         export const object = { get value() { return loud('getter')(); }, toString: loud('toString'), valueOf: loud('valueOf'),
           [Symbol.toPrimitive]: loud('toPrimitive'), toJSON: loud('toJSON'), then: loud('then'), __proto__: proxy };
         export const error = new Error('e'); Object.defineProperty(error, 'stack', { get: loud('stack') });
         export const map = new Map([[1, 2]]);
         for (const target of [Object.prototype, Function.prototype, Map.prototype, Error, Array.prototype]) {
           for (const name of ['toString', 'toJSON', 'forEach', 'prepareStackTrace', 'inspect', Symbol.iterator]) {
             Object.defineProperty(target, name, { value: loud(String(name)), configurable: true });
           }
           Object.defineProperty(target, Symbol.toStringTag, { get: loud('tag'), configurable: true });
         }
         Object.prototype.__defineGetter__('constructor', loud('constructor'));
         Reflect.ownKeys = Object.getOwnPropertyNames = Function.prototype.call = loud('built-in');
         Object.defineProperty(globalThis, 'trap', { get: loud('global') });",
    );
    on_every_engine(&program, |engine, it| {
        assert_eq!(it.console, [], "{}", engine.version);
        assert_eq!(it.outcome.kind, "completed");
        assert!(matches!(
            property(exported(it, "object"), "value").content,
            Content::Accessor(..)
        ));
        // A lookup through the proxy would have been seen.
        assert_eq!(&exported(it, "object").prototype, export(it, "proxy"));
        let changed = |path: &str| it.builtins.iter().find(|it| it.path == path);
        assert_eq!(changed("Map.prototype.toString").unwrap().what, "added");
        assert_eq!(
            changed("Object.prototype.toString").unwrap().what,
            "changed"
        );
        assert_eq!(changed("trap").unwrap().what, "added");
    });
}

#[test]
fn built_ins_that_changed() {
    let program = program(
        "delete Array.prototype.at; Math.PI2 = 6; Object.freeze(JSON); Object.setPrototypeOf(Math, null);
         Object.defineProperty(Array.prototype, 'map', { enumerable: true }); globalThis.mine = Array;",
    );
    on_every_engine(&program, |_, it| {
        let changes: Vec<(&str, &str)> = it
            .builtins
            .iter()
            .filter(|it| !it.path.contains("Timeout") && !it.path.contains("Interval"))
            .filter(|it| !["console", "queueMicrotask", "performance"].contains(&&*it.path))
            .map(|it| (it.path.as_str(), it.what.as_str()))
            .collect();
        for change in [
            ("Array.prototype.at", "removed"),
            ("Array.prototype.map", "changed"),
            ("Math.PI2", "added"),
            ("Math", "prototype"),
            ("JSON", "extensible"),
            ("mine", "added"),
        ] {
            assert!(changes.contains(&change), "{change:?} in {changes:?}");
        }
        let mine = it.builtins.iter().find(|it| it.path == "mine").unwrap();
        let Some(Property { content, .. }) = &mine.property else {
            panic!()
        };
        assert_eq!(content, &Content::Value(builtin("Array")));
    });
}

#[test]
fn a_program_that_touches_nothing_changes_no_built_in() {
    on_every_engine(&program("export {};"), |_, it| {
        // Those that the harness itself adds.
        let added: Vec<&str> = it.builtins.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(
            added,
            [
                "console",
                "queueMicrotask",
                "performance",
                "setTimeout",
                "setInterval",
                "clearTimeout",
                "clearInterval"
            ]
        );
    });
}

#[test]
fn an_error_with_its_class_and_stack() {
    let program = program(
        "class Mine extends RangeError {}
         function fail() { throw Object.assign(new Mine('boo'), { code: 'E' }); }
         fail();",
    );
    on_every_engine(&program, |_, it| {
        assert_eq!(
            (it.outcome.kind.as_str(), it.outcome.exit_code),
            ("threw", 1)
        );
        let error = it.outcome.error.as_ref().unwrap();
        assert_eq!(error.class.as_deref(), Some("Mine"));
        assert_eq!(
            (error.message.as_str(), error.code.as_deref()),
            ("RangeError: boo", Some("E"))
        );
        let fail = error.frames.iter().find(|it| it.function == "fail");
        let fail = fail.unwrap();
        assert_eq!((fail.module.as_str(), fail.line), ("main.mjs", Some(2)));
        assert_eq!(value(object(it, &it.uncaught), "message"), &string("boo"));
    });
}

#[test]
fn what_is_no_error_has_no_class() {
    on_every_engine(&program("throw 'text';"), |_, it| {
        let error = it.outcome.error.as_ref().unwrap();
        assert_eq!(
            (error.class.as_deref(), error.message.as_str()),
            (None, "text")
        );
        assert_eq!(it.uncaught, string("text"));
    });
}

#[test]
fn an_unhandled_rejection_and_an_await_that_never_ends() {
    on_every_engine(
        &program("Promise.reject(new TypeError('late'));"),
        |_, it| {
            let error = it.outcome.error.as_ref().unwrap();
            assert_eq!(it.outcome.kind, "unhandled-rejection");
            assert_eq!(error.class.as_deref(), Some("TypeError"));
        },
    );
    on_every_engine(&program("await new Promise(() => {});"), |_, it| {
        assert_eq!(
            (it.outcome.kind.as_str(), it.outcome.exit_code),
            ("unsettled", 1)
        );
    });
}

#[test]
fn a_module_that_does_not_parse_or_link_is_named() {
    let unparsable = program("import './a.mjs';").file("a.mjs", "let let;");
    let unlinkable = program("import './a.mjs';").file("a.mjs", "import { x } from './main.mjs';");
    for program in [unparsable, unlinkable] {
        on_every_engine(&program, |_, it| {
            let error = it.outcome.error.as_ref().unwrap();
            assert_eq!(error.class.as_deref(), Some("SyntaxError"));
            assert_eq!(error.module.as_deref(), Some("a.mjs"));
            assert_eq!(it.evaluations, []);
        });
    }
}

/// Linking stops in the middle of a cycle, and JSC has no environment for what comes after.
#[test]
fn a_half_linked_cycle_is_described() {
    let program = program("try { await import('./a.mjs'); } catch {}")
        .file(
            "a.mjs",
            "import './b.mjs'; import { absent } from './c.mjs'; export const a = 1;",
        )
        .file("b.mjs", "export { a } from './a.mjs'; export const b = 2;")
        .file("c.mjs", "");
    on_every_engine(&program, |_, it| {
        let b = it.modules.iter().find(|it| it.module == "b.mjs").unwrap();
        let namespace = object(it, &b.namespace);
        assert_eq!(value(namespace, "a"), &Value::Unlinked);
        assert_eq!(value(namespace, "b"), &Value::Nothing);
    });
}

#[test]
fn dynamic_imports_and_what_became_of_them() {
    let program = program(
        "await import('./a.mjs'); await import('./nowhere.mjs').catch(() => {});
         await import('./d.json', { with: { type: 'json' } }); import('./never.mjs');",
    )
    .file("a.mjs", "export default 1;")
    .file("d.json", "{}")
    .file("never.mjs", "await new Promise(() => {});");
    on_every_engine(&program, |_, it| {
        let calls: Vec<(&str, &str, u8)> = it
            .imports
            .iter()
            .map(|it| (it.referrer.as_str(), it.specifier.as_str(), it.attribute))
            .collect();
        assert_eq!(
            calls,
            [
                ("main.mjs", "./a.mjs", 0),
                ("main.mjs", "./nowhere.mjs", 0),
                ("main.mjs", "./d.json", 3),
                ("main.mjs", "./never.mjs", 0)
            ]
        );
        let namespace = it.modules.iter().find(|it| it.module == "a.mjs").unwrap();
        assert_eq!(
            it.imports[0].promise,
            Promise::Fulfilled(namespace.namespace.clone())
        );
        let Promise::Rejected(error) = &it.imports[1].promise else {
            panic!()
        };
        assert_eq!(object(it, error).prototype, builtin("Error.prototype"));
        assert!(matches!(it.imports[2].promise, Promise::Fulfilled(_)));
        assert_eq!(it.imports[3].promise, Promise::Pending);
    });
}

#[test]
fn import_meta_and_json_modules() {
    let program = program(
        "import d from './d.json' with { type: 'json' }; import.meta.extra = d; export {};",
    )
    .file("d.json", "{ \"a\": [1] }");
    on_every_engine(&program, |_, it| {
        let main = it
            .modules
            .iter()
            .find(|it| it.module == "main.mjs")
            .unwrap();
        let meta = object(it, &main.meta);
        assert_eq!(value(meta, "url"), &string("file://«root»/main.mjs"));
        assert_eq!(value(meta, "dirname"), &string("«root»"));
        let json = it.modules.iter().find(|it| it.module == "d.json").unwrap();
        assert!(!json.source_text);
        assert_eq!(
            value(meta, "extra"),
            value(object(it, &json.namespace), "default")
        );
        assert_eq!(json.meta, Value::Nothing);
    });
}

#[test]
fn the_same_in_another_directory_and_each_time() {
    let text = "export const here = import.meta.filename, random = Math.random(), ids = [Math.random()];
                console.log(import.meta.url, new Error('x').stack); import('./nowhere.mjs').catch(console.error);";
    for engine in engines() {
        let (first, second) = (program(text), program(text));
        let observation = observe(engine, &first);
        assert_eq!(observation, observe(engine, &second));
        assert_eq!(observation, observe(engine, &first));
        let all = serde_json::to_string(&observation).unwrap();
        assert!(!all.contains("/tmp"), "{all}");
    }
}

#[test]
fn long_texts_are_cut_but_told_apart() {
    let long = |last: &str| {
        program(&format!(
            "export const text = '{}{last}';",
            "x".repeat(1_000)
        ))
    };
    for engine in engines() {
        let (a, b) = (observe(engine, &long("a")), observe(engine, &long("b")));
        assert_ne!(a.digest, b.digest);
        let Value::String(Text::Cut(cut)) = export(&a, "text") else {
            panic!()
        };
        assert_eq!((cut.length, cut.beginning.len()), (1_001, 200));
        assert_ne!(export(&a, "text"), export(&b, "text"));
    }
}

#[test]
fn an_object_with_very_many_properties_is_cut_and_says_so() {
    let program =
        program("export const many = Array.from({ length: 60_000 }, (_, index) => index);");
    for engine in engines() {
        let it = observe(engine, &program);
        let many = exported(&it, "many");
        assert!(many.cut);
        assert_eq!(many.properties.len(), 50_000);
    }
}
