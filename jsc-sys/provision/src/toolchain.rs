//! The compiler, and the linker that belongs to it.

use std::path::Path;

use crate::Error;
use crate::process::{self, find_command, version_line};

/// A compiler and a linker that were found.
#[derive(Debug)]
pub(crate) struct Toolchain {
    /// The C++ compiler's command.
    pub(crate) cxx: String,
    /// First line of the compiler's version.
    pub(crate) cxx_version: String,
    /// The linker, as after `-fuse-ld=`.
    pub(crate) linker: String,
    /// First line of the linker's version.
    pub(crate) linker_version: String,
}

impl Toolchain {
    /// Looks for the compiler, and for the linker of the same version: `clang++-19` goes with `lld-19`.
    pub(crate) fn find(cxx: &str, purpose: &'static str) -> Result<Toolchain, Error> {
        let cxx_version = version_line(cxx, purpose)?;
        let linker = format!("lld{}", suffix(cxx));
        let command = format!("ld.{linker}");
        if find_command(&command).is_none() {
            return Err(process::missing(&command, purpose));
        }
        let linker_version = version_line(&command, purpose)?;
        Ok(Toolchain {
            cxx: cxx.to_string(),
            cxx_version,
            linker,
            linker_version,
        })
    }

    /// The C compiler that belongs to the C++ compiler: `clang-19` to `clang++-19`.
    pub(crate) fn cc(&self) -> String {
        self.cxx.replacen("clang++", "clang", 1)
    }
}

/// The version in a compiler's name, such as `-19`.
fn suffix(cxx: &str) -> String {
    let name = Path::new(cxx)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    name.strip_prefix("clang++").unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linker_has_the_compilers_version() {
        for (cxx, expected) in [
            ("clang++-19", "-19"),
            ("/usr/bin/clang++-20", "-20"),
            ("clang++", ""),
            ("g++", ""),
        ] {
            assert_eq!(suffix(cxx), expected);
        }
    }
}
