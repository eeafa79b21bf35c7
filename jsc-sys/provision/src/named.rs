//! Engines that somebody named, beside those of `engines.toml`.

mod cmake;
mod definitions;
mod git;
mod provide;
mod revisions;

use std::path::PathBuf;

pub use definitions::{Definitions, default_file};
pub use provide::{build_name, check, provide_named, state};
pub use revisions::{Revision, revisions, root};

use cmake::check_cmake;

use crate::{Error, pins};

/// An engine by name, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its name: letters, digits, `.`, `_` and `-`.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Arguments for CMake beyond this program's own, such as `-DENABLE_WEBASSEMBLY=OFF`: what a fork needs to be built.
    /// Only of what is built here: a tarball, a tree or a revision.
    pub cmake: Vec<String>,
}

/// Where an engine comes from. Paths are absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A source tarball, with the digest that it had when it was named.
    Tarball {
        /// The file.
        file: PathBuf,
        /// Its SHA-256.
        sha256: String,
    },
    /// A source tree, built where the store keeps builds; the tree is not written to.
    Tree(PathBuf),
    /// A revision of a repository. Its work tree and index are left alone.
    Git {
        /// The repository.
        repository: PathBuf,
        /// Any name that git has for a commit.
        revision: String,
    },
    /// A build folder of the JSCOnly port, used as it is: nothing is built in it.
    Build(PathBuf),
    /// A packed engine.
    Archive(PathBuf),
    /// An unpacked engine.
    Dir(PathBuf),
}

/// What may be done with a named engine now, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Its bridge is there.
    Ready,
    /// It was never built, or its bridge is of other sources.
    NotBuilt,
    /// It was built, and what it is made of is another now.
    Changed,
    /// It cannot be built.
    Broken(String),
}

impl Origin {
    /// Whether this program configures and builds it, and does not only take it as it is.
    pub fn is_built(&self) -> bool {
        matches!(
            self,
            Self::Tarball { .. } | Self::Tree(_) | Self::Git { .. }
        )
    }

    /// Its word, as [`crate::Provenance::kind`] has it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Tarball { .. } => "tarball",
            Self::Tree(_) => "tree",
            Self::Git { .. } => "git",
            Self::Build(_) => "build",
            Self::Archive(_) => "archive",
            Self::Dir(_) => "dir",
        }
    }

    /// The file, the folder or the repository.
    pub fn location(&self) -> &std::path::Path {
        match self {
            Self::Tarball { file, .. } => file,
            Self::Git { repository, .. } => repository,
            Self::Tree(path) | Self::Build(path) | Self::Archive(path) | Self::Dir(path) => path,
        }
    }
}

/// Checks a name: it becomes part of file names, and must not be taken for a pinned engine.
pub fn check_name(name: &str) -> Result<(), Error> {
    let wrong = |problem: String| Error::EngineName {
        name: name.to_string(),
        problem,
    };
    let is_fine = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if name.is_empty()
        || name.len() > 64
        || !name.chars().all(is_fine)
        || name.starts_with(['.', '-'])
    {
        let rule = "a name has 1 to 64 letters, digits, dots, hyphens and underscores, and begins with a letter, a digit or \
                    an underscore";
        return Err(wrong(rule.to_string()));
    }
    let is_pinned =
        |pin: &pins::Pin| name == pin.version || name.starts_with(&format!("jsc-{}-", pin.version));
    match pins::all().iter().find(|pin| is_pinned(pin)) {
        Some(pin) => Err(wrong(format!("it is the pinned engine {}", pin.version))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
