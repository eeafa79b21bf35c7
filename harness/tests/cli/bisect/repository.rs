//! Revisions of a repository. Those that build are there already, as if they had been built before: building one takes
//! minutes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use test_programs::{Engine, Ran, binary, two_engines};

use super::DIFFERS;
use crate::user::{User, folder_of};

/// A user with a repository of six revisions of engines, and one between that touches none.
struct Repository {
    user: User,
    commits: Vec<String>,
}

impl Repository {
    /// Revisions up to the third are the older engine, later ones the newer. Some do not build.
    fn new([newer, older]: [&Engine; 2], broken: &[usize]) -> Self {
        let user = User::new();
        let mut repository = Self {
            user,
            commits: Vec::new(),
        };
        let folder = repository.folder();
        fs::create_dir_all(folder.join("Source/JavaScriptCore")).unwrap();
        fs::write(
            folder.join("CMakeLists.txt"),
            "message(FATAL_ERROR \"This revision does not build.\")\n",
        )
        .unwrap();
        repository.git(&["init", "-q", "--initial-branch=main"]);
        for place in 0..6 {
            if place == 4 {
                fs::write(folder.join("README"), "nothing that matters\n").unwrap();
                repository.commit("a sentence");
            }
            fs::write(
                folder.join("Source/JavaScriptCore/VM.cpp"),
                format!("{place}\n"),
            )
            .unwrap();
            let commit = repository.commit(&format!("revision {place}"));
            if !broken.contains(&place) {
                let engine = if place < 3 { older } else { newer };
                repository.build(engine, &commit);
            }
            repository.commits.push(commit);
        }
        repository
    }

    fn folder(&self) -> PathBuf {
        self.user.path("work/webkit")
    }

    fn git(&self, arguments: &[&str]) -> Ran {
        let mut git = Command::new("git");
        git.arg("-C").arg(self.folder());
        for setting in [
            "user.name=t",
            "user.email=t@localhost",
            "commit.gpgsign=false",
        ] {
            git.args(["-c", setting]);
        }
        git.env("XDG_CACHE_HOME", self.user.path("cache"))
            .env("XDG_CONFIG_HOME", self.user.path("config"))
            .args(arguments);
        let ran = Ran::of(&mut git);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.stderr);
        ran
    }

    fn commit(&self, title: &str) -> String {
        self.git(&["add", "."]);
        self.git(&["commit", "-qm", title]);
        self.git(&["rev-parse", "HEAD"]).stdout.trim().to_owned()
    }

    /// As if this revision had been built before.
    fn build(&self, engine: &Engine, commit: &str) {
        let made_of = folder_of(engine);
        let name = format!("rev-{}", &commit[..12]);
        let place = self.user.store().join("engines").join(&name);
        fs::create_dir_all(&place).unwrap();
        for entry in fs::read_dir(&made_of).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name() != "engine.json" {
                symlink(entry.path(), place.join(entry.file_name())).unwrap();
            }
        }
        let text = fs::read_to_string(made_of.join("engine.json")).unwrap();
        let mut manifest: Value = serde_json::from_str(&text).unwrap();
        let provenance = json!({
            "kind": "git",
            "location": self.folder().canonicalize().unwrap(),
            "revision": commit,
        });
        self.user.rename(engine, &name, &provenance);
        manifest["provenance"] = provenance;
        fs::write(place.join("engine.json"), manifest.to_string()).unwrap();
    }

    fn bisect(&self, more: &[&str]) -> Ran {
        let program = self.user.path("work/main.mjs");
        fs::write(&program, DIFFERS).unwrap();
        Ran::of(
            self.user
                .jsc_harness()
                .args(["bisect", "--git", "webkit", "--ask", "behaviour"])
                .args(["--out", "out"])
                .arg(&program)
                .args(more),
        )
    }
}

#[test]
fn the_first_bad_revision_is_found_and_named_by_its_commit() {
    let Some(engines) = two_engines!() else {
        return;
    };
    let repository = Repository::new(engines, &[]);
    let before = repository.git(&["status", "--porcelain"]).stdout;
    let ran = repository.bisect(&["--good", &repository.commits[0], "--bad", "main"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let expected = format!(
        "The first bad revision is {} revision 3",
        &repository.commits[3][..12]
    );
    assert!(ran.stdout.contains(&expected), "{}", ran.stdout);
    // Six revisions make engines, and the sentence between them does not count.
    assert!(
        ran.stdout.contains("4 revisions between the ends"),
        "{}",
        ran.stdout
    );
    assert_eq!(repository.git(&["status", "--porcelain"]).stdout, before);
    let report = fs::read_to_string(repository.user.path("work/out/report.md")).unwrap();
    let add = format!("--git WEBKIT --rev {}", repository.commits[3]);
    assert!(report.contains(&add), "{report}");
}

#[test]
fn revisions_that_do_not_build_are_skipped_and_the_answer_may_be_a_range() {
    let Some(engines) = two_engines!() else {
        return;
    };
    let repository = Repository::new(engines, &[2, 3]);
    let ran = repository.bisect(&["--good", &repository.commits[0], "--bad", "main"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    let short = |place: usize| &repository.commits[place][..12];
    for part in [
        format!("is one of 3: the one after {} revision 1", short(1)),
        format!("up to {} revision 4", short(4)),
        "it does not build: ".to_owned(),
    ] {
        assert!(ran.stdout.contains(&part), "{part} in {}", ran.stdout);
    }
    // What does not build beside the change is in nobody's way.
    let repository = Repository::new(engines, &[1, 4]);
    let ran = repository.bisect(&["--good", &repository.commits[0], "--bad", "main"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("revision 3"), "{}", ran.stdout);
}

#[test]
fn ends_that_cannot_be_asked_or_are_none_are_said_to() {
    let Some(engines) = two_engines!() else {
        return;
    };
    let repository = Repository::new(engines, &[5]);
    let error = |good: &str, bad: &str| {
        let ran = repository.bisect(&["--good", good, "--bad", bad]);
        assert_eq!(ran.code, Some(4), "{}", ran.stderr);
        ran.stderr
    };
    let good = &repository.commits[0];
    let message = error(good, "main");
    assert!(
        message
            .contains("revision 5 is an end of the search and cannot be asked: it does not build"),
        "{message}"
    );
    assert!(message.contains("hint: choose another end near it"));
    let message = error("main~3", "main~2");
    assert!(
        message.contains("changes what an engine is made of"),
        "{message}"
    );
    assert!(error("main", good).contains("exchange them"));
    assert!(error("nothing", "main").contains("it has no revision nothing"));
}

#[test]
fn it_is_a_command_for_gits_own_bisect() {
    let Some(engines) = two_engines!() else {
        return;
    };
    let repository = Repository::new(engines, &[]);
    let program = repository.user.path("work/main.mjs");
    fs::write(&program, DIFFERS).unwrap();
    let good = &*repository.commits[0];
    repository.git(&["bisect", "start", "main", good]);
    let binary = binary();
    let mut command = vec!["bisect", "run", binary.to_str().unwrap(), "bisect"];
    command.extend(["--git", ".", "--good", good, "--bad", "main"]);
    command.extend(["--ask", "behaviour", program.to_str().unwrap()]);
    command.extend(["--step", "HEAD", "--out", "../out"]);
    let ran = repository.git(&command);
    let expected = format!("{} is the first bad commit", repository.commits[3]);
    assert!(
        ran.stdout.contains(&expected),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
}

#[test]
fn a_step_that_cannot_run_ends_gits_search() {
    let Some(engines) = two_engines!() else {
        return;
    };
    let repository = Repository::new(engines, &[2]);
    let good = repository.commits[0].clone();
    let step = |more: &[&str]| {
        let all = [&["--good", &good, "--bad", "main"], more].concat();
        repository.bisect(&all).code
    };
    assert_eq!(step(&["--step", &repository.commits[1]]), Some(0));
    assert_eq!(step(&["--step", &repository.commits[4]]), Some(1));
    assert_eq!(step(&["--step", &repository.commits[2]]), Some(125));
    assert_eq!(step(&["--step", "nothing"]), Some(128));
    // Usage, too: every other code would be an answer.
    assert_eq!(step(&["--step", "HEAD", "--nonsense"]), Some(128));
    assert_eq!(
        step(&["--step", "HEAD", "--path", "parse", "--looks", "3"]),
        Some(128)
    );
}
