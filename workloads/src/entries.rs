//! Entries that somebody names on a command line: files, and directories.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use resolve::{ResolveError, Resolver};
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
        for entry in entries_of(path, host)? {
            let name = name(&entry);
            if found.iter().any(|it| it.name == name) {
                return Err(Error::EntryTwice { path: entry });
            }
            found.push(WorkloadDef::program(name, entry, host.clone(), path));
        }
    }
    Ok(found)
}

fn entries_of(path: &Path, host: &HostOptions) -> Result<Vec<PathBuf>, Error> {
    let metadata =
        fs::metadata(path).map_err(|source| Error::io("find the entry", path, source))?;
    if !metadata.is_dir() {
        return match path.extension().is_some_and(|it| it == "json") {
            true => Err(Error::NotAProgram {
                path: path.to_owned(),
            }),
            false => Ok(vec![path.to_owned()]),
        };
    }
    let none = |why: String| Error::NoEntry {
        directory: path.to_owned(),
        why,
    };
    if path.join("package.json").is_file() {
        let named = named(path, host).map_err(|error| none(error.to_string()))?;
        let mut indexes = EXTENSIONS
            .map(|it| path.join(format!("index.{it}")))
            .into_iter();
        return match named.or_else(|| indexes.find(|it| it.is_file())) {
            Some(entry) => Ok(vec![entry]),
            None => Err(none(format!(
                "{}, and there is no index.mjs or index.js",
                names(path)
            ))),
        };
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

/// The file that the manifest of a package names as its entry: one for bundlers goes before one that may be CommonJS.
fn named(package: &Path, host: &HostOptions) -> Result<Option<PathBuf>, ResolveError> {
    let mut rules = host.rules()?;
    if host.main_fields.is_none() {
        rules.main_fields.insert(0, "module".to_owned());
    }
    let directory = fs::canonicalize(package).unwrap_or_else(|_| package.to_owned());
    let entry = Resolver::by(&Arc::new(rules)).package_entry(&directory)?;
    // As the package was named: the workload is called by it.
    Ok(entry.map(|it| match it.path().strip_prefix(&directory) {
        Ok(inside) => package.join(inside),
        Err(_) => it.path().to_owned(),
    }))
}

/// What a package's manifest says of its entry, where that leads nowhere.
fn names(package: &Path) -> String {
    let text = fs::read(package.join("package.json")).unwrap_or_default();
    let manifest: serde_json::Value = match serde_json::from_slice(&text) {
        Ok(manifest) => manifest,
        Err(error) => return format!("its package.json is no JSON ({error})"),
    };
    match ["module", "main"]
        .iter()
        .find_map(|it| manifest[it].as_str())
    {
        Some(named) => format!("its package.json names {named}, which is not there"),
        None => "its package.json names none".to_owned(),
    }
}

/// How the workload of an entry is called: by its path, from the working directory if it lies there.
fn name(entry: &Path) -> String {
    let here = env::current_dir().unwrap_or_default();
    let entry = entry.strip_prefix(&here).unwrap_or(entry);
    let entry = entry.strip_prefix(".").unwrap_or(entry);
    entry.display().to_string()
}
