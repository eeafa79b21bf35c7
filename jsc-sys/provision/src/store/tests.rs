use std::os::unix::fs::MetadataExt;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::*;
use crate::testing::{Bench, Recorder};

fn staged(store: &Store) -> Vec<PathBuf> {
    let entries = fs::read_dir(store.root().join("staging"))
        .unwrap()
        .flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.file_name().unwrap() != "sweep.lock")
        .collect()
}

#[test]
fn folders_are_private() {
    let bench = Bench::new();
    let store = Store::new(&bench.settings());
    let _staging = store.staging().unwrap();
    for folder in [store.root().to_path_buf(), store.root().join("staging")] {
        assert_eq!(fs::metadata(folder).unwrap().mode() & 0o777, 0o700);
    }
}

#[test]
fn a_second_worker_waits_and_says_for_what() {
    let bench = Bench::new();
    let store = Store::new(&bench.settings());
    let first = store.lock("the-engine", &mut Recorder::default()).unwrap();
    let (sender, receiver) = mpsc::channel();
    let second = thread::spawn({
        let store = store.clone();
        move || {
            let mut log = Recorder::default();
            let lock = store.lock("the-engine", &mut log).unwrap();
            sender.send(log.steps).unwrap();
            drop(lock);
        }
    });
    assert!(
        receiver.recv_timeout(Duration::from_millis(300)).is_err(),
        "the lock is not exclusive"
    );
    drop(first);
    let steps = receiver.recv_timeout(Duration::from_secs(30)).unwrap();
    assert_eq!(
        steps,
        [format!(
            "waiting for process {}, which works on the-engine",
            std::process::id()
        )]
    );
    second.join().unwrap();
}

#[test]
fn two_things_do_not_wait_for_each_other() {
    let bench = Bench::new();
    let store = Store::new(&bench.settings());
    let _one = store.lock("one", &mut Recorder::default()).unwrap();
    let mut log = Recorder::default();
    let _two = store.lock("two", &mut log).unwrap();
    assert!(log.steps.is_empty());
}

#[test]
fn staging_is_gone_afterwards_and_a_dead_workers_is_swept() {
    let bench = Bench::new();
    let store = Store::new(&bench.settings());
    let staging = store.staging().unwrap();
    fs::write(staging.path().join("half"), "x").unwrap();
    // What a killed process leaves behind: a folder, and a lock file that nobody holds.
    let dead = store.root().join("staging/work-dead");
    fs::create_dir(&dead).unwrap();
    fs::write(dead.join("half"), "x").unwrap();
    fs::write(store.root().join("staging/work-dead.lock"), "").unwrap();

    let other = store.staging().unwrap();
    assert!(!dead.exists());
    assert!(
        staging.path().join("half").exists(),
        "a living worker's folder was swept"
    );
    drop(staging);
    drop(other);
    assert_eq!(staged(&store), Vec::<PathBuf>::new());
}

#[test]
fn installing_replaces_what_was_there() {
    let bench = Bench::new();
    let store = Store::new(&bench.settings());
    let place = store.engine("e");
    for text in ["old", "new"] {
        let staging = store.staging().unwrap();
        let finished = staging.path().join("finished");
        fs::create_dir(&finished).unwrap();
        fs::write(finished.join("file"), text).unwrap();
        install(&finished, &place, &staging).unwrap();
        assert_eq!(fs::read_to_string(place.join("file")).unwrap(), text);
    }
    assert_eq!(staged(&store), Vec::<PathBuf>::new());
}
