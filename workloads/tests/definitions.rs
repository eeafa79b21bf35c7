//! The definitions, checked as they are in the tree.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use workloads::{Catalog, Kind, WorkloadDef};

#[test]
fn every_definition_parses_and_says_why_in_one_sentence() {
    for workload in all() {
        let (name, why) = (&workload.name, &workload.why);
        let plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        assert!(name.chars().all(plain), "{name} is not kebab-case");
        assert!(
            why.ends_with('.') && !why.contains(". "),
            "{name}: not one sentence: {why}"
        );
        assert!(
            why.chars().next().is_some_and(char::is_uppercase),
            "{name}: {why}"
        );
    }
}

/// A definition counts the JavaScript modules of a whole run: neither JSON, nor what does not parse. `verify` compares it.
#[test]
fn generated_graphs_have_the_modules_that_they_declare() {
    for workload in all() {
        let Some(graph) = workload.graph() else {
            continue;
        };
        let files = graph.files().len();
        let modules = workload.modules.expect("it declares them");
        match graph.files().keys().any(|it| it.ends_with(".json")) {
            true => assert!(modules < files, "{}", workload.name),
            false => assert_eq!(modules, files, "{}", workload.name),
        }
    }
}

#[test]
fn every_generator_and_shape_is_used() {
    let text = read(&root().join("generated.toml"));
    let kinds = [
        "tree",
        "stars",
        "attributes",
        "awaits",
        "dynamic",
        "namespaces",
        "live",
        "defaults",
        "classes",
        "names",
        "limits",
        "nested",
        "literals",
        "faults",
    ];
    for kind in kinds {
        assert!(text.contains(&format!("graph = \"{kind}\"")), "{kind}");
    }
    for shape in [
        "chain",
        "tree",
        "layers",
        "fan",
        "diamonds",
        "cycles",
        "wide",
        "conflicts",
        "cycle",
    ] {
        assert!(text.contains(&format!("shape = \"{shape}\"")), "{shape}");
    }
}

#[test]
fn fixtures_name_their_section_and_are_consistent() {
    let fixtures: Vec<WorkloadDef> = all()
        .into_iter()
        .filter(|workload| workload.kind == Kind::Fixture)
        .collect();
    assert!(fixtures.len() >= 25, "only {}", fixtures.len());
    for fixture in &fixtures {
        let name = &fixture.name;
        assert!(
            fixture
                .section
                .as_ref()
                .is_some_and(|section| section.len() > 4),
            "{name} names no section"
        );
        let expectations = fixture.expected.iter().chain(
            fixture
                .deviation
                .iter()
                .map(|deviation| &deviation.expected),
        );
        for expected in expectations {
            assert!(
                expected.stdout.is_some(),
                "{name} does not say what it prints"
            );
            assert_eq!(
                expected.exit_code != 0,
                expected.error.is_some(),
                "{name}: an error is exit code 1, and only that"
            );
        }
    }
}

#[test]
fn fixtures_hold_no_file_that_nothing_mentions() {
    for workload in all()
        .into_iter()
        .filter(|workload| workload.kind == Kind::Fixture)
    {
        let folder = workload
            .defined_in
            .parent()
            .expect("a fixture has a folder");
        let files = files(folder);
        let texts: Vec<String> = files.iter().map(|path| lossy(path)).collect();
        for path in &files {
            let stem = path
                .file_stem()
                .expect("a file has a name")
                .to_string_lossy();
            assert!(
                texts.iter().any(|text| text.contains(&*stem))
                    || stem == "fixture"
                    || path.ends_with("package.json"),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn suites_name_workloads_that_exist() {
    let catalog = Catalog::open(None).expect("the definitions are valid");
    let suites = catalog.suites().expect("the suites are valid");
    let names: Vec<&str> = suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(
        names,
        ["all", "bench", "default", "gate", "smoke", "steady"]
    );
    let size = |name: &str| {
        catalog
            .suite(name)
            .expect("the suite exists")
            .workloads
            .len()
    };
    assert_eq!(size("all"), catalog.workloads().len());
    assert!(size("smoke") < size("default") && size("default") < size("all"));
}

#[test]
fn the_lock_file_has_integrity_and_no_addresses() {
    let text = read(&root().join("npm/package-lock.json"));
    assert!(!text.contains("://"), "an address");
    assert!(!text.contains("\"resolved\""), "a download address");
    let lock: serde_json::Value = serde_json::from_str(&text).expect("the lock file is JSON");
    let packages = lock["packages"]
        .as_object()
        .expect("packages are an object");
    for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
        assert!(
            package["integrity"]
                .as_str()
                .is_some_and(|digest| digest.starts_with("sha512-")),
            "{path}"
        );
    }
}

#[test]
fn direct_dependencies_are_pinned_exactly() {
    let text = read(&root().join("npm/package.json"));
    let package: serde_json::Value = serde_json::from_str(&text).expect("package.json is JSON");
    let versions = package["dependencies"]
        .as_object()
        .expect("dependencies are an object");
    assert!(versions.len() >= 4);
    for (name, version) in versions {
        let version = version.as_str().expect("a version is a string");
        assert!(
            version
                .chars()
                .all(|letter| letter.is_ascii_digit() || letter == '.'),
            "{name}: {version}"
        );
    }
    assert_eq!(package["private"], true);
}

#[test]
fn npm_entries_need_nothing_but_the_bare_engine() {
    let given = [
        "process",
        "Buffer",
        "window",
        "self.",
        "document",
        "Math.random",
        "Date.now",
        "new Date()",
        "node:",
    ];
    for path in files(&root().join("npm/entries")) {
        let text = read(&path);
        for name in given {
            assert!(!text.contains(name), "{} uses {name}", path.display());
        }
    }
}

fn all() -> Vec<WorkloadDef> {
    workloads::list().expect("the definitions are valid")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A fixture may hold what is not UTF-8.
fn lossy(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
