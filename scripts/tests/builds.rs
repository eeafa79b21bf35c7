//! What is compiled for one purpose serves the others.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::process::Command;

/// Every package that `jsc-harness` is made of by these kinds of dependencies, with its version and features.
fn packages(kinds: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", "jsc-harness"])
        .args(["--edges", kinds, "--prefix", "none", "--no-dedupe"])
        .args(["--format", "{p} {f}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    stdout.lines().map(str::to_owned).collect()
}

/// Benchmarks have more dependencies. If one of them asked a shared package for another feature, that package and all that
/// depends on it would be compiled again, which takes minutes.
#[test]
fn benchmarks_use_what_a_release_build_has_compiled() {
    let release = packages("normal,build");
    let benchmarks = packages("normal,build,dev");
    assert!(release.len() > 100);
    let again: Vec<&String> = release.difference(&benchmarks).collect();
    assert!(
        again.is_empty(),
        "give these in Cargo.toml the features that they have with dev-dependencies: {again:#?}"
    );
}
