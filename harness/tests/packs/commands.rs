//! `cache build --pack`, `inspect`, `verify`, `explain`, `diff`, `gc` and `clear` of packs.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::{Cache, MODULES, edit, graph, replace, sign, subject};
use test_programs::{Program, engines, jsc_harness, program, text};

fn cache(arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> Output {
    let mut command = jsc_harness();
    command.arg("cache");
    command.args(arguments.iter().map(|it| it.as_ref()));
    command.output().unwrap()
}

#[track_caller]
fn json(arguments: &[&dyn AsRef<std::ffi::OsStr>], code: i32) -> Value {
    let format: [&dyn AsRef<std::ffi::OsStr>; 1] = [&"--format=json"];
    let output = cache(&[arguments, &format].concat());
    assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Builds the pack of what a program executes.
fn build(program: &Program, cache: &Cache) -> Value {
    let entry = program.path("main.mjs");
    json(
        &[
            &"build",
            &"--pack",
            &"--payload=executed",
            &entry,
            &"--cache-dir",
            &cache.path(),
        ],
        0,
    )
}

/// A program with a pack, made by `cache build`.
fn built(program: &Program) -> Cache {
    let cache = Cache::new();
    let value = build(program, &cache);
    assert_eq!(value["obstacles"], serde_json::json!([]));
    assert_eq!(value["packs"][0]["modules"], MODULES + 1);
    cache
}

fn url(path: &Path) -> String {
    format!("file://{}", path.display())
}

#[test]
fn a_pack_that_was_built_serves_a_run() {
    let program = subject();
    let entry = program.path("main.mjs");
    for engine in engines() {
        for payload in ["all", "executed"] {
            let directory = Cache::new();
            let output = cache(&[
                &"build",
                &"--pack",
                &"--payload",
                &payload,
                &"--engine",
                &engine.name,
                &entry,
                &"--cache-dir",
                &directory.path(),
            ]);
            assert_eq!(output.status.code(), Some(0));
            // For what is executed the program ran, and is not in the way of what the command says.
            let ran = text(&output.stderr).contains("a1 function b ");
            assert_eq!(ran, payload == "executed");
            let said = text(&output.stdout);
            assert!(
                said.contains(&format!("main.mjs: 7 modules, payload {payload}: "))
                    && said.lines().count() == 1,
                "{said}"
            );
            // A pack of every function serves a run that asks for what was executed, too.
            let explained = cache(&[
                &"explain",
                &"--path=graph",
                &"--engine",
                &engine.name,
                &entry,
                &"--cache-dir",
                &directory.path(),
            ]);
            let explained = text(&explained.stdout);
            assert!(
                explained.starts_with("fresh\n")
                    && explained.contains(&format!("payload {payload}, 7 modules")),
                "{explained}"
            );
            for wanted in [payload, "executed"] {
                let loaded = graph(engine, &entry, "read-only", &directory)
                    .argument("--payload")
                    .argument(wanted)
                    .run();
                assert_eq!(loaded.stats.hits, MODULES);
                assert_eq!(loaded.stats.parses(), [0; 3]);
            }
        }
    }
}

/// Building is not reading: an old pack is not taken for the new one.
#[test]
fn a_pack_is_built_anew() {
    let program = subject();
    let cache = built(&program);
    let before = fs::read(cache.pack()).unwrap();
    edit(&cache.pack(), |it| {
        let end = it.len() - 1;
        it[end] ^= 1;
        sign(it);
    });
    build(&program, &cache);
    assert!(fs::read(cache.pack()).unwrap() == before);
}

#[test]
fn programs_that_do_not_end_well() {
    let program = program("import { no } from './a.mjs';")
        .file("a.mjs", "")
        .file("throws.mjs", "import './a.mjs'; throw new Error('boo');");
    let directory = Cache::new();
    let entries = [program.path("main.mjs"), program.path("throws.mjs")];
    let value = json(
        &[
            &"build",
            &"--pack",
            &"--payload=executed",
            &entries[0],
            &entries[1],
            &"--cache-dir",
            &directory.path(),
        ],
        1,
    );
    let obstacle = &value["obstacles"][0];
    assert_eq!(obstacle["entry"], url(&entries[0]));
    assert!(
        obstacle["reason"]
            .as_str()
            .unwrap()
            .contains("was not linked; the program: Uncaught SyntaxError: "),
        "{obstacle}"
    );
    let pack = &value["packs"][0];
    assert_eq!(pack["entry"], url(&entries[1]));
    assert!(
        pack["program"]
            .as_str()
            .unwrap()
            .starts_with("Uncaught Error: boo")
    );
    // Without running them, the one that throws is like any other, and why the other does not link is known all the same.
    let output = cache(&[
        &"build",
        &"--pack",
        &entries[0],
        &entries[1],
        &"--cache-dir",
        &directory.path(),
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "");
    let told = text(&output.stdout);
    let told: Vec<&str> = told.lines().collect();
    assert!(
        told[0].contains("throws.mjs: 2 modules, payload all: "),
        "{told:?}"
    );
    let main = url(&entries[0]);
    let a = url(&program.path("a.mjs"));
    assert_eq!(
        told[1..],
        [format!(
            "no pack: {main}: {main} does not link: 'no' of {a} is not exported"
        )]
    );
    let output = cache(&[
        &"build",
        &"--pack",
        &"--file-format=v1",
        &entries[1],
        &"--cache-dir",
        &directory.path(),
    ]);
    assert_eq!(output.status.code(), Some(64));
    assert_eq!(
        text(&output.stderr),
        "error: --file-format has no effect with --pack: it is the format of entries; leave out one of the two\n"
    );
}

#[test]
fn inspect_shows_all_of_it() {
    let program = subject();
    let directory = built(&program);
    let pack = directory.pack();
    let value = json(&[&"inspect", &pack], 0);
    assert_eq!(
        (&value["kind"], &value["valid"]),
        (&"pack".into(), &true.into())
    );
    assert_eq!(value["bytes"], fs::metadata(&pack).unwrap().len());
    assert_eq!(value["entry"], url(&program.path("main.mjs")));
    assert_eq!(value["payload"], "executed");
    assert_eq!(value["identity"]["engine"].as_str().map(str::len), Some(32));
    assert_eq!(value["sections"].as_array().map(Vec::len), Some(7));
    let modules = value["modules"].as_array().unwrap();
    let files: Vec<&str> = modules
        .iter()
        .map(|it| it["key"].as_str().unwrap().rsplit('/').next().unwrap())
        .collect();
    // In the order of evaluation.
    assert_eq!(
        files,
        [
            "c.mjs",
            "a.mjs",
            "b.mjs",
            "to1.mjs",
            "one.mjs",
            "data.json",
            "main.mjs"
        ]
    );
    let main = &modules[6];
    assert_eq!(main["edges"], serde_json::json!([1, 2, 3, 4, 5]));
    let source = fs::read(program.path("main.mjs")).unwrap();
    assert_eq!(main["source_bytes"], source.len());
    let hash = jsc_module_cache::SourceHash::of(&source);
    assert_eq!(main["source_hash"], hash.to_string());
    assert!(main["record_bytes"].as_u64() > Some(0) && main["bytecode_bytes"].as_u64() > Some(0));
    assert_eq!(
        (&modules[5]["kind"], &modules[5]["record_bytes"]),
        (&"json".into(), &0.into())
    );

    let output = cache(&[&"inspect", &pack]);
    let table = text(&output.stdout);
    for part in [
        "\npayload  executed\n",
        "\nmodules (7)\n",
        "  requests 1 2 3 4 5  0 resolved in it",
        "/data.json ",
    ] {
        assert!(table.contains(part), "{part:?} in\n{table}");
    }
}

#[test]
fn verify_looks_at_packs() {
    let program = subject();
    let directory = built(&program);
    let pack = directory.pack();
    let results = json(&[&"verify", &"--cache-dir", &directory.path()], 0);
    assert_eq!(results[0]["module"], url(&program.path("main.mjs")));
    assert_eq!(results.as_array().map(Vec::len), Some(1));
    json(&[&"verify", &pack], 0);
    // Under another name it is not what the name says.
    let name = pack.file_name().unwrap().to_str().unwrap();
    let renamed = pack.with_file_name(format!("{}{}", "0".repeat(16), &name[16..]));
    fs::rename(&pack, &renamed).unwrap();
    let results = json(&[&"verify", &"--cache-dir", &directory.path()], 3);
    assert_eq!(results[0]["reason"], "identity");
    assert_eq!(json(&[&"verify", &renamed], 3)[0]["reason"], "identity");
    edit(&renamed, |it| it[200] ^= 1);
    assert_eq!(json(&[&"verify", &renamed], 3)[0]["reason"], "checksum");
    assert_eq!(json(&[&"inspect", &renamed], 3)["reason"], "checksum");
}

#[test]
fn explain_says_what_a_run_would_do() {
    let program = subject();
    let directory = built(&program);
    let entry = program.path("main.mjs");
    let path = directory.path();
    let explain: [&dyn AsRef<std::ffi::OsStr>; 5] =
        [&"explain", &entry, &"--path=graph", &"--cache-dir", &path];
    let fresh = json(&explain, 0);
    assert_eq!(
        (&fresh["outcome"], &fresh["modules"]),
        (&"fresh".into(), &7.into())
    );
    replace(&program.path("a.mjs"), "a1", "a2");
    let stale = json(&explain, 0);
    assert_eq!(
        (&stale["outcome"], &stale["reason"]),
        (&"stale".into(), &"source".into())
    );
    assert_eq!(stale["module"], url(&program.path("a.mjs")));
    let loaded = graph(&engines()[0], &entry, "read-only", &directory).run();
    let stats = &loaded.stats;
    stats.assert_pack_served_but(&[("a.mjs", "source")], "a changed module");
    let table = text(&cache(&explain).stdout);
    assert!(table.starts_with("stale: source of file://"), "{table}");
    let all = [&explain[..], &[&"--payload=all"]].concat();
    let none = json(&all, 0);
    assert_eq!(
        (&none["outcome"], &none["reason"]),
        (&"miss".into(), &"absent".into())
    );
    let parse = cache(&[&"explain", &entry, &"--path=parse", &"--cache-dir", &path]);
    assert_eq!(parse.status.code(), Some(64));
}

#[test]
fn diff_names_modules() {
    let program = subject();
    let (a, b) = (built(&program), {
        replace(&program.path("a.mjs"), "a1", "a22");
        built(&program)
    });
    let output = cache(&[&"diff", &a.pack(), &b.pack()]);
    assert_eq!(output.status.code(), Some(1));
    let text = text(&output.stdout);
    let module = url(&program.path("a.mjs"));
    assert!(
        text.contains(&format!("module {module} source bytes: ")),
        "{text}"
    );
    assert!(!text.contains("b.mjs") && !text.contains("order"), "{text}");
    assert_eq!(
        cache(&[&"diff", &a.pack(), &a.pack()]).status.code(),
        Some(0)
    );
}

#[test]
fn gc_drops_packs_that_no_run_will_use() {
    let collect = |directory: &Cache, program: &Program, kind: &str| {
        let report = json(&[&"gc", &"--cache-dir", &directory.path()], 0);
        assert_eq!(report[kind]["files"], 1, "{report}");
        let kept = usize::from(kind == "kept");
        assert_eq!(directory.packs().len(), kept, "{kind}");
        drop(program.path(""));
    };
    let changed = |kind: &str, change: &dyn Fn(&Program, &Cache)| {
        let program = subject();
        let directory = built(&program);
        change(&program, &directory);
        collect(&directory, &program, kind);
    };
    changed("kept", &|_, _| {});
    changed("stale", &|program, _| {
        replace(&program.path("data.json"), "7", "8")
    });
    changed("stale", &|program, _| {
        fs::remove_file(program.path("c.mjs")).unwrap()
    });
    changed("gone", &|program, _| {
        fs::remove_file(program.path("main.mjs")).unwrap()
    });
    changed("other_engine", &|_, directory| {
        edit(&directory.pack(), |it| {
            it[48] ^= 1;
            sign(it);
        });
    });
    changed("invalid", &|_, directory| {
        edit(&directory.pack(), |it| it[200] ^= 1)
    });
}

#[test]
fn clear_removes_packs() {
    let directory = built(&subject());
    assert_eq!(
        json(&[&"clear", &"--cache-dir", &directory.path()], 0)["files"],
        1
    );
    assert_eq!(directory.packs().len(), 0);
}
