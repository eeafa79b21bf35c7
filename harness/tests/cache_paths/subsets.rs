//! Some modules hit and some miss: every subset of a graph's entries.

use crate::support::{Cache, Load, difference, nothing_wrong, parse};
use test_programs::{Engine, Program, engines, program};

/// Calls one function of its own in each module, so that functions count modules, too.
fn stars() -> (Program, &'static [&'static str]) {
    let program = program(
        "import * as all from './stars.mjs';
         function print(...values) { console.log(...values); }
         print(Object.keys(all), all.shared, all.left, all.right);
         print((await import('./late.mjs')).default);",
    )
    .file(
        "stars.mjs",
        "export * from './left.mjs'; export * from './right.mjs'; function run() { console.log('stars'); } run();",
    )
    .file(
        "left.mjs",
        "export const left = make('left'), twice = 1, shared = 2; function make(x) { return x; } console.log(left);",
    )
    .file(
        "right.mjs",
        "export * from './late.mjs'; export const twice = 2; export function right() {} function run() { console.log('right'); } run();",
    )
    .file(
        "late.mjs",
        "export default (function named() { return named.name; })(); console.log('late', import.meta.filename.length > 0);",
    );
    (
        program,
        &["main.mjs", "stars.mjs", "left.mjs", "right.mjs", "late.mjs"],
    )
}

/// A cycle, an await in it, live bindings, the dead zone.
fn cycle() -> (Program, &'static [&'static str]) {
    let program = program(
        "import { a, up } from './a.mjs'; import d from './d.mjs';
         const f = () => { up(); return a; };
         console.log(a, f(), a, d.name, import.meta.url.slice(-8));",
    )
    .file(
        "a.mjs",
        "import { b, early } from './b.mjs'; export let a = 1; export const up = () => { a += b; }; console.log('a', early);",
    )
    .file(
        "b.mjs",
        "import { a } from './a.mjs'; import './c.mjs'; export const b = 10; export let early;
         const look = () => { try { early = a; } catch (error) { early = error.name; } }; look(); console.log('b');",
    )
    .file(
        "c.mjs",
        "import * as b from './b.mjs'; const wait = async () => { await null; console.log('c', Object.getOwnPropertyNames(b)); }; await wait();",
    )
    .file(
        "d.mjs",
        "export default class D { static name = D.make(); static make() { return 'made'; } }",
    );
    (program, &["main.mjs", "a.mjs", "b.mjs", "c.mjs", "d.mjs"])
}

/// The last module throws; the one that catches it is the only other that runs.
fn thrower() -> (Program, &'static [&'static str]) {
    let program = program(
        "const seen = async (it) => { try { return await import(it); } catch (error) { return String(error); } };
         console.log(await seen('./bad.mjs')); throw (await import('./good.mjs')).default();",
    )
    .file("bad.mjs", "import './worse.mjs'; console.log('never');")
    .file("worse.mjs", "const fail = () => { throw new TypeError('worse'); };\nfail();")
    .file("good.mjs", "export default () => new RangeError('good');");
    (program, &["main.mjs", "bad.mjs", "worse.mjs", "good.mjs"])
}

/// What each subset of entries gives: the same output, and exact counts.
fn every_subset(
    engine: &Engine,
    path: &str,
    (program, modules): (Program, &[&str]),
) -> Vec<String> {
    let entry = program.path("main.mjs");
    let full = Cache::new();
    let parsed = parse(engine, &entry).run();
    Load::full(engine, &entry, "auto", &full.path()).run();
    assert_eq!(full.entries().len(), modules.len());
    assert_eq!(parsed.stats.modules, modules.len() as u64);

    let mut wrong = Vec::new();
    for subset in 0..1_u32 << modules.len() {
        let kept = |module: &str| {
            let place = modules.iter().position(|it| *it == module).unwrap();
            subset & (1 << place) != 0
        };
        let cache = full.with(|key| kept(key.rsplit('/').next().unwrap()));
        let loaded = Load::new(engine, &entry)
            .path(path)
            .cache("read-only", &cache.path())
            .run();
        let mut misses: Vec<(String, String)> = modules
            .iter()
            .filter(|module| !kept(module))
            .map(|module| ((*module).to_owned(), "absent".to_owned()))
            .collect();
        misses.sort();
        let missing = misses.len() as u64;
        let hits = modules.len() as u64 - missing;
        let analyze = if path == "full" {
            missing
        } else {
            modules.len() as u64
        };
        let name = format!(
            "{path} with {subset:05b} of {modules:?} on {}",
            engine.version
        );
        let stats = &loaded.stats;
        wrong.extend(difference(
            &format!("{name}, shown"),
            &loaded.shown,
            &parsed.shown,
        ));
        wrong.extend(difference(
            &format!("{name}, misses"),
            &stats.misses,
            &misses,
        ));
        wrong.extend(difference(&format!("{name}, hits"), &stats.hits, &hits));
        wrong.extend(difference(
            &format!("{name}, analyses and module code"),
            &[stats.analyze, stats.module_code],
            &[analyze, missing],
        ));
        wrong.extend(functions(
            &name,
            stats.function_code,
            missing,
            parsed.stats.function_code,
            hits,
        ));
    }
    wrong
}

/// All of the functions are made when nothing hits, none when everything does.
fn functions(name: &str, made: u64, missing: u64, all: u64, hits: u64) -> Option<String> {
    let what = format!("{name}, functions");
    if missing == 0 {
        difference(&what, &made, &0)
    } else if hits == 0 {
        difference(&what, &made, &all)
    } else {
        (made > all).then(|| format!("{what}: {made} of {all}"))
    }
}

#[test]
fn star_exports_and_a_dynamic_import() {
    for engine in engines() {
        nothing_wrong(&every_subset(engine, "full", stars()));
    }
}

#[test]
fn a_cycle_with_an_await() {
    for engine in engines() {
        nothing_wrong(&every_subset(engine, "full", cycle()));
    }
}

#[test]
fn modules_that_throw() {
    for engine in engines() {
        nothing_wrong(&every_subset(engine, "full", thrower()));
        nothing_wrong(&every_subset(engine, "bytecode", thrower()));
    }
}
