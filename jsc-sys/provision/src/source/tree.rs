//! An unpacked source tree that somebody named.

use std::fs;
use std::path::Path;

use crate::Error;
use crate::pins::Pin;

/// States the release in one line, as `SET_PROJECT_VERSION(2 52 6)`.
const VERSION_FILE: &str = "Source/cmake/OptionsGTK.cmake";

/// Checks that a folder is a source tree of the pinned version. Nothing more can be checked.
pub(super) fn check(pin: &Pin, tree: &Path) -> Result<(), Error> {
    let wrong = |problem: String| Error::WrongTree {
        path: tree.to_path_buf(),
        version: pin.version.clone(),
        problem,
    };
    let text = fs::read_to_string(tree.join(VERSION_FILE))
        .map_err(|_| wrong(format!("it has no {VERSION_FILE}")))?;
    match version(&text) {
        Some(version) if version == pin.version => Ok(()),
        Some(version) => Err(wrong(format!("{VERSION_FILE} says {version}"))),
        None => Err(wrong(format!("{VERSION_FILE} states no version"))),
    }
}

/// The release that a tree states, if it states one. A fork may state anything.
pub(crate) fn stated_version(tree: &Path) -> Option<String> {
    version(&fs::read_to_string(tree.join(VERSION_FILE)).ok()?)
}

fn version(text: &str) -> Option<String> {
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("SET_PROJECT_VERSION("))?;
    let numbers: Vec<&str> = line.split(')').next()?.split_whitespace().collect();
    Some(numbers.join("."))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_is_read_from_the_project_file() {
        assert_eq!(
            super::version("x\nSET_PROJECT_VERSION(2 52 6)\n").as_deref(),
            Some("2.52.6")
        );
        assert_eq!(super::version("project(x)\n"), None);
    }
}
