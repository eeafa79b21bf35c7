//! Engines of the user's own: `engine add`, `build`, `list`, `show`, `remove` and `gc`.

use std::fs;
use std::path::{Path, PathBuf};

use jsc_provision::named::build_name;
use serde_json::Value;
use test_programs::{default_engine, program};

use crate::user::{User, unpacked};

#[test]
fn an_unpacked_engine_gets_a_name_that_works_everywhere() {
    let user = User::new();
    let folder = unpacked();
    let ran = user.call(&["engine", "add", "mine", "--dir", folder.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout
            .ends_with("hint: jsc-harness engine build mine\n"),
        "{}",
        ran.stdout
    );
    let listed = user.listed("mine");
    assert_eq!(
        (&listed["kind"], &listed["state"]),
        (&"dir".into(), &"not-built".into())
    );
    assert_eq!(listed["reason"], "hint: jsc-harness engine build mine");
    let (code, message) = user.error(&["run", "--engine", "mine", "x.mjs"]);
    assert_eq!(code, Some(4));
    assert!(
        message.contains("no engine `mine`") && message.contains("jsc-harness engine build NAME"),
        "{message}"
    );

    let ran = user.call(&["engine", "build", "mine"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let listed = user.listed("mine");
    assert_eq!(listed["state"], "ready");
    assert_eq!(listed["provenance"]["kind"], "dir");
    assert_eq!(listed["provenance"]["location"], folder.to_str().unwrap());
    assert_eq!(
        listed["provenance"]["libraries"].as_str().unwrap().len(),
        64
    );
    let program = program("console.log(6 * 7)");
    let entry = program.path("main.mjs");
    let ran = user.call(&["run", "--engine", "mine", entry.to_str().unwrap()]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (Some(0), "42\n"),
        "{}",
        ran.stderr
    );
    // A version always means the pinned engine, whatever version the user's own one states.
    let shown = user
        .call(&["engine", "show", &default_engine().version])
        .stdout;
    assert!(shown.contains("kind         pinned"), "{shown}");
    let shown = user.call(&["engine", "show", "mine"]).stdout;
    assert!(
        shown.contains("kind         dir") && shown.contains("state        ready"),
        "{shown}"
    );

    let kept = user.call(&["engine", "gc"]).stdout;
    assert!(kept.ends_with("removed 0 MB in all\n"), "{kept}");
    let ran = user.call(&["engine", "remove", "mine"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(user.listed("mine"), Value::Null);
    assert!(folder.join("engine.json").exists());
    let bridges = fs::read_dir(user.store().join("bridges")).unwrap();
    assert_eq!(bridges.count(), 1, "the pinned engine's bridge stays");
}

#[test]
fn what_cannot_be_defined_is_said_before_it_is_written_down() {
    let user = User::new();
    let folder = user.path("work");
    let folder = folder.to_str().unwrap();
    for (arguments, code, message) in [
        (
            &["--tree", folder][..],
            4,
            "error: HOME/work is not a source tree of WebKit: it has no Source/JavaScriptCore\n",
        ),
        (
            &["--tree", "gone"],
            4,
            "error: cannot read gone: No such file or directory (os error 2)\n",
        ),
        (
            &["--git", folder, "--rev", "main"],
            4,
            "error: the repository HOME/work cannot be used: it is not a git repository\n",
        ),
        (
            &["--build", folder],
            4,
            "error: the build folder HOME/work cannot be used: it has no CMakeCache.txt, so it is not a folder that CMake \
             has configured\n",
        ),
        (
            &["--dir", folder],
            4,
            "error: HOME/work is not a whole engine: it has no engine.json\n",
        ),
        (
            &["--dir", folder, "--cmake-arg", "-DENABLE_JIT=OFF"],
            4,
            "error: CMake cannot be given these arguments: -DENABLE_JIT=OFF has no effect, because nothing of a dir is built \
             here\n",
        ),
        (
            &["--tree", folder, "--cmake-arg=-DPORT=GTK"],
            4,
            "error: CMake cannot be given these arguments: -DPORT=GTK: PORT is what this program sets\n",
        ),
    ] {
        let arguments = [&["engine", "add", "mine"], arguments].concat();
        let (found, text) = user.error(&arguments);
        assert_eq!((found, &*text), (Some(code), message), "{arguments:?}");
    }
    let (code, text) = user.error(&["engine", "add", "a b", "--dir", folder]);
    assert_eq!(code, Some(4));
    assert!(
        text.starts_with("error: an engine cannot be called \"a b\": a name has 1 to 64 letters"),
        "{text}"
    );
    for arguments in [
        &["engine", "add", "mine"][..],
        &["engine", "add", "mine", "--git", folder],
        &["engine", "add", "mine", "--rev", "main"],
        &["engine", "add", "mine", "--tree", folder, "--dir", folder],
    ] {
        assert_eq!(user.error(arguments).0, Some(64), "{arguments:?}");
    }
    assert!(!user.path("config/jsc-harness/engines.toml").exists());
}

#[test]
fn a_name_that_nobody_defined_and_one_that_is_built_in_are_said() {
    let user = User::new();
    let nobody = "error: HOME/config/jsc-harness/engines.toml defines no engine mine; it defines none; hint: jsc-harness engine \
                  add\n";
    assert_eq!(
        user.error(&["engine", "build", "mine"]),
        (Some(4), nobody.to_owned())
    );
    assert_eq!(
        user.error(&["engine", "remove", "mine"]),
        (Some(4), nobody.to_owned())
    );
    let version = &default_engine().version;
    assert_eq!(
        user.error(&["engine", "remove", version]),
        (
            Some(4),
            format!("error: {version} is built in: engines.toml pins it\n")
        )
    );
}

#[test]
fn the_file_of_definitions_is_the_projects_or_the_one_that_is_named() {
    let user = User::new();
    let folder = unpacked();
    let entry = |name: &str| format!("[[engine]]\nname = \"{name}\"\ndir = {folder:?}\n");
    fs::write(user.path("work/jsc-harness.toml"), entry("of-project")).unwrap();
    assert_eq!(user.listed("of-project")["state"], "not-built");
    let other = user.path("other.toml");
    fs::write(&other, format!("{}typo = 1\n", entry("of-file"))).unwrap();
    let (code, message) = user.error(&["engine", "list", "--engines", other.to_str().unwrap()]);
    assert_eq!(code, Some(4));
    assert!(
        message.starts_with("error: HOME/other.toml: ")
            && message.contains("line 4")
            && message.contains("unknown field `typo`"),
        "{message}"
    );
    let gone = user.path("gone.toml");
    let (code, message) = user.error(&["engine", "list", "--engines", gone.to_str().unwrap()]);
    assert_eq!(
        (code, &*message),
        (
            Some(4),
            "error: cannot read HOME/gone.toml: No such file or directory (os error 2)\n"
        )
    );
}

#[test]
fn gc_removes_what_nobody_defines_and_says_why() {
    let user = User::new();
    let make = |name: &str| {
        let folder = user.store().join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("some"), "bytes").unwrap();
        folder
    };
    let old = make("engines/old");
    let build = make("build/old");
    let elsewhere = make("engines/elsewhere");
    let project = user.path("project.toml");
    fs::write(&project, "[[engine]]\nname = \"elsewhere\"\ndir = \"/x\"\n").unwrap();
    fs::write(elsewhere.join("defined-in"), project.to_str().unwrap()).unwrap();
    let text = fs::read(unpacked().join("engine.json")).unwrap();
    let mut manifest: Value = serde_json::from_slice(&text).unwrap();
    manifest["provenance"] = serde_json::json!({ "kind": "git", "location": "/webkit" });
    fs::write(elsewhere.join("engine.json"), manifest.to_string()).unwrap();
    let shared = make(&format!(
        "build/{}",
        build_name("elsewhere", "git", "/webkit", &[])
    ));
    let half = make("bridges/half");

    let printed = |arguments: &[&str]| {
        let ran = user.call(arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.stdout
            .replace(&user.store().display().to_string(), "STORE")
    };
    let home = user.home();
    let dry = printed(&["engine", "gc", "--dry-run"]).replace(&home, "HOME");
    for line in [
        "would remove STORE/engines/old (0 MB): neither pinned nor defined in HOME/config/jsc-harness/engines.toml\n",
        "would remove STORE/build/old (0 MB): neither pinned nor defined in HOME/config/jsc-harness/engines.toml\n",
        "kept STORE/engines/elsewhere (0 MB): defined in HOME/project.toml\n",
        "(0 MB): another build of elsewhere takes minutes with it\n",
        "would remove STORE/bridges/half (0 MB): not whole: ",
    ] {
        assert!(dry.contains(line), "{line}\n{dry}");
    }
    let there = || [&old, &build, &half].map(|it: &PathBuf| it.exists());
    assert_eq!(there(), [true; 3]);
    printed(&["engine", "gc"]);
    assert_eq!(there(), [false; 3]);
    assert!(elsewhere.exists() && shared.exists());
    assert!(bridge_of_default(&user).exists());
}

fn bridge_of_default(user: &User) -> PathBuf {
    let name = default_engine().directory.file_name().unwrap();
    Path::new(&user.store()).join("bridges").join(name)
}
