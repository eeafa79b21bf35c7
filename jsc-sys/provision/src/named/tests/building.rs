//! Every kind of source, built by the real CMake, ninja and compiler from a tree with the folders of WebKit.

use std::fs::File;
use std::time::SystemTime;

use super::*;
use crate::testing::webkit;
use crate::{Engine, Log};

/// A tree that can be built, and a repository of it.
fn repository(bench: &Bench) -> PathBuf {
    let tree = bench.path("webkit");
    webkit::write(&tree);
    git(&tree, &["init", "-q"]);
    git(&tree, &["add", "."]);
    git(&tree, &["commit", "-qm", "one"]);
    tree
}

fn library(engine: &Engine) -> Vec<u8> {
    fs::read(engine.directory.join("lib/libJavaScriptCore.a")).unwrap()
}

fn steps(bench: &Bench, definition: &Definition) -> (Engine, String) {
    let mut log = Recorder::default();
    let engine = provide_named(definition, &bench.settings(), &mut log).unwrap();
    (engine, bench.redact(log.steps.join("\n")))
}

#[test]
fn two_revisions_of_a_repository_are_two_engines_and_the_repository_stays_as_it_was() {
    let bench = Bench::new();
    let repository = repository(&bench);
    let vm = repository.join("Source/JavaScriptCore/runtime/VM.cpp");
    fs::write(&vm, "int vm = 2;\n").unwrap();
    git(&repository, &["commit", "-qam", "two"]);
    fs::write(&vm, "this does not even compile").unwrap();
    let before = git(&repository, &["status", "--porcelain"]);
    let index = fs::read(repository.join(".git/index")).unwrap();
    let of = |name: &str, revision: &str| {
        let origin = Origin::Git {
            repository: repository.clone(),
            revision: revision.to_string(),
        };
        definition(name, origin)
    };

    let (old, _) = steps(&bench, &of("old", "HEAD~1"));
    let (new, printed) = steps(&bench, &of("new", "HEAD"));
    assert!(
        printed.contains("going on with the build that was begun before"),
        "{printed}"
    );
    assert_ne!(library(&old), library(&new));
    let revision = |engine: &Engine| {
        engine
            .manifest
            .provenance
            .clone()
            .unwrap()
            .revision
            .unwrap()
    };
    assert_eq!(revision(&old), git(&repository, &["rev-parse", "HEAD~1"]));
    assert_eq!(revision(&new), git(&repository, &["rev-parse", "HEAD"]));
    assert_eq!(
        new.manifest.version, "2.99.1",
        "what the tree says of its release is kept as it is"
    );
    assert_eq!(git(&repository, &["status", "--porcelain"]), before);
    assert_eq!(fs::read(repository.join(".git/index")).unwrap(), index);

    let (again, printed) = steps(&bench, &of("old", "HEAD~1"));
    assert!(
        printed.ends_with("nothing has changed since it was built"),
        "{printed}"
    );
    assert_eq!(again.directory, old.directory);
}

#[test]
fn a_changed_tree_is_brought_up_to_date_and_is_another_engine() {
    let bench = Bench::new();
    let tree = repository(&bench);
    let of = definition("mine", Origin::Tree(tree.clone()));
    let (clean, _) = steps(&bench, &of);
    assert_eq!(clean.provenance.unwrap().difference, None);
    let (again, printed) = steps(&bench, &of);
    assert!(
        printed.ends_with("nothing has changed since it was built"),
        "{printed}"
    );
    let before = library(&again);

    fs::write(
        tree.join("Source/JavaScriptCore/runtime/VM.cpp"),
        "int vm = 3;\n",
    )
    .unwrap();
    let (changed, printed) = steps(&bench, &of);
    assert!(
        printed.contains("going on with the build that was begun before"),
        "{printed}"
    );
    assert!(changed.provenance.as_ref().unwrap().difference.is_some());
    assert_ne!(library(&changed), before);
    let written: Vec<_> = git(&tree, &["status", "--porcelain"])
        .lines()
        .map(str::to_string)
        .collect();
    assert_eq!(
        written,
        ["M Source/JavaScriptCore/runtime/VM.cpp"],
        "nothing else was written"
    );
}

#[test]
fn a_tree_outside_a_repository_is_known_by_its_files() {
    let bench = Bench::new();
    let tree = bench.path("webkit");
    webkit::write(&tree);
    let of = definition("loose", Origin::Tree(tree.clone()));
    let (first, _) = steps(&bench, &of);
    let first = first.provenance.unwrap();
    assert_eq!(
        (first.revision, first.difference.as_ref().map(String::len)),
        (None, Some(64))
    );
    assert!(
        steps(&bench, &of)
            .1
            .ends_with("nothing has changed since it was built")
    );
    fs::write(tree.join("Source/WTF/W.cpp"), "int wtf = 2;\n").unwrap();
    let (second, _) = steps(&bench, &of);
    assert_ne!(second.provenance.unwrap().difference, first.difference);
}

#[test]
fn a_tarball_that_holds_something_else_and_a_tree_below_a_space_are_named() {
    let bench = Bench::new();
    fs::create_dir(bench.path("other")).unwrap();
    fs::write(bench.path("other/readme"), "").unwrap();
    let file = bench.path("o.tar.xz");
    tar(&bench, &file, "other");
    let sha256 = crate::sha256(&file).unwrap();
    let of = definition("other", Origin::Tarball { file, sha256 });
    assert_eq!(
        bench.message(provided(&bench, &of)),
        "BENCH/o.tar.xz is not a source tree of WebKit: it has no Source/JavaScriptCore"
    );
    let tree = bench.path("my webkit");
    webkit::write(&tree);
    let message = bench.message(provided(&bench, &definition("spaced", Origin::Tree(tree))));
    assert!(
        message
            .contains("WebKit's build does not work below a folder whose name has a space in it"),
        "{message}"
    );
}

fn tar(bench: &Bench, file: &Path, folder: &str) {
    // Not by the machine's tar, which needs a program for it.
    let file = liblzma::write::XzEncoder::new(File::create(file).unwrap(), 1);
    let mut tar = tar::Builder::new(file);
    tar.append_dir_all(folder, bench.path(folder)).unwrap();
    tar.into_inner().unwrap().finish().unwrap();
}

/// Edits a tree in the middle of its build.
struct Editor(PathBuf);

impl Log for Editor {
    fn step(&mut self, text: &str) {
        if text.contains("collecting libraries") {
            fs::write(&self.0, "int vm = 4;\n").unwrap();
        }
    }

    fn warn(&mut self, _: &str) {}
}

#[test]
fn an_engine_of_a_tree_that_was_edited_meanwhile_is_not_kept() {
    let bench = Bench::new();
    let tree = repository(&bench);
    let vm = tree.join("Source/JavaScriptCore/runtime/VM.cpp");
    let of = definition("edited", Origin::Tree(tree));
    let built = provide_named(&of, &bench.settings(), &mut Editor(vm.clone()));
    assert_eq!(
        bench.message(built),
        "BENCH/webkit has changed while the engine edited was built from it, so nobody knows what was built\n\
         hint: build it again: jsc-harness engine build edited"
    );
    assert!(!bench.path("store/engines/edited").exists());
    fs::write(vm, "int vm = 1;\n").unwrap();
    let (engine, printed) = steps(&bench, &of);
    assert!(printed.contains("collecting libraries"), "{printed}");
    assert_eq!(engine.provenance.unwrap().difference, None);
}

#[test]
fn a_fork_may_lack_the_shell_and_folders_that_no_engine_is_made_of() {
    let bench = Bench::new();
    let tree = bench.path("webkit");
    webkit::write(&tree);
    let (with, _) = steps(&bench, &definition("with", Origin::Tree(tree.clone())));
    fs::remove_dir_all(tree.join("Source/JavaScriptCore/shell")).unwrap();
    fs::remove_dir_all(tree.join("Source/ThirdParty")).unwrap();
    let (without, _) = steps(&bench, &definition("without", Origin::Tree(tree)));
    assert!(with.shell().exists() && !without.shell().exists());
    let flags = |engine: &Engine| {
        let manifest = engine.manifest.clone();
        (manifest.defines, manifest.cxx_flags, manifest.include_dirs)
    };
    assert_eq!(flags(&with), flags(&without));
    assert!(
        flags(&without)
            .0
            .contains(&"BUILDING_WITH_CMAKE=1".to_string())
    );
}

#[test]
fn what_a_fork_needs_is_given_to_cmake_and_makes_another_engine() {
    let bench = Bench::new();
    let repository = repository(&bench);
    let mut of = definition(
        "fork",
        Origin::Git {
            repository,
            revision: "HEAD".to_string(),
        },
    );
    let (plain, _) = steps(&bench, &of);
    of.cmake = vec!["-DENABLE_WEBASSEMBLY:BOOL=OFF".to_string()];
    let (fork, printed) = steps(&bench, &of);
    assert!(printed.contains("configuring"), "{printed}");
    assert_eq!(fork.manifest.features["ENABLE_WEBASSEMBLY"], "OFF");
    assert_eq!(fork.manifest.cmake_args.last(), of.cmake.first());
    assert_eq!(fork.provenance.unwrap().cmake, of.cmake);
    assert!(!plain.manifest.features.contains_key("ENABLE_WEBASSEMBLY"));
    // Neither takes the other's build away.
    let builds = fs::read_dir(bench.path("store/build")).unwrap();
    assert_eq!(builds.count(), 2);
    let (_, printed) = steps(&bench, &of);
    assert!(
        printed.ends_with("nothing has changed since it was built"),
        "{printed}"
    );
}

#[test]
fn a_tarball_is_built_and_its_build_is_not_kept() {
    let bench = Bench::new();
    webkit::write(&bench.path("webkitgtk-2.99.1"));
    let file = bench.path("w.tar.xz");
    tar(&bench, &file, "webkitgtk-2.99.1");
    let sha256 = crate::sha256(&file).unwrap();
    let of = definition(
        "packed",
        Origin::Tarball {
            file,
            sha256: sha256.clone(),
        },
    );
    let (engine, _) = steps(&bench, &of);
    assert_eq!(engine.manifest.provenance.unwrap().sha256, Some(sha256));
    assert!(!bench.path("store/build/packed").exists());
    let (_, printed) = steps(&bench, &of);
    assert!(
        printed.ends_with("nothing has changed since it was built"),
        "{printed}"
    );
}

/// A build folder as a WebKit developer has it, inside the tree.
fn build_folder(bench: &Bench, tree: &Path, arguments: &[&str]) -> PathBuf {
    let folder = tree.join("WebKitBuild/JSCOnly/Release");
    let run = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    run(Command::new("cmake")
        .args([
            "-G",
            "Ninja",
            "-DPORT=JSCOnly",
            "-DCMAKE_BUILD_TYPE=Release",
        ])
        .arg(format!("-DCMAKE_CXX_COMPILER={}", bench.settings().cxx))
        .args(arguments)
        .arg("-S")
        .arg(tree)
        .arg("-B")
        .arg(&folder));
    run(Command::new("ninja").arg("-C").arg(&folder));
    folder
}

#[test]
fn a_build_folder_is_taken_as_it_is() {
    let bench = Bench::new();
    let tree = repository(&bench);
    let folder = build_folder(&bench, &tree, &["-DENABLE_STATIC_JSC=ON"]);
    let written = |folder: &Path| -> Vec<(PathBuf, SystemTime)> {
        let files = walk(folder);
        files
            .into_iter()
            .map(|it| (it.clone(), it.metadata().unwrap().modified().unwrap()))
            .collect()
    };
    let before = written(&folder);
    let of = definition("built", Origin::Build(folder.clone()));
    let (engine, _) = steps(&bench, &of);
    assert_eq!(written(&folder), before);
    assert_eq!(
        library(&engine),
        fs::read(folder.join("lib/libJavaScriptCore.a")).unwrap()
    );
    assert!(
        engine
            .manifest
            .cmake_args
            .contains(&"-DPORT=JSCOnly".to_string())
    );
    let provenance = engine.provenance.unwrap();
    assert_eq!(
        provenance.revision.unwrap(),
        git(&tree, &["rev-parse", "HEAD"])
    );
    let libraries = provenance.libraries.unwrap();

    // Built again by its owner, it is another engine.
    fs::write(
        tree.join("Source/JavaScriptCore/runtime/VM.cpp"),
        "int vm = 3;\n",
    )
    .unwrap();
    assert!(
        Command::new("ninja")
            .arg("-C")
            .arg(&folder)
            .output()
            .unwrap()
            .status
            .success()
    );
    let (engine, _) = steps(&bench, &of);
    assert_ne!(engine.provenance.unwrap().libraries.unwrap(), libraries);
}

#[test]
fn a_build_folder_of_a_shared_library_another_target_or_another_icu_is_refused() {
    let bench = Bench::new();
    let tree = repository(&bench);
    let folder = build_folder(&bench, &tree, &["-DENABLE_STATIC_JSC=OFF"]);
    let message = || {
        let message = bench.message(provided(
            &bench,
            &definition("x", Origin::Build(folder.clone())),
        ));
        message.replace("BENCH/webkit/WebKitBuild/JSCOnly/Release", "FOLDER")
    };
    assert!(
        message().starts_with(
            "the build folder FOLDER cannot be used: it makes a shared JavaScriptCore, which hides what a bridge needs\n\
             hint: configure another build with -DPORT=JSCOnly -DENABLE_STATIC_JSC=ON"
        ),
        "{}",
        message()
    );

    fs::remove_dir_all(&folder).unwrap();
    let include = bench.path("icu");
    fs::create_dir_all(include.join("unicode")).unwrap();
    fs::write(
        include.join("unicode/uvernum.h"),
        "#define U_ICU_VERSION \"99.1\"\n",
    )
    .unwrap();
    let icu = format!("-DICU_INCLUDE_DIR:PATH={}", include.display());
    build_folder(&bench, &tree, &["-DENABLE_STATIC_JSC=ON", &icu]);
    assert_eq!(
        message(),
        "FOLDER was built against ICU 99.1, and this machine has ICU 72.1: an engine runs only with the major version that \
         it was built against\nhint: configure another build with this machine's ICU"
    );

    let system = walk(&folder.join("CMakeFiles"))
        .into_iter()
        .find(|it| it.ends_with("CMakeSystem.cmake"))
        .unwrap();
    let text = fs::read_to_string(&system).unwrap();
    fs::write(
        system,
        text.replace(
            "(CMAKE_SYSTEM_PROCESSOR \"x86_64\"",
            "(CMAKE_SYSTEM_PROCESSOR \"riscv64\"",
        ),
    )
    .unwrap();
    assert_eq!(
        message(),
        "FOLDER is an engine for riscv64; this machine needs x86_64"
    );
}

/// All files below a folder, sorted.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        match entry.file_type().unwrap().is_dir() {
            true => files.extend(walk(&entry.path())),
            false => files.push(entry.path()),
        }
    }
    files.sort();
    files
}
