//! The entry on the command line: any path to a regular file. What cannot be one is exit code 4.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::process::Command;

use test_programs::{binary, jsc_harness, program, text};

#[test]
fn names_that_look_like_something_else() {
    const SOURCE: &str = "console.log(import.meta.url);";
    for (name, url) in [
        ("a b.mjs", "a%20b.mjs"),
        ("100%.mjs", "100%25.mjs"),
        ("a?b#c.mjs", "a%3Fb%23c.mjs"),
        ("-x.mjs", "-x.mjs"),
        ("--help", "--help"),
        ("no extension", "no%20extension"),
        ("héé.mjs", "h%C3%A9%C3%A9.mjs"),
    ] {
        program("")
            .file(name, SOURCE)
            .entry(name)
            .prints(&format!("file://DIR/{url}\n"));
        let relative = format!("./sub/../{name}");
        program("")
            .file(name, SOURCE)
            .file("sub/x", "")
            .entry(&relative)
            .prints(&format!("file://DIR/{url}\n"));
    }
}

#[test]
fn a_symbolic_link_means_its_target() {
    program("console.log(import.meta.filename);")
        .prepared(|directory| symlink("main.mjs", directory.join("link.mjs")).unwrap())
        .entry("link.mjs")
        .prints("DIR/main.mjs\n");
}

#[test]
fn a_name_that_is_not_utf8() {
    let directory = tempfile::tempdir().unwrap();
    let name = OsStr::from_bytes(b"n\xFF.mjs");
    fs::write(
        directory.path().join(name),
        "console.log(import.meta.url.slice(-9), import.meta.filename, import.meta.dirname);",
    )
    .unwrap();
    let output = jsc_harness()
        .current_dir(directory.path())
        .arg("run")
        .arg(name)
        .output()
        .unwrap();
    assert_eq!(text(&output.stdout), "/n%FF.mjs undefined undefined\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_cannot_be_an_entry() {
    for (entry, message) in [
        ("missing.mjs", "cannot find entry 'missing.mjs'"),
        ("main", "cannot find entry 'main'; did you mean 'main.mjs'?"),
        (
            "main.mjs/",
            "cannot find entry 'main.mjs/'; did you mean 'main.mjs'?",
        ),
        (".", "entry '.' is a directory, not a regular file"),
        ("fifo", "entry 'fifo' is a FIFO, not a regular file"),
        (
            "/dev/zero",
            "entry '/dev/zero' is a device, not a regular file",
        ),
        (
            "loop",
            "cannot read entry 'loop': Too many levels of symbolic links (os error 40)",
        ),
    ] {
        program("console.log('never');")
            .prepared(|directory| {
                symlink("loop", directory.join("loop")).unwrap();
                assert!(
                    Command::new("mkfifo")
                        .arg(directory.join("fifo"))
                        .status()
                        .unwrap()
                        .success()
                );
            })
            .entry(entry)
            .ends(1, "", &format!("error: {message}\n"));
    }
}

#[test]
fn a_json_module() {
    program("")
        .file("main.json", "{}")
        .entry("main.json")
        .fails(
            "Uncaught TypeError: entry DIR/main.json is a JSON module, which a program can import and cannot start with: \
             an entry is JavaScript or WebAssembly [ERR_IMPORT_ATTRIBUTE_MISSING]",
        );
}

/// The program's own directory is gone; an absolute entry needs none.
#[test]
fn without_a_working_directory() {
    let program = program("console.log('fine');");
    let output = Command::new("sh")
        .args(["-c", r#"mkdir gone && cd gone && rmdir ../gone && "$1" run main.mjs; echo $?; "$1" run "$2""#, "sh"])
        .arg(binary())
        .arg(program.path("main.mjs"))
        .current_dir(program.path(""))
        .output()
        .unwrap();
    assert_eq!(text(&output.stdout), "1\nfine\n");
    assert_eq!(
        text(&output.stderr),
        "error: cannot find entry 'main.mjs'\n"
    );
}

/// A shell that closes the standard streams.
#[test]
fn without_standard_streams() {
    let program = program("console.log('out'); console.error('err');");
    for (redirection, stdout, stderr) in [
        ("<&-", "out\n", "err\n"),
        (">&-", "", "err\n"),
        ("<&- >&- 2>&-", "", ""),
    ] {
        let output = Command::new("sh")
            .args(["-c", &format!(r#""$1" run main.mjs {redirection}"#), "sh"])
            .arg(binary())
            .current_dir(program.path(""))
            .output()
            .unwrap();
        assert_eq!(
            (
                output.status.code(),
                &*text(&output.stdout),
                &*text(&output.stderr)
            ),
            (Some(0), stdout, stderr),
            "{redirection}"
        );
    }
}
