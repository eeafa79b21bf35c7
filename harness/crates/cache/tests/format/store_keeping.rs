//! Keeping a store in order: reasons for what is absent, sweeping, collecting, clearing, odd names, many entries.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use jsc_module_cache::MissReason;
use jsc_module_cache::MissReason::{Absent, Io, Options, Source};
use jsc_module_cache::store::{Access, Cleared, GcPolicy, Loading, ModuleState};
use jsc_module_cache::{
    Digest, Expected, Identity as Engine, SourceHash, Store, VerifiedEntry, write,
};

use testing::sample_store::{Fixture, open};
use testing::samples;

fn entry(key: &str, source: &[u8], identity: &Engine) -> VerifiedEntry {
    let image = samples::record().encode().unwrap();
    let mut parts = samples::parts(identity, &image);
    parts.module_key = key;
    parts.source_hash = SourceHash::of(source);
    parts.source_length = source.len() as u64;
    parts.source_units = 0;
    write(&parts).unwrap()
}

fn expected<'a>(key: &'a str, source: &[u8], identity: &'a Engine) -> Expected<'a> {
    Expected {
        identity,
        module_key: key,
        source_hash: SourceHash::of(source),
        source_length: source.len() as u64,
    }
}

fn reason(store: &Store, expected: &Expected<'_>) -> Option<MissReason> {
    store.load(expected).err().map(|miss| miss.reason)
}

#[test]
fn a_missing_file_says_what_has_changed() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("modules");
    let engine = samples::identity();
    let other_engine = Engine {
        engine: Digest::of(b"other"),
        ..engine
    };
    let other_options = Engine {
        options: Digest::of(b"other"),
        ..engine
    };
    open(&directory).save(&entry("a", b"1", &engine)).unwrap();
    let store = Store::open(&directory, Access::ReadOnly, Loading::Read);
    assert_eq!(reason(&store, &expected("a", b"1", &engine)), None);
    assert_eq!(
        reason(&store, &expected("a", b"1", &other_engine)),
        Some(MissReason::Engine)
    );
    assert_eq!(
        reason(&store, &expected("a", b"1", &other_options)),
        Some(Options)
    );
    assert_eq!(reason(&store, &expected("a", b"2", &engine)), Some(Source));
    assert_eq!(reason(&store, &expected("b", b"1", &engine)), Some(Absent));
}

#[test]
fn old_temporary_files_are_swept_before_the_first_write() {
    let fixture = Fixture::new();
    let age = |name: &str, age: Duration, future: bool| {
        let path = fixture.directory.join(name);
        fs::write(&path, b"half").unwrap();
        let time = if future {
            SystemTime::now() + age
        } else {
            SystemTime::now() - age
        };
        fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(time)
            .unwrap();
        path
    };
    let hour = Duration::from_secs(3600);
    let old = age(".jscm-tmp-0123456789abcdef", hour * 2, false);
    let recent = age(".jscm-tmp-1123456789abcdef", hour / 2, false);
    let future = age(".jscm-tmp-2123456789abcdef", hour * 24 * 365, true);
    let foreign = age("README", hour * 2, false);

    let reader = Store::open(&fixture.directory, Access::ReadOnly, Loading::Read);
    assert!(reader.names().unwrap().len() == 1 && old.exists());
    open(&fixture.directory).save(&samples::entry()).unwrap();
    assert!(!old.exists());
    assert!(recent.exists() && future.exists() && foreign.exists());
}

#[test]
fn a_write_that_fails_leaves_nothing() {
    let fixture = Fixture::new();
    fs::remove_file(&fixture.file).unwrap();
    // A directory cannot be replaced by a file.
    fs::create_dir(&fixture.file).unwrap();
    let miss = open(&fixture.directory)
        .save(&samples::entry())
        .unwrap_err();
    assert_eq!(miss.reason, Io);
    assert_eq!(fs::read_dir(&fixture.directory).unwrap().count(), 1);
}

#[test]
fn collection_drops_what_nobody_will_use() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("modules");
    let live = samples::identity();
    let dead = Engine {
        engine: Digest::of(b"dead"),
        ..live
    };
    let store = open(&directory);
    store.save(&entry("kept", b"1", &live)).unwrap();
    store.save(&entry("unknown", b"1", &live)).unwrap();
    store.save(&entry("gone", b"1", &live)).unwrap();
    store.save(&entry("stale", b"1", &live)).unwrap();
    store.save(&entry("kept", b"1", &dead)).unwrap();
    let invalid = entry("invalid", b"1", &live);
    store.save(&invalid).unwrap();
    let name = jsc_module_cache::store::EntryName::new("invalid", SourceHash::of(b"1"), &live);
    fs::write(directory.join(name.to_string()), b"nonsense").unwrap();
    fs::write(directory.join("notes.txt"), b"mine").unwrap();

    let state = |key: &str| match key {
        "kept" => ModuleState::Source(SourceHash::of(b"1")),
        "stale" => ModuleState::Source(SourceHash::of(b"2")),
        "gone" => ModuleState::Gone,
        _ => ModuleState::Unknown,
    };
    let policy = GcPolicy {
        live: Some(&[live]),
    };
    let report = store.gc(&policy, state).unwrap();
    assert_eq!(report.kept.files, 2);
    assert_eq!(report.other_engine.files, 1);
    assert_eq!(report.gone.files, 1);
    assert_eq!(report.stale.files, 1);
    assert_eq!(report.invalid.files, 1);
    assert_eq!(report.invalid.bytes, 8);
    assert_eq!(report.failed, [""; 0]);
    assert!(directory.join("notes.txt").exists());
    assert_eq!(reason(&store, &expected("kept", b"1", &live)), None);
    assert_eq!(store.names().unwrap().len(), 2);
    let again = store.gc(&policy, state).unwrap();
    assert_eq!(again.kept, report.kept);
}

#[test]
fn clearing_removes_our_files_only() {
    let fixture = Fixture::new();
    fs::write(fixture.directory.join("notes.txt"), b"mine").unwrap();
    fs::write(fixture.directory.join(".jscm-tmp-00"), b"half").unwrap();
    fs::create_dir(fixture.directory.join("folder.jscm")).unwrap();
    let bytes = fs::metadata(&fixture.file).unwrap().len() + 4;
    let cleared = open(&fixture.directory).clear().unwrap();
    assert_eq!(
        cleared,
        Cleared {
            files: 2,
            bytes,
            foreign: 2
        }
    );
    assert!(!fixture.file.exists());
    assert!(fixture.directory.join("notes.txt").exists());
}

#[test]
fn a_hundred_thousand_entries() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("modules");
    let store = open(&directory);
    let engine = samples::identity();
    store.save(&entry("a", b"1", &engine)).unwrap();
    for index in 0..100_000u64 {
        let name = format!("{index:016x}-{index:016x}-{index:016x}-{index:016x}.jscm");
        fs::write(directory.join(name), b"").unwrap();
    }
    assert_eq!(store.names().unwrap().len(), 100_001);
    let store = Store::open(&directory, Access::ReadOnly, Loading::Read);
    assert_eq!(reason(&store, &expected("a", b"1", &engine)), None);
    for _ in 0..1000 {
        assert_eq!(reason(&store, &expected("b", b"1", &engine)), Some(Absent));
    }
    assert_eq!(open(&directory).clear().unwrap().files, 100_001);
}

#[test]
fn odd_directory_names() {
    let home = tempfile::tempdir().unwrap();
    let long = "x".repeat(255);
    for name in [
        OsStr::from_bytes(b"\xff\xfe ok"),
        OsStr::new(&long),
        OsStr::new("a\nb"),
    ] {
        let directory = home.path().join(name).join("deep").join("deeper");
        let store = open(&directory);
        assert_eq!(store.refusal(), None);
        store.save(&samples::entry()).unwrap();
        let engine = samples::identity();
        assert_eq!(reason(&store, &samples::expected(&engine)), None);
    }
    let too_long = "x".repeat(256);
    let store = open(&home.path().join(too_long));
    assert_eq!(store.refusal().map(|it| it.reason), Some(Io));
    assert_eq!(
        open(Path::new("/proc/none")).refusal().map(|it| it.reason),
        Some(Io)
    );
}
