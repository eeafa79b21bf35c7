//! Entries that somebody names on a command line: files, and directories.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use sample::HostOptions;

use crate::definition::WorkloadDef;
use crate::error::Error;
use crate::file;

/// What a module's file may be called.
const EXTENSIONS: [&str; 2] = ["mjs", "js"];

/// The workloads that these paths are: a file is the entry of one. So is a directory with a `package.json`, by what its
/// `exports` or `main` says, or its `index.mjs` or `index.js`; of any other directory each module in it is an entry.
///
/// # Errors
/// A path is neither, a directory has no entry, or two are the same.
pub fn entries(paths: &[PathBuf], host: &HostOptions) -> Result<Vec<WorkloadDef>, Error> {
    let mut found: Vec<WorkloadDef> = Vec::new();
    for path in paths {
        for entry in entries_of(path)? {
            let name = name(&entry);
            if found.iter().any(|it| it.name == name) {
                return Err(Error::EntryTwice { path: entry });
            }
            found.push(WorkloadDef::program(name, entry, host.clone(), path));
        }
    }
    Ok(found)
}

fn entries_of(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let metadata =
        fs::metadata(path).map_err(|source| Error::io("find the entry", path, source))?;
    if !metadata.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let none = |why: String| Error::NoEntry {
        directory: path.to_owned(),
        why,
    };
    let manifest = path.join("package.json");
    if manifest.is_file() {
        let text = fs::read(&manifest).map_err(|source| Error::io("read", &manifest, source))?;
        let manifest: serde_json::Value = serde_json::from_slice(&text)
            .map_err(|error| none(format!("its package.json is no JSON: {error}")))?;
        let mut names = named(&manifest);
        names.extend(EXTENSIONS.map(|it| format!("index.{it}")));
        let mut files = names
            .iter()
            .map(|it| path.join(it.trim_start_matches("./")));
        let Some(entry) = files.find(|it| it.is_file()) else {
            return Err(none(format!("there is none of {}", names.join(", "))));
        };
        return Ok(vec![entry]);
    }
    let is_module = |it: &PathBuf| {
        let extension = it.extension().and_then(|it| it.to_str());
        it.is_file() && extension.is_some_and(|it| EXTENSIONS.contains(&it))
    };
    let entries: Vec<PathBuf> = file::children(path)?
        .into_iter()
        .filter(is_module)
        .collect();
    match entries.is_empty() {
        true => Err(none(
            "it has no .mjs or .js files, and no package.json".to_owned(),
        )),
        false => Ok(entries),
    }
}

/// The files that a manifest names as the package's entry, the first one first.
fn named(manifest: &serde_json::Value) -> Vec<String> {
    let exports = &manifest["exports"];
    let main = match exports.get(".") {
        Some(main) => main,
        None => exports,
    };
    let mut names = Vec::new();
    collect(main, &mut names);
    names.extend(
        ["module", "main"]
            .iter()
            .filter_map(|it| manifest[*it].as_str())
            .map(str::to_owned),
    );
    names
}

/// Of conditions, those that hold for a bare engine that imports.
fn collect(target: &serde_json::Value, names: &mut Vec<String>) {
    match target {
        serde_json::Value::String(name) => names.push(name.clone()),
        serde_json::Value::Object(conditions) => {
            let holds = |it: &str| matches!(it, "import" | "module-sync" | "node" | "default");
            let held = conditions.iter().filter(|(it, _)| holds(it));
            held.for_each(|(_, target)| collect(target, names));
        }
        serde_json::Value::Array(targets) => targets.iter().for_each(|it| collect(it, names)),
        _ => {}
    }
}

/// How the workload of an entry is called: by its path, from the working directory if it lies there.
fn name(entry: &Path) -> String {
    let here = env::current_dir().unwrap_or_default();
    let entry = entry.strip_prefix(&here).unwrap_or(entry);
    let entry = entry.strip_prefix(".").unwrap_or(entry);
    entry.display().to_string()
}
