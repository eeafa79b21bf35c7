//! The engines to test on: those that this machine has.
//!
//! What one engine can show is shown on every engine there is. A test that takes two asks for them with [`two_engines!`];
//! where there is one, the test is named, and `cargo xtask test` counts and lists it at its end.

use std::env;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::OnceLock;

use jsc_provision::env::{TEST_ALL_ENGINES, TESTS_LEFT_OUT};
use jsc_provision::pins;
use serde_json::Value;

use super::{call, text};

/// One engine of `engine list`.
#[derive(Debug)]
pub struct Engine {
    pub name: String,
    pub version: String,
    pub fingerprint: String,
    pub directory: PathBuf,
    pub default: bool,
}

/// Every installed engine, the newest first. There is one at least, or the test fails.
pub fn engines() -> &'static [Engine] {
    // A failure leaves it empty: each test that needs an engine says the same, and none says that another one panicked.
    static ENGINES: OnceLock<Vec<Engine>> = OnceLock::new();
    ENGINES.get_or_init(list)
}

/// The pinned default, which the binary runs on when nobody asks for another one.
pub fn default_engine() -> &'static Engine {
    let mut defaults = engines().iter().filter(|it| it.default);
    let default = defaults.next().unwrap_or_else(|| {
        let version = pins::default_version();
        panic!("engine {version} is missing; hint: cargo xtask setup")
    });
    assert!(defaults.next().is_none(), "only one engine is the default");
    default
}

/// The two newest engines; nothing where there is one, and then the test that asks is named as left out. It fails instead
/// when every engine was asked for.
#[macro_export]
macro_rules! two_engines {
    () => {{
        fn here() {}
        $crate::two_engines_for(std::any::type_name_of_val(&here))
    }};
}
/// What [`two_engines!`] expands to; `place` is a function inside the test.
pub fn two_engines_for(place: &str) -> Option<[&'static Engine; 2]> {
    if let [newer, older, ..] = engines() {
        return Some([newer, older]);
    }
    leave_out(place.trim_end_matches("::here"));
    None
}

/// Also past the test runner, which keeps to itself what a passing test prints.
fn leave_out(test: &str) {
    let line =
        format!("left out: {test} needs a second engine; hint: cargo xtask setup --all-engines\n");
    io::stderr().write_all(line.as_bytes()).unwrap();
    if let Some(file) = env::var_os(TESTS_LEFT_OUT) {
        let file = OpenOptions::new().append(true).create(true).open(file);
        file.unwrap()
            .write_all(format!("{test}\n").as_bytes())
            .unwrap();
    }
}

fn list() -> Vec<Engine> {
    let output = call(&["engine", "list", "--format", "json"]);
    assert!(
        output.status.success(),
        "the engines cannot be listed: {}",
        text(&output.stderr)
    );
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let engines: Vec<Engine> = listed
        .as_array()
        .unwrap()
        .iter()
        // What somebody named may be broken by intention, and what is not built cannot be run.
        .filter(|it| it["kind"] == "pinned" && it["state"] == "ready")
        .map(|it| Engine {
            name: string(&it["name"]),
            version: string(&it["version"]),
            fingerprint: string(&it["fingerprint"]),
            directory: string(&it["directory"]).into(),
            default: it["default"].as_bool().unwrap(),
        })
        .collect();
    assert!(
        !engines.is_empty(),
        "no engine is installed; hint: cargo xtask setup"
    );
    if env::var_os(TEST_ALL_ENGINES).is_some() {
        for pin in pins::all() {
            assert!(
                engines.iter().any(|it| it.version == pin.version),
                "engine {} is missing, and every engine was asked for; hint: cargo xtask setup --all-engines",
                pin.version
            );
        }
    }
    engines
}

fn string(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
