mod building;

use std::fs;
use std::path::Path;
use std::process::Command;

use super::*;
use crate::testing::{Bench, Recorder};

fn definition(name: &str, origin: Origin) -> Definition {
    Definition {
        name: name.to_string(),
        origin,
        cmake: Vec::new(),
    }
}

fn provided(bench: &Bench, definition: &Definition) -> Result<crate::Engine, Error> {
    provide_named(definition, &bench.settings(), &mut Recorder::default())
}

/// A folder that looks like WebKit, as far as anything here looks.
fn tree(bench: &Bench, name: &str) -> PathBuf {
    let tree = bench.path(name);
    fs::create_dir_all(tree.join("Source/JavaScriptCore/runtime")).unwrap();
    fs::write(tree.join("CMakeLists.txt"), "").unwrap();
    fs::write(tree.join("Source/JavaScriptCore/runtime/VM.cpp"), "one\n").unwrap();
    tree
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.org",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_string()
}

#[test]
fn names_are_plain_and_not_those_of_pinned_engines() {
    for name in ["fork", "my-engine_2.1", "2.54-try"] {
        assert!(check_name(name).is_ok(), "{name}");
    }
    for name in ["", ".", "-x", "a/b", "a b", "\u{e9}"] {
        let message = check_name(name).unwrap_err().to_string();
        assert!(
            message.contains("a name has 1 to 64 letters"),
            "{name}: {message}"
        );
    }
    assert_eq!(
        check_name("2.52.6").unwrap_err().to_string(),
        "an engine cannot be called \"2.52.6\": it is the pinned engine 2.52.6"
    );
    assert!(check_name("jsc-2.52.6-x86_64-linux-gnu-bookworm").is_err());
}

#[test]
fn definitions_are_added_found_and_removed_and_the_rest_of_the_file_stays() {
    let bench = Bench::new();
    let file = bench.path("config/engines.toml");
    let mut definitions = Definitions::read(&file).unwrap();
    assert_eq!(definitions.all(), []);
    assert_eq!(
        bench.redact(definitions.find("fork").unwrap_err()),
        "BENCH/config/engines.toml defines no engine fork; it defines none; hint: jsc-harness engine add"
    );
    let origins = [
        ("a", Origin::Tree("/t".into())),
        (
            "b",
            Origin::Git {
                repository: "/r".into(),
                revision: "main~1".into(),
            },
        ),
        (
            "c",
            Origin::Tarball {
                file: "/f".into(),
                sha256: "0".repeat(64),
            },
        ),
        ("d", Origin::Build("/b".into())),
        ("e", Origin::Archive("/a".into())),
        ("f", Origin::Dir("/d".into())),
    ];
    for (name, origin) in origins.clone() {
        definitions.add(definition(name, origin)).unwrap();
    }
    let text = format!("# mine\n{}", fs::read_to_string(&file).unwrap());
    fs::write(&file, text).unwrap();
    let mut again = Definitions::read(&file).unwrap();
    let read: Vec<_> = again
        .all()
        .iter()
        .map(|it| (it.name.as_str(), it.origin.clone()))
        .collect();
    assert_eq!(read, origins);
    assert_eq!(
        bench.redact(
            again
                .add(definition("a", Origin::Dir("/x".into())))
                .unwrap_err()
        ),
        "an engine cannot be called \"a\": BENCH/config/engines.toml defines it already"
    );
    again.remove("b").unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.starts_with("# mine\n") && !text.contains("main~1") && text.contains("/t"),
        "{text}"
    );
    assert_eq!(Definitions::read(&file).unwrap().all().len(), 5);
}

#[test]
fn a_file_of_definitions_that_is_a_link_stays_one() {
    let bench = Bench::new();
    let (file, real) = (bench.path("engines.toml"), bench.path("dotfiles.toml"));
    fs::write(&real, "# mine\n").unwrap();
    std::os::unix::fs::symlink(&real, &file).unwrap();
    let mut definitions = Definitions::read(&file).unwrap();
    definitions
        .add(definition("a", Origin::Dir("/d".into())))
        .unwrap();
    assert!(file.symlink_metadata().unwrap().is_symlink());
    let text = fs::read_to_string(&real).unwrap();
    assert!(
        text.starts_with("# mine\n") && text.contains("/d"),
        "{text}"
    );
}

#[test]
fn a_definition_that_cannot_be_is_named() {
    let bench = Bench::new();
    let file = bench.path("engines.toml");
    for (entry, problem) in [
        (
            "name = \"x\"",
            "the engine x: it has none of tarball, tree, git, build, archive, dir",
        ),
        (
            "name = \"x\"\ntree = \"t\"\ndir = \"d\"",
            "the engine x: it has tree and dir; one of them is enough",
        ),
        ("name = \"x\"\ngit = \"g\"", "the engine x: git needs a rev"),
        (
            "name = \"x\"\ntree = \"t\"\nrev = \"r\"",
            "the engine x: rev belongs to git",
        ),
        (
            "name = \"x\"\ntarball = \"t\"",
            "the engine x: a tarball needs its sha256",
        ),
        (
            "name = \"x\"\ndir = \"d\"\nsha256 = \"0\"",
            "the engine x: sha256 belongs to tarball",
        ),
        (
            "name = \"x\"\ndir = \"d\"\ncmake = [\"-DX=Y\"]",
            "the engine x: -DX=Y has no effect, because nothing of a dir is built here",
        ),
    ] {
        fs::write(&file, format!("[[engine]]\n{entry}\n")).unwrap();
        let message = bench.message(Definitions::read(&file));
        assert_eq!(message, format!("BENCH/engines.toml: {problem}"));
    }
    fs::write(&file, "[[engine]]\nname = \"x\"\ndir = \"d\"\n".repeat(2)).unwrap();
    assert_eq!(
        bench.message(Definitions::read(&file)),
        "BENCH/engines.toml: the engine x is defined twice"
    );
    fs::write(&file, "[[engine]]\nname = \"x\"\nwhat = 1\n").unwrap();
    let message = bench.message(Definitions::read(&file));
    assert!(
        message.contains("line 3") && message.contains("unknown field `what`"),
        "{message}"
    );
    fs::write(&file, "[[engine]]\nname = \"x\"\ndir = \"d\"\n").unwrap();
    let read = Definitions::read(&file).unwrap();
    assert_eq!(
        read.all()[0].origin,
        Origin::Dir(bench.path("d")),
        "a relative path begins at the file"
    );
}

#[test]
fn a_folder_and_an_archive_keep_their_own_name_and_their_origin() {
    let bench = Bench::new();
    // No pin says 9.9.9, and nothing looks at it.
    let folder = bench.engine("9.9.9", |_| ());
    fs::remove_file(folder.join("bin/jsc")).unwrap();
    let engine = provided(&bench, &definition("fork", Origin::Dir(folder.clone()))).unwrap();
    assert_eq!(
        (engine.name.as_str(), engine.manifest.version.as_str()),
        ("fork", "9.9.9")
    );
    assert_eq!(engine.directory, folder);
    let provenance = engine.provenance.unwrap();
    assert_eq!(
        (provenance.kind.as_str(), provenance.revision),
        ("dir", None)
    );

    let archive = bench.archive("2.50.6", |manifest| manifest.version = "7".into());
    let packed = definition("packed", Origin::Archive(archive.clone()));
    let engine = provided(&bench, &packed).unwrap();
    assert_eq!(
        bench.redact(engine.directory.display()),
        "BENCH/store/engines/packed"
    );
    assert_eq!(engine.provenance.unwrap().sha256.unwrap().len(), 64);
    assert!(provided(&bench, &packed).is_ok());
}

#[test]
fn what_is_no_tree_or_no_repository_is_named() {
    let bench = Bench::new();
    let folder = bench.path("empty");
    fs::create_dir(&folder).unwrap();
    let message = |origin: Origin| bench.message(provided(&bench, &definition("x", origin)));
    assert_eq!(
        message(Origin::Tree(bench.path("gone"))),
        "BENCH/gone is not a source tree of WebKit: there is no such folder"
    );
    assert_eq!(
        message(Origin::Tree(folder.clone())),
        "BENCH/empty is not a source tree of WebKit: it has no Source/JavaScriptCore"
    );
    let git_at = |repository: &Path, revision: &str| {
        message(Origin::Git {
            repository: repository.to_path_buf(),
            revision: revision.into(),
        })
    };
    assert_eq!(
        git_at(&folder, "HEAD"),
        "the repository BENCH/empty cannot be used: it is not a git repository"
    );
    git(&folder, &["init", "-q"]);
    fs::write(folder.join("a"), "a").unwrap();
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-qm", "a"]);
    assert_eq!(
        git_at(&folder, "nothing"),
        "the repository BENCH/empty cannot be used: it has no revision nothing"
    );
    assert_eq!(
        git_at(&folder, "HEAD"),
        "the repository BENCH/empty cannot be used: HEAD has no Source/JavaScriptCore, so it is not a revision of WebKit"
    );
}

#[test]
fn a_tarball_that_has_changed_is_named() {
    let bench = Bench::new();
    let file = bench.path("w.tar.xz");
    fs::write(&file, "other").unwrap();
    let origin = Origin::Tarball {
        file,
        sha256: "0".repeat(64),
    };
    let message = bench.message(provided(&bench, &definition("x", origin)));
    assert!(
        message.starts_with("BENCH/w.tar.xz is not the tarball that the engine x was defined with\n  noted SHA-256 0000"),
        "{message}"
    );
}

#[test]
fn a_tree_is_told_from_itself_after_a_change_and_left_as_it_is() {
    let bench = Bench::new();
    let tree = tree(&bench, "tree");
    git(&tree, &["init", "-q"]);
    git(&tree, &["add", "."]);
    git(&tree, &["commit", "-qm", "one"]);
    let head = git(&tree, &["rev-parse", "HEAD"]);
    let of = definition("x", Origin::Tree(tree.clone()));
    let now = || provide::provenance_now(&of).unwrap();
    assert_eq!(
        (now().revision.as_deref(), now().difference),
        (Some(&*head), None)
    );
    fs::write(tree.join("notes.txt"), "not of the engine").unwrap();
    assert_eq!(now().difference, None);
    fs::write(tree.join("Source/JavaScriptCore/runtime/VM.cpp"), "two\n").unwrap();
    let changed = now().difference.unwrap();
    fs::write(tree.join("Source/JavaScriptCore/runtime/New.cpp"), "new\n").unwrap();
    assert_ne!(now().difference.unwrap(), changed);
    assert_eq!(git(&tree, &["rev-parse", "HEAD"]), head);
}

#[test]
fn files_of_a_revision_are_written_without_touching_the_repository() {
    let bench = Bench::new();
    let repository = tree(&bench, "repository");
    fs::create_dir_all(repository.join("LayoutTests")).unwrap();
    fs::write(repository.join("LayoutTests/large"), "large").unwrap();
    fs::write(repository.join("Source/JavaScriptCore/Old.cpp"), "old").unwrap();
    git(&repository, &["init", "-q"]);
    git(&repository, &["add", "."]);
    git(&repository, &["commit", "-qm", "one"]);
    let first = git::commit(&repository, "HEAD").unwrap();
    git(&repository, &["rm", "-q", "Source/JavaScriptCore/Old.cpp"]);
    fs::write(
        repository.join("Source/JavaScriptCore/runtime/VM.cpp"),
        "two\n",
    )
    .unwrap();
    git(&repository, &["commit", "-qam", "two"]);
    fs::write(
        repository.join("Source/JavaScriptCore/runtime/VM.cpp"),
        "being edited\n",
    )
    .unwrap();
    let before = git(&repository, &["status", "--porcelain"]);

    let out = bench.path("out");
    let vm = out.join("Source/JavaScriptCore/runtime/VM.cpp");
    git::write_files(&repository, &first, &out).unwrap();
    assert_eq!(fs::read_to_string(&vm).unwrap(), "one\n");
    assert!(
        out.join("Source/JavaScriptCore/Old.cpp").exists() && !out.join("LayoutTests").exists()
    );
    let unchanged = out
        .join("CMakeLists.txt")
        .metadata()
        .unwrap()
        .modified()
        .unwrap();
    let second = git::commit(&repository, "HEAD").unwrap();
    git::write_files(&repository, &second, &out).unwrap();
    assert_eq!(fs::read_to_string(&vm).unwrap(), "two\n");
    assert!(!out.join("Source/JavaScriptCore/Old.cpp").exists());
    assert_eq!(
        out.join("CMakeLists.txt")
            .metadata()
            .unwrap()
            .modified()
            .unwrap(),
        unchanged
    );
    assert_eq!(git(&repository, &["status", "--porcelain"]), before);
}

#[test]
fn a_build_folder_is_refused_with_what_would_help() {
    let bench = Bench::new();
    let tree = tree(&bench, "tree");
    let folder = bench.path("build");
    fs::create_dir_all(folder.join("lib")).unwrap();
    let message = || {
        let message = bench.message(provided(
            &bench,
            &definition("x", Origin::Build(folder.clone())),
        ));
        let start = "the build folder BENCH/build cannot be used: ";
        message
            .strip_prefix(start)
            .map(str::to_string)
            .unwrap_or(message)
    };
    assert!(message().starts_with("it has no CMakeCache.txt"));
    let cache = |port: &str, is_static: &str| {
        let text = format!(
            "CMAKE_HOME_DIRECTORY:INTERNAL={}\nPORT:STRING={port}\nENABLE_STATIC_JSC:BOOL={is_static}\n",
            tree.display()
        );
        fs::write(folder.join("CMakeCache.txt"), text).unwrap();
    };
    let arguments = "-DPORT=JSCOnly -DENABLE_STATIC_JSC=ON -DUSE_THIN_ARCHIVES=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON";
    cache("GTK", "ON");
    assert_eq!(
        message(),
        format!("its port is GTK, not JSCOnly\nhint: configure another build with {arguments}")
    );
    cache("JSCOnly", "OFF");
    assert_eq!(
        message(),
        format!(
            "it makes a shared JavaScriptCore, which hides what a bridge needs\nhint: configure another build with {arguments}"
        )
    );
    cache("JSCOnly", "ON");
    fs::write(folder.join("build.ninja"), "").unwrap();
    assert_eq!(
        message(),
        "lib/libJavaScriptCore.a is missing\nhint: finish the build first: ninja -C BENCH/build jsc"
    );
    fs::write(folder.join("lib/libJavaScriptCore.a"), "!<thin>\nnames").unwrap();
    assert!(message().starts_with("lib/libJavaScriptCore.a is a thin archive"));
    fs::remove_dir_all(tree.join("Source")).unwrap();
    assert_eq!(
        message(),
        "it was made from BENCH/tree, which has no Source/JavaScriptCore"
    );
}

#[test]
fn states_follow_the_bridge_and_the_source() {
    let bench = Bench::new();
    let folder = bench.engine("2.52.6", |_| ());
    let here = definition("here", Origin::Dir(folder));
    assert_eq!(state(&here, None), State::NotBuilt);
    let gone = definition("gone", Origin::Tree(bench.path("gone")));
    assert!(matches!(state(&gone, None), State::Broken(_)));
}

#[test]
fn revisions_are_those_that_change_an_engine_along_first_parents() {
    let bench = Bench::new();
    let tree = tree(&bench, "webkit");
    git(&tree, &["init", "-q", "--initial-branch=main"]);
    git(&tree, &["add", "."]);
    git(&tree, &["commit", "-qm", "one"]);
    let commit = |file: &str, title: &str| {
        let path = tree.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, title).unwrap();
        git(&tree, &["add", "."]);
        git(&tree, &["commit", "-qm", title]);
    };
    commit("Source/WebCore/a.cpp", "another part");
    commit("Source/WTF/a.cpp", "two");
    git(&tree, &["checkout", "-qb", "side", "HEAD~2"]);
    commit("Source/bmalloc/a.cpp", "aside");
    commit("Source/bmalloc/b.cpp", "aside again");
    git(&tree, &["checkout", "-q", "main"]);
    git(&tree, &["merge", "-q", "--no-ff", "-m", "three", "side"]);
    commit("JSTests/a.js", "a test");
    let titles = |good: &str, bad: &str| {
        let revisions = revisions(&tree, good, bad).unwrap();
        let titles = revisions.into_iter().map(|it| it.title);
        titles.collect::<Vec<_>>()
    };
    assert_eq!(titles("main~4", "main"), ["one", "two", "three"]);
    assert_eq!(titles("main~3", "main~1"), ["another part", "two", "three"]);
    assert_eq!(titles("main~1", "main"), ["three"]);
    assert_eq!(titles("main", "main"), ["a test"]);
    let wrong = |good: &str, bad: &str| {
        let error = revisions(&tree, good, bad).unwrap_err();
        bench.redact(error.to_string())
    };
    let error = wrong("main", "main~2");
    assert!(
        error.ends_with(
            "main is not among the first parents of main~2\nhint: main~2 is older than main: exchange them"
        ),
        "{error}"
    );
    let error = wrong("side", "main~1");
    assert!(error.contains("hint: their histories part at"), "{error}");
    assert!(wrong("main", "nowhere").contains("it has no revision nowhere"));
    let real = tree.canonicalize().unwrap();
    assert_eq!(root(&tree.join("Source")).unwrap(), real);
    assert_eq!(root(&tree).unwrap(), real);
}
