//! Records: what is written is what is read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

use record::{History, read, write};
use testing::records::{eventful, made_up};

fn in_folder(test: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    test(folder.path());
}

#[test]
fn what_is_written_is_what_is_read() {
    in_folder(|folder| {
        let file = folder.join("a.json");
        for record in [
            made_up(),
            eventful(),
            testing::records::record(&[], 0, |_, _, _| 1),
        ] {
            write(&record, &file, true).unwrap();
            assert_eq!(read(&file).unwrap(), record);
        }
    });
}

#[test]
fn each_sample_is_one_line() {
    in_folder(|folder| {
        let file = folder.join("a.json");
        write(&eventful(), &file, false).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        let samples = text
            .lines()
            .filter(|line| line.trim_start().starts_with('[') && line.contains("\"full\""))
            .count();
        assert_eq!(samples, 16);
    });
}

#[test]
fn a_file_that_is_there_is_never_replaced_unasked() {
    in_folder(|folder| {
        let history = History::at(folder.join("deep/history"));
        assert_eq!(history.files().unwrap(), Vec::<std::path::PathBuf>::new());
        let path = history.add(&made_up()).unwrap();
        assert!(path.ends_with("2026-01-02T030405Z-9.9.9-0123abcd.json"));
        let before = fs::read(&path).unwrap();
        let second = history.add(&eventful()).unwrap();
        assert!(second.ends_with("2026-01-02T030405Z-9.9.9-0123abcd-2.json"));
        assert!(read(&second).unwrap().run.id.ends_with("-2"));
        assert_eq!(fs::read(&path).unwrap(), before);
        let error = write(&eventful(), &path, false).unwrap_err();
        assert!(
            error.to_string().ends_with("File exists (os error 17)"),
            "{error}"
        );
        assert_eq!(fs::read(&path).unwrap(), before);
        // Nothing half-written stays behind.
        assert_eq!(
            fs::read_dir(folder.join("deep/history")).unwrap().count(),
            2
        );
        assert_eq!(history.files().unwrap().len(), 2);
    });
}

#[test]
fn what_cannot_be_read_says_why() {
    in_folder(|folder| {
        let file = folder.join("a.json");
        let error = |text: &str| {
            fs::write(&file, text).unwrap();
            let error = read(&file).unwrap_err().to_string();
            error.replace(&file.display().to_string(), "FILE")
        };
        assert_eq!(
            error("{\"schema\": 99, \"whatever\": []}"),
            "FILE has schema 99; this program reads schemas up to 1: use the version that wrote it, or a later one"
        );
        assert_eq!(
            error("[]"),
            "FILE is not a result file: invalid length 0, expected struct Schema with 1 element at line 1 column 2"
        );
        assert_eq!(
            error("{\"schema\": 1}"),
            "FILE is not a result file: missing field `run` at line 1 column 13"
        );
        assert_eq!(
            read(&folder.join("absent.json")).unwrap_err().to_string(),
            format!(
                "cannot read result file {}: No such file or directory (os error 2)",
                folder.join("absent.json").display()
            )
        );
    });
}

#[test]
fn a_file_that_contradicts_itself_says_where() {
    in_folder(|folder| {
        let file = folder.join("a.json");
        write(&eventful(), &file, false).unwrap();
        let whole = fs::read_to_string(&file).unwrap();
        let error = |from: &str, to: &str| {
            assert!(whole.contains(from), "{from}");
            fs::write(&file, whole.replacen(from, to, 1)).unwrap();
            let error = read(&file).unwrap_err().to_string();
            let prefix = format!("{} is not a result file: ", file.display());
            error.strip_prefix(&prefix).unwrap().to_owned()
        };
        assert_eq!(
            error("[0,0,\"parse\",17,0,", "[99,0,\"parse\",17,0,"),
            "sample 0: block 99 of 16"
        );
        assert_eq!(
            error("[0,0,\"parse\",17,0,", "[0,5,\"parse\",17,0,"),
            "sample 0: engine 5 of 1"
        );
        assert_eq!(
            error("[0,0,\"parse\",17,0,", "[0,0,\"parse\",17,9,"),
            "sample 0: facts 9 of 3"
        );
        assert_eq!(
            error("[0,0,\"parse\",17,0,0,39", "[0,0,\"parse\",17,0,null,39"),
            "sample 0: missing field `start`"
        );
        assert_eq!(
            error("[0,0,\"parse\",17,0,", "[0,0,\"parse\",17,null,"),
            "sample 0: it has neither facts nor an error"
        );
    });
}
