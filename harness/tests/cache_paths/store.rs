//! What a run does to a cache's directory, and what it does when it may not use it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::process::Command;

use crate::support::{Cache, Load, parse};
use test_programs::{Program, Ran, binary, engines, program};

fn subject() -> Program {
    program("import { a } from './a.mjs'; console.log(a); console.error('said');")
        .file("a.mjs", "export const a = 1;")
}

#[test]
fn a_directory_is_closed_to_others_and_so_are_its_files() {
    let program = subject();
    let cache = Cache::new();
    Load::full(
        &engines()[0],
        &program.path("main.mjs"),
        "auto",
        &cache.path().join("deep/er"),
    )
    .run();
    for directory in ["", "deep", "deep/er"] {
        let mode = fs::metadata(cache.path().join(directory)).unwrap().mode();
        assert_eq!(mode & 0o7777, 0o700, "{directory}");
    }
    let files: Vec<_> = fs::read_dir(cache.path().join("deep/er"))
        .unwrap()
        .collect();
    assert_eq!(files.len(), 2);
    for file in files {
        assert_eq!(file.unwrap().metadata().unwrap().mode() & 0o7777, 0o600);
    }
}

#[test]
fn read_only_changes_nothing() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        let parsed = parse(engine, &entry).run();
        let run = Load::full(engine, &entry, "read-only", &cache.path()).run();
        assert_eq!(run.shown, parsed.shown);
        assert!(!cache.path().exists());
        Load::full(engine, &entry, "auto", &cache.path()).run();
        let full = cache.snapshot();
        for mode in ["read-only", "auto"] {
            let run = Load::full(engine, &entry, mode, &cache.path()).run();
            assert_eq!(run.shown, parsed.shown);
            assert_eq!(cache.snapshot(), full, "{mode} on a full cache");
        }

        fs::write(&entry, "import { a } from './a.mjs'; console.log(a + 1);").unwrap();
        let run = Load::full(engine, &entry, "read-only", &cache.path()).run();
        assert_eq!(run.shown.stdout, "2\n");
        assert_eq!(cache.snapshot(), full, "on a stale cache");
    }
}

#[test]
fn off_is_the_parse_path() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        let parsed = parse(engine, &entry).run();
        for load in [Load::new(engine, &entry), parse(engine, &entry)] {
            let off = load.argument("--cache").argument("off").run();
            assert_eq!(off, parsed);
        }
    }
}

#[test]
fn refresh_takes_nothing_and_writes_all() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        Load::full(engine, &entry, "auto", &cache.path()).run();
        let before = cache.snapshot();
        let refreshed = Load::full(engine, &entry, "refresh", &cache.path()).run();
        assert_eq!(refreshed.stats.reasons(), [("absent", 2)]);
        assert_eq!(refreshed.stats.analyze, 2);
        let after = cache.snapshot();
        assert!(before.keys().eq(after.keys()));
        for (name, state) in before.iter().filter(|(name, _)| *name != ".") {
            assert_ne!(state.0, after[name].0, "{name} is another file now");
        }
        let read = Load::full(engine, &entry, "read-only", &cache.path()).run();
        assert_eq!((read.stats.hits, read.stats.parses()), (2, [0; 3]));
    }
}

/// A directory that cannot be used: why, and what the one warning says, in which it reads `DIR`. An `absent` one gives none.
struct Refusal {
    name: &'static str,
    prepare: fn(&Cache),
    reason: &'static str,
    warning: &'static str,
}

const REFUSALS: &[Refusal] = &[
    Refusal {
        name: "open to all",
        prepare: |cache| {
            fs::set_permissions(cache.path(), fs::Permissions::from_mode(0o777)).unwrap()
        },
        reason: "untrusted",
        warning: "DIR has mode 777, which opens it to other users; hint: chmod 700 DIR",
    },
    Refusal {
        name: "open to a group's readers",
        prepare: |cache| {
            fs::set_permissions(cache.path(), fs::Permissions::from_mode(0o740)).unwrap()
        },
        reason: "untrusted",
        warning: "DIR has mode 740, which opens it to other users; hint: chmod 700 DIR",
    },
    Refusal {
        name: "a link",
        prepare: |cache| {
            let aside = cache.path().with_extension("aside");
            fs::rename(cache.path(), &aside).unwrap();
            symlink(&aside, cache.path()).unwrap();
        },
        reason: "untrusted",
        warning: "DIR is a symbolic link, which is not followed; hint: name the directory that it leads to: DIR.aside",
    },
    Refusal {
        name: "a file",
        prepare: |cache| {
            fs::remove_dir_all(cache.path()).unwrap();
            fs::write(cache.path(), "").unwrap();
        },
        reason: "untrusted",
        warning: "DIR is not a directory; hint: remove what is there, or use another cache directory",
    },
];

#[test]
fn a_directory_that_cannot_be_used_is_said_once_and_costs_nothing_else() {
    for engine in engines() {
        for refusal in REFUSALS {
            let program = subject();
            let entry = program.path("main.mjs");
            let cache = Cache::new();
            let parsed = parse(engine, &entry).run();
            Load::full(engine, &entry, "auto", &cache.path()).run();
            (refusal.prepare)(&cache);
            let before = cache.snapshot();
            for mode in ["read-only", "auto", "refresh"] {
                let name = format!("{}, {mode} on {}", refusal.name, engine.version);
                let run = Load::full(engine, &entry, mode, &cache.path()).run();
                let mut lines = run.shown.stderr.lines();
                assert_eq!(lines.next(), Some("said"), "{name}");
                let directory = cache.path().display().to_string();
                let warning = lines.next().unwrap_or_default();
                assert_eq!(
                    warning.replace(&directory, "DIR"),
                    format!(
                        "warning: the cache is not used: untrusted: {}",
                        refusal.warning
                    ),
                    "{name}"
                );
                assert_eq!(lines.next(), None, "{name}");
                let shown = Ran {
                    stderr: parsed.shown.stderr.clone(),
                    ..run.shown
                };
                assert_eq!(shown, parsed.shown, "{name}");
                assert_eq!(run.stats.hits, 0, "{name}");
                let reason = if mode == "refresh" {
                    "absent"
                } else {
                    refusal.reason
                };
                assert_eq!(run.stats.reasons(), [(reason, 2)], "{name}");
                assert_eq!(run.stats.parses(), parsed.stats.parses(), "{name}");
                assert_eq!(cache.snapshot(), before, "{name}");
            }
        }
    }
}

/// Only root can give a directory away, or make one that belongs to somebody else.
#[test]
fn a_directory_of_another_user() {
    let cache = Cache::new();
    let home = cache.path().parent().unwrap().to_owned();
    let me = fs::metadata(home).unwrap().uid();
    // Where nobody is root, root's own directory is another user's.
    let directory = if me == 0 {
        fs::create_dir(cache.path()).unwrap();
        chown(cache.path(), Some(12345), None).unwrap();
        cache.path()
    } else {
        "/".into()
    };
    let owner = fs::metadata(&directory).unwrap().uid();
    let name = directory.display();
    let run = Load::full(
        &engines()[0],
        &subject().path("main.mjs"),
        "auto",
        &directory,
    )
    .run();
    assert_eq!(
        run.shown.stderr,
        format!(
            "said\nwarning: the cache is not used: untrusted: {name} belongs to user {owner}, not to user {me}, who runs this; \
             hint: use a cache directory of your own, or, as root: chown -R {me} {name}\n"
        )
    );
    assert_eq!(run.stats.reasons(), [("untrusted", 2)]);
}

/// Below a file, where no directory can be; and where nobody, not even root, can make one.
#[test]
fn a_directory_that_cannot_be_made() {
    for engine in engines() {
        let program = subject().file("file", "");
        let entry = program.path("main.mjs");
        let parsed = parse(engine, &entry).run();
        for directory in [program.path("file/below"), "/proc/nowhere/cache".into()] {
            for mode in ["read-only", "auto"] {
                let run = Load::full(engine, &entry, mode, &directory).run();
                let name = format!(
                    "{} {mode} on {}: {:?}",
                    directory.display(),
                    engine.version,
                    run
                );
                assert_eq!(run.shown.code, Some(0), "{name}");
                assert_eq!(run.shown.stdout, parsed.shown.stdout, "{name}");
                assert_eq!(run.stats.misses.len(), 2, "{name}");
                assert_eq!(run.stats.parses(), parsed.stats.parses(), "{name}");
                assert!(
                    run.shown.stderr.starts_with("said\n") && run.shown.stderr.lines().count() <= 2,
                    "{name}"
                );
            }
        }
        assert_eq!(fs::read(program.path("file")).unwrap(), b"");
    }
}

/// A directory has the name of an entry: it is not taken, not replaced, and does not stop the others.
#[test]
fn a_name_that_is_taken() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        let parsed = parse(engine, &entry).run();
        Load::full(engine, &entry, "auto", &cache.path()).run();
        let taken = cache.entry(&program.path("a.mjs"));
        fs::remove_file(&taken).unwrap();
        fs::create_dir(&taken).unwrap();
        for mode in ["read-only", "auto", "read-only"] {
            let run = Load::full(engine, &entry, mode, &cache.path()).run();
            assert_eq!(run.shown, parsed.shown);
            assert_eq!(
                run.stats.misses,
                [("a.mjs".to_owned(), "untrusted".to_owned())]
            );
            assert_eq!(run.stats.hits, 1);
        }
        assert!(taken.is_dir());
        // No temporary file is left.
        assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 2);
    }
}

/// The system ends a process that writes beyond the limit, unless it says that it can take an error.
#[test]
fn a_limit_for_the_size_of_files() {
    for engine in engines() {
        let program = subject().file(
            "large.mjs",
            format!("console.log('{}'.length);", "x".repeat(100_000)),
        );
        let entry = program.path("large.mjs");
        for path in ["full", "graph"] {
            let cache = Cache::new();
            let output = Command::new("timeout")
                .args(["60", "sh", "-c", "ulimit -f 40; exec \"$@\"", "sh"])
                .arg(binary())
                .args([
                    "run",
                    "--engine",
                    &engine.name,
                    "--path",
                    path,
                    "--cache-dir",
                ])
                .args([&cache.path(), &entry])
                .env_remove("LD_LIBRARY_PATH")
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(0), "{output:?}");
            assert_eq!(output.stdout, b"100000\n");
            assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 0);
        }
    }
}
