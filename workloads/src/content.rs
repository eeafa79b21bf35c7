//! What a workload consists of, as a digest: two results compare only when it is the same.

use std::fs;
use std::path::Path;

use crate::definition::{Origin, WorkloadDef};
use crate::error::Error;
use crate::{captured, file, npm};

impl WorkloadDef {
    /// A digest (32 hexadecimal digits) of the workload's content, wherever it lies: the text of a generated graph,
    /// every file of a fixture or a capture, or the entry of a real package together with the lock file that pins all the
    /// rest. Of a program, the entry and what its host gives it: what it imports shows only when it is loaded.
    pub fn content_digest(&self) -> Result<String, Error> {
        let mut hasher = blake3::Hasher::new_derive_key("jsc-harness workload content 1");
        match &self.origin {
            Origin::Generated { generator, seed } => {
                for (path, text) in generator.generate(&self.name, *seed).files() {
                    add(&mut hasher, path.as_bytes(), text.as_bytes());
                }
            }
            Origin::Program(entry) => {
                add(&mut hasher, b"entry", &read(entry)?);
                for (word, path) in self.host.files() {
                    add(&mut hasher, word.as_bytes(), &read(path)?);
                }
                for (word, list) in self.host.lists() {
                    add(&mut hasher, word.as_bytes(), list.join("\n").as_bytes());
                }
            }
            Origin::File(entry) => {
                if let Some(folder) = entry.parent() {
                    add_folder(&mut hasher, folder, "")?;
                }
            }
            Origin::Captured { folder, .. } => {
                add(
                    &mut hasher,
                    b"manifest",
                    &read(&captured::manifest(&self.name, folder))?,
                );
            }
            Origin::Npm { entry, folder } => {
                for path in [entry, &folder.join(npm::LOCK_FILE)] {
                    let name = path.file_name().unwrap_or_default();
                    add(&mut hasher, name.as_encoded_bytes(), &read(path)?);
                }
            }
        }
        Ok(hasher.finalize().to_hex()[..32].to_owned())
    }
}

fn add_folder(hasher: &mut blake3::Hasher, folder: &Path, prefix: &str) -> Result<(), Error> {
    for path in file::children(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            add_folder(hasher, &path, &format!("{name}/"))?;
        } else {
            add(hasher, name.as_bytes(), &read(&path)?);
        }
    }
    Ok(())
}

/// Each part preceded by its length, so that no two contents look the same.
fn add(hasher: &mut blake3::Hasher, name: &[u8], text: &[u8]) {
    for part in [name, text] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::io("read", path, source))
}
