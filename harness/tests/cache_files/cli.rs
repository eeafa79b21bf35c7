//! `cache build`, `explain`, `inspect`, `verify`, `diff`, `gc` and `clear` as a person runs them.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use jsc_module_cache::format::v1::FileV1;
use jsc_module_cache::record::Attributes;
use jsc_module_cache::{SourceHash, write};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use serde_json::Value;
use tempfile::TempDir;

use test_programs::{jsc_harness, text};
use testing::sample_store::{Fixture, open};
use testing::samples;

/// Files to look at.
struct Files {
    home: TempDir,
}

impl Files {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.home.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn sample(&self) -> PathBuf {
        self.write("sample.jscm", samples::entry().as_bytes())
    }

    fn other(&self) -> PathBuf {
        let mut record = samples::record();
        record.imports.swap(0, 1);
        record.exports.pop();
        record.requests[1].attributes = Attributes::None;
        record.lexical.variables[1].traits.0 |= 1;
        let image = record.encode().unwrap();
        let identity = samples::identity();
        let mut parts = samples::parts(&identity, &image);
        parts.bytecode = b"other";
        self.write("other.jscm", write(&parts).unwrap().as_bytes())
    }

    fn damaged(&self) -> PathBuf {
        let mut bytes = samples::entry().as_bytes().to_vec();
        bytes[400] ^= 1;
        self.write("damaged.jscm", &bytes)
    }

    fn version_1(&self, magic: &[u8]) -> PathBuf {
        let mut record = samples::record();
        record.requests.pop();
        let file = FileV1::from_record(&record, b"code").unwrap();
        let mut bytes = file.write().unwrap();
        bytes[..4].copy_from_slice(magic);
        self.write("old.bmes", &bytes)
    }
}

fn cache<const N: usize>(arguments: [&dyn AsRef<std::ffi::OsStr>; N]) -> Output {
    cache_with(&arguments)
}

fn cache_with(arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> Output {
    let mut command = jsc_harness();
    command
        .arg("cache")
        .args(arguments.iter().map(|it| it.as_ref()));
    command.output().unwrap()
}

fn out(output: &Output) -> String {
    text(&output.stdout)
}

fn err(output: &Output) -> String {
    text(&output.stderr)
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn inspect_shows_all_of_it() {
    let files = Files::new();
    let output = cache([&"inspect", &files.sample()]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let text = out(&output);
    for line in [
        "module    file:///project/src/main.js",
        "async     yes, a top-level await",
        "features  await import-meta",
        "  3 bytecode    at 832  45 B   5.1 %",
        "requests (5)",
        r#"  "./data.json" with { type: "json" }"#,
        r#"  ".\u{d800}" with { type: "webassembly" }"#,
        r#"  import { a } from "./a.js""#,
        r#"  import * as 日本 from "./日本.js"  (import name @starNamespace)"#,
        "  export { @starDefault as default }",
        r#"  export { count as "" }"#,
        r#"  export { "😀 is a name" as other } from "./a.js""#,
        r#"  export * as everything from "./ünï.js""#,
        r#"  export * from "./日本.js""#,
        "  count  var exported",
        "lexical variables: everything is captured",
        "  日本          const imported imported-namespace",
        "  #q  method getter setter static",
    ] {
        assert!(text.lines().any(|it| it == line), "{line:?} in\n{text}");
    }
}

#[test]
fn inspect_as_json_is_complete() {
    let files = Files::new();
    let value = json(&cache([&"inspect", &files.sample(), &"--format", &"json"]));
    let entry = samples::entry();
    assert_eq!(value["valid"], true);
    assert_eq!(value["format"], 2);
    assert_eq!(value["bytes"], entry.as_bytes().len());
    assert_eq!(value["module_key"], samples::KEY);
    assert_eq!(
        value["source"]["hash"],
        SourceHash::of(samples::SOURCE).to_string()
    );
    assert_eq!(value["identity"]["engine"].as_str().map(str::len), Some(32));
    assert_eq!(value["sections"].as_array().map(Vec::len), Some(3));
    assert_eq!(
        value["record"],
        serde_json::to_value(samples::record()).unwrap()
    );
    assert_eq!(
        value["record"]["requests"][4]["specifier"]["utf16"][1],
        0xD800
    );
    assert_eq!(
        value["record"]["exports"][0]["local_name"]["private"],
        "starDefault"
    );
}

#[test]
fn inspect_says_which_magic_version_1_has() {
    let files = Files::new();
    for (magic, shown) in [(b"BMES", "magic     BMES"), (b"SEMB", "magic     SEMB (")] {
        let path = files.version_1(magic);
        let text = out(&cache([&"inspect", &path]));
        assert!(text.contains(shown), "{text}");
        assert!(
            text.contains("  export { *default* as default }\n"),
            "{text}"
        );
        let value = json(&cache([&"inspect", &path, &"--format=json"]));
        assert_eq!(value["format"], 1);
        assert_eq!(value["magic"].as_str().map(str::as_bytes), Some(&magic[..]));
        assert_eq!(value["bytecode_bytes"], 4);
    }
}

#[test]
fn inspect_of_a_bad_file_is_invalid() {
    let files = Files::new();
    let path = files.damaged();
    let output = cache([&"inspect", &path]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(out(&output), "");
    assert!(err(&output).contains("is not valid: checksum: "));
    let output = cache([&"inspect", &path, &"--format=json"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(json(&output)["reason"], "checksum");

    let output = cache([&"inspect", &files.home.path().join("none")]);
    assert_eq!(output.status.code(), Some(4));
    assert!(err(&output).contains("absent: no file"));
}

#[test]
fn verify_has_a_line_for_each() {
    let files = Files::new();
    let (good, old, bad) = (files.sample(), files.version_1(b"BMES"), files.damaged());
    let output = cache([&"verify", &good, &old]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(out(&output).lines().count(), 2);
    let output = cache([&"verify", &good, &bad]);
    assert_eq!(output.status.code(), Some(3));
    let text = out(&output);
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].starts_with("ok ") && lines[0].ends_with(samples::KEY));
    assert!(lines[1].starts_with("bad ") && lines[1].contains("checksum"));
    assert_eq!(cache([&"verify"]).status.code(), Some(64));
}

#[test]
fn verify_looks_at_a_whole_store() {
    let fixture = Fixture::new();
    let output = cache([&"verify", &"--cache-dir", &fixture.directory]);
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).contains(samples::KEY));
    // Under another name it is not what the name says.
    let name = fixture.file.file_name().unwrap().to_str().unwrap();
    let other = fixture
        .directory
        .join(format!("{}{}", "0".repeat(16), &name[16..]));
    fs::rename(&fixture.file, &other).unwrap();
    let output = cache([
        &"verify",
        &"--cache-dir",
        &fixture.directory,
        &"--format=json",
    ]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(json(&output)[0]["reason"], "identity");
    let none = fixture.home.path().join("none");
    let output = cache([&"verify", &"--cache-dir", &none]);
    assert_eq!(output.status.code(), Some(4));
}

#[test]
fn diff_names_each_field() {
    let files = Files::new();
    let (a, b) = (files.sample(), files.other());
    let output = cache([&"diff", &a, &a]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(out(&output), "no difference\n");
    let output = cache([&"diff", &a, &b]);
    assert_eq!(output.status.code(), Some(1));
    let text = out(&output);
    for line in [
        r#"request "./data.json": "./data.json" with { type: "json" } in A, "./data.json" in B"#,
        "import order: a, 日本 in A, 日本, a in B",
        r#"export everything: export * as everything from "./ünï.js" in A, missing in B"#,
        "lexical variable a: const imported in A, captured const imported in B",
        "bytecode bytes: 45 in A, 5 in B",
    ] {
        assert!(text.lines().any(|it| it == line), "{line:?} in\n{text}");
    }
    assert!(!text.contains("import a:"), "{text}");
    let value = json(&cache([&"diff", &a, &b, &"--format=json"]));
    let differences = value.as_array().unwrap();
    assert!(differences.iter().all(|it| it["field"].is_string()));
    assert_eq!(
        cache([&"diff", &a, &files.damaged()]).status.code(),
        Some(3)
    );
    let none = files.home.path().join("none");
    assert_eq!(cache([&"diff", &a, &none]).status.code(), Some(4));
}

#[test]
fn gc_drops_entries_of_engines_that_are_not_there() {
    let fixture = Fixture::new();
    let store = open(&fixture.directory);
    let output = cache([
        &"gc",
        &"--all-engines",
        &"--cache-dir",
        &fixture.directory,
        &"--format=json",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    // Nothing of the sample's module exists.
    assert_eq!(json(&output)["gone"]["files"], 1);
    assert_eq!(store.names().unwrap(), []);

    store.save(&samples::entry()).unwrap();
    let output = cache([&"gc", &"--cache-dir", &fixture.directory]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let text = out(&output);
    assert!(text.contains("other engine   1 file, 877 B"), "{text}");
}

#[test]
fn clear_leaves_what_is_not_ours() {
    let fixture = Fixture::new();
    fs::write(fixture.directory.join("notes.txt"), b"mine").unwrap();
    let output = cache([&"clear", &"--cache-dir", &fixture.directory]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        out(&output),
        "removed 1 file, 877 B; left 1 file alone that a store does not make\n"
    );
    let none = fixture.home.path().join("none");
    let output = cache([&"clear", &"--cache-dir", &none]);
    assert_eq!(output.status.code(), Some(4));
    assert!(!none.exists());
}

/// Format 1 is written beside the entries, is read, is used by no run, and goes with them.
#[test]
fn format_1_of_a_program() {
    let files = Files::new();
    let entry = files.write("main.mjs", b"export * from './a.mjs'; export default 1;");
    files.write(
        "a.mjs",
        b"import data from './data.json' with { type: 'json' }; export { data };",
    );
    files.write("data.json", b"{}");
    let store = files.home.path().join("modules");
    let build = |more: &[&dyn AsRef<std::ffi::OsStr>]| {
        let mut arguments: Vec<&dyn AsRef<std::ffi::OsStr>> =
            vec![&"build", &entry, &"--cache-dir", &store];
        arguments.extend(more);
        cache_with(&arguments)
    };
    let built = json(&build(&[&"--file-format=v1", &"--format=json"]));
    let modules = built["modules"].as_array().unwrap();
    assert_eq!(modules.len(), 2);
    for module in modules {
        let file = store.join(module["file"].as_str().unwrap());
        let bytes = fs::read(&file).unwrap();
        assert_eq!(&bytes[..8], b"BMES\x01\0\0\0");
        assert_eq!(module["bytes"], bytes.len());
        let read = json(&cache([&"inspect", &file, &"--format=json"]));
        assert_eq!(
            (&read["format"], &read["magic"]),
            (&1.into(), &"BMES".into())
        );
        assert!(read["bytecode_bytes"].as_u64().unwrap() > 100);
    }
    let explained = out(&cache([&"explain", &entry, &"--cache-dir", &store]));
    assert!(explained.contains("0 hits, 2 misses"), "{explained}");
    assert_eq!(build(&[]).status.code(), Some(0));
    let explained = out(&cache([&"explain", &entry, &"--cache-dir", &store]));
    assert!(explained.contains("2 hits, 0 misses"), "{explained}");
    fs::write(files.home.path().join("a.mjs"), "export let b;").unwrap();
    let explained = out(&cache([&"explain", &entry, &"--cache-dir", &store]));
    assert!(
        explained
            .lines()
            .any(|line| line.starts_with("miss: source ") && line.contains("/a.mjs (")),
        "{explained}"
    );
    let cleared = out(&cache([&"clear", &"--cache-dir", &store]));
    assert!(cleared.starts_with("removed 4 files, "), "{cleared}");
    assert_eq!(fs::read_dir(&store).unwrap().count(), 0);
    // A format of files is not one of printing.
    let output = build(&[&"--format=v1"]);
    assert_eq!(output.status.code(), Some(64));
    assert!(err(&output).contains("invalid value 'v1' for '--format"));
}

#[test]
fn what_cannot_be_built_is_named() {
    let files = Files::new();
    let entry = files.write("main.mjs", b"import './bad.mjs'; import './none.mjs';");
    files.write("bad.mjs", b"let x = ;");
    let store = files.home.path().join("modules");
    let output = cache([&"build", &entry, &"--cache-dir", &store]);
    assert_eq!(output.status.code(), Some(1));
    let text = out(&output);
    assert!(text.starts_with("1 entry in "), "{text}");
    for part in ["/bad.mjs: SyntaxError: ", "/none.mjs"] {
        let named = |line: &str| line.starts_with("no entry: ") && line.contains(part);
        assert!(text.lines().any(named), "{part} in {text}");
    }
    let explained = json(&cache([
        &"explain",
        &entry,
        &"--cache-dir",
        &store,
        &"--format=json",
    ]));
    let outcomes: Vec<_> = explained.as_array().unwrap().iter().collect();
    let outcomes: Vec<_> = outcomes.iter().map(|it| &it["outcome"]).collect();
    assert_eq!(outcomes, ["hit", "miss", "not followed", "not followed"]);
    let output = cache([
        &"build",
        &files.home.path().join("no.mjs"),
        &"--cache-dir",
        &store,
    ]);
    assert_eq!(output.status.code(), Some(4));
    assert!(err(&output).starts_with("error: cannot find entry "));
}

/// Nobody writes to it: opening it would take for ever.
#[test]
fn a_pipe_is_no_cache_file() {
    let files = Files::new();
    let pipe = files.home.path().join("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RWXU, 0).unwrap();
    let codes = [
        cache([&"inspect", &pipe]),
        cache([&"verify", &pipe]),
        cache([&"diff", &pipe, &pipe]),
    ]
    .map(|output| {
        let said = out(&output) + &err(&output);
        assert!(said.contains("is not a regular file"), "{said}");
        output.status.code()
    });
    assert_eq!(codes, [Some(4), Some(3), Some(4)]);
}
