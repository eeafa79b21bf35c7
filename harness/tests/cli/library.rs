//! The shared library: one for the whole engine, and nothing but the intended symbols.

use std::path::Path;
use std::process::Command;

use test_programs::{binary, engines, text};

fn output_of(program: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new(program)
        .args(arguments)
        .arg(file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn one_javascriptcore_is_linked() {
    let linked = output_of("ldd", &[], &binary());
    let engines: Vec<&str> = linked
        .lines()
        .filter(|line| {
            let line = line.to_lowercase();
            ["jsc", "javascriptcore", "wtf", "bmalloc", "webkit"]
                .iter()
                .any(|it| line.contains(it))
        })
        .collect();
    let [engine] = engines[..] else {
        panic!("{linked}");
    };
    assert!(
        engine.trim_start().starts_with("libjsc_bridge.so => /"),
        "{engine}"
    );
}

#[test]
fn only_the_c_api_and_the_bridge_are_exported() {
    for engine in engines() {
        let symbols = output_of(
            "nm",
            &["--dynamic", "--defined-only", "--format=posix"],
            &engine.directory.join("libjsc_bridge.so"),
        );
        let names: Vec<&str> = symbols
            .lines()
            .map(|line| line.split(' ').next().unwrap())
            .map(|name| name.split('@').next().unwrap())
            .collect();
        let intended = |name: &&&str| {
            ["JS", "kJS", "jsb_"].iter().any(|prefix| {
                name.strip_prefix(prefix)
                    .is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_alphanumeric()))
            })
        };
        let others: Vec<_> = names.iter().filter(|name| !intended(name)).collect();
        assert!(others.is_empty(), "{}: {others:?}", engine.version);
        for wanted in [
            "JSValueMakeNumber",
            "JSObjectCallAsFunction",
            "jsb_abi_version",
            "jsb_realm_load",
        ] {
            assert!(names.contains(&wanted), "{}: no {wanted}", engine.version);
        }
    }
}
