use std::fs;

use super::*;
use crate::pins::DebianPin;
use crate::testing::{Bench, Recorder};

/// SHA-256 of "abc".
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn pin() -> Pin {
    Pin {
        version: "9.9.9".into(),
        sha256: ABC.into(),
        // A port that nothing listens on: refused at once, without a network.
        upstream: "https://127.0.0.1:1/source.tar.xz".into(),
        debian: DebianPin {
            package: "p".into(),
            suite: "s".into(),
            tarball: "t".into(),
        },
        prebuilt: Default::default(),
    }
}

#[test]
fn a_named_tarball_is_checked() {
    let bench = Bench::new();
    let tarball = bench.path("tarball");
    let settings = Settings {
        source: Some(tarball.clone()),
        ..bench.settings()
    };
    fs::write(&tarball, "abc").unwrap();
    let source = provide_source(&pin(), &settings, &mut Recorder::default()).unwrap();
    assert_eq!(source, Source::Tarball(tarball.clone()));

    fs::write(&tarball, "abd").unwrap();
    let message = bench.message(provide_source(&pin(), &settings, &mut Recorder::default()));
    assert_eq!(
        message,
        format!(
            "JSCSYS_SOURCE names something that cannot be used: BENCH/tarball is not the pinned source of 9.9.9\n  \
             pinned SHA-256 {ABC}\n  \
             file's SHA-256 a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9\n\
             hint: correct JSCSYS_SOURCE, or unset it"
        )
    );
}

#[test]
fn a_named_tree_has_to_be_of_the_version() {
    let bench = Bench::new();
    let tree = bench.path("tree");
    fs::create_dir_all(tree.join("Source/cmake")).unwrap();
    let settings = Settings {
        source: Some(tree.clone()),
        ..bench.settings()
    };
    let provided = || provide_source(&pin(), &settings, &mut Recorder::default());
    assert!(bench.message(provided()).contains(
        "BENCH/tree is not a source tree of 9.9.9: it has no Source/cmake/OptionsGTK.cmake"
    ));
    let project = tree.join("Source/cmake/OptionsGTK.cmake");
    fs::write(&project, "SET_PROJECT_VERSION(9 9 8)\n").unwrap();
    assert!(
        bench
            .message(provided())
            .contains("OptionsGTK.cmake says 9.9.8")
    );
    fs::write(&project, "SET_PROJECT_VERSION(9 9 9)\n").unwrap();
    assert_eq!(provided().unwrap(), Source::Tree(tree.clone()));
}

#[test]
fn offline_a_tarball_in_the_store_is_all_there_is() {
    let bench = Bench::new();
    let settings = bench.settings();
    let message = bench.message(provide_source(&pin(), &settings, &mut Recorder::default()));
    assert_eq!(
        message,
        "the source of JavaScriptCore 9.9.9 could not be had\n\
         \x20 tried JSCSYS_SOURCE  unset\n\
         \x20 tried a download     refused: JSCSYS_OFFLINE is set\n\
         hint: fetch https://127.0.0.1:1/source.tar.xz elsewhere and name the file: JSCSYS_SOURCE=/path/to/tarball"
    );

    let kept = checked::place(&pin(), &Store::new(&settings));
    fs::create_dir_all(kept.parent().unwrap()).unwrap();
    fs::write(&kept, "abc").unwrap();
    let mut log = Recorder::default();
    assert_eq!(
        provide_source(&pin(), &settings, &mut log).unwrap(),
        Source::Tarball(kept.clone())
    );

    fs::write(&kept, "spoilt").unwrap();
    let result = provide_source(&pin(), &settings, &mut log);
    assert!(matches!(result, Err(Error::NoSource { .. })));
    assert_eq!(log.warnings.len(), 1);
    assert!(
        log.warnings[0].starts_with("a kept tarball is passed over: "),
        "{:?}",
        log.warnings
    );
}

#[test]
fn a_download_that_fails_says_how() {
    let bench = Bench::new();
    let mut log = Recorder::default();
    let message = bench.message(upstream::download(
        &pin(),
        &Store::new(&bench.settings()),
        &mut log,
    ));
    assert!(
        message.starts_with("the download failed (exit status: 7)\n"),
        "{message}"
    );
    assert!(
        message.ends_with("hint: the whole output is in BENCH/store/logs/download-9.9.9.log"),
        "{message}"
    );
    assert_eq!(
        log.steps,
        ["  downloading https://127.0.0.1:1/source.tar.xz"]
    );
}

#[test]
fn a_wrong_download_is_not_kept() {
    let bench = Bench::new();
    let store = Store::new(&bench.settings());
    let file = bench.path("download");
    fs::write(&file, "a page that says Not Found").unwrap();
    let result = checked::keep(&pin(), &store, &file, &mut Recorder::default());
    assert!(matches!(result, Err(Error::WrongChecksum { .. })));
    assert!(!file.exists() && !checked::place(&pin(), &store).exists());

    fs::write(&file, "abc").unwrap();
    let kept = checked::keep(&pin(), &store, &file, &mut Recorder::default()).unwrap();
    assert_eq!(fs::read_to_string(kept).unwrap(), "abc");
}
