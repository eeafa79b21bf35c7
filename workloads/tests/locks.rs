//! What npm would refuse to install: a folder whose lock lacks a package, or has another version than asked for.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use serde_json::Value;

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Packages of other platforms, too: npm leaves them out of a lock that it updates where they cannot be installed.
#[test]
fn each_lock_has_every_package_of_its_folder() {
    let root = workloads::root().join("..");
    for folder in [
        "workloads/npm",
        "workloads/capture",
        "workloads/captured",
        "workloads/peers",
        "harness/crates/results/page",
    ] {
        let folder = root.join(folder);
        let wanted = read(&folder.join("package.json"));
        let lock = read(&folder.join("package-lock.json"));
        let mut count = 0;
        for kind in ["dependencies", "optionalDependencies"] {
            assert_eq!(lock["packages"][""][kind], wanted[kind], "{folder:?}");
            for (name, version) in wanted[kind].as_object().into_iter().flatten() {
                let locked = &lock["packages"][format!("node_modules/{name}")];
                assert_eq!(&locked["version"], version, "{name} in {folder:?}");
                assert!(locked["integrity"].is_string(), "{name} in {folder:?}");
                count += 1;
            }
        }
        assert!(count > 0, "{folder:?}");
    }
}
