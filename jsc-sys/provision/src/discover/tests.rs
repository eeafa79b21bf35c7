use std::fs;
use std::path::PathBuf;

use super::*;
use crate::testing::{Bench, Recorder, machine, write_engine};

const NEW: &str = "2.52.6";
const OLD: &str = "2.50.6";
const NAME: &str = "jsc-2.52.6-x86_64-linux-gnu-bookworm";

/// What the search logged and how it ended, with this test's folder replaced.
fn search(bench: &Bench, settings: &Settings) -> (Vec<String>, String) {
    let mut log = Recorder::default();
    let ended = match provide_engine(NEW, settings, &mut log) {
        Ok(engine) => bench.redact(engine.directory.display()),
        Err(error) => bench.redact(error),
    };
    assert_eq!(log.warnings, Vec::<String>::new());
    (
        log.steps.iter().map(|step| bench.redact(step)).collect(),
        ended,
    )
}

fn nothing_staged(bench: &Bench) -> bool {
    let entries = fs::read_dir(bench.path("store/staging")).unwrap();
    entries
        .flatten()
        .all(|entry| entry.file_name() == "sweep.lock")
        && !bench.path("store/engines").exists()
}

#[test]
fn a_named_folder_comes_first() {
    let bench = Bench::new();
    let archive = bench.archive(NEW, |_| ());
    let settings = Settings {
        engine_dir: Some(bench.engine(NEW, |_| ())),
        archive: Some(archive),
        ..bench.settings()
    };
    let (steps, ended) = search(&bench, &settings);
    assert_eq!(ended, format!("BENCH/engines/{NAME}"));
    assert_eq!(
        steps,
        [
            format!("looking for the engine {NAME}"),
            format!("  JSCSYS_ENGINE_DIR: using BENCH/engines/{NAME}")
        ]
    );
}

#[test]
fn a_named_folder_that_cannot_be_used_is_an_error() {
    let bench = Bench::new();
    let settings = Settings {
        engine_dir: Some(bench.path("gone")),
        ..bench.settings()
    };
    assert_eq!(
        search(&bench, &settings).1,
        "JSCSYS_ENGINE_DIR names something that cannot be used: BENCH/gone is not a whole engine: there is no such \
         folder\nhint: correct JSCSYS_ENGINE_DIR, or unset it"
    );
    let incomplete = bench.engine(NEW, |_| ());
    fs::remove_file(incomplete.join("bin/jsc")).unwrap();
    let settings = Settings {
        engine_dir: Some(incomplete),
        ..bench.settings()
    };
    assert!(
        search(&bench, &settings)
            .1
            .contains("bin/jsc is missing or empty\nhint: correct JSCSYS_ENGINE_DIR")
    );
}

#[test]
fn a_named_engine_of_another_version_is_passed_over() {
    let bench = Bench::new();
    let settings = Settings {
        archive: Some(bench.archive(OLD, |_| ())),
        engine_dir: Some(bench.engine(OLD, |_| ())),
        ..bench.settings()
    };
    let (steps, ended) = search(&bench, &settings);
    assert_eq!(
        steps[1..3],
        [
            "  JSCSYS_ENGINE_DIR: names 2.50.6, not 2.52.6",
            "  JSCSYS_ARCHIVE: names 2.50.6, not 2.52.6"
        ]
    );
    assert!(
        ended.starts_with("no usable JavaScriptCore 2.52.6 found"),
        "{ended}"
    );
}

#[test]
fn an_archive_is_unpacked_once() {
    let bench = Bench::new();
    let settings = Settings {
        archive: Some(bench.archive(NEW, |_| ())),
        ..bench.settings()
    };
    let place = format!("BENCH/store/engines/{NAME}");
    let using = format!("  JSCSYS_ARCHIVE: using {place}");

    let (steps, ended) = search(&bench, &settings);
    assert_eq!(ended, place);
    let unpacking = format!("  unpacking BENCH/archives/{NAME}.tar.zst");
    assert_eq!(
        steps[1..],
        [
            "  JSCSYS_ENGINE_DIR: unset".to_string(),
            unpacking,
            using.clone()
        ]
    );
    assert!(
        bench
            .path(&format!("store/engines/{NAME}/include/build/VM.h"))
            .symlink_metadata()
            .unwrap()
            .is_symlink()
    );

    let (steps, ended) = search(&bench, &settings);
    assert_eq!(ended, place);
    assert_eq!(
        steps[1..],
        ["  JSCSYS_ENGINE_DIR: unset".to_string(), using]
    );
}

#[test]
fn another_archive_replaces_what_the_first_one_left() {
    let bench = Bench::new();
    let settings = Settings {
        archive: Some(bench.archive(NEW, |_| ())),
        ..bench.settings()
    };
    search(&bench, &settings);
    bench.archive(NEW, |manifest| {
        manifest.compiler = "another compiler".into()
    });
    let engine = provide_engine(NEW, &settings, &mut Recorder::default()).unwrap();
    assert_eq!(engine.manifest.compiler, "another compiler");
}

#[test]
fn an_archive_that_cannot_be_used_is_an_error_that_leaves_nothing() {
    let bench = Bench::new();
    let named = |bench: &Bench, archive: PathBuf| {
        search(
            bench,
            &Settings {
                archive: Some(archive),
                ..bench.settings()
            },
        )
        .1
    };
    assert_eq!(
        named(&bench, bench.path("gone.tar.zst")),
        "JSCSYS_ARCHIVE names something that cannot be used: could not read BENCH/gone.tar.zst: No such file or \
         directory (os error 2)\nhint: correct JSCSYS_ARCHIVE, or unset it"
    );
    let text = bench.path("text.tar.zst");
    fs::write(&text, "Not Found").unwrap();
    let message = named(&bench, text);
    assert!(
        message.contains("BENCH/text.tar.zst cannot be unpacked: "),
        "{message}"
    );
    assert!(message.contains("Unknown frame descriptor"), "{message}");

    let other = bench.archive(NEW, |manifest| {
        manifest.source.sha256 = Some("0".repeat(64))
    });
    assert!(
        named(&bench, other).contains("was built from other source than the one pinned for 2.52.6")
    );
    let arm = bench.archive(NEW, |manifest| {
        manifest.target = "aarch64-unknown-linux-gnu".into()
    });
    assert!(
        named(&bench, arm)
            .contains("is an engine for aarch64-unknown-linux-gnu; this machine needs")
    );
    let icu = bench.archive(NEW, |manifest| manifest.icu = "76.1".into());
    assert!(
        named(&bench, icu).contains("was built against ICU 76.1, and this machine has ICU 72.1")
    );
    assert!(!bench.path("store/engines").exists());
}

#[test]
fn an_interrupted_unpacking_leaves_nothing() {
    let bench = Bench::new();
    let directory = bench.engine(NEW, |_| ());
    // Content that does not compress: cutting the archive then cuts it after engine.json.
    let mut noise = vec![0; 2_000_000];
    blake3::Hasher::new().finalize_xof().fill(&mut noise);
    fs::write(directory.join("lib/libJavaScriptCore.a"), noise).unwrap();
    let engine = Engine::open(&directory, &machine()).unwrap();
    let archive = crate::pack::pack_engine(&engine, &bench.path("")).unwrap();
    let bytes = fs::read(&archive).unwrap();
    fs::write(&archive, &bytes[..bytes.len() - 1000]).unwrap();

    let message = search(
        &bench,
        &Settings {
            archive: Some(archive),
            ..bench.settings()
        },
    )
    .1;
    assert!(message.contains("cannot be unpacked"), "{message}");
    assert!(nothing_staged(&bench));
}

#[test]
fn a_folder_of_archives_gives_the_right_one() {
    let bench = Bench::new();
    bench.archive(OLD, |_| ());
    let folder = bench.path("archives");
    let settings = Settings {
        archive_dir: Some(folder),
        ..bench.settings()
    };
    let (steps, ended) = search(&bench, &settings);
    assert_eq!(
        steps[3],
        format!("  JSCSYS_ARCHIVE_DIR: BENCH/archives has no {NAME}.tar.zst")
    );
    assert!(
        ended.contains(&format!(
            "tried JSCSYS_ARCHIVE_DIR   BENCH/archives has no {NAME}.tar.zst"
        )),
        "{ended}"
    );

    bench.archive(NEW, |_| ());
    assert_eq!(
        search(&bench, &settings).1,
        format!("BENCH/store/engines/{NAME}")
    );
}

#[test]
fn a_folder_of_archives_that_is_not_there_is_an_error() {
    let bench = Bench::new();
    let settings = Settings {
        archive_dir: Some(bench.path("gone")),
        ..bench.settings()
    };
    assert_eq!(
        search(&bench, &settings).1,
        "JSCSYS_ARCHIVE_DIR names something that cannot be used: could not read BENCH/gone: No such file or directory \
         (os error 2)\nhint: correct JSCSYS_ARCHIVE_DIR, or unset it"
    );
}

#[test]
fn the_store_is_used_when_nothing_is_named() {
    let bench = Bench::new();
    write_engine(
        &bench.path(&format!("store/engines/{NAME}")),
        &crate::testing::manifest(NEW),
    );
    let (steps, ended) = search(&bench, &bench.settings());
    assert_eq!(ended, format!("BENCH/store/engines/{NAME}"));
    assert_eq!(
        steps,
        [
            format!("looking for the engine {NAME}"),
            "  JSCSYS_ENGINE_DIR: unset".into(),
            "  JSCSYS_ARCHIVE: unset".into(),
            "  JSCSYS_ARCHIVE_DIR: unset".into(),
            format!("  the store: using BENCH/store/engines/{NAME}"),
        ]
    );
}

#[test]
fn a_broken_engine_in_the_store_costs_one_warning() {
    let bench = Bench::new();
    let place = bench.path(&format!("store/engines/{NAME}"));
    write_engine(&place, &crate::testing::manifest(NEW));
    fs::remove_file(place.join("lib/libWTF.a")).unwrap();
    let mut log = Recorder::default();
    let message = bench.message(provide_engine(NEW, &bench.settings(), &mut log));
    assert_eq!(
        log.warnings
            .iter()
            .map(|warning| bench.redact(warning))
            .collect::<Vec<_>>(),
        [format!(
            "the engine in the store is passed over: BENCH/store/engines/{NAME} is not a whole engine: lib/libWTF.a is \
             missing or empty"
        )]
    );
    assert!(
        message.contains(&format!(
            "tried the store            {NAME} is there, but cannot be used\n"
        )),
        "{message}"
    );
}

#[test]
fn the_engine_of_an_unverified_tree_is_used_only_while_the_tree_is_named() {
    let bench = Bench::new();
    let mut manifest = crate::testing::manifest(NEW);
    manifest.source.sha256 = None;
    write_engine(
        &bench.path(&format!("store/engines/{NAME}-tree")),
        &manifest,
    );
    assert!(
        search(&bench, &bench.settings())
            .1
            .starts_with("no usable JavaScriptCore")
    );
    fs::create_dir(bench.path("tree")).unwrap();
    let settings = Settings {
        source: Some(bench.path("tree")),
        ..bench.settings()
    };
    assert_eq!(
        search(&bench, &settings).1,
        format!("BENCH/store/engines/{NAME}-tree")
    );
}

#[test]
fn with_nothing_to_be_had_one_screen_says_what_was_tried() {
    let bench = Bench::new();
    assert_eq!(
        search(&bench, &bench.settings()).1,
        "no usable JavaScriptCore 2.52.6 found\n\
         \x20 tried JSCSYS_ENGINE_DIR    unset\n\
         \x20 tried JSCSYS_ARCHIVE       unset\n\
         \x20 tried JSCSYS_ARCHIVE_DIR   unset\n\
         \x20 tried the store            jsc-2.52.6-x86_64-linux-gnu-bookworm is not there\n\
         \x20 tried a build from source  refused: JSCSYS_NO_BUILD is set\n\
         hint: build it once (about 21 minutes on 2 cores):  cargo xtask engine build 2.52.6\n\
         hint: or use a folder of packed engines:            JSCSYS_ARCHIVE_DIR=/path/to/archives cargo xtask setup\n\
         engine jsc-2.52.6-x86_64-linux-gnu-bookworm  store BENCH/store"
    );
}

#[test]
fn offline_without_a_source_says_so() {
    let bench = Bench::new();
    let settings = Settings {
        no_build: false,
        ..bench.settings()
    };
    let message = search(&bench, &settings).1;
    assert!(
        message.contains("tried a build from source  its source could not be had\n"),
        "{message}"
    );
    assert!(
        message.contains("tried JSCSYS_SOURCE        unset\n"),
        "{message}"
    );
    assert!(
        message.contains("tried a download           refused: JSCSYS_OFFLINE is set\n"),
        "{message}"
    );
    assert!(
        message.contains("JSCSYS_SOURCE=/path/to/tarball cargo xtask engine build 2.52.6\n"),
        "{message}"
    );
}

#[test]
fn a_missing_compiler_is_named_before_anything_is_fetched() {
    let bench = Bench::new();
    let settings = Settings {
        no_build: false,
        cxx: "/nowhere/clang++-19".into(),
        ..bench.settings()
    };
    assert_eq!(
        search(&bench, &settings).1,
        "/nowhere/clang++-19 is needed to build an engine and was not found\nhint: install Debian's package clang-19, \
         or let `cargo xtask setup` install everything that is missing"
    );
    assert!(!bench.path("store/sources").exists());
}

#[test]
fn finding_never_builds() {
    let bench = Bench::new();
    let settings = Settings {
        no_build: false,
        ..bench.settings()
    };
    assert!(
        find_engine(NEW, &settings, &mut Recorder::default())
            .unwrap()
            .is_none()
    );
    assert!(!bench.path("store/build").exists());
}

#[test]
fn an_unpinned_version_is_refused_at_once() {
    let bench = Bench::new();
    let message = bench.message(provide_engine(
        "9.9",
        &bench.settings(),
        &mut Recorder::default(),
    ));
    assert_eq!(
        message,
        "engine 9.9 is not pinned; engines.toml pins 2.52.6, 2.50.6"
    );
}
