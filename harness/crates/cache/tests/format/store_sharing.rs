//! Many readers and writers at once.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use jsc_module_cache::MissReason::*;
use jsc_module_cache::Store;
use jsc_module_cache::store::{Access, Loading};

use testing::sample_store::{Fixture, open};
use testing::samples;

#[test]
fn writers_and_readers_meet_whole_entries_only() {
    let fixture = Fixture::new();
    let done = AtomicBool::new(false);
    let identity = samples::identity();
    thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let store = open(&fixture.directory);
                    let entry = samples::entry();
                    for _ in 0..50 {
                        store.save(&entry).unwrap();
                    }
                })
            })
            .collect();
        for loading in [Loading::Read, Loading::Map] {
            let (done, identity, directory) = (&done, &identity, &fixture.directory);
            scope.spawn(move || {
                let store = Store::open(directory, Access::ReadOnly, loading);
                while !done.load(Ordering::Relaxed) {
                    store.load(&samples::expected(identity)).expect("a hit");
                }
            });
        }
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    let left = fs::read_dir(&fixture.directory).unwrap().count();
    assert_eq!(left, 1, "temporary files are left");
}

#[test]
fn a_reader_keeps_what_it_has() {
    let fixture = Fixture::new();
    let identity = samples::identity();
    for loading in [Loading::Read, Loading::Map] {
        let store = Store::open(&fixture.directory, Access::ReadWrite, loading);
        let entry = store.load(&samples::expected(&identity)).unwrap();
        let bytes = entry.as_bytes().to_vec();
        store.save(&samples::entry()).unwrap();
        assert_eq!(entry.as_bytes(), bytes);
        store.clear().unwrap();
        assert_eq!(entry.as_bytes(), bytes);
        assert_eq!(entry.record(), samples::record());
        store.save(&samples::entry()).unwrap();
    }
}

#[test]
fn moving_an_entry_does_not_move_its_bytes() {
    let fixture = Fixture::new();
    let identity = samples::identity();
    for loading in [Loading::Read, Loading::Map] {
        let store = Store::open(&fixture.directory, Access::ReadOnly, loading);
        let entry = store.load(&samples::expected(&identity)).unwrap();
        let address = entry.bytecode().as_ptr();
        let moved = Box::new(entry);
        assert_eq!(moved.bytecode().as_ptr(), address);
    }
}

#[test]
fn files_that_are_damaged_in_the_store_miss() {
    let fixture = Fixture::new();
    let good = fs::read(&fixture.file).unwrap();
    for (bytes, expected) in [
        (&b""[..], Truncated),
        (&good[..good.len() - 1], Truncated),
        (&[&good[..], &[0]].concat(), Length),
        (&b"BMES\x01\0\0\0\0\0\0\0"[..], Magic),
    ] {
        fs::write(&fixture.file, bytes).unwrap();
        assert_eq!(fixture.reason(), Some(expected));
    }
    // A file beyond all limits is not read; it is sparse, so it costs nothing.
    let file = fs::File::create(&fixture.file).unwrap();
    file.set_len(1 << 40).unwrap();
    assert_eq!(fixture.reason(), Some(Length));
}

#[test]
fn an_entry_under_the_name_of_another_is_not_it() {
    let fixture = Fixture::new();
    let identity = samples::identity();
    let mut other = samples::expected(&identity);
    other.module_key = "file:///project/src/other.js";
    let name = jsc_module_cache::store::EntryName::of(&other).to_string();
    fs::rename(&fixture.file, fixture.directory.join(name)).unwrap();
    let miss = open(&fixture.directory).load(&other).unwrap_err();
    assert_eq!(miss.reason, Identity);
}
