//! What the store refuses: links, other kinds of files, other owners, open permissions.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use jsc_module_cache::MissReason::*;
use jsc_module_cache::Store;
use jsc_module_cache::store::{Access, Loading, Saved};
use rustix::process::geteuid;

use testing::sample_store::{Fixture, open, reason};
use testing::samples;

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn what_it_makes_is_closed_to_others() {
    let fixture = Fixture::new();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(&fixture.directory), 0o700);
    assert_eq!(mode(&fixture.file), 0o600);
    assert_eq!(fixture.reason(), None);
}

#[test]
fn a_directory_that_others_may_enter_is_refused_whole() {
    let fixture = Fixture::new();
    for open_to_others in [0o701, 0o704, 0o710, 0o720, 0o750, 0o777, 0o1777] {
        mode(&fixture.directory, open_to_others);
        assert_eq!(fixture.reason(), Some(Untrusted), "{open_to_others:o}");
        let store = open(&fixture.directory);
        assert_eq!(store.refusal().map(|it| it.reason), Some(Untrusted));
        let miss = store.save(&samples::entry()).unwrap_err();
        assert_eq!(miss.reason, Untrusted);
        assert!(store.clear().is_err());
    }
    assert!(fixture.file.exists());
    mode(&fixture.directory, 0o700);
    assert_eq!(fixture.reason(), None);
}

#[test]
fn a_linked_directory_is_refused_however_it_is_spelled() {
    let fixture = Fixture::new();
    let link = fixture.home.path().join("link");
    symlink(&fixture.directory, &link).unwrap();
    let text = link.to_str().unwrap();
    for spelling in [text.to_owned(), format!("{text}/"), format!("{text}/.")] {
        assert_eq!(reason(Path::new(&spelling)), Some(Untrusted), "{spelling}");
        assert_eq!(
            open(Path::new(&spelling)).refusal().map(|it| it.reason),
            Some(Untrusted)
        );
    }
    let dangling = fixture.home.path().join("dangling");
    symlink(fixture.home.path().join("nowhere"), &dangling).unwrap();
    assert_eq!(
        open(&dangling).refusal().map(|it| it.reason),
        Some(Untrusted)
    );
    assert!(!fixture.home.path().join("nowhere").exists());
    // A link above the directory is the user's own business.
    let above = fixture.home.path().join("above");
    symlink(fixture.home.path(), &above).unwrap();
    assert_eq!(reason(&above.join("modules")), None);
}

#[test]
fn a_file_in_place_of_the_directory_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("modules");
    fs::write(&path, b"").unwrap();
    assert_eq!(open(&path).refusal().map(|it| it.reason), Some(Untrusted));
    assert_eq!(
        open(&path.join("below")).refusal().map(|it| it.reason),
        Some(Untrusted)
    );
    assert_eq!(reason(&home.path().join("none")), Some(Absent));
}

#[test]
fn links_and_other_kinds_of_files_are_refused() {
    let fixture = Fixture::new();
    let elsewhere = fixture.home.path().join("elsewhere");
    fs::rename(&fixture.file, &elsewhere).unwrap();

    symlink(&elsewhere, &fixture.file).unwrap();
    assert_eq!(fixture.reason(), Some(Untrusted));
    fs::remove_file(&fixture.file).unwrap();

    symlink("nowhere", &fixture.file).unwrap();
    assert_eq!(fixture.reason(), Some(Untrusted));
    fs::remove_file(&fixture.file).unwrap();

    fs::create_dir(&fixture.file).unwrap();
    assert_eq!(fixture.reason(), Some(Untrusted));
    fs::remove_dir(&fixture.file).unwrap();

    // Opening a FIFO without a writer must not hang.
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &fixture.file,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from(0o600),
        0,
    )
    .unwrap();
    assert_eq!(fixture.reason(), Some(Untrusted));
    fs::remove_file(&fixture.file).unwrap();

    // A socket's path must be short: bind where we are.
    let socket = fixture.directory.join("s");
    if UnixListener::bind(&socket).is_ok() {
        fs::rename(&socket, &fixture.file).unwrap();
        assert_eq!(fixture.reason(), Some(Untrusted));
        fs::remove_file(&fixture.file).unwrap();
    }
}

#[test]
fn a_file_that_others_may_write_is_refused() {
    let fixture = Fixture::new();
    for (bits, expected) in [
        (0o620, Some(Untrusted)),
        (0o602, Some(Untrusted)),
        (0o666, Some(Untrusted)),
        (0o644, None),
        (0o400, None),
    ] {
        mode(&fixture.file, bits);
        assert_eq!(fixture.reason(), expected, "{bits:o}");
    }
}

#[test]
fn another_owner_is_refused() {
    if !geteuid().is_root() {
        // Only root can give files away.
        return;
    }
    let fixture = Fixture::new();
    chown(&fixture.file, Some(12_345), None).unwrap();
    assert_eq!(fixture.reason(), Some(Untrusted));
    chown(&fixture.file, Some(0), None).unwrap();
    assert_eq!(fixture.reason(), None);
    chown(&fixture.directory, Some(12_345), None).unwrap();
    assert_eq!(fixture.reason(), Some(Untrusted));
    assert_eq!(
        open(&fixture.directory)
            .save(&samples::entry())
            .map_err(|it| it.reason),
        Err(Untrusted)
    );
}

#[test]
fn a_hard_link_edited_in_place_is_found() {
    let fixture = Fixture::new();
    let other = fixture.home.path().join("other");
    fs::hard_link(&fixture.file, &other).unwrap();
    assert_eq!(fixture.reason(), None);
    let mut bytes = fs::read(&other).unwrap();
    bytes[400] ^= 1;
    fs::write(&other, &bytes).unwrap();
    assert_eq!(fixture.reason(), Some(Checksum));
    // Writing makes a new file and leaves the other name alone.
    open(&fixture.directory).save(&samples::entry()).unwrap();
    assert_eq!(fixture.reason(), None);
    assert_eq!(fs::read(&other).unwrap(), bytes);
}

#[test]
fn a_link_in_the_place_of_an_entry_is_replaced_and_not_followed() {
    let fixture = Fixture::new();
    let victim = fixture.home.path().join("victim");
    fs::write(&victim, b"precious").unwrap();
    fs::remove_file(&fixture.file).unwrap();
    symlink(&victim, &fixture.file).unwrap();
    open(&fixture.directory).save(&samples::entry()).unwrap();
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
    assert_eq!(fixture.reason(), None);
}

#[test]
fn read_only_changes_nothing() {
    let fixture = Fixture::new();
    let before = fs::metadata(&fixture.directory)
        .unwrap()
        .modified()
        .unwrap();
    let store = Store::open(&fixture.directory, Access::ReadOnly, Loading::Read);
    assert_eq!(store.save(&samples::entry()), Ok(Saved::ReadOnly));
    assert_eq!(store.clear().map_err(|it| it.reason), Err(Io));
    assert!(store.gc(&Default::default(), |_| panic!("asked")).is_err());
    let after = fs::metadata(&fixture.directory)
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(before, after);

    let none = fixture.home.path().join("none");
    let store = Store::open(&none, Access::ReadOnly, Loading::Read);
    assert_eq!(store.save(&samples::entry()), Ok(Saved::ReadOnly));
    assert!(!none.exists());
}
