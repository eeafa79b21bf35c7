//! `--check none` takes sources unseen only where nobody can write to them.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::support::{Cache, graph, replace};
use test_programs::{engines, jsc_harness, program, text};

/// A directory that nobody can write to, as long as this lives.
struct Sealed<'a>(&'a Path);

impl<'a> Sealed<'a> {
    fn new(directory: &'a Path) -> Self {
        fs::set_permissions(directory, Permissions::from_mode(0o555)).unwrap();
        Self(directory)
    }
}

impl Drop for Sealed<'_> {
    fn drop(&mut self) {
        // Else it could not be removed.
        let _ = fs::set_permissions(self.0, Permissions::from_mode(0o755));
    }
}

#[test]
fn none_is_followed_only_where_nobody_can_write() {
    for engine in engines() {
        let program = program("import './sub/a.mjs'; console.log('main');")
            .file("sub/a.mjs", "console.log('a1');");
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        graph(engine, &entry, "auto", &cache).run();
        replace(&program.path("sub/a.mjs"), "a1", "a2");
        let run = |check: &str| {
            let output = jsc_harness()
                .args(["run", "--path=graph", "--cache=read-only", "--check", check])
                .args(["--engine", &engine.name, "--cache-dir"])
                .arg(cache.path())
                .arg(&entry)
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(0));
            (text(&output.stdout), text(&output.stderr))
        };
        let (old, new) = ("a1\nmain\n".to_owned(), "a2\nmain\n".to_owned());
        let sub = program.path("sub");
        let note = |directory: &Path| {
            format!(
                "note: --check none was not followed: somebody can write to {}, so the sources were checked by size, times and \
                 inode; --check unsealed takes them unseen\n",
                directory.display()
            )
        };
        let directory = entry.parent().unwrap();
        // Of the pack's modules, sub/a.mjs comes first.
        assert_eq!(run("none"), (new.clone(), note(&sub)));
        assert_eq!(run("unsealed"), (old.clone(), String::new()));
        let _sub = Sealed::new(&sub);
        assert_eq!(run("none"), (new, note(directory)));
        let _directory = Sealed::new(directory);
        assert_eq!(run("none"), (old, String::new()));
        drop(_directory);
        // With --stats it is there and nowhere else.
        let stats = program.path("stats.json");
        let output = jsc_harness()
            .args(["run", "--path=graph", "--cache=read-only", "--check=none"])
            .args(["--engine", &engine.name, "--stats"])
            .args([&stats, Path::new("--cache-dir"), &cache.path(), &entry])
            .output()
            .unwrap();
        assert_eq!(text(&output.stderr), "");
        let stats: Value = serde_json::from_slice(&fs::read(stats).unwrap()).unwrap();
        assert_eq!(stats["unsealed"], directory.display().to_string());
    }
}

#[test]
fn measure_says_what_to_write() {
    let output = jsc_harness()
        .args(["measure", "-w", "^empty$", "--path=graph", "--check=none"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
    assert_eq!(
        text(&output.stderr),
        "error: --check none is followed only where nobody can write to the sources; to measure without a check write --check \
         unsealed\n"
    );
}
