//! A program, its cache, and what must become of its pack.

use std::fs::{self, File, FileTimes};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jsc_module_cache::pack::layout::{CHECKED_FROM, CHECKSUM_OFFSET};
use jsc_module_cache::{Digest, EntryBytes};
use tempfile::TempDir;

use test_programs::load::{Load, Loaded};
use test_programs::{Engine, Program, engines, program};

/// A cache directory of its own.
pub struct Cache {
    home: TempDir,
}

impl Cache {
    /// A directory that does not exist yet.
    pub fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.home.path().join("cache")
    }

    /// The only pack.
    #[track_caller]
    pub fn pack(&self) -> PathBuf {
        let mut packs = self.packs();
        assert_eq!(packs.len(), 1, "{packs:?}");
        packs.remove(0)
    }

    /// Every pack, sorted.
    pub fn packs(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.path()).unwrap();
        let mut packs: Vec<PathBuf> = files
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|it| it == "jscg"))
            .collect();
        packs.sort();
        packs
    }

    /// Names, inodes and times of everything in it: what reading must not change.
    pub fn snapshot(&self) -> Vec<(PathBuf, u64, i64, i64)> {
        let files = fs::read_dir(self.path()).unwrap();
        let mut snapshot: Vec<_> = files
            .map(|file| {
                let path = file.unwrap().path();
                let it = fs::symlink_metadata(&path).unwrap();
                (path, it.ino(), it.mtime_nsec(), it.ctime_nsec())
            })
            .collect();
        snapshot.sort();
        snapshot
    }
}

/// A graph with named, default, namespace and star imports, a cycle, a package, a link, JSON and names of every width.
pub fn subject() -> Program {
    program(
        "import { a } from './a.mjs';\nimport b, * as all from './b.mjs';\nimport { linked } from './link.mjs';\n\
         import { inside } from 'dep';\nimport data from './data.json' with { type: 'json' };\n\
         console.log(a(), b(), Object.keys(all).join(), linked, inside, data.n);\n",
    )
    .file("a.mjs", "import { back } from './c.mjs';\nexport const a = () => `a1 ${back()}`;\n")
    .file(
        "b.mjs",
        "export * from './c.mjs';\nexport { a as 'an ä' } from './a.mjs';\nexport default function () { return 'b'; }\n",
    )
    .file(
        "c.mjs",
        "import { a } from './a.mjs';\nexport const back = () => typeof a;\nconst 日本 = 1; export { 日本 };\n",
    )
    .file("to1.mjs", "export const linked = 1;\n")
    .file("to2.mjs", "export const linked = 2;\n")
    .file("data.json", "{\"n\": 7}\n")
    .file("node_modules/dep/package.json", "{\"exports\": \"./one.mjs\"}")
    .file("node_modules/dep/one.mjs", "export const inside = 'one';\n")
    .file("node_modules/dep/two.mjs", "export const inside = 'two';\n")
    .prepared(|directory| {
        std::os::unix::fs::symlink("to1.mjs", directory.join("link.mjs")).unwrap();
    })
}

/// JavaScript modules of [`subject`].
pub const MODULES: u64 = 6;

/// A run on the graph path.
pub fn graph<'a>(engine: &'a Engine, entry: &Path, mode: &str, cache: &Cache) -> Load<'a> {
    Load::new(engine, entry)
        .path("graph")
        .cache(mode, &cache.path())
}

/// A change to a program or its cache, and what must make its pack unusable by it: a module and the reason.
pub struct Case {
    /// What it is.
    pub name: &'static str,
    /// The module and the reason; nothing when the pack must still be used.
    pub miss: Option<(&'static str, &'static str)>,
    /// The change.
    pub change: fn(&Program, &Cache),
    /// Whether the engine has to say an error about it before the graph is whole: then nothing comes from the pack.
    pub is_broken: bool,
    /// Variables that are set from then on.
    pub environment: &'static [(&'static str, &'static str)],
}

/// A case without variables.
pub const fn case(
    name: &'static str,
    miss: Option<(&'static str, &'static str)>,
    change: fn(&Program, &Cache),
) -> Case {
    Case {
        name,
        miss,
        change,
        is_broken: false,
        environment: &[],
    }
}

/// A case in which a module cannot be found, loaded or parsed.
pub const fn broken(
    name: &'static str,
    miss: (&'static str, &'static str),
    change: fn(&Program, &Cache),
) -> Case {
    Case {
        is_broken: true,
        ..case(name, Some(miss), change)
    }
}

/// Each case on every engine: the reason and the module are named, the program shows what it shows when it is parsed, a
/// run that only reads changes nothing, and one that writes leaves a pack that serves everything.
pub fn check(cases: &[Case]) {
    check_with(subject, cases);
}

/// The same with another program.
pub fn check_with(subject: fn() -> Program, cases: &[Case]) {
    for case in cases {
        for engine in engines() {
            check_on(case, engine, &subject());
        }
    }
}

fn check_on(case: &Case, engine: &Engine, program: &Program) {
    let name = format!("{} on {}", case.name, engine.version);
    let entry = program.path("main.mjs");
    let cache = Cache::new();
    let first = graph(engine, &entry, "auto", &cache).run();
    let stats = &first.stats;
    stats.assert_pack_unused("main.mjs", "absent", &name);
    let served = graph(engine, &entry, "read-only", &cache).run();
    assert_from_pack(&served, &first, &name);

    (case.change)(program, &cache);
    let parsed = Load::new(engine, &entry)
        .path("parse")
        .environment(case.environment)
        .run();
    let before = cache.snapshot();
    let run = |mode: &str| {
        graph(engine, &entry, mode, &cache)
            .environment(case.environment)
            .run()
    };
    for mode in ["read-only", "auto"] {
        let loaded = run(mode);
        let Some((module, reason)) = case.miss else {
            assert_from_pack(&loaded, &parsed, &format!("{name}, {mode}"));
            continue;
        };
        assert_eq!(loaded.shown, parsed.shown, "{name}, {mode}");
        let name = format!("{name}, {mode}");
        if !case.is_broken && matches!(reason, "source" | "dependencies") {
            assert_edited(&loaded, &parsed, (module, reason), &name);
        } else {
            assert_not_used(&loaded, &parsed, (module, reason), &name);
        }
        if mode == "read-only" {
            assert_eq!(cache.snapshot(), before, "{name}");
        }
    }
    // What does not load has no pack.
    if parsed.shown.code == Some(0) {
        assert_from_pack(&run("read-only"), &parsed, &format!("{name}, afterwards"));
    }
}

#[track_caller]
fn assert_from_pack(loaded: &Loaded, parsed: &Loaded, name: &str) {
    assert_eq!(loaded.shown, parsed.shown, "{name}");
    assert_eq!(loaded.stats.misses, [], "{name}");
    assert_eq!(loaded.stats.hits, parsed.stats.modules, "{name}");
    assert_eq!(loaded.stats.parses(), [0; 3], "{name}");
}

/// What has changed was parsed, and what is new; everything else was served.
#[track_caller]
fn assert_edited(loaded: &Loaded, parsed: &Loaded, (module, reason): (&str, &str), name: &str) {
    let stats = &loaded.stats;
    let missed = stats.misses.len() as u64;
    assert_eq!(stats.modules, parsed.stats.modules, "{name}");
    assert_eq!(stats.hits + missed, stats.modules, "{name}");
    assert_eq!(stats.analyze, missed, "{name}");
    assert!(stats.hits > 0, "{name}");
    let is_javascript = module.ends_with(".mjs");
    for it in &stats.misses {
        let is_it = *it == miss(module, reason);
        assert!(is_it || it.1 == "absent", "{name}: {it:?}");
    }
    let is_missed = stats.misses.contains(&miss(module, reason));
    assert_eq!(is_missed, is_javascript && reason == "source", "{name}");
}

#[track_caller]
fn assert_not_used(loaded: &Loaded, parsed: &Loaded, (module, reason): (&str, &str), name: &str) {
    loaded.stats.assert_pack_unused(module, reason, name);
    assert_eq!(loaded.stats.hits, 0, "{name}");
    assert_eq!(loaded.stats.parses(), parsed.stats.parses(), "{name}");
}

/// A miss as [`Load`] tells it.
pub fn miss(module: &str, reason: &str) -> (String, String) {
    (module.to_owned(), reason.to_owned())
}

/// Changes a file's bytes in place.
pub fn edit(path: &Path, edit: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    edit(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Replaces a text in a file.
#[track_caller]
pub fn replace(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from));
    fs::write(path, text.replace(from, to)).unwrap();
}

/// Sets a file's time of modification.
pub fn set_time(path: &Path, time: SystemTime) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
}

/// Writes the right checksum into a pack.
pub fn sign(pack: &mut [u8]) {
    let checksum = Digest::of(&pack[CHECKED_FROM..]);
    pack[CHECKSUM_OFFSET..CHECKED_FROM].copy_from_slice(checksum.as_bytes());
}

/// Bytes as a reader takes them.
pub fn bytes(bytes: &[u8]) -> EntryBytes {
    EntryBytes::copy_of(bytes).unwrap()
}

/// The bytes of the subject's pack, made by this engine.
pub fn sample(engine: &Engine) -> Vec<u8> {
    let program = subject();
    let cache = Cache::new();
    graph(engine, &program.path("main.mjs"), "auto", &cache).run();
    fs::read(cache.pack()).unwrap()
}
