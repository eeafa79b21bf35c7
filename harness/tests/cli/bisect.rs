//! `bisect`: the first engine of a series that differs.

mod repository;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_programs::{Engine, Ran, binary, two_engines};

use crate::user::{User, folder_of};

/// What one engine has and the other has not.
const DIFFERS: &str = "console.log(typeof Iterator.concat);\n";

/// A user with a series of engines: some of the older build, then some of the newer one. `c` is the first newer one.
struct Series {
    user: User,
}

impl Series {
    fn new([newer, older]: [&Engine; 2]) -> Self {
        let user = User::new();
        for (name, engine) in [("a", older), ("b", older), ("c", newer), ("d", newer)] {
            let location = folder_of(engine);
            user.rename(engine, name, &json!({"kind": "dir", "location": location}));
        }
        Self { user }
    }

    fn program(&self, source: &str) -> String {
        let path = self.user.path("work/main.mjs");
        fs::write(&path, source).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn command(&self, ask: &str, more: &[&str]) -> Command {
        let mut command = self.user.jsc_harness();
        command
            .args(["bisect", "--engines", "a,b,c,d", "--ask", ask])
            .args(["--out", "out"])
            .args(more);
        command
    }

    fn bisect(&self, ask: &str, more: &[&str]) -> Ran {
        Ran::of(&mut self.command(ask, more))
    }

    fn kept(&self, name: &str) -> PathBuf {
        self.user.path("work/out").join(name)
    }

    fn document(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.kept("bisect.json")).unwrap()).unwrap()
    }

    fn found(&self) -> String {
        let document = self.document();
        let place = document["found"]["bad"].as_u64().unwrap() as usize;
        document["revisions"][place]["engine"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// A worker that does something else first on the newer engines.
    fn wrapped(&self, first: &str) -> String {
        let path = self.user.path("work/worker.sh");
        let text = format!(
            "#!/bin/sh\ncase \"$3\" in c|d) {first};; esac\nexec {} \"$@\"\n",
            binary().display()
        );
        fs::write(&path, text).unwrap();
        executable(&path);
        path.to_str().unwrap().to_owned()
    }
}

fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn behaviour_finds_the_first_engine_that_shows_something_else() {
    let Some(engines) = two_engines!() else {
        return;
    };
    let series = Series::new(engines);
    let program = series.program(DIFFERS);
    let ran = series.bisect("behaviour", &[&program]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(series.found(), "c");
    for part in [
        "The first bad revision is c. The last good one is b.",
        "undefined",
        "function",
        "2 revisions between the ends, 2 asked, 0 builds",
    ] {
        assert!(ran.stdout.contains(part), "{part} in {}", ran.stdout);
    }
    let report = fs::read_to_string(series.kept("report.md")).unwrap();
    for part in [
        "# Behaviour of main.mjs by parse changed since c",
        "- last good: b",
        "jsc-harness bisect --engines b,c --ask behaviour --path parse",
    ] {
        assert!(report.contains(part), "{part} in {report}");
    }
    // The answer follows from the document alone.
    let file = series.kept("bisect.json");
    let replayed = series
        .user
        .call(&["bisect", "--replay", file.to_str().unwrap()]);
    assert_eq!(
        (replayed.code, &replayed.stdout),
        (Some(0), &ran.stdout),
        "{}",
        replayed.stderr
    );
    // Nothing is asked again, and another question is not mixed up with it.
    let again = series.bisect("behaviour", &[&program]);
    assert_eq!((again.code, &again.stdout), (Some(0), &ran.stdout));
    // Nor is another program: what a module imports may have been edited.
    let dependency = series.user.path("work/dependency.mjs");
    fs::write(&dependency, "export const one = 1;\n").unwrap();
    let entry =
        series.program("import './dependency.mjs';\nconsole.log(typeof Iterator.concat);\n");
    fs::remove_dir_all(series.kept("")).unwrap();
    assert_eq!(series.bisect("behaviour", &[&entry]).code, Some(0));
    fs::write(&dependency, "export const one = 11;\n").unwrap();
    let edited = series.bisect("behaviour", &[&entry]);
    assert_eq!(edited.code, Some(4), "{}", edited.stdout);
    let other = series.bisect("behaviour", &[&program, "--path", "full"]);
    assert_eq!(other.code, Some(4));
    assert!(
        other
            .stderr
            .contains("another search is kept here; give another --out, or remove the folder"),
        "{}",
        other.stderr
    );
}

#[test]
fn behaviour_of_a_cached_path_is_that_of_loads_from_the_cache() {
    let Some(engines) = two_engines!() else {
        return;
    };
    let series = Series::new(engines);
    let program = series.program(DIFFERS);
    let ran = series.bisect("behaviour", &[&program, "--path", "graph"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(series.found(), "c");
}

#[test]
fn a_cache_that_is_not_used_any_more_is_found() {
    let Some(engines) = two_engines!() else {
        return;
    };
    let series = Series::new(engines);
    let program = series.program("export const a = 1;\n");
    // Whoever only reads finds nothing.
    let spoil = "case \"$5\" in *read-only*) \
                 rm -rf \"$(echo \"$5\" | sed 's/.*\"directory\":\"\\([^\"]*\\)\".*/\\1/')\"/*;; esac";
    let worker = series.wrapped(spoil);
    let ran = series.bisect("cache", &[&program, "--worker-program", &worker]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(series.found(), "c");
    for part in [
        "use of the cache by main.mjs on full",
        "before: 1 of 1 modules from the cache",
        "after: 1 of 1 modules missed",
    ] {
        assert!(ran.stdout.contains(part), "{part} in {}", ran.stdout);
    }
}

#[test]
fn time_finds_the_first_engine_that_is_slower() {
    let Some(engines) = two_engines!() else {
        return;
    };
    let series = Series::new(engines);
    let program = series.program(
        "if (typeof Iterator.concat === \"function\") {\n  const end = performance.now() + 200;\n  while (performance.now() < \
         end);\n}\n",
    );
    let ran = series.bisect("time", &[&program, "--looks", "8"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(series.found(), "c");
    assert!(
        ran.stdout.contains("against the good end"),
        "{}",
        ran.stdout
    );
}

#[test]
fn instructions_find_the_first_engine_that_executes_more() {
    let Some(engines) = two_engines!() else {
        return;
    };
    let series = Series::new(engines);
    let program = series.program(
        "if (typeof Iterator.concat === \"function\") {\n  let sum = 0;\n  for (let i = 0; i < 30000; i++) sum += i;\n}\n",
    );
    let ran = series.bisect("instructions", &[&program, "--looks", "8", "--good", "b"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(series.found(), "c");
    for part in ["million instructions, 8 blocks", "by function"] {
        assert!(ran.stdout.contains(part), "{part} in {}", ran.stdout);
    }
    assert!(series.kept("profile/difference.svg").exists());
    let report = fs::read_to_string(series.kept("report.md")).unwrap();
    assert!(report.contains("--ask instructions"), "{report}");
}

#[test]
fn ends_that_do_not_differ_are_said_to_and_nothing_else_is_asked() {
    let Some(engines) = two_engines!() else {
        return;
    };
    let series = Series::new(engines);
    let program = series.program("console.log(1);\n");
    let ran = series.bisect("behaviour", &[&program]);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains("Both ends have the same behaviour of main.mjs by parse"),
        "{}",
        ran.stdout
    );
    assert!(!series.kept("report.md").exists());
    fs::remove_dir_all(series.kept("")).unwrap();
    // Four blocks cannot decide, whatever they say.
    let ran = series.bisect(
        "time",
        &[&program, "--looks", "4", "--good", "a", "--bad", "b"],
    );
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(
        ran.stdout.contains(
            "4 blocks do not show that the ends differ in load time of main.mjs by parse"
        ),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_search_that_is_killed_goes_on_where_it_was() {
    let Some(engines) = two_engines!() else {
        return;
    };
    let series = Series::new(engines);
    let program = series.program(DIFFERS);
    // The third engine hangs the first time that it is asked, until the search is killed.
    let once = series.user.path("work/once");
    let hang = format!(
        "test -e {0} || test \"$3\" = d || {{ touch {0}; sleep 600; }}",
        once.display()
    );
    let worker = series.wrapped(&hang);
    let more = [&*program, "--worker-program", &worker];
    let mut killed = series
        .command("behaviour", &more)
        .args(["--bad", "d"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    kill_when(&mut killed, &once);
    let document = series.document();
    assert!(document["ends"].is_object(), "{document}");
    assert_eq!(document["found"]["kind"], "unfinished");
    let ran = series.bisect("behaviour", &more);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("the ends and 1 revision were asked before"),
        "{}",
        ran.stderr
    );
    assert_eq!(series.found(), "c");
}

/// Kills a program as soon as a file is there.
fn kill_when(child: &mut Child, file: &Path) {
    let begin = Instant::now();
    while !file.exists() {
        assert!(begin.elapsed() < Duration::from_secs(120), "it never came");
        std::thread::sleep(Duration::from_millis(20));
    }
    // `timeout` hands it down.
    let id = i32::try_from(child.id()).unwrap();
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(id),
        nix::sys::signal::Signal::SIGTERM,
    )
    .unwrap();
    child.wait().unwrap();
}

#[test]
fn what_is_wrong_with_the_command_line_is_said() {
    let user = User::new();
    fs::write(user.path("work/main.mjs"), "").unwrap();
    let error = |arguments: &[&str]| {
        let (code, message) = user.error(&[&["bisect"], arguments].concat());
        (code, message.trim_end().to_owned())
    };
    let usage = |arguments: &[&str], expected: &str| {
        let (code, message) = error(arguments);
        assert_eq!(code, Some(64), "{message}");
        assert!(message.contains(expected), "{expected} in {message}");
    };
    let one = ["--engines", "2.52.6", "--ask", "behaviour", "main.mjs"];
    usage(&one, "there are two engines at least");
    let twice = ["--engines", "2.52.6,2.52.6", "--ask", "time", "main.mjs"];
    usage(&twice, "--engines names jsc-2.52.6");
    let parse = [
        "--engines",
        "a,b",
        "--ask",
        "cache",
        "--path",
        "parse",
        "main.mjs",
    ];
    usage(&parse, "--ask cache needs a path with a cache");
    let looks = [
        "--engines",
        "a,b",
        "--ask",
        "cache",
        "--looks",
        "3",
        "main.mjs",
    ];
    usage(&looks, "--looks has no effect with --ask cache");
    let looks = [
        "--engines",
        "a,b",
        "--ask",
        "time",
        "--looks",
        "9,3",
        "main.mjs",
    ];
    usage(&looks, "the looks must be ascending numbers of blocks");
    let many = ["--engines", "a,b", "--ask", "time", "--suite", "all"];
    usage(&many, "workloads are meant; name one");
    usage(
        &[
            "--engines",
            "a,b",
            "--good",
            "x",
            "--ask",
            "time",
            "main.mjs",
        ],
        "--good x is none of --engines a,b",
    );
    let step = [
        "--engines",
        "a,b",
        "--ask",
        "time",
        "main.mjs",
        "--step",
        "x",
    ];
    assert_eq!(error(&step).0, Some(128));
    let cmake = [
        "--engines",
        "a,b",
        "--ask",
        "time",
        "main.mjs",
        "--cmake-arg",
        "-DX=Y",
    ];
    usage(&cmake, "--cmake-arg has no effect with --engines");
    usage(&["--ask", "time", "main.mjs"], "--git <DIR>");
    usage(&["--git", ".", "--ask", "time"], "--good <REV>");
    let (code, message) = error(&["--engines", "2.52.6,nobody", "--ask", "time", "main.mjs"]);
    assert_eq!(code, Some(4));
    assert!(message.contains("no engine `nobody`"), "{message}");
    let (code, message) = error(&["--replay", "main.mjs"]);
    assert_eq!(code, Some(4));
    assert!(
        message.contains("main.mjs is not the document of a bisect"),
        "{message}"
    );
}
