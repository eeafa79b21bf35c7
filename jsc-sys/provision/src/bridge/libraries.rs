//! How the bridge is linked with the libraries that `engine.json` lists as the system's.

use std::path::Path;
use std::process::Command;

use crate::Engine;
use crate::toolchain::Toolchain;

/// The library that the compiler adds by itself, as [`super::compile::fixed_flags`] say.
const CXX: &str = "stdc++";

/// What becomes part of the bridge when the machine has it as archives, so that no process has to load and relocate it:
/// a quarter of what an empty load costs. All or none of a group, since its parts refer to each other.
const LINKED_IN: &[&[&str]] = &[&["icudata", "icui18n", "icuuc"], &["atomic"]];

/// The linker's arguments for them. They name no path, so that they can be part of a bridge's key.
pub(super) fn arguments(engine: &Engine, toolchain: &Toolchain) -> Vec<String> {
    let has_archive = |name: &&str| has_archive(toolchain, name);
    let linked_in: Vec<&str> = LINKED_IN
        .iter()
        .filter(|group| group.iter().all(has_archive))
        .flat_map(|group| group.iter().copied())
        .collect();
    engine
        .manifest
        .system_libs
        .iter()
        .filter(|name| *name != CXX)
        .map(|name| argument(name, linked_in.contains(&name.as_str())))
        .collect()
}

fn argument(name: &str, linked_in: bool) -> String {
    if linked_in {
        format!("-l:{}", archive(name))
    } else {
        format!("-l{name}")
    }
}

fn archive(name: &str) -> String {
    format!("lib{name}.a")
}

/// The compiler prints the path of a file that it finds, and the name as it is of one that it does not.
fn has_archive(toolchain: &Toolchain, name: &str) -> bool {
    let output = Command::new(&toolchain.cxx)
        .arg(format!("-print-file-name={}", archive(name)))
        .output();
    output
        .is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_absolute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_named_without_its_path() {
        assert_eq!(argument("icuuc", true), "-l:libicuuc.a");
        assert_eq!(argument("dl", false), "-ldl");
    }
}
