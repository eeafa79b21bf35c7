use std::fs;

use tar::Header;

use super::*;
use crate::testing::Bench;

/// An archive with entries as given: path, kind, link target or content. Paths are written as they are, unchecked.
fn archive(bench: &Bench, entries: &[(&str, EntryType, &str)]) -> PathBuf {
    let mut bytes = Vec::new();
    for (path, kind, text) in entries {
        let mut header = Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(0o755);
        let content = if *kind == EntryType::Regular {
            text.as_bytes()
        } else {
            b""
        };
        header.set_size(content.len() as u64);
        if *kind == EntryType::Symlink || *kind == EntryType::Link {
            header.as_gnu_mut().unwrap().linkname[..text.len()].copy_from_slice(text.as_bytes());
        }
        header.set_cksum();
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1024, 0);
    let path = bench.path("archive.tar.zst");
    fs::write(&path, zstd::encode_all(bytes.as_slice(), 1).unwrap()).unwrap();
    path
}

fn unpacked(bench: &Bench, entries: &[(&str, EntryType, &str)]) -> String {
    let archive = archive(bench, entries);
    let into = bench.path("into");
    let _ = fs::remove_dir_all(&into);
    fs::create_dir(&into).unwrap();
    match unpack(&archive, Compression::Zstd, &into) {
        Ok(path) => bench.redact(path.display()),
        Err(error) => bench.redact(error),
    }
}

#[test]
fn a_plain_archive_with_links_inside_is_unpacked() {
    let bench = Bench::new();
    let entries = [
        ("top/", EntryType::Directory, ""),
        ("top/a/file", EntryType::Regular, "text"),
        ("top/b/", EntryType::Directory, ""),
        ("top/b/link", EntryType::Symlink, "../a/file"),
    ];
    assert_eq!(unpacked(&bench, &entries), "BENCH/into/top");
    assert_eq!(
        fs::read_to_string(bench.path("into/top/b/link")).unwrap(),
        "text"
    );
}

#[test]
fn nothing_gets_outside() {
    let bench = Bench::new();
    let top = ("top/", EntryType::Directory, "");
    for (entry, problem) in [
        (
            ("../evil", EntryType::Regular, "x"),
            "the entry ../evil would lie outside the folder",
        ),
        (
            ("top/../../evil", EntryType::Regular, "x"),
            "the entry top/../../evil would lie outside the folder",
        ),
        (
            ("/evil", EntryType::Regular, "x"),
            "the entry /evil would lie outside the folder",
        ),
        (
            ("top/l", EntryType::Symlink, "../evil"),
            "the link top/l leads outside, to ../evil",
        ),
        (
            ("top/l", EntryType::Symlink, "/etc/passwd"),
            "the link top/l leads outside, to /etc/passwd",
        ),
        (
            ("top/a/l", EntryType::Symlink, "../../../x"),
            "the link top/a/l leads outside, to ../../../x",
        ),
        (
            ("top/h", EntryType::Link, "top/x"),
            "the entry top/h is of a kind that is not wanted here (Link)",
        ),
        (
            ("top/f", EntryType::Fifo, ""),
            "the entry top/f is of a kind that is not wanted here (Fifo)",
        ),
        (
            ("other/x", EntryType::Regular, "x"),
            "it has more than one top folder: top and other",
        ),
    ] {
        assert_eq!(
            unpacked(&bench, &[top, entry]),
            format!("BENCH/archive.tar.zst cannot be unpacked: {problem}")
        );
        assert!(!bench.path("evil").exists());
    }
}

#[test]
fn an_archive_without_a_folder_is_refused() {
    let bench = Bench::new();
    assert_eq!(
        unpacked(&bench, &[]),
        "BENCH/archive.tar.zst cannot be unpacked: it holds no folder"
    );
    let file = [("file", EntryType::Regular, "x")];
    assert_eq!(
        unpacked(&bench, &file),
        "BENCH/archive.tar.zst cannot be unpacked: it holds no folder"
    );
}

#[test]
fn what_is_no_engines_archive_is_named() {
    let bench = Bench::new();
    let path = archive(
        &bench,
        &[
            ("top/", EntryType::Directory, ""),
            ("top/sub/engine.json", EntryType::Regular, "{}"),
        ],
    );
    assert_eq!(
        bench.message(read_manifest(&path)),
        "BENCH/archive.tar.zst cannot be unpacked: it holds no engine.json in its top folder, so it is not a packed engine"
    );
}
