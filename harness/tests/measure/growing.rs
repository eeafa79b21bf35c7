//! `measure --growth`.

use std::fs;

use record::Purpose;
use serde_json::Value;

use crate::support::measure;

const SERIES: &str = r#"
[[series]]
name = "modules"
why = "More modules."
step = [
    { size = 3, seed = 1, modules = 3, generate = { graph = "tree", shape = "tree", modules = 3, bytes = 800 } },
    { size = 30, seed = 2, modules = 30, generate = { graph = "tree", shape = "tree", modules = 30, bytes = 800 } },
    { size = 300, seed = 3, modules = 300, generate = { graph = "tree", shape = "tree", modules = 300, bytes = 800 } },
]
"#;

#[test]
fn costs_are_fitted_to_sizes() {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "jsc-harness.toml",
        "packages = 'npm'\ngenerated = 'generated.toml'\nfixtures = 'fixtures'\n",
    );
    write("npm/entries.toml", "entry = []");
    write("generated.toml", "workload = []");
    write("growth.toml", SERIES);
    fs::create_dir(root.path().join("fixtures")).unwrap();

    let measured = measure(&["--growth", "--blocks", "6", "--format", "json"])
        .variable("HARNESS_WORKLOADS", root.path())
        .run();
    let record = measured.with_code(0);
    assert_eq!(record.run.purpose, Purpose::Growth);
    let names: Vec<&str> = record.workloads.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["modules-3", "modules-30", "modules-300"]);
    let json: Value = serde_json::from_str(&measured.stdout).unwrap();
    let growth = json["growth"].as_array().unwrap();
    // Four paths, time and memory.
    assert_eq!(growth.len(), 8);
    for it in growth {
        assert_eq!(it["series"], "modules");
        let sizes: Vec<f64> = it["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| step["size"].as_f64().unwrap())
            .collect();
        assert_eq!(sizes, [3.0, 30.0, 300.0]);
        let exponent = &it["exponent"];
        assert_eq!(exponent["samples"], 6);
        assert!(exponent["interval"]["low"].is_number());
        assert_eq!(it["steps"][0]["exponent"], Value::Null);
        assert!(it["steps"][2]["exponent"]["value"].is_number());
    }

    let measured = measure(&["--growth", "--blocks", "6"])
        .variable("HARNESS_WORKLOADS", root.path())
        .run();
    measured.with_code(0);
    assert!(
        measured.stdout.contains("load, ms by modules"),
        "{}",
        measured.stdout
    );
    assert!(!measured.stdout.contains("geometric mean"));
}
