//! Packs that are no files of the store's making.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::support::{Cache, case, check, graph, subject};
use test_programs::engines;
use test_programs::load::Load;

#[test]
fn what_is_there_in_its_place() {
    const UNTRUSTED: Option<(&str, &str)> = Some(("main.mjs", "untrusted"));
    check(&[
        case("nothing", Some(("main.mjs", "absent")), |_, cache| {
            fs::remove_file(cache.pack()).unwrap();
        }),
        case("a link to it", UNTRUSTED, |_, cache| {
            let pack = cache.pack();
            let moved = pack.with_extension("moved");
            fs::rename(&pack, &moved).unwrap();
            symlink(moved, pack).unwrap();
        }),
        case("a FIFO", UNTRUSTED, |_, cache| {
            let pack = cache.pack();
            fs::remove_file(&pack).unwrap();
            mknodat(CWD, &pack, FileType::Fifo, Mode::from(0o600), 0).unwrap();
        }),
        case("a file that others may write", UNTRUSTED, |_, cache| {
            fs::set_permissions(cache.pack(), Permissions::from_mode(0o666)).unwrap();
        }),
    ]);
}

/// A directory that is a link, or open to others: no pack of it is used, and nothing is written.
#[test]
fn a_directory_that_is_not_trusted() {
    for engine in engines() {
        for spoil in [
            (|cache| {
                let moved = cache.path().with_extension("moved");
                fs::rename(cache.path(), &moved).unwrap();
                symlink(moved, cache.path()).unwrap();
            }) as fn(&Cache),
            |cache| fs::set_permissions(cache.path(), Permissions::from_mode(0o755)).unwrap(),
        ] {
            let program = subject();
            let entry = program.path("main.mjs");
            let cache = Cache::new();
            graph(engine, &entry, "auto", &cache).run();
            spoil(&cache);
            let before = cache.snapshot();
            let parsed = Load::new(engine, &entry).path("parse").run();
            for mode in ["read-only", "auto"] {
                let loaded = graph(engine, &entry, mode, &cache).run();
                assert_eq!(loaded.shown.stdout, parsed.shown.stdout);
                assert!(
                    loaded
                        .shown
                        .stderr
                        .starts_with("warning: the cache is not used: untrusted: "),
                    "{:?}",
                    loaded.shown
                );
                let stats = &loaded.stats;
                stats.assert_pack_unused("main.mjs", "untrusted", mode);
                assert_eq!(loaded.stats.hits, 0);
            }
            assert_eq!(cache.snapshot(), before);
        }
    }
}
