//! Packs that are relative to a directory, and serve wherever it lies.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{miss, replace};
use tempfile::TempDir;
use test_programs::load::{Load, Loaded};
use test_programs::{Engine, engines, jsc_harness, pack, text};

/// A project with its cache in it, which can be moved as a whole.
struct Project {
    home: TempDir,
    name: &'static str,
}

const FILES: [(&str, &str); 5] = [
    (
        "app/main.mjs",
        "import { a } from './a.mjs'; import { inside } from 'dep'; import data from './data.json' with { type: 'json' };\n\
         console.log(a(), inside, data.n, import.meta.url.split('/').slice(-3).join('/'));\n\
         console.log((await import('./a.mjs')).a === a, import.meta.resolve('dep').split('/').slice(-4).join('/'));\n\
         try { a.fail(); } catch (error) { console.log(error.stack.split('\\n')[0].split('/').slice(-3).join('/')); }",
    ),
    (
        "app/a.mjs",
        "export const a = () => `a1 ${import.meta.url.split('/').slice(-3).join('/')}`;\na.fail = () => { throw new Error('x'); };",
    ),
    ("app/data.json", "{\"n\": 7}"),
    (
        "node_modules/dep/package.json",
        "{\"exports\": \"./one.mjs\"}",
    ),
    (
        "node_modules/dep/one.mjs",
        "export const inside = 'file:///one';",
    ),
];

impl Project {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        for (file, text) in FILES {
            let file = home.path().join("here").join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self { home, name: "here" }
    }

    fn moved(mut self, name: &'static str) -> Self {
        fs::rename(self.root(), self.home.path().join(name)).unwrap();
        self.name = name;
        self
    }

    fn root(&self) -> PathBuf {
        self.home.path().join(self.name)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.root().join(file)
    }

    fn graph(&self, engine: &Engine, mode: &str) -> Loaded {
        let load = Load::new(engine, &self.path("app/main.mjs")).path("graph");
        let load = load.argument("--root").argument(self.root());
        load.cache(mode, &self.path("cache")).run()
    }

    /// It shows what parsing shows, everything from the pack.
    #[track_caller]
    fn check(&self, engine: &Engine) {
        let parsed = Load::new(engine, &self.path("app/main.mjs"))
            .path("parse")
            .run();
        assert!(
            parsed
                .shown
                .stdout
                .contains(&format!("{}/app/main.mjs", self.name))
        );
        let loaded = self.graph(engine, "read-only");
        assert_eq!(loaded.shown, parsed.shown);
        assert_eq!(loaded.stats.misses, []);
        assert_eq!((loaded.stats.hits, loaded.stats.parses()), (3, [0; 3]));
    }
}

#[test]
fn a_project_that_moves() {
    for engine in engines() {
        // Left by a run, and built.
        for payload in ["executed", "all"] {
            let project = Project::new();
            match payload {
                "executed" => drop(project.graph(engine, "auto")),
                _ => {
                    let (root, entry) = (project.root(), project.path("app/main.mjs"));
                    let output = jsc_harness()
                        .args(["cache", "build", "--pack", "--engine", &engine.name])
                        .args([Path::new("--root"), &root, Path::new("--cache-dir")])
                        .args([&project.path("cache"), &entry])
                        .output()
                        .unwrap();
                    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
                }
            }
            project.check(engine);
            let project = project.moved("there");
            // Tools show what the file has, and keep it.
            let file = pack::only(&project.path("cache")).unwrap();
            let tool = |arguments: &[&Path]| {
                let output = jsc_harness().arg("cache").args(arguments).output().unwrap();
                assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
                text(&output.stdout)
            };
            let inspect = [Path::new("inspect"), Path::new("--format=json"), &file];
            assert!(tool(&inspect).contains("\"root:///app/main.mjs\""));
            tool(&[
                Path::new("verify"),
                Path::new("--cache-dir"),
                &project.path("cache"),
            ]);
            tool(&[
                Path::new("gc"),
                Path::new("--cache-dir"),
                &project.path("cache"),
            ]);
            project.check(engine);
            // An edit, there, and back again.
            replace(&project.path("app/a.mjs"), "a1", "a2");
            let edited = project.graph(engine, "auto");
            assert_eq!(edited.stats.misses, [miss("a.mjs", "source")], "{payload}");
            project.check(engine);
            let project = project.moved("here");
            project.check(engine);
            let files = fs::read_dir(project.path("cache")).unwrap();
            assert_eq!(files.count(), 1);
            let explained = jsc_harness()
                .args(["cache", "explain", "--path=graph", "--engine", &engine.name])
                .args([
                    Path::new("--root"),
                    &project.root(),
                    Path::new("--cache-dir"),
                ])
                .args([project.path("cache"), project.path("app/main.mjs")])
                .output()
                .unwrap();
            assert!(text(&explained.stdout).starts_with("fresh\n"));
        }
    }
}

#[test]
fn roots_that_are_none() {
    let project = Project::new();
    let said = |root: &Path, more: &[&str]| {
        let output = jsc_harness()
            .arg("run")
            .args(more)
            .args([
                Path::new("--cache-dir"),
                &project.path("cache"),
                Path::new("--root"),
                root,
            ])
            .arg(project.path("app/main.mjs"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(64));
        text(&output.stderr)
    };
    let node_modules = project.path("node_modules");
    assert_eq!(
        said(&node_modules, &["--path=graph"]),
        format!(
            "error: --root {}: the entry {} is not in it; name a directory that holds the whole program\n",
            node_modules.display(),
            project.path("app/main.mjs").display()
        )
    );
    let nowhere = project.path("nowhere");
    assert!(said(&nowhere, &["--path=graph"]).contains("No such file or directory"));
    let file = project.path("app/a.mjs");
    assert!(said(&file, &["--path=graph"]).ends_with(": it is no directory\n"));
    assert!(said(&project.root(), &["--path=full"]).contains("--root has no effect"));
}
