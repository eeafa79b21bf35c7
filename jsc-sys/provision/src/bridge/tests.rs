use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::Provenance;
use crate::testing::{Bench, Recorder, machine};

const NAME: &str = "jsc-2.52.6-x86_64-linux-gnu-bookworm";

/// Sources that need no engine: the fake engine's static library holds one function of its own.
fn sources(bench: &Bench) -> PathBuf {
    let folder = bench.path("bridge");
    fs::create_dir_all(folder.join("inner")).unwrap();
    for (name, text) in [
        (
            "bridge.h",
            "#pragma once\n#define JSB_ABI_VERSION 3\nextern \"C\" int jsb_answer();\n",
        ),
        ("prefix.h", "#pragma once\n#include \"VM.h\"\n"),
        ("bridge.map", "{ global: jsb_*; local: *; };\n"),
        (
            "a.cpp",
            "#include \"bridge.h\"\nint engine_function();\nint hidden() { return 1; }\n\
             extern \"C\" __attribute__((visibility(\"default\"))) int jsb_answer()\n\
             { return engine_function() + hidden() + sizeof(JSB_ENGINE_RELEASE) + vm; }\n",
        ),
        (
            "inner/b.cpp",
            "#include \"bridge.h\"\nstatic_assert(vm == 4);\n\
             [[gnu::section(\".jsb_capabilities\"), gnu::used, gnu::retain]] constexpr char words[] = { 'o', 'n', 'e', '\\n' };\n",
        ),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

/// A fake engine whose libraries are real archives.
fn engine(bench: &Bench) -> Engine {
    let directory = bench.engine("2.52.6", |manifest| {
        manifest.cxx_flags = vec!["-std=c++20".into(), "-O1".into()];
        manifest.system_libs = vec!["stdc++".into()];
    });
    fs::write(
        directory.join("include/Source/JavaScriptCore/VM.h"),
        "constexpr int vm = 4;\n",
    )
    .unwrap();
    let source = bench.path("engine.cpp");
    fs::write(&source, "int engine_function() { return 5; }\n").unwrap();
    let object = bench.path("engine.o");
    let run = |program: &str, arguments: &[&Path]| {
        assert!(
            std::process::Command::new(program)
                .args(arguments)
                .status()
                .unwrap()
                .success()
        );
    };
    run(
        "clang++-19",
        &[
            "-fPIC".as_ref(),
            "-c".as_ref(),
            &source,
            "-o".as_ref(),
            &object,
        ],
    );
    for name in ["JavaScriptCore", "WTF"] {
        let library = directory.join(format!("lib/lib{name}.a"));
        fs::remove_file(&library).unwrap();
        let members: &[&Path] = if name == "WTF" { &[] } else { &[&object] };
        run(
            "llvm-ar-19",
            &[&["rcD".as_ref(), library.as_path()], members].concat(),
        );
    }
    Engine::open(&directory, &machine()).unwrap()
}

fn provided(bench: &Bench, sources: &Path) -> Result<Bridge, Error> {
    provide_bridge(
        &engine(bench),
        sources,
        &bench.settings(),
        &mut Recorder::default(),
    )
}

#[test]
fn a_bridge_is_made_described_and_used_again() {
    let bench = Bench::new();
    let sources = sources(&bench);
    let engine = engine(&bench);
    let mut log = Recorder::default();
    let bridge = provide_bridge(&engine, &sources, &bench.settings(), &mut log).unwrap();
    assert_eq!(log.steps, [format!("bridge for {NAME}: compiling 2 files")]);
    assert_eq!(bridge.abi, 3);
    assert_eq!(bridge.capabilities, ["one"]);
    assert_eq!(bridge.sources_digest, sources_digest(&sources).unwrap());
    assert_eq!(bridge.engine.name, NAME);
    assert_eq!(bridge.engine.directory, engine.directory);
    assert_eq!(bridge.build_id.len(), 40);
    assert_eq!(bridge.size, fs::metadata(bridge.library()).unwrap().len());
    assert_eq!(
        fs::metadata(&bridge.directory)
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o700
    );

    let bytes = fs::read(bridge.library()).unwrap();
    let file = object::File::parse(bytes.as_slice()).unwrap();
    let exports = object::Object::exports(&file).unwrap();
    let names: Vec<_> = exports
        .iter()
        .map(|export| String::from_utf8_lossy(export.name()).into_owned())
        .collect();
    assert_eq!(
        names,
        ["jsb_answer"],
        "only what the version script lists is exported"
    );

    let mut log = Recorder::default();
    let again = provide_bridge(&engine, &sources, &bench.settings(), &mut log).unwrap();
    assert_eq!(again, bridge);
    assert!(log.steps[0].contains("using"), "{:?}", log.steps);
    assert_eq!(
        installed_bridges(&bench.settings(), None),
        std::slice::from_ref(&bridge)
    );
    assert_eq!(
        installed_bridges(&bench.settings(), Some(&bridge.sources_digest)),
        [bridge]
    );
    assert_eq!(installed_bridges(&bench.settings(), Some("other")), []);
}

#[test]
fn an_engine_by_another_name_or_from_another_place_is_not_compiled_again() {
    let bench = Bench::new();
    let sources = sources(&bench);
    let engine = engine(&bench);
    let settings = bench.settings();
    let pinned = provide_bridge(&engine, &sources, &settings, &mut Recorder::default()).unwrap();
    let from = |location: &str| Engine {
        name: "mine".to_string(),
        provenance: Some(Provenance {
            kind: "dir".to_string(),
            location: location.to_string(),
            revision: None,
            difference: None,
            sha256: None,
            libraries: None,
            cmake: Vec::new(),
        }),
        ..engine.clone()
    };
    for location in ["/one", "/two"] {
        let mut log = Recorder::default();
        let mine = provide_bridge(&from(location), &sources, &settings, &mut log).unwrap();
        assert!(
            log.steps[0].starts_with("bridge for mine: as in "),
            "{:?}",
            log.steps
        );
        assert_eq!(mine.blake3, pinned.blake3);
        assert_eq!(mine.engine.provenance.as_ref().unwrap().location, location);
    }
    let names: Vec<_> = installed_bridges(&settings, None)
        .into_iter()
        .map(|it| it.engine.name)
        .collect();
    assert_eq!(names, [NAME, "mine"]);
}

#[test]
fn two_checkouts_make_the_same_library() {
    let [one, two] = [Bench::new(), Bench::new()].map(|bench| {
        let sources = sources(&bench);
        provided(&bench, &sources).unwrap()
    });
    assert_eq!(
        (one.key, one.build_id, one.blake3),
        (two.key, two.build_id, two.blake3)
    );
}

#[test]
fn every_input_changes_the_key() {
    let bench = Bench::new();
    let folder = sources(&bench);
    let engine = engine(&bench);
    let toolchain = Toolchain::find("clang++-19", "test").unwrap();
    let key = |engine: &Engine| key(engine, &Sources::read(&folder).unwrap(), &toolchain).unwrap();
    let first = key(&engine);
    let mut other = engine.clone();
    other.manifest.cxx_flags.push("-g".into());
    assert_ne!(key(&other), first);
    let library = engine.directory.join("lib/libWTF.a");
    let bytes = fs::read(&library).unwrap();
    fs::write(&library, [bytes.as_slice(), b"\n"].concat()).unwrap();
    assert_ne!(key(&engine), first);
    fs::write(&library, bytes).unwrap();
    assert_eq!(key(&engine), first);
    fs::write(folder.join("prefix.h"), "#pragma once\n#include <VM.h>\n").unwrap();
    assert_ne!(key(&engine), first);
}

#[test]
fn a_spoilt_bridge_is_made_again() {
    let bench = Bench::new();
    let sources = sources(&bench);
    let bridge = provided(&bench, &sources).unwrap();
    let mut bytes = fs::read(bridge.library()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(bridge.library(), bytes).unwrap();
    assert_eq!(provided(&bench, &sources).unwrap(), bridge);
    fs::write(bridge.library(), "short").unwrap();
    assert_eq!(installed_bridges(&bench.settings(), None), []);
}

#[test]
fn a_mistake_in_the_sources_is_shown() {
    let bench = Bench::new();
    let sources = sources(&bench);
    fs::write(sources.join("inner/b.cpp"), "int x = nothing;\n").unwrap();
    let message = bench.message(provided(&bench, &sources));
    assert!(
        message.starts_with("compiling the bridge's inner/b.cpp failed (exit status: 1)\n"),
        "{message}"
    );
    assert!(
        message.contains("  inner/b.cpp:1:9: error: use of undeclared identifier 'nothing'"),
        "{message}"
    );
    assert!(
        message.contains("hint: the whole output is in BENCH/store/logs/bridge-"),
        "{message}"
    );

    fs::write(
        sources.join("inner/b.cpp"),
        "int missing();\nextern \"C\" int jsb_x() { return missing(); }\n",
    )
    .unwrap();
    let message = bench.message(provided(&bench, &sources));
    assert!(
        message.starts_with("linking the bridge failed"),
        "{message}"
    );
    assert!(message.contains("undefined symbol: missing()"), "{message}");
}

#[test]
fn an_engine_that_is_refused_is_told_in_one_sentence() {
    let bench = Bench::new();
    let sources = sources(&bench);
    fs::write(
        sources.join("supported.h"),
        "#if __has_include(\"VM.h\")\n#error \"its loader is another one\"\n#endif\n",
    )
    .unwrap();
    fs::write(
        sources.join("prefix.h"),
        "#pragma once\n#include \"supported.h\"\nint x = nothing;\n",
    )
    .unwrap();
    assert_eq!(
        bench.message(provided(&bench, &sources)),
        format!("the engine {NAME} cannot be used: its loader is another one")
    );
}

#[test]
fn incomplete_sources_and_a_missing_compiler_are_named() {
    let bench = Bench::new();
    let folder = sources(&bench);
    let engine = engine(&bench);
    let missing = Settings {
        cxx: "clang++-404".into(),
        ..bench.settings()
    };
    let message = bench.message(provide_bridge(
        &engine,
        &folder,
        &missing,
        &mut Recorder::default(),
    ));
    assert_eq!(
        message,
        "clang++-404 is needed to make the bridge and was not found\nhint: install Debian's package clang-404, or let \
         `cargo xtask setup` install everything that is missing"
    );
    fs::write(folder.join("bridge.h"), "#pragma once\n").unwrap();
    assert_eq!(
        bench.message(provided(&bench, &folder)),
        "the bridge's sources in BENCH/bridge cannot be used: bridge.h does not define JSB_ABI_VERSION as a number"
    );
    fs::remove_file(folder.join("bridge.map")).unwrap();
    assert_eq!(
        bench.message(provided(&bench, &folder)),
        "the bridge's sources in BENCH/bridge cannot be used: bridge.map is missing"
    );
}

#[test]
fn the_bridges_used_longest_ago_are_pruned() {
    let bench = Bench::new();
    let sources = sources(&bench);
    let first = provided(&bench, &sources).unwrap();
    let store = Store::new(&bench.settings());
    for number in 0..10_u64 {
        let place = store.bridges().join(format!("{NAME}-{number}"));
        fs::create_dir(&place).unwrap();
        fs::copy(first.library(), place.join(LIBRARY)).unwrap();
        fs::copy(
            first.directory.join(record::FILE_NAME),
            place.join(record::FILE_NAME),
        )
        .unwrap();
        let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1000 + number);
        File::options()
            .write(true)
            .open(place.join(record::FILE_NAME))
            .unwrap()
            .set_modified(time)
            .unwrap();
    }
    prune(&store, NAME, "none");
    let mut left: Vec<_> = folders(&store)
        .iter()
        .map(|path| path.file_name().unwrap().to_owned())
        .collect();
    left.sort();
    assert_eq!(left.len(), KEPT - 1);
    assert!(
        left.contains(&format!("{NAME}-9").into()) && !left.contains(&format!("{NAME}-0").into()),
        "{left:?}"
    );
    assert!(first.directory.exists(), "the one used last is gone");
}
