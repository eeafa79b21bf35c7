//! `profile`.

use std::fs;

use test_programs::{Ran, jsc_harness_for};

fn profile(arguments: &[&str]) -> Ran {
    Ran::of(jsc_harness_for(600).arg("profile").args(arguments))
}

#[test]
fn two_paths_are_compared_by_function_and_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("profile");
    let options = ["-w", "^chain-100$", "--path", "parse,graph", "--out"];
    let Ran {
        code,
        stdout,
        stderr,
    } = profile(&[options.as_slice(), &[out.to_str().unwrap()]].concat());
    assert_eq!(code, Some(0), "{stderr}");
    for part in ["whole, million", "second, million", "JSC::Lexer<"] {
        assert!(stdout.contains(part), "{part} in {stdout}");
    }
    let mut kinds = Vec::new();
    for entry in fs::read_dir(&out).unwrap() {
        let path = entry.unwrap().path();
        let written = fs::read_to_string(&path).unwrap();
        let kind = path.extension().unwrap().to_string_lossy().into_owned();
        match &*kind {
            "svg" => assert!(written.contains("<svg"), "{}", path.display()),
            _ => assert!(
                written.starts_with("# callgrind format"),
                "{}",
                path.display()
            ),
        }
        kinds.push(kind);
    }
    kinds.sort();
    assert_eq!(kinds, ["callgrind", "callgrind", "svg", "svg", "svg"]);
    assert!(out.join("difference.svg").is_file());
}

#[test]
fn what_cannot_be_shown_is_refused() {
    let Ran { code, stderr, .. } = profile(&["-w", "^empty$", "--path", "parse,full,graph"]);
    assert_eq!(code, Some(64));
    assert!(stderr.contains("these are 3 loads"), "{stderr}");
    let Ran { code, stderr, .. } = profile(&["-w", "^stars-"]);
    assert_eq!(code, Some(64));
    assert!(
        stderr.contains("name one: an ENTRY, or -w '^NAME$'"),
        "{stderr}"
    );
    let Ran { code, stderr, .. } = profile(&["-w", "^empty$", "--engine", "none-such"]);
    assert_eq!(code, Some(4));
    assert!(stderr.contains("no engine `none-such`"), "{stderr}");
}
