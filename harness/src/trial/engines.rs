//! The engines of a gate, as workers find them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::Error;
use workers::InstalledEngine;

/// The old engine, the old engine once more, and the new one, at the places of [`gate::replay::place`].
pub fn place(
    old: &InstalledEngine,
    new: &InstalledEngine,
    scratch: &Path,
) -> Result<Vec<InstalledEngine>, Error> {
    side_by_side(&[old, old, new], scratch)
}

/// Engines that are measured in the same blocks. Each is found by a path of its own, and all paths are of one length: the
/// length of a path in the environment moves the stack.
pub fn side_by_side(
    engines: &[&InstalledEngine],
    scratch: &Path,
) -> Result<Vec<InstalledEngine>, Error> {
    let folder = scratch.join("engines");
    let wrong = |source| Error::TemporaryDirectory {
        parent: folder.clone(),
        source,
    };
    fs::create_dir_all(&folder).map_err(wrong)?;
    let link = |(place, engine): (usize, &&InstalledEngine)| {
        let directory = folder.join(place.to_string());
        symlink(&engine.directory, &directory).map_err(wrong)?;
        Ok(InstalledEngine {
            directory,
            ..(*engine).clone()
        })
    };
    engines.iter().enumerate().map(link).collect()
}

/// Refuses an engine with assertions, unless it was asked for.
pub fn check_assertions(engine: &InstalledEngine, allowed: bool) -> Result<(), Error> {
    match allowed || !engine.has_assertions() {
        true => Ok(()),
        false => Err(Error::Assertions {
            engine: engine.name.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(directory: &str) -> InstalledEngine {
        InstalledEngine {
            name: directory.to_owned(),
            version: "1".to_owned(),
            fingerprint: "f".to_owned(),
            build_id: "b".to_owned(),
            features: Vec::new(),
            compiler: "c".to_owned(),
            cmake_args: Vec::new(),
            capabilities: Vec::new(),
            directory: directory.into(),
            default: false,
            provenance: None,
        }
    }

    #[test]
    fn an_engine_with_assertions_is_gated_only_when_asked_for() {
        let mut debug = engine("debug");
        assert!(check_assertions(&debug, false).is_ok());
        debug.capabilities.push("assertions".to_owned());
        assert!(check_assertions(&debug, true).is_ok());
        assert_eq!(
            check_assertions(&debug, false).unwrap_err().to_string(),
            "the engine debug has JSC's assertions compiled in, and its times are those of the assertions too\nhint: \
             --allow-assertions gates it all the same"
        );
    }

    #[test]
    fn all_paths_are_of_one_length() {
        let scratch = tempfile::tempdir().unwrap();
        let placed = place(&engine("/short"), &engine("/much/longer"), scratch.path()).unwrap();
        let names: Vec<_> = placed.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["/short", "/short", "/much/longer"]);
        let length = placed[0].directory.as_os_str().len();
        for engine in &placed {
            assert_eq!(engine.directory.as_os_str().len(), length);
            let target = fs::read_link(&engine.directory).unwrap();
            assert_eq!(target.to_str(), Some(engine.name.as_str()));
        }
    }
}
