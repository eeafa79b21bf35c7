//! An unpacked engine: its `engine.json`, and whether it can be used on this machine.

mod manifest;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

pub(crate) use manifest::{FILE_NAME, SCHEMA};
pub use manifest::{Manifest, Source};

use crate::Error;
use crate::pins::{self, Pin};
use crate::provenance::Provenance;
use crate::target::Machine;

/// A generated header whose first line names the source tree that it was generated from.
const GENERATED_HEADER: &str =
    "include/build/JavaScriptCore/DerivedSources/NumberConstructor.lut.h";

/// An unpacked engine that was found whole and fit for the machine.
#[derive(Debug, Clone)]
pub struct Engine {
    /// Its name in the store, such as `jsc-2.52.6-x86_64-linux-gnu-bookworm`.
    pub name: String,
    /// The folder that holds `engine.json`.
    pub directory: PathBuf,
    /// What `engine.json` says.
    pub manifest: Manifest,
    /// Where it comes from, if it is not one of `engines.toml`.
    pub provenance: Option<Provenance>,
}

impl Engine {
    /// Opens an unpacked engine and checks all of it: the manifest, the machine, the files, the headers' version.
    ///
    /// The error says what is wrong, whoever named the folder.
    pub fn open(directory: &Path, machine: &Machine) -> Result<Engine, Error> {
        let manifest = Manifest::read(directory)?;
        check_fit(&manifest, machine, directory)?;
        check_files(&manifest, directory)?;
        check_file(directory, &directory.join("bin/jsc"))?;
        if manifest.source.verified() {
            check_headers(&manifest.version, directory)?;
        }
        let name = match manifest.source.verified() {
            true => machine.engine_name(&manifest.version),
            false => unverified_name(&machine.engine_name(&manifest.version)),
        };
        Ok(Engine {
            name,
            directory: directory.to_path_buf(),
            manifest,
            provenance: None,
        })
    }

    /// Opens an unpacked engine that somebody named. Its release is information: nothing is compared with a pin. A fork may
    /// lack the shell.
    pub fn open_named(
        directory: &Path,
        name: &str,
        provenance: Provenance,
        machine: &Machine,
    ) -> Result<Engine, Error> {
        let manifest = Manifest::read(directory)?;
        let hint = match provenance.kind.as_str() {
            "archive" | "dir" => {
                "build it from its source here: jsc-harness engine add --help".to_string()
            }
            _ => format!("build it again: jsc-harness engine build {name}"),
        };
        check_machine(&manifest, machine, directory, &hint)?;
        check_files(&manifest, directory)?;
        Ok(Engine {
            name: name.to_string(),
            directory: directory.to_path_buf(),
            manifest,
            provenance: Some(provenance),
        })
    }

    /// JavaScriptCore's own shell.
    pub fn shell(&self) -> PathBuf {
        self.directory.join("bin/jsc")
    }

    /// The static libraries, in link order.
    pub fn static_libraries(&self) -> Vec<PathBuf> {
        self.manifest
            .static_libs
            .iter()
            .map(|name| library_path(&self.directory, name))
            .collect()
    }

    /// The include folders, in order.
    pub fn include_directories(&self) -> Vec<PathBuf> {
        self.manifest
            .include_dirs
            .iter()
            .map(|path| self.directory.join(path))
            .collect()
    }
}

/// The name of an engine that was built from a tree whose source could not be verified. It is never taken for the
/// pinned one.
pub(crate) fn unverified_name(name: &str) -> String {
    format!("{name}-tree")
}

/// Checks that a manifest belongs to pinned source and that its engine runs on this machine. `path` is for messages.
pub(crate) fn check_fit(manifest: &Manifest, machine: &Machine, path: &Path) -> Result<(), Error> {
    let pin = pins::pinned(&manifest.version)?;
    check_source(manifest, pin, path)?;
    let hint = format!(
        "build it here: cargo xtask engine build {}",
        manifest.version
    );
    check_machine(manifest, machine, path, &hint)
}

/// Checks that an engine runs on this machine. `path` and `hint` are for messages.
fn check_machine(
    manifest: &Manifest,
    machine: &Machine,
    path: &Path,
    hint: &str,
) -> Result<(), Error> {
    let wanted = machine.architecture.triple();
    if manifest.target != wanted {
        return Err(Error::OtherTarget {
            path: path.to_path_buf(),
            found: manifest.target.clone(),
            wanted,
        });
    }
    machine.check_icu(&manifest.icu, path, hint)
}

fn check_source(manifest: &Manifest, pin: &Pin, path: &Path) -> Result<(), Error> {
    match &manifest.source.sha256 {
        Some(found) if *found != pin.sha256 => Err(Error::OtherSource {
            path: path.to_path_buf(),
            version: manifest.version.clone(),
            pinned: pin.sha256.clone(),
            found: found.clone(),
        }),
        _ => Ok(()),
    }
}

fn check_files(manifest: &Manifest, directory: &Path) -> Result<(), Error> {
    let missing = |what: String| Error::Incomplete {
        directory: directory.to_path_buf(),
        problem: what,
    };
    let files = manifest
        .static_libs
        .iter()
        .map(|name| library_path(directory, name));
    for file in files {
        check_file(directory, &file)?;
    }
    for folder in &manifest.include_dirs {
        if !directory.join(folder).is_dir() {
            return Err(missing(format!("the include folder {folder} is missing")));
        }
    }
    Ok(())
}

fn check_file(directory: &Path, file: &Path) -> Result<(), Error> {
    let whole = fs::metadata(file).is_ok_and(|data| data.is_file() && data.len() > 0);
    if whole {
        return Ok(());
    }
    let name = file.strip_prefix(directory).unwrap_or(file);
    Err(Error::Incomplete {
        directory: directory.to_path_buf(),
        problem: format!("{} is missing or empty", name.display()),
    })
}

/// JavaScriptCore's headers have no version macro. But generated ones name the file that they were generated from,
/// and its folder is named after the release.
fn check_headers(version: &str, directory: &Path) -> Result<(), Error> {
    let path = directory.join(GENERATED_HEADER);
    let mut line = String::new();
    let read =
        File::open(&path).and_then(|file| BufReader::new(file.take(4096)).read_line(&mut line));
    if read.is_err() {
        let problem = format!("{GENERATED_HEADER} is missing or not readable");
        return Err(Error::Incomplete {
            directory: directory.to_path_buf(),
            problem,
        });
    }
    let tree = format!("webkitgtk-{version}");
    if line.split([' ', '/']).any(|part| part == tree) {
        return Ok(());
    }
    let found = line
        .split([' ', '/'])
        .find(|part| part.starts_with("webkitgtk-"))
        .map_or(
            "a tree without a version in its name".to_string(),
            str::to_string,
        );
    Err(Error::OtherHeaders {
        directory: directory.to_path_buf(),
        version: version.to_string(),
        found,
    })
}

fn library_path(directory: &Path, name: &str) -> PathBuf {
    directory.join(format!("lib/lib{name}.a"))
}

#[cfg(test)]
mod tests;
