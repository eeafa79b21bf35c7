//! Files that change while a program runs: on every path it shows what it shows when it is parsed.
//!
//! A program says `ready`, then asks for `go.mjs` until it is there. In between the test changes its files.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::support::{Cache, replace};
use test_programs::{Engine, Program, engines, jsc_harness, program};

/// The end of every program here: what it does once its files have changed.
fn waiting(before: &str, after: &str) -> Program {
    program(&format!(
        "{before}\n\
         console.log('ready');\n\
         const sleep = () => new Promise(resolve => setTimeout(resolve, 2));\n\
         for (let n = 0; ; n++) {{ try {{ await import('./go.mjs?' + n); break; }} catch {{ await sleep(); }} }}\n\
         {after}\n"
    ))
}

/// Each way to load from a cache, and the reference.
const WAYS: &[&[&str]] = &[
    &["--path=parse"],
    &["--path=bytecode"],
    &["--path=full"],
    &["--path=full", "--no-read-ahead"],
    &["--path=full", "--no-map"],
    &["--path=graph"],
    &["--path=graph", "--check=stat"],
    &["--path=graph", "--check=unsealed"],
    &["--path=graph", "--payload=all"],
    &["--path=graph", "--payload=all", "--check=unsealed"],
];

/// By every way and on every engine: loaded from a cache that was written while nothing changed, the program prints this.
/// `globalThis.counts` tells it that this is the run that counts.
#[track_caller]
fn check(make: fn() -> Program, change: fn(&Path), wanted: &str) {
    for engine in engines() {
        for way in WAYS {
            let program = make();
            let cache = Cache::new();
            let directory = program.path("");
            let go = program.path("go.mjs");
            let arguments = |mode: &str| {
                let cached = [
                    format!("--cache={mode}"),
                    format!("--cache-dir={}", cache.path().display()),
                ];
                let is_cached = *way != ["--path=parse"];
                let way = way.iter().map(|it| (*it).to_owned());
                way.chain(cached.into_iter().filter(|_| is_cached))
                    .collect::<Vec<_>>()
            };
            if way.contains(&"--check=stat") {
                // Of a file that has just been made, times tell nothing, and its content would be compared.
                std::thread::sleep(Duration::from_millis(2_100));
            }
            fs::write(&go, "").unwrap();
            for _ in 0..2 {
                run(engine, &program, &arguments("auto"), || {});
            }
            fs::remove_file(&go).unwrap();
            let printed = run(engine, &program, &arguments("read-only"), || {
                change(&directory);
                fs::write(program.path("new.mjs"), "globalThis.counts = true;").unwrap();
                fs::rename(program.path("new.mjs"), &go).unwrap();
            });
            assert_eq!(printed, wanted, "{way:?} on {}", engine.version);
        }
    }
}

/// Runs the program and does something when it is ready; what it has printed then.
fn run(
    engine: &Engine,
    program: &Program,
    arguments: &[String],
    when_ready: impl FnOnce(),
) -> String {
    let mut child = jsc_harness()
        .args(["run", "--engine", &engine.name])
        .args(arguments)
        .arg(program.path("main.mjs"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    when_ready();
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success());
    rest
}

/// A function that no run before has called is compiled from the text that its module was loaded from, and shown so:
/// whether the file is written over, exchanged, emptied or gone.
#[test]
fn a_function_is_compiled_from_the_text_that_was_loaded() {
    fn make() -> Program {
        waiting(
            "import { late, Shape } from './dep.mjs';",
            "if (globalThis.counts) console.log(late(), late.toString(), new Shape().area(), Shape.toString());",
        )
        .file(
            "dep.mjs",
            "export function late() { return 'mine'; }\nexport class Shape { area() { return 1; } }\n",
        )
    }
    let changes: &[fn(&Path)] = &[
        |it| replace(&it.join("dep.mjs"), "mine", "evil"),
        |it| {
            let source = "export function late() { return 'evil'; } export class Shape {}";
            fs::write(it.join("other.mjs"), source).unwrap();
            fs::rename(it.join("other.mjs"), it.join("dep.mjs")).unwrap();
        },
        |it| fs::write(it.join("dep.mjs"), "").unwrap(),
        |it| fs::remove_file(it.join("dep.mjs")).unwrap(),
    ];
    for change in changes {
        check(
            make,
            *change,
            "mine function late() { return 'mine'; } 1 class Shape { area() { return 1; } }\n",
        );
    }
}

/// ECMA-262, HostLoadImportedModule: the same request in the same module leads to the same module each time.
#[test]
fn the_same_request_leads_to_the_same_module() {
    fn make() -> Program {
        waiting(
            "import * as file from './file.mjs';\nimport * as link from './link.mjs';\n\
             import * as mapped from 'dep/x';\nimport * as own from '#own';",
            "const is = (promise, namespace) => promise.then(it => it === namespace, error => error.code);\n\
             console.log(await is(import('./file.mjs'), file), await is(import('./link.mjs'), link),\n\
             await is(import('dep/x'), mapped), await is(import('#own'), own));",
        )
        .file("file.mjs", "export const which = 'file';")
        .file("one.mjs", "export const which = 'one';")
        .file("two.mjs", "export const which = 'two';")
        .file("package.json", "{\"imports\": {\"#own\": \"./one.mjs\"}}")
        .file("node_modules/dep/package.json", "{\"exports\": {\"./x\": \"./one.mjs\"}}")
        .file("node_modules/dep/one.mjs", "export const which = 'one';")
        .file("node_modules/dep/two.mjs", "export const which = 'two';")
        .prepared(|directory| symlink("one.mjs", directory.join("link.mjs")).unwrap())
    }
    check(
        make,
        |it| {
            fs::remove_file(it.join("file.mjs")).unwrap();
            fs::remove_file(it.join("link.mjs")).unwrap();
            symlink("two.mjs", it.join("link.mjs")).unwrap();
            replace(&it.join("package.json"), "one", "two");
            replace(&it.join("node_modules/dep/package.json"), "one", "two");
        },
        "true true true true\n",
    );
}

/// What an import that failed was going to load is read when it is loaded, not when that import was made.
#[test]
fn what_was_read_ahead_and_not_loaded_is_read_again() {
    const PARTS: usize = 12;
    fn parts(directory: &Path, value: &str) {
        for part in 0..PARTS {
            let source = format!("export const value = '{value}';");
            fs::write(directory.join(format!("part{part}.mjs")), source).unwrap();
        }
    }
    fn make() -> Program {
        let imports = (0..PARTS).map(|it| format!("import './part{it}.mjs';\n"));
        let imports: String = imports.collect();
        waiting(
            "const failed = await import('./wants.mjs').catch(error => error.code);",
            "const all = await Promise.all([0, 3, 11].map(it => import(`./part${it}.mjs`)));\n\
             console.log(failed, all.map(it => it.value).join());",
        )
        .file("wants.mjs", imports + "import './missing.mjs';\n")
        .prepared(|directory| parts(directory, "old"))
    }
    check(
        make,
        |it| parts(it, "new"),
        "ERR_MODULE_NOT_FOUND new,new,new\n",
    );
}
