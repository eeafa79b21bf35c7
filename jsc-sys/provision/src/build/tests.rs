use super::*;
use crate::testing::{Bench, Recorder, machine, manifest, write_engine};
use std::process::Command;

const NEW: &str = "2.52.6";
const NAME: &str = "jsc-2.52.6-x86_64-linux-gnu-bookworm";

#[test]
fn a_missing_compiler_or_library_is_named_first() {
    let bench = Bench::new();
    let settings = Settings {
        cxx: "clang++-404".into(),
        ..bench.settings()
    };
    let message = bench.message(build_engine(NEW, &settings, &mut Recorder::default()));
    assert!(
        message.starts_with("clang++-404 is needed to build an engine and was not found\n"),
        "{message}"
    );

    let settings = Settings {
        machine: Some(Machine {
            icu: None,
            ..machine()
        }),
        ..bench.settings()
    };
    let message = bench.message(build_engine(NEW, &settings, &mut Recorder::default()));
    assert_eq!(
        message,
        "the development files of ICU are needed to build an engine and were not found\nhint: install Debian's package \
         libicu-dev, or let `cargo xtask setup` install everything that is missing"
    );
    assert!(!bench.path("store").exists());
}

#[test]
fn only_an_engine_that_was_built_here_counts_as_built() {
    let bench = Bench::new();
    let place = Store::new(&bench.settings()).engine(NAME);
    assert!(built_before(&place, &machine()).is_none());
    write_engine(&place, &manifest(NEW));
    assert!(built_before(&place, &machine()).is_some());
    fs::write(place.join("archive.sha256"), "0\n").unwrap();
    assert!(built_before(&place, &machine()).is_none());
}

#[test]
fn the_arguments_name_the_compilers_of_one_version() {
    let toolchain = Toolchain {
        cxx: "clang++-19".into(),
        cxx_version: String::new(),
        linker: "lld-19".into(),
        linker_version: String::new(),
    };
    let arguments = configure::arguments(&toolchain);
    for expected in [
        "-DPORT=JSCOnly",
        "-DENABLE_STATIC_JSC=ON",
        "-DCMAKE_POSITION_INDEPENDENT_CODE=ON",
        "-DCMAKE_C_COMPILER=clang-19",
        "-DCMAKE_CXX_COMPILER=clang++-19",
        "-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld-19",
    ] {
        assert!(
            arguments.iter().any(|argument| argument == expected),
            "{expected}"
        );
    }
}

#[test]
fn a_shell_that_does_not_compute_is_not_kept() {
    let bench = Bench::new();
    let engine = Engine::open(&bench.engine(NEW, |_| ()), &machine()).unwrap();
    let checked = || job::check_shell(&engine.directory);
    let shell = |text: &str| {
        use std::os::unix::fs::PermissionsExt;
        fs::write(engine.shell(), text).unwrap();
        fs::set_permissions(engine.shell(), fs::Permissions::from_mode(0o755)).unwrap();
    };
    shell("#!/bin/sh\necho 42\n");
    assert!(checked().is_ok());
    shell("#!/bin/sh\necho 41\n");
    let message = bench.message(checked());
    assert!(
        message.ends_with("bin/jsc does not compute 6 * 7 (exit status: 0)"),
        "{message}"
    );
}

#[test]
fn a_failing_configuration_shows_the_error_and_is_not_taken_for_done() {
    let bench = Bench::new();
    let [root, tree, output] = ["root", "tree", "output.log"].map(|name| bench.path(name));
    fs::create_dir(&root).unwrap();
    fs::write(
        root.join("CMakeLists.txt"),
        // Without a language: CMake looks for a compiler of its own otherwise, which nothing here needs.
        "cmake_minimum_required(VERSION 3.20)\nproject(none NONE)\nmessage(FATAL_ERROR \"no such luck\")\n",
    )
    .unwrap();
    let run = || {
        configure::run(
            &root,
            &tree,
            &["-GNinja".to_string()],
            false,
            &output,
            &mut Recorder::default(),
        )
    };
    for _ in 0..2 {
        let message = bench.message(run());
        assert!(
            message.starts_with("configuring the engine failed (exit status: 1)\n  CMake Error"),
            "{message}"
        );
        assert!(message.contains("no such luck"), "{message}");
    }
}

#[test]
fn a_build_reports_its_steps_and_goes_on_where_it_ended() {
    let bench = Bench::new();
    let tree = bench.path("tree");
    fs::create_dir(&tree).unwrap();
    let rules = "rule make\n  command = test ! -e stop && touch $out\nbuild one: make\nbuild two: make one\n\
                 build jsc: make two\n";
    fs::write(tree.join("build.ninja"), rules).unwrap();
    let output = bench.path("output.log");
    let lock = Store::new(&bench.settings())
        .lock("build", &mut Recorder::default())
        .unwrap();
    let mut log = Steps::default();
    let job = || ninja::Job {
        tree: &tree,
        target: "jsc",
        environment: Vec::new(),
        output: &output,
    };

    // The first step's output is there from an interrupted run; then something is in the way.
    let status = Command::new("ninja")
        .arg("-C")
        .arg(&tree)
        .args(["--quiet", "one"])
        .status()
        .unwrap();
    assert!(status.success());
    fs::write(tree.join("stop"), "").unwrap();
    let message = bench.message(ninja::run(job(), "building", &lock, &mut log));
    assert!(
        message.starts_with("building failed (exit status: 1)\n"),
        "{message}"
    );
    assert!(
        message.ends_with("hint: the whole output is in BENCH/output.log"),
        "{message}"
    );

    fs::remove_file(tree.join("stop")).unwrap();
    log.seen.clear();
    ninja::run(job(), "building", &lock, &mut log).unwrap();
    assert_eq!(log.seen, [(1, 2), (2, 2)]);
    assert_eq!(
        log.ended, 2,
        "the progress display is ended after a failure too"
    );
}

#[derive(Default)]
struct Steps {
    seen: Vec<(u64, u64)>,
    ended: usize,
}

impl Log for Steps {
    fn step(&mut self, _: &str) {}
    fn warn(&mut self, _: &str) {}
    fn progress(&mut self, progress: &crate::Progress<'_>) {
        self.seen.push((progress.done, progress.total));
    }
    fn progress_done(&mut self) {
        self.ended += 1;
    }
}

#[test]
fn a_child_that_outlives_a_builder_keeps_others_out() {
    let bench = Bench::new();
    let store = Store::new(&bench.settings());
    let lock = store.lock("build", &mut Recorder::default()).unwrap();
    let mut child = Command::new("sleep")
        .arg("60")
        .stdin(lock.share().unwrap())
        .spawn()
        .unwrap();
    drop(lock);
    let path = store.root().join("locks/build.lock");
    assert!(fs::File::open(&path).unwrap().try_lock().is_err());
    child.kill().unwrap();
    child.wait().unwrap();
    // The child of another test has it, too, between its fork and its exec.
    let is_free = || fs::File::open(&path).unwrap().try_lock().is_ok();
    let wait = || std::thread::sleep(std::time::Duration::from_millis(100));
    assert!((0..100).any(|_| is_free() || {
        wait();
        false
    }));
}
