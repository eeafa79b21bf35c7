use std::fs;

use super::*;
use crate::testing::{Bench, machine, manifest};

const NEW: &str = "2.52.6";

fn opened(bench: &Bench, directory: &Path) -> String {
    bench.message(Engine::open(directory, &machine()))
}

#[test]
fn a_whole_engine_opens() {
    let bench = Bench::new();
    let engine = Engine::open(&bench.engine(NEW, |_| ()), &machine()).unwrap();
    assert_eq!(engine.name, "jsc-2.52.6-x86_64-linux-gnu-bookworm");
    assert_eq!(
        engine.static_libraries()[0],
        engine.directory.join("lib/libJavaScriptCore.a")
    );
    assert_eq!(
        engine.include_directories()[0],
        engine.directory.join("include/build")
    );
    assert_eq!(engine.shell(), engine.directory.join("bin/jsc"));
}

#[test]
fn an_engine_from_an_unverified_tree_has_another_name() {
    let bench = Bench::new();
    let directory = bench.engine(NEW, |manifest| manifest.source.sha256 = None);
    assert_eq!(
        Engine::open(&directory, &machine()).unwrap().name,
        "jsc-2.52.6-x86_64-linux-gnu-bookworm-tree"
    );
}

#[test]
fn what_is_not_a_folder_of_an_engine_is_named() {
    let bench = Bench::new();
    assert_eq!(
        opened(&bench, &bench.path("nowhere")),
        "BENCH/nowhere is not a whole engine: there is no such folder"
    );
    fs::write(bench.path("file"), "").unwrap();
    assert_eq!(
        opened(&bench, &bench.path("file")),
        "BENCH/file is not a whole engine: it is not a folder"
    );
    fs::create_dir(bench.path("empty")).unwrap();
    assert_eq!(
        opened(&bench, &bench.path("empty")),
        "BENCH/empty is not a whole engine: it has no engine.json"
    );
}

#[test]
fn each_missing_file_is_named() {
    for (file, message) in [
        ("lib/libWTF.a", "lib/libWTF.a is missing or empty"),
        ("bin/jsc", "bin/jsc is missing or empty"),
        (
            GENERATED_HEADER,
            "include/build/JavaScriptCore/DerivedSources/NumberConstructor.lut.h is missing or not readable",
        ),
    ] {
        let bench = Bench::new();
        let directory = bench.engine(NEW, |_| ());
        fs::remove_file(directory.join(file)).unwrap();
        assert!(
            opened(&bench, &directory).ends_with(&format!("is not a whole engine: {message}")),
            "{file}"
        );
    }
    let bench = Bench::new();
    let directory = bench.engine(NEW, |manifest| {
        manifest.include_dirs.push("include/gone".into())
    });
    assert!(opened(&bench, &directory).ends_with("the include folder include/gone is missing"));
}

#[test]
fn an_empty_library_is_a_missing_one() {
    let bench = Bench::new();
    let directory = bench.engine(NEW, |_| ());
    fs::write(directory.join("lib/libWTF.a"), "").unwrap();
    assert!(opened(&bench, &directory).ends_with("lib/libWTF.a is missing or empty"));
}

#[test]
fn headers_of_another_version_are_noticed() {
    let bench = Bench::new();
    let directory = bench.engine(NEW, |_| ());
    let header = directory.join(GENERATED_HEADER);
    fs::write(
        &header,
        "// generated from /x/webkitgtk-2.50.6/Source/a.cpp\n",
    )
    .unwrap();
    assert!(
        opened(&bench, &directory)
            .ends_with("says it is 2.52.6, but its headers are generated from webkitgtk-2.50.6")
    );
    // 2.52.60 begins with 2.52.6.
    fs::write(
        &header,
        "// generated from /x/webkitgtk-2.52.60/Source/a.cpp\n",
    )
    .unwrap();
    assert!(opened(&bench, &directory).ends_with("webkitgtk-2.52.60"));
    fs::write(&header, "// generated from /x/trunk/Source/a.cpp\n").unwrap();
    assert!(opened(&bench, &directory).ends_with("a tree without a version in its name"));
}

#[test]
fn an_engine_for_another_machine_is_refused() {
    let bench = Bench::new();
    let arm = bench.engine(NEW, |manifest| {
        manifest.target = "aarch64-unknown-linux-gnu".into()
    });
    assert!(opened(&bench, &arm).ends_with(
        "is an engine for aarch64-unknown-linux-gnu; this machine needs x86_64-unknown-linux-gnu"
    ));
    let icu = bench.engine(NEW, |manifest| manifest.icu = "76.1".into());
    assert_eq!(
        opened(&bench, &icu),
        "BENCH/engines/jsc-2.52.6-x86_64-linux-gnu-bookworm was built against ICU 76.1, and this machine has ICU 72.1: \
         an engine runs only with the major version that it was built against\n\
         hint: build it here: cargo xtask engine build 2.52.6"
    );
    let no_icu = Machine {
        icu: None,
        ..machine()
    };
    let error = Engine::open(&icu, &no_icu).unwrap_err().to_string();
    assert!(
        error.contains("this machine has no ICU development files (Debian's package libicu-dev)"),
        "{error}"
    );
    // Minor versions of ICU are compatible with each other.
    let minor = bench.engine(NEW, |manifest| manifest.icu = "72.2".into());
    assert!(Engine::open(&minor, &machine()).is_ok());
}

#[test]
fn other_source_than_the_pinned_is_refused() {
    let bench = Bench::new();
    let directory = bench.engine(NEW, |manifest| {
        manifest.source.sha256 = Some("ab".repeat(32))
    });
    let message = opened(&bench, &directory);
    assert_eq!(
        message,
        format!(
            "BENCH/engines/jsc-2.52.6-x86_64-linux-gnu-bookworm was built from other source than the one pinned for \
             2.52.6\n  pinned SHA-256 {}\n  engine's SHA-256 {}",
            pins::pinned(NEW).unwrap().sha256,
            "ab".repeat(32)
        )
    );
}

#[test]
fn a_manifest_of_another_layout_or_with_dangerous_paths_is_refused() {
    let parse = |text: &str| {
        Manifest::parse(text.as_bytes(), Path::new("m"))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        parse("{\"schema\": 2}"),
        "m: schema 2 is not known; this program reads schema 1"
    );
    assert!(parse("not json").starts_with("m: not an engine's manifest: "));
    assert!(parse("{\"schema\": 1}").contains("missing field"));

    let changed = |change: fn(&mut Manifest)| {
        let mut manifest = manifest(NEW);
        change(&mut manifest);
        parse(&manifest.to_text())
    };
    assert!(
        changed(|m| m.include_dirs.push("../up".into())).contains("\"../up\" is not a plain path")
    );
    assert!(
        changed(|m| m.include_dirs.push("/usr".into())).contains("\"/usr\" is not a plain path")
    );
    assert!(
        changed(|m| m.static_libs.push("../x".into()))
            .contains("\"../x\" is not the name of a library")
    );
    assert!(
        changed(|m| m.system_libs.push("dl -Wl,x".into())).contains("is not the name of a library")
    );
    assert!(changed(|m| m.static_libs.clear()).contains("lists no static libraries"));
}

#[test]
fn a_manifest_survives_writing_and_reading() {
    let manifest = manifest(NEW);
    assert_eq!(
        Manifest::parse(manifest.to_text().as_bytes(), Path::new("m")).unwrap(),
        manifest
    );
}
