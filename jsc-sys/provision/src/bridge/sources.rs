//! The bridge's source files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::digest::PartsDigest;

/// The header of the C interface; its version is read from it.
const INTERFACE: &str = "bridge.h";
/// Which symbols the library exports.
pub(super) const VERSION_SCRIPT: &str = "bridge.map";
/// The header that is compiled once for all files.
pub(super) const PREFIX: &str = "prefix.h";
const ABI_MACRO: &str = "JSB_ABI_VERSION";

/// The files that a bridge is made of, sorted by name: all `.cpp` and `.h` files, also in folders of the folder, and the
/// version script.
///
/// A build script asks Cargo to watch these and their folder.
pub fn source_files(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    let mut folders = vec![directory.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(Error::io("read", &folder))? {
            let path = entry.map_err(Error::io("read", &folder))?.path();
            let wanted = path
                .extension()
                .is_some_and(|extension| ["cpp", "h", "map"].iter().any(|kind| extension == *kind));
            if path.is_dir() {
                folders.push(path);
            } else if wanted && path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// BLAKE3 over the names and contents of the bridge's sources, as hexadecimal digits.
pub fn sources_digest(directory: &Path) -> Result<String, Error> {
    let mut digest = PartsDigest::default();
    for path in source_files(directory)? {
        digest.add(
            &name_in(directory, &path),
            &fs::read(&path).map_err(Error::io("read", &path))?,
        );
    }
    Ok(digest.finish())
}

/// What is compiled.
pub(super) struct Sources {
    pub(super) directory: PathBuf,
    /// The `.cpp` files by their paths in the folder, sorted.
    pub(super) units: Vec<String>,
    pub(super) digest: String,
    pub(super) abi: u32,
}

impl Sources {
    pub(super) fn read(directory: &Path) -> Result<Sources, Error> {
        let wrong = |problem: String| Error::BridgeSources {
            directory: directory.to_path_buf(),
            problem,
        };
        // Compilers run in this folder and are given paths elsewhere, so a relative one would not do.
        let directory = directory
            .canonicalize()
            .map_err(Error::io("find", directory))?;
        let names: Vec<String> = source_files(&directory)?
            .iter()
            .map(|path| name_in(&directory, path))
            .collect();
        for needed in [INTERFACE, VERSION_SCRIPT, PREFIX] {
            if !names.iter().any(|name| name == needed) {
                return Err(wrong(format!("{needed} is missing")));
            }
        }
        let units: Vec<String> = names
            .into_iter()
            .filter(|name| name.ends_with(".cpp"))
            .collect();
        if units.is_empty() {
            return Err(wrong("there is no .cpp file".to_string()));
        }
        let header = directory.join(INTERFACE);
        let text = fs::read_to_string(&header).map_err(Error::io("read", &header))?;
        let abi = abi_version(&text).ok_or_else(|| {
            wrong(format!(
                "{INTERFACE} does not define {ABI_MACRO} as a number"
            ))
        })?;
        let digest = sources_digest(&directory)?;
        Ok(Sources {
            directory,
            units,
            digest,
            abi,
        })
    }
}

/// A file's path in the sources' folder.
fn name_in(directory: &Path, file: &Path) -> String {
    let name = file.strip_prefix(directory).unwrap_or(file);
    name.to_string_lossy().into_owned()
}

fn abi_version(header: &str) -> Option<u32> {
    header.lines().find_map(|line| {
        let mut words = line.trim_start().strip_prefix('#')?.split_whitespace();
        let defines = words.next() == Some("define") && words.next() == Some(ABI_MACRO);
        defines
            .then(|| words.next())??
            .trim_end_matches(['u', 'U'])
            .parse()
            .ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interface_version_is_read_from_the_header() {
        assert_eq!(abi_version("// x\n#define JSB_ABI_VERSION 7\n"), Some(7));
        assert_eq!(
            abi_version("#  define JSB_ABI_VERSION 12u // why\n"),
            Some(12)
        );
        assert_eq!(
            abi_version("#define JSB_ABI_VERSION_OLD 7\n#define JSB_ABI_VERSION (7)\n"),
            None
        );
        assert_eq!(abi_version(""), None);
    }
}
