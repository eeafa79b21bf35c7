//! Starting the real binary: a program in a directory of its own, on every engine. For the tests of `jsc-harness` alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod engine;
pub mod load;
pub mod pack;
mod program;

use std::env;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

pub use engine::{Engine, default_engine, engines, two_engines_for};
pub use program::{Program, Ran, program};

/// Far more than most of these programs take; one that hangs fails its test instead of the whole suite.
const SECONDS: u64 = 60;

/// The binary, which is killed (exit code 124) if it hangs.
pub fn jsc_harness() -> Command {
    jsc_harness_for(SECONDS)
}

/// The binary, which is killed (exit code 124) after so many seconds.
pub fn jsc_harness_for(seconds: u64) -> Command {
    let mut command = Command::new("timeout");
    command
        .arg(seconds.to_string())
        .arg(binary())
        .stdin(Stdio::null())
        .env_remove("LD_LIBRARY_PATH")
        .env("NO_COLOR", "1");
    command
}

/// Runs the binary with these arguments.
pub fn call(arguments: &[&str]) -> Output {
    jsc_harness().args(arguments).output().unwrap()
}

/// The output as text, which it must be.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the output is UTF-8")
}

/// Where the binary is: Cargo puts a package's programs beside the folder of its test programs, and builds them first.
pub fn binary() -> PathBuf {
    let test = env::current_exe().unwrap();
    let folder = test.parent().and_then(|it| it.parent()).unwrap();
    let binary = folder.join("jsc-harness");
    assert!(binary.exists(), "{} is missing", binary.display());
    binary
}
