//! The revisions of a repository between two others that change what an engine is made of.

use std::path::{Path, PathBuf};

use super::git::{self, ENGINE_PARTS};
use crate::{Error, digest};

/// A revision of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its commit, whole.
    pub commit: String,
    /// When it was committed (RFC 3339).
    pub date: String,
    /// The first line of its message.
    pub title: String,
}

/// How much of a commit is part of an engine's name.
const SHORT: usize = 12;

impl Revision {
    /// The name of the engine that is made of it with these arguments for CMake: the same revision configured otherwise is
    /// another engine.
    pub fn engine_name(&self, cmake: &[String]) -> String {
        let short = self.commit.get(..SHORT).unwrap_or(&self.commit);
        match cmake.is_empty() {
            true => format!("rev-{short}"),
            false => format!("rev-{short}-{}", digest::short(&cmake.join("\n"))),
        }
    }
}

/// The folder of a repository that its paths begin at: its work tree's root, or a bare repository itself.
///
/// # Errors
/// There is no git.
pub fn root(folder: &Path) -> Result<PathBuf, Error> {
    let root = git::run(folder, &["rev-parse", "--show-toplevel"])?;
    Ok(root.map_or_else(|| folder.to_path_buf(), PathBuf::from))
}

/// What lies between a separator's sides cannot hold it: it is a control character.
const BETWEEN: char = '\u{1f}';

/// `good`, and after it every revision up to `bad` that changes `Source/JavaScriptCore`, `WTF`, `bmalloc` or what builds
/// them; the oldest first. Only first parents are followed: what a merge brought in is one change.
///
/// # Errors
/// The repository or a revision cannot be used, or `good` is not among the first parents of `bad`.
pub fn revisions(repository: &Path, good: &str, bad: &str) -> Result<Vec<Revision>, Error> {
    let first = git::commit(repository, good)?;
    let last = git::commit(repository, bad)?;
    let range = format!("{first}..{last}");
    let count = git::run(
        repository,
        &["rev-list", "--first-parent", "--count", &range],
    )?;
    let back = format!("{last}~{}", count.unwrap_or_default());
    if git::run(repository, &["rev-parse", "--verify", "--quiet", &back])?.as_ref() != Some(&first)
    {
        let shared = git::run(repository, &["merge-base", &first, &last])?;
        let hint = match shared {
            Some(shared) if shared == last => format!("{bad} is older than {good}: exchange them"),
            Some(shared) => format!("their histories part at {shared}; begin there"),
            None => "their histories have nothing in common".to_string(),
        };
        return Err(Error::Repository {
            repository: repository.to_path_buf(),
            problem: format!("{good} is not among the first parents of {bad}\nhint: {hint}"),
        });
    }
    let format = format!("--format=%H{BETWEEN}%cI{BETWEEN}%s");
    let list = |arguments: &[&str]| -> Result<Vec<Revision>, Error> {
        let arguments: Vec<String> = arguments.iter().map(|it| it.to_string()).collect();
        let printed = git::output(repository, &arguments)?;
        let printed = String::from_utf8_lossy(&printed).into_owned();
        Ok(printed.lines().filter_map(read).collect())
    };
    let mut revisions = list(&["log", "--max-count=1", &format, &first])?;
    let mut arguments = vec!["log", "--first-parent", "--reverse", &format, &range, "--"];
    arguments.extend(ENGINE_PARTS);
    revisions.extend(list(&arguments)?);
    Ok(revisions)
}

fn read(line: &str) -> Option<Revision> {
    let mut parts = line.splitn(3, BETWEEN);
    Some(Revision {
        commit: parts.next()?.to_string(),
        date: parts.next()?.to_string(),
        title: parts.next()?.to_string(),
    })
}
