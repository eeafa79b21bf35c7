//! `--experimental-esm-bytecode`, and the defaults of the cache's options.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use test_programs::{Program, engines, jsc_harness, program, text};

/// A cache home of its own, with the engines of the real one.
fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("jsc-harness");
    fs::create_dir(&store).unwrap();
    // An engine's directory is `<store>/bridges/<build>`.
    let real = engines()[0].directory.ancestors().nth(2).unwrap();
    for kind in ["bridges", "engines"] {
        symlink(real.join(kind), store.join(kind)).unwrap();
    }
    home
}

fn run(program: &Program, home: &Path, arguments: &[&dyn AsRef<OsStr>]) -> (Output, Value) {
    let stats = program.path("stats.json");
    let output = jsc_harness()
        .args(["run", "--stats"])
        .arg(&stats)
        .args(arguments)
        .arg(program.path("main.mjs"))
        .env("XDG_CACHE_HOME", home)
        .env_remove("JSCSYS_STORE_DIR")
        .output()
        .unwrap();
    let stats = fs::read(stats).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (output, serde_json::from_slice(&stats).unwrap())
}

#[test]
fn it_is_the_full_path_with_the_default_cache() {
    for engine in engines() {
        let home = home();
        let modules = home.path().join("jsc-harness/modules");
        let program = program("import { a } from './a.mjs'; console.log(a);")
            .file("a.mjs", "export const a = 1;");
        for (hits, misses) in [(0, 2), (2, 0)] {
            let (output, stats) = run(
                &program,
                home.path(),
                &[&"--engine", &engine.name, &"--experimental-esm-bytecode"],
            );
            assert_eq!(
                (&*text(&output.stdout), &*text(&output.stderr)),
                ("1\n", "")
            );
            assert_eq!(stats["path"], "full");
            assert_eq!(stats["hits"], hits);
            assert_eq!(stats["misses"].as_array().unwrap().len(), misses);
            assert_eq!(stats["parses"]["analyze"], misses);
            assert_eq!(fs::read_dir(&modules).unwrap().count(), 2);
        }
    }
}

#[test]
fn any_cache_option_asks_for_the_full_path() {
    let home = home();
    let program = program("console.log(1);");
    let elsewhere = program.path("elsewhere");
    let arguments: &[(&[&dyn AsRef<OsStr>], &str)] = &[
        (&[], "parse"),
        (&[&"--cache", &"auto"], "full"),
        (&[&"--cache", &"read-only"], "full"),
        (&[&"--cache-dir", &elsewhere], "full"),
        (&[&"--path", &"bytecode"], "bytecode"),
        (
            &[&"--path", &"full", &"--experimental-esm-bytecode"],
            "full",
        ),
        (&[&"--cache", &"off"], "parse"),
        (&[&"--path", &"parse", &"--cache", &"off"], "parse"),
    ];
    for (arguments, path) in arguments {
        let (output, stats) = run(&program, home.path(), arguments);
        assert_eq!(text(&output.stdout), "1\n");
        assert_eq!(stats["path"], *path);
        let cached = *path != "parse";
        assert_eq!(stats.get("hits").is_some(), cached);
        assert_eq!(stats.get("misses").is_some(), cached);
        assert_eq!(stats["phases_ns"].get("rebuild").is_some(), cached);
    }
    assert_eq!(fs::read_dir(elsewhere).unwrap().count(), 1);
    assert_eq!(
        fs::read_dir(home.path().join("jsc-harness/modules"))
            .unwrap()
            .count(),
        1
    );
}

#[test]
fn without_it_nothing_is_written() {
    let home = home();
    let program = program("console.log(1);");
    let off: &[&dyn AsRef<OsStr>] = &[&"--cache", &"off"];
    for arguments in [&[], off] {
        let (_, stats) = run(&program, home.path(), arguments);
        assert_eq!(stats["path"], "parse");
        assert!(!home.path().join("jsc-harness/modules").exists());
    }
}
