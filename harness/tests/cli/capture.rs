//! `capture`: a program with everything that it needs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use sha2::{Digest, Sha256};
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

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
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
        assert_eq!(file["sha256"], hex(&Sha256::digest(bytes)));
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

#[test]
fn what_somebody_has_put_into_a_capture_or_changed_there_stays() {
    let subject = subject();
    let here = subject.path("");
    let again = |code| capture(&here, &["main.mjs", "--out", "out"], code);
    again(0);
    let out = subject.path("out");
    // Results lie beside the definitions.
    fs::create_dir_all(out.join("jsc-harness-results/history")).unwrap();
    let result = out.join("jsc-harness-results/history/a.json");
    fs::write(&result, "precious").unwrap();
    again(0);
    assert_eq!(fs::read(&result).unwrap(), b"precious");

    let definitions = out.join("jsc-harness.toml");
    let made = fs::read(&definitions).unwrap();
    fs::write(&definitions, [&made[..], b"# mine\n"].concat()).unwrap();
    let said = again(64);
    assert!(
        said.contains("jsc-harness.toml is not of the capture that is there"),
        "{said}"
    );
    fs::write(&definitions, made).unwrap();
    let foreign = out.join("modules/app/notes.txt");
    fs::write(&foreign, "mine").unwrap();
    let said = again(64);
    assert!(
        said.contains("modules/app/notes.txt is not of the capture"),
        "{said}"
    );
    fs::remove_file(&foreign).unwrap();
    again(0);

    let link = subject.path("link");
    std::os::unix::fs::symlink(&out, &link).unwrap();
    let said = capture(&here, &["main.mjs", "--out", "link"], 64);
    assert!(said.contains("it is a symbolic link"), "{said}");
    assert!(link.is_symlink());
}

#[test]
fn what_does_not_parse_is_said_with_its_line() {
    let subject = subject()
        .file("wrong.mjs", "export const a = 1;\nlet = ;\n")
        .file(
            "import.mjs",
            "import './wrong.json' with { type: 'json' };\n",
        )
        .file("wrong.json", "{")
        .file("common.mjs", "import './common.cjs';\n")
        .file("common.cjs", "module.exports = {\n");
    let here = subject.path("");
    for (entry, code, part) in [
        (
            "wrong.mjs",
            1,
            "modules/app/wrong.mjs: Unexpected \";\" (line 2)",
        ),
        ("import.mjs", 1, "modules/app/wrong.json: "),
        ("common.mjs", 4, "cannot capture: common.cjs:2:1: "),
    ] {
        let said = capture(&here, &[entry, "--out", &format!("{entry}.out")], code);
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!subject.path("common.mjs.out").exists());
}

#[test]
fn a_directory_is_captured_by_its_entry() {
    let subject = subject()
        .file("app/package.json", r#"{"exports": "./start.mjs"}"#)
        .file("app/start.mjs", "console.log('started');\n");
    capture(&subject.path(""), &["./app", "--out", "out"], 0);
    let ran = run_in(&subject.path("out"), &["verify"]);
    let printed = String::from_utf8_lossy(&ran.stdout);
    assert!(printed.contains("1 of 1 the same on every path"), "{ran:?}");
}

/// Runs a capture of `main.mjs`, on every engine by every path; what it prints.
#[track_caller]
fn ran(subject: &Program, options: &[&str]) -> String {
    let here = subject.path("");
    let arguments = [&["main.mjs", "--out", "out"], options].concat();
    capture(&here, &arguments, 0);
    let out = subject.path("out");
    let map_and_prelude = ["--import-map=import-map.json", "--prelude=prelude.mjs"];
    let entry = ["modules/app/main.mjs"];
    let ran = run_in(&out, &[&["run"], &map_and_prelude[..], &entry].concat());
    assert!(ran.status.success(), "{ran:?}");
    let verified = run_in(&out, &["verify", "--all-engines"]);
    assert!(verified.status.success(), "{verified:?}");
    String::from_utf8(ran.stdout).unwrap()
}

/// What a package's ES modules expect of CommonJS depends on whether Node or only bundlers take them for ES modules.
#[test]
fn commonjs_is_to_each_importer_what_it_expects() {
    let subject = program(
        "import compiled, { count } from 'compiled';\nimport { next, kind, hidden } from 'for-bundlers';\n\
         import old from 'old';\n\
         console.log(typeof compiled.default, count(), next(), kind, hidden, old.way, typeof process);\n",
    )
    .file("package.json", r#"{"name": "subject", "type": "module"}"#)
    .file("node_modules/compiled/package.json", r#"{"name": "compiled", "version": "1.0.0"}"#)
    .file(
        "node_modules/compiled/index.js",
        "Object.defineProperty(exports, '__esModule', { value: true });\nlet n = 0;\n\
         exports.count = () => ++n;\nexports.default = function compiled() {};\n",
    )
    .file(
        "node_modules/computed/index.js",
        "const all = {};\nfor (const name of ['a', 'hidden']) all[name] = name;\nmodule.exports = all;\n",
    )
    .file("node_modules/computed/package.json", r#"{"name": "computed", "version": "1.0.0"}"#)
    .file(
        "node_modules/for-bundlers/package.json",
        r#"{"name": "for-bundlers", "version": "1.0.0", "main": "index.js", "module": "esm.js"}"#,
    )
    .file("node_modules/for-bundlers/index.js", "exports.next = exports.kind = exports.hidden = 'commonjs';\n")
    .file(
        "node_modules/for-bundlers/esm.js",
        "import compiled, { count } from 'compiled';\nexport { hidden } from 'computed';\n\
         export const next = count, kind = typeof compiled;\n",
    )
    // Its ES module has no default, which is what the program asks for.
    .file(
        "node_modules/old/package.json",
        r#"{"name": "old", "version": "1.0.0", "main": "index.js", "module": "esm.js"}"#,
    )
    .file("node_modules/old/index.js", "exports.way = 'commonjs';\n")
    .file("node_modules/old/esm.js", "export const way = 'module';\n");
    let expected = "function 1 2 function hidden commonjs object\n";
    assert_eq!(ran(&subject, &[]), expected);
}

#[test]
fn what_a_program_finds_by_itself_is_captured() {
    let subject = program(
        "import { createRequire as make } from 'node:module';\nimport same, { env } from 'node:process';\n\
         import { local } from './other.mjs';\n\
         const require = make(import.meta.url);\nconst say = await import(`./words/${'de'}.mjs`);\n\
         let code;\ntry { require('./none.cjs'); } catch (error) { code = error.code; }\n\
         console.log(require('./data.json').n, require('fs').existsSync === undefined, local, say.default, code);\n\
         console.log(same === process, env === process.env, [...new FormData()].length, typeof MessagePort);\n",
    )
    .file("package.json", r#"{"name": "subject", "type": "module"}"#)
    .file("data.json", r#"{"n": 7}"#)
    .file(
        "other.mjs",
        "import module from 'module';\nexport const local = module.createRequire(import.meta.url)('./local.cjs');\n",
    )
    .file("local.cjs", "module.exports = 'local';\n")
    .file("words/de.mjs", "export default 'ja';\n")
    .file("words/en.mjs", "export default 'yes';\n");
    let expected = "7 false local ja MODULE_NOT_FOUND\ntrue true 0 function\n";
    assert_eq!(ran(&subject, &[]), expected);
    assert!(subject.path("out/modules/app/words/en.mjs").exists());
}

#[test]
fn the_condition_browser_brings_the_field_of_that_name() {
    let subject = program("import { name } from 'p';\nconsole.log(name, typeof process);\n")
        .file("package.json", r#"{"name": "subject", "type": "module"}"#)
        .file(
            "node_modules/p/package.json",
            r#"{"name": "p", "version": "1.0.0", "main": "a.js", "browser": {"./a.js": "./b.js", "./none.js": false}}"#,
        )
        .file("node_modules/p/a.js", "exports.name = 'node';\n")
        .file(
            "node_modules/p/b.js",
            "exports.name = 'browser' + Object.keys(require('./none.js')).length;\n",
        )
        .file("node_modules/p/none.js", "throw new Error('never');\n");
    assert_eq!(ran(&subject, &[]), "node object\n");
    assert_eq!(ran(&subject, &["-C", "browser"]), "browser0 object\n");
}

#[test]
fn a_program_that_needs_a_document_is_given_one() {
    let subject = program(
        "class Mine extends HTMLElement {}\ncustomElements.define('my-own', Mine);\n\
         const it = window.document.createElement('my-own');\ndocument.body.append(it);\n\
         it.addEventListener('x', (event) => console.log(event.type, it instanceof Mine, document.body.innerHTML));\n\
         it.dispatchEvent(new Event('x'));\n",
    )
    .file("package.json", r#"{"name": "subject", "type": "module"}"#);
    let expected = "x true <my-own></my-own>\n";
    assert_eq!(ran(&subject, &["--dom"]), expected);
}

/// Entries are called by their places in their package, wherever that and the working directory are.
#[test]
fn no_file_names_this_machine() {
    let subject = program("console.log('here');\n")
        .file(
            "inner/package.json",
            r#"{"name": "inner", "type": "module"}"#,
        )
        .file(
            "inner/src/main.mjs",
            "import '../../shared/x.mjs';\nconsole.log('inner');\n",
        )
        .file("shared/x.mjs", "console.log('shared');\n");
    let elsewhere = tempfile::tempdir().unwrap();
    let entry = subject.path("inner/src/main.mjs");
    let entry = entry.to_str().unwrap();
    capture(elsewhere.path(), &[entry, entry, "--out", "out"], 0);
    let captured = files(&elsewhere.path().join("out"));
    let here = subject.path("").display().to_string();
    let here = here.trim_start_matches('/');
    for (path, bytes) in &captured {
        let text = format!("{} {}", path.display(), String::from_utf8_lossy(bytes));
        assert!(!text.contains(here), "{text}");
    }
    let ran = run_in(&elsewhere.path().join("out"), &["verify"]);
    assert!(ran.status.success(), "{ran:?}");
    let said = String::from_utf8_lossy(&captured[Path::new("jsc-harness.toml")]).into_owned();
    assert_eq!(said.matches("[[workload]]").count(), 1, "{said}");

    let no_program = subject.file("picture.svg", "<svg/>\n");
    let said = capture(&no_program.path(""), &["picture.svg", "--out", "none"], 1);
    assert!(said.contains("it is no JavaScript"), "{said}");
}
