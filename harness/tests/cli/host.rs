//! What the host of a program gives it: conditions, extensions, an import map, a prelude.

use std::fs;

use test_programs::{Program, call, engines, program};

const MAP: &str =
    r#"{"imports": {"bare": "./lib/bare.mjs", "node:fs": "./lib/fs.mjs", "lib/": "./lib/"}}"#;

fn subject() -> Program {
    program(
        "import { a } from 'bare';\nimport fs from 'node:fs';\nimport { c } from 'p';\nimport { t } from './t';\n\
         console.log(a, fs, c, t, process.env.X);\n\
         console.log((await import('lib/later.mjs')).default, import.meta.resolve('bare').endsWith('lib/bare.mjs'));\n",
    )
    .file("lib/bare.mjs", "export const a = 'a';\n")
    .file("lib/other.mjs", "export const a = 'other';\n")
    .file("lib/fs.mjs", "export default 'fs';\n")
    .file("lib/later.mjs", "export default 'later';\n")
    .file("t.ts", "export const t = 't';\n")
    .file("node_modules/p/package.json", r#"{"exports": {"browser": "./b.mjs", "default": "./d.mjs"}}"#)
    .file("node_modules/p/b.mjs", "export const c = 'browser';\n")
    .file("node_modules/p/d.mjs", "export const c = 'default';\n")
    .file("map.json", MAP)
    .file("prelude.mjs", "globalThis.process = { env: { X: 'x' } };\nconsole.log('first');\n")
}

/// Runs the program by `path` on an engine; what it printed, and what the statistics say.
#[track_caller]
fn run(
    program: &Program,
    engine: &str,
    path: &str,
    conditions: &str,
) -> (String, serde_json::Value) {
    let file = |name: &str| program.path(name).display().to_string();
    let mut arguments = vec![
        "run".to_owned(),
        format!("--engine={engine}"),
        format!("--path={path}"),
        format!("--import-map={}", file("map.json")),
        format!("--prelude={}", file("prelude.mjs")),
        format!("--conditions={conditions}"),
        "--extensions=.ts,.js".to_owned(),
        format!("--stats={}", file("stats.json")),
        file("main.mjs"),
    ];
    if path != "parse" {
        arguments.push(format!("--cache-dir={}", file("cache")));
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = call(&arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{path} on {engine}: {stderr}");
    let stats = fs::read(program.path("stats.json")).unwrap();
    (
        String::from_utf8(output.stdout).unwrap(),
        serde_json::from_slice(&stats).unwrap(),
    )
}

#[test]
fn by_every_path_the_host_gives_the_same() {
    for engine in engines() {
        let program = subject();
        for path in [
            "parse", "bytecode", "full", "full", "graph", "graph", "graph",
        ] {
            let (printed, _) = run(&program, &engine.name, path, "browser");
            assert_eq!(printed, "first\na fs browser t x\nlater true\n", "{path}");
        }
        let (_, stats) = run(&program, &engine.name, "graph", "browser");
        assert_eq!(stats["hits"], 6, "{stats:#}");
        assert_eq!(stats["modules"], 6, "the prelude does not count: {stats:#}");
        assert_eq!(stats["parses"]["analyze"], 0, "{stats:#}");
    }
}

/// A pack says where specifiers lead, so it belongs to the host that it was made with.
#[test]
fn a_pack_of_another_host_is_a_miss_with_its_own_reason() {
    for engine in engines() {
        let program = subject();
        for _ in 0..2 {
            run(&program, &engine.name, "graph", "browser");
        }
        let other_map = MAP.replace("lib/bare.mjs", "lib/other.mjs");
        let changes: [(&dyn Fn(), &str, &str); 3] = [
            (&|| (), "worker", "first\na fs default t x\nlater true\n"),
            (
                &|| {
                    fs::write(
                        program.path("prelude.mjs"),
                        "globalThis.process = { env: { X: 'y' } };",
                    )
                    .unwrap()
                },
                "worker",
                "a fs default t y\nlater true\n",
            ),
            (
                &|| fs::write(program.path("map.json"), &other_map).unwrap(),
                "worker",
                "other fs default t y\nlater false\n",
            ),
        ];
        for (change, conditions, expected) in changes {
            change();
            let (printed, stats) = run(&program, &engine.name, "graph", conditions);
            assert_eq!(printed, expected);
            // It is replaced, so the next run has one.
            let (printed, again) = run(&program, &engine.name, "graph", conditions);
            assert_eq!(printed, expected);
            assert!(again["no_pack"].is_null(), "{again:#}");
            assert_eq!(stats["misses"][0]["reason"], "host", "{stats:#}");
        }
    }
}

#[test]
fn what_the_host_cannot_give_is_said() {
    let program = subject()
        .file("bad.json", r#"{"imports": {"a": "b"}}"#)
        .file("throws.mjs", "throw new Error('not today');\n")
        .file("waits.mjs", "await new Promise(() => {});\n");
    let main = program.path("main.mjs").display().to_string();
    for (option, file, status, part) in [
        ("--import-map", "none.json", 4, "none.json': No such file"),
        (
            "--import-map",
            "bad.json",
            4,
            "the address 'b' of 'a' is neither a URL",
        ),
        ("--prelude", "none.mjs", 4, "cannot find prelude"),
        (
            "--prelude",
            "throws.mjs",
            1,
            "throws.mjs: Uncaught Error: not today",
        ),
        (
            "--prelude",
            "waits.mjs",
            1,
            "waits.mjs: a top-level await never ended",
        ),
    ] {
        let file = program.path(file).display().to_string();
        let output = call(&["run", option, &file, &main]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{said}");
        assert!(said.contains(part), "{said}");
    }
    let output = call(&["run", "--extensions=ts", &main]);
    assert_eq!(output.status.code(), Some(64));
}
