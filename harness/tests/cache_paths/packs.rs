//! Packs that are damaged, exchanged, stale or not to be trusted: a miss with its reason, the parse path's output, and a new
//! pack.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use jsc_module_cache::pack::layout::HEADER_SIZE;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::support::{Cache, Load, Loaded, parse};
use test_programs::{Engine, Program, engines, program, two_engines};

fn subject() -> Program {
    program(
        "import Part, { a } from './a.mjs'; import data from './data.json' with { type: 'json' }; import * as all from './a.mjs';
         function show() { return [a, new Part().m(), data.x, Object.keys(all)]; } console.log(show());",
    )
    .file("a.mjs", "export const a = 1; export default class Part { #p = 2; m() { return this.#p; } }")
    .file("data.json", r#"{ "x": 3 }"#)
    .file("other.mjs", "console.log('other');")
}

/// A program, its pack, and what it shows when it is parsed.
struct Packed<'a> {
    engine: &'a Engine,
    program: Program,
    cache: Cache,
    file: PathBuf,
    pack: Vec<u8>,
    parsed: Loaded,
}

impl<'a> Packed<'a> {
    fn new(engine: &'a Engine) -> Self {
        let (program, cache) = (subject(), Cache::new());
        let entry = program.path("main.mjs");
        let parsed = parse(engine, &entry).run();
        load(engine, &entry, "auto", &cache);
        let file = only_pack(&cache);
        let pack = fs::read(&file).unwrap();
        let packed = Self {
            engine,
            program,
            cache,
            file,
            pack,
            parsed,
        };
        packed.is_used();
        packed
    }

    fn load(&self, mode: &str) -> Loaded {
        load(
            self.engine,
            &self.program.path("main.mjs"),
            mode,
            &self.cache,
        )
    }

    #[track_caller]
    fn is_used(&self) {
        let loaded = self.load("read-only");
        assert_eq!(loaded.shown, self.parsed.shown);
        assert_eq!(
            (loaded.stats.misses.len(), loaded.stats.parses()),
            (0, [0; 3])
        );
    }

    /// It is not used because of this, and everything is as if there were none.
    #[track_caller]
    fn misses(&self, what: &str, reason: &str) {
        let loaded = self.load("read-only");
        assert_eq!(loaded.shown, self.parsed.shown, "{what}");
        assert_eq!(loaded.stats.hits, 0, "{what}");
        assert_eq!(loaded.stats.parses(), self.parsed.stats.parses(), "{what}");
        loaded.stats.assert_pack_unused("main.mjs", reason, what);
    }

    /// Puts these bytes in its place, as a run would.
    fn put(&self, bytes: &[u8]) {
        let aside = self.file.with_extension("aside");
        fs::write(&aside, bytes).unwrap();
        fs::set_permissions(&aside, Permissions::from_mode(0o600)).unwrap();
        fs::rename(&aside, &self.file).unwrap();
    }
}

fn load(engine: &Engine, entry: &Path, mode: &str, cache: &Cache) -> Loaded {
    Load::new(engine, entry)
        .path("graph")
        .cache(mode, &cache.path())
        .run()
}

fn only_pack(cache: &Cache) -> PathBuf {
    let files = fs::read_dir(cache.path()).unwrap();
    let mut packs = files
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|it| it == "jscg"));
    let pack = packs.next().unwrap();
    assert_eq!(packs.next(), None);
    pack
}

#[test]
fn damaged() {
    for engine in engines() {
        let packed = Packed::new(engine);
        let pack = &packed.pack;
        let edges = [0, 1, 7, 8, HEADER_SIZE - 1, HEADER_SIZE, HEADER_SIZE + 80];
        for length in edges.into_iter().chain([pack.len() / 2, pack.len() - 1]) {
            packed.put(&pack[..length]);
            packed.misses(&format!("cut at {length}"), "truncated");
        }
        packed.put(&[pack, &b"x"[..]].concat());
        packed.misses("longer", "length");
        // A byte of each field of the header, of the table, and of places all over.
        let header = [
            (0, "magic"),
            (8, "format"),
            (12, "format"),
            (24, "checksum"),
            (40, "target"),
            (48, "engine"),
            (64, "options"),
            (80, "checksum"),
            (100, "checksum"),
            (HEADER_SIZE, "checksum"),
        ];
        let body = (1..16).map(|part| {
            (
                HEADER_SIZE + (pack.len() - HEADER_SIZE) * part / 16,
                "checksum",
            )
        });
        for (at, reason) in header.into_iter().chain(body) {
            let mut bytes = pack.clone();
            bytes[at] ^= 0x10;
            packed.put(&bytes);
            packed.misses(&format!("byte {at}"), reason);
        }
        packed.put(&vec![0; pack.len()]);
        packed.misses("zeros", "magic");
        fs::remove_file(&packed.file).unwrap();
        packed.misses("gone", "absent");
        // With leave to write, a good one takes the bad one's place.
        packed.put(&pack[..100]);
        let healed = packed.load("auto");
        assert_eq!(healed.shown, packed.parsed.shown);
        packed.is_used();
    }
}

#[test]
fn not_to_be_trusted() {
    for engine in engines() {
        let packed = Packed::new(engine);
        let aside = packed.program.path("aside");
        fs::copy(&packed.file, &aside).unwrap();
        let again = || fs::remove_file(&packed.file).unwrap();
        again();
        symlink(&aside, &packed.file).unwrap();
        packed.misses("a link", "untrusted");
        again();
        mknodat(CWD, &packed.file, FileType::Fifo, Mode::RWXU, 0).unwrap();
        packed.misses("a pipe", "untrusted");
        again();
        fs::create_dir(&packed.file).unwrap();
        packed.misses("a directory", "untrusted");
        fs::remove_dir(&packed.file).unwrap();
        packed.put(&packed.pack);
        packed.is_used();
        fs::set_permissions(&packed.file, Permissions::from_mode(0o622)).unwrap();
        packed.misses("open to others", "untrusted");
    }
}

#[test]
fn of_something_else() {
    for engine in engines() {
        let packed = Packed::new(engine);
        let other_program = Cache::new();
        let entry = packed.program.path("other.mjs");
        load(packed.engine, &entry, "auto", &other_program);
        packed.put(&fs::read(only_pack(&other_program)).unwrap());
        packed.misses("another program", "identity");
        let entries = Cache::new();
        Load::full(packed.engine, &entry, "auto", &entries.path()).run();
        packed.put(&fs::read(entries.entry(&entry)).unwrap());
        packed.misses("an entry", "magic");
    }
}

#[test]
fn of_another_engine() {
    let Some(both) = two_engines!() else {
        return;
    };
    let [newer, older] = both.map(Packed::new);
    for (packed, other) in [(&newer, &older), (&older, &newer)] {
        packed.put(&other.pack);
        packed.misses("another engine", "engine");
    }
}

#[test]
fn stale() {
    for engine in engines() {
        let packed = Packed::new(engine);
        for file in ["a.mjs", "data.json", "main.mjs"] {
            let path = packed.program.path(file);
            let before = fs::read_to_string(&path).unwrap();
            // What the program shows stays the same.
            fs::write(&path, format!("{before} ")).unwrap();
            let loaded = packed.load("read-only");
            assert_eq!(loaded.shown, packed.parsed.shown, "{file}");
            let misses: &[(&str, &str)] = match file {
                "data.json" => &[],
                file => &[(file, "source")],
            };
            loaded.stats.assert_pack_served_but(misses, file);
            fs::write(&path, before).unwrap();
            packed.is_used();
        }
        fs::write(packed.program.path("data.json"), r#"{ "x": 4 }"#).unwrap();
        let parsed = parse(engine, &packed.program.path("main.mjs")).run();
        assert_ne!(parsed.shown, packed.parsed.shown);
        assert_eq!(packed.load("auto").shown, parsed.shown);
        let again = packed.load("read-only");
        assert_eq!((again.shown, again.stats.parses()), (parsed.shown, [0; 3]));
    }
}
