//! The engines to test on.

use std::path::PathBuf;
use std::sync::LazyLock;

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

/// Every pinned engine. A machine that lacks one cannot say that the tests pass.
pub fn engines() -> &'static [Engine] {
    static ENGINES: LazyLock<Vec<Engine>> = LazyLock::new(list);
    &ENGINES
}

fn list() -> Vec<Engine> {
    let output = call(&["engine", "list", "--format", "json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let engines: Vec<Engine> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| Engine {
            name: string(&it["name"]),
            version: string(&it["version"]),
            fingerprint: string(&it["fingerprint"]),
            directory: string(&it["directory"]).into(),
            default: it["default"].as_bool().unwrap(),
        })
        .collect();
    for version in ["2.52.6", "2.50.6"] {
        assert!(
            engines.iter().any(|it| it.version == version),
            "engine {version} is missing; next: cargo xtask setup"
        );
    }
    engines
}

fn string(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
