//! Series of growing graphs, and what tells one content from another.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use workloads::{Catalog, Kind};

#[test]
fn every_step_is_a_graph_of_its_size() {
    let catalog = Catalog::open(None).unwrap();
    let series = catalog.growth().unwrap();
    assert_eq!(
        series.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
        ["modules", "bytes"]
    );
    for series in series {
        assert!(series.steps.len() >= 5 && series.steps.is_sorted_by_key(|it| it.size));
        for step in series.steps {
            let graph = step.workload.graph().unwrap();
            let files = graph.files().len();
            assert_eq!(step.workload.modules, Some(files));
            assert_eq!(step.workload.name, format!("{}-{}", series.name, step.size));
            assert!(catalog.find(&step.workload.name).is_err(), "in no suite");
            match series.name.as_str() {
                "modules" => assert_eq!(files as u64, step.size),
                _ => {
                    let mean = graph.bytes() as f64 / files as f64;
                    let off = mean / step.size as f64;
                    assert!((0.8..1.25).contains(&off), "{}: {mean}", step.workload.name);
                }
            }
        }
    }
}

#[test]
fn a_digest_is_that_of_the_content() {
    let catalog = Catalog::open(None).unwrap();
    let mut seen = std::collections::BTreeMap::new();
    for workload in catalog.workloads() {
        let digest = workload.content_digest().unwrap();
        assert_eq!(digest.len(), 32);
        assert_eq!(digest, workload.content_digest().unwrap());
        if let Some(other) = seen.insert(digest, workload.name.clone()) {
            panic!("{other} and {} have the same digest", workload.name);
        }
    }
}

#[test]
fn a_changed_file_changes_the_digest() {
    let root = workloads::root();
    let copy = tempfile::tempdir().unwrap();
    let folder = copy.path().join("fixtures/cycle-of-three");
    fs::create_dir_all(&folder).unwrap();
    for file in fs::read_dir(root.join("fixtures/cycle-of-three")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
    fs::create_dir_all(copy.path().join("npm/entries")).unwrap();
    fs::write(
        copy.path().join("npm/entries.toml"),
        "[[entry]]\nname = \"a\"\nentry = \"entries/a.mjs\"\nmodules = 1\nwhy = \"x\"\n",
    )
    .unwrap();
    fs::write(copy.path().join("npm/entries/a.mjs"), "1;").unwrap();
    fs::write(copy.path().join("npm/package-lock.json"), "{}").unwrap();
    let sources = "packages = 'npm'\ngenerated = 'generated.toml'\nfixtures = 'fixtures'\n";
    fs::write(copy.path().join("jsc-harness.toml"), sources).unwrap();
    fs::write(copy.path().join("generated.toml"), "workload = []").unwrap();
    let digests = || {
        let catalog = Catalog::at(copy.path()).unwrap();
        [Kind::Npm, Kind::Fixture].map(|kind| {
            let workload = catalog.workloads().iter().find(|it| it.kind == kind);
            workload.unwrap().content_digest().unwrap()
        })
    };
    let before = digests();
    fs::write(folder.join("b.mjs"), "export {};").unwrap();
    assert_ne!(digests()[1], before[1]);
    assert_eq!(digests()[0], before[0]);
    fs::write(copy.path().join("npm/package-lock.json"), "{\"a\":1}").unwrap();
    assert_ne!(digests()[0], before[0]);
}
