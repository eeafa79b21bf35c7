//! `capture`: a program with everything that it needs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use test_programs::{Program, jsc_harness, program};

fn subject() -> Program {
    program(
        "import { shout } from 'esm';\nimport cjs, { add, count } from 'cjs';\nimport { join } from 'node:path';\n\
         import { total } from './lib';\nimport data from './data.json' with { type: 'json' };\n\
         console.log(shout('x'), add(1, 2), count(), cjs.count(), join('a', '..', 'b'), total, data.n);\n\
         console.log(process.env.HOME ?? 'no home', new TextDecoder().decode(new TextEncoder().encode('ä')));\n\
         try { await import('absent'); } catch { console.log('no absent'); }\n",
    )
    .file("package.json", r#"{"name": "subject", "type": "module"}"#)
    .file("data.json", r#"{"n": 7}"#)
    .file("lib/index.js", "import { count } from 'cjs';\nexport const total = count();\n")
    .file("node_modules/esm/package.json", r#"{"name": "esm", "version": "1.2.3", "license": "MIT", "type": "module", "exports": "./i.js"}"#)
    .file("node_modules/esm/LICENSE", "Do what you like.\n")
    .file("node_modules/esm/i.js", "export const shout = text => text + '!';\n")
    .file("node_modules/cjs/package.json", r#"{"name": "cjs", "version": "0.1.0", "main": "main.js"}"#)
    .file(
        "node_modules/cjs/main.js",
        "const events = require('events');\nlet n = 0;\nexports.add = (a, b) => a + b;\nexports.count = () => ++n;\n\
         exports.emitter = new events();\ntry { require('./built/addon.node'); } catch {}\n\
         exports.where = __filename;\n",
    )
}

fn run_in(directory: &Path, arguments: &[&str]) -> Output {
    jsc_harness()
        .current_dir(directory)
        .args(arguments)
        .output()
        .unwrap()
}

/// Captures; what was said on standard error.
#[track_caller]
fn capture(directory: &Path, arguments: &[&str], code: i32) -> String {
    let output = run_in(directory, &[&["capture"], arguments].concat());
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    stderr
}

fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut queue = vec![directory.to_owned()];
    while let Some(next) = queue.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => queue.push(path),
                false => drop(files.insert(
                    path.strip_prefix(directory).unwrap().to_owned(),
                    fs::read(path).unwrap(),
                )),
            }
        }
    }
    files
}

#[test]
fn a_program_of_node_runs_on_a_bare_engine() {
    let subject = subject();
    let said = capture(&subject.path(""), &["main.mjs", "esm", "--out", "out"], 0);
    assert!(said.contains("'absent': it leads nowhere"), "{said}");
    let out = subject.path("out");
    let ran = run_in(
        &out,
        &[
            "run",
            "--import-map=import-map.json",
            "--prelude=prelude.mjs",
            "modules/app/main.mjs",
        ],
    );
    // The three importers of cjs share one module.
    let expected = "x! 3 2 3 b 1 7\nno home ä\nno absent\n";
    assert_eq!(String::from_utf8_lossy(&ran.stdout), expected, "{ran:?}");
    let verified = run_in(&out, &["verify", "--all-engines"]);
    assert!(verified.status.success(), "{verified:?}");

    let captured = files(&out);
    let source = fs::read(subject.path("node_modules/esm/i.js")).unwrap();
    assert_eq!(captured[Path::new("modules/esm@1.2.3/i.js")], source);
    assert_eq!(
        captured[Path::new("licenses/esm@1.2.3/LICENSE")],
        b"Do what you like.\n"
    );
    let manifest: serde_json::Value =
        serde_json::from_slice(&captured[Path::new("manifest.json")]).unwrap();
    for file in manifest["files"].as_array().unwrap() {
        let bytes = &captured[Path::new(file["path"].as_str().unwrap())];
        assert_eq!(file["bytes"], bytes.len());
        assert_eq!(file["sha256"].as_str().unwrap().len(), 64);
    }
    assert_eq!(
        manifest["files"].as_array().unwrap().len() + 1,
        captured.len()
    );
    let here = subject.path("").display().to_string();
    for (path, bytes) in &captured {
        assert!(
            !String::from_utf8_lossy(bytes).contains(&here),
            "{} names this machine",
            path.display()
        );
    }

    // The same bytes in another place, and over an older capture.
    let other = self::subject();
    capture(
        &other.path(""),
        &["main.mjs", "esm", "--out", "elsewhere"],
        0,
    );
    assert!(files(&other.path("elsewhere")) == captured);
    capture(&subject.path(""), &["main.mjs", "esm", "--out", "out"], 0);
    assert!(files(&out) == captured);
}

#[test]
fn what_cannot_be_captured_is_said() {
    let subject = subject().file("needs.mjs", "import 'nowhere';\n");
    let here = subject.path("");
    let said = capture(&here, &["needs.mjs", "--out", "out"], 1);
    assert!(
        said.contains("error: modules/app/needs.mjs: 'nowhere': it leads nowhere"),
        "{said}"
    );
    let said = capture(&here, &["none-such", "--out", "none"], 4);
    assert!(
        said.contains("none-such is neither a file nor a package that can be imported from here"),
        "{said}"
    );
    assert!(!subject.path("none").exists());
    let said = capture(&here, &["main.mjs", "--out", "lib"], 64);
    assert!(
        said.contains("it has files, and is no earlier capture"),
        "{said}"
    );
    // A manifest of something else is no capture.
    fs::write(subject.path("lib/manifest.json"), "{}").unwrap();
    capture(&here, &["main.mjs", "--out", "lib"], 64);
    assert!(subject.path("lib/index.js").exists());
    let said = capture(&here, &["main.mjs", "--out", "data.json"], 64);
    assert!(said.contains("it is not a directory"), "{said}");
    let output = jsc_harness()
        .current_dir(&here)
        .env("NODE", "no-such-node")
        .args(["capture", "main.mjs", "--out", "x"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(
        said.contains("cannot start no-such-node") && said.contains("install Node.js 20"),
        "{said}"
    );
}
