//! Starting the real binary: a program in a directory of its own, on every engine.

mod engine;
pub mod program;

use std::process::{Command, Output, Stdio};

pub(crate) use engine::two_engines;
pub use engine::{Engine, default_engine, engines, two_engines_for};
pub use program::{Program, program};

/// Far more than any of these programs takes; one that hangs fails its test instead of the whole suite.
const SECONDS: &str = "60";

/// The binary, which is killed (exit code 124) if it hangs.
pub fn jsc_harness() -> Command {
    let mut command = Command::new("timeout");
    command
        .args([SECONDS, env!("CARGO_BIN_EXE_jsc-harness")])
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
