//! What git knows of a tree, and the files of a revision. Nothing here writes to a repository, its index or its work tree.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

use crate::digest::hex;
use crate::store::private_folder;
use crate::{Error, process};

/// Folders that no engine is made of. They are large, and left out.
const NOT_NEEDED: &[&str] = &[
    "JSTests",
    "LayoutTests",
    "ManualTests",
    "PerformanceTests",
    "Websites",
    "Source/WebCore",
    "Source/WebDriver",
    "Source/WebGPU",
    "Source/WebInspectorUI",
    "Source/WebKit",
    "Source/WebKitLegacy",
];

/// What an engine is made of, for telling whether a tree differs from its commit, and which commits make another engine.
pub(super) const ENGINE_PARTS: &[&str] = &[
    "CMakeLists.txt",
    "Source/CMakeLists.txt",
    "Source/JavaScriptCore",
    "Source/WTF",
    "Source/bmalloc",
    "Source/cmake",
];

/// The commit that a name means.
pub(super) fn commit(repository: &Path, revision: &str) -> Result<String, Error> {
    let wrong = |problem: String| Error::Repository {
        repository: repository.to_path_buf(),
        problem,
    };
    if !repository.is_dir() {
        return Err(wrong("there is no such folder".to_string()));
    }
    run(repository, &["rev-parse", "--git-dir"])?
        .ok_or_else(|| wrong("it is not a git repository".to_string()))?;
    let name = format!("{revision}^{{commit}}");
    let commit = run(
        repository,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &name,
        ],
    )?;
    let commit = commit.ok_or_else(|| wrong(format!("it has no revision {revision}")))?;
    let tree = format!("{commit}:Source/JavaScriptCore");
    run(repository, &["cat-file", "-e", &tree])?.ok_or_else(|| {
        wrong(format!(
            "{revision} has no Source/JavaScriptCore, so it is not a revision of WebKit"
        ))
    })?;
    Ok(commit)
}

/// The commit that a tree is at, and a digest of how its engine differs from it; nothing when it belongs to no repository.
pub(super) fn state_of_tree(tree: &Path) -> Result<Option<(String, Option<String>)>, Error> {
    let Some(commit) = run(tree, &["rev-parse", "--verify", "--quiet", "HEAD"])? else {
        return Ok(None);
    };
    // A tree that only lies in somebody's repository, ignored there, is not a state of it.
    if run(tree, &["cat-file", "-e", "HEAD:./Source/JavaScriptCore"])?.is_none() {
        return Ok(None);
    }
    let mut digest = Sha256::new();
    let with_parts = |first: &[&str]| -> Vec<String> {
        first
            .iter()
            .chain(&["--"])
            .chain(ENGINE_PARTS)
            .map(|it| it.to_string())
            .collect()
    };
    let changed = output(
        tree,
        &with_parts(&["diff", "--binary", "--no-ext-diff", "HEAD"]),
    )?;
    let new = output(
        tree,
        &with_parts(&["ls-files", "--others", "--exclude-standard", "-z"]),
    )?;
    digest.update(&changed);
    for name in new.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let path = tree.join(String::from_utf8_lossy(name).as_ref());
        digest.update(name);
        digest.update(fs::read(&path).map_err(Error::io("read", &path))?);
    }
    let is_clean = changed.is_empty() && new.is_empty();
    Ok(Some((commit, (!is_clean).then(|| hex(&digest.finalize())))))
}

/// SHA-256 of all files that the engine of a tree is made of, with their names, for a tree that no repository knows.
pub(super) fn digest_of_tree(tree: &Path) -> Result<String, Error> {
    let mut digest = Sha256::new();
    for part in ENGINE_PARTS {
        digest_below(tree, &tree.join(part), &mut digest)?;
    }
    Ok(hex(&digest.finalize()))
}

fn digest_below(tree: &Path, path: &Path, digest: &mut Sha256) -> Result<(), Error> {
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(Error::io("read", path))?;
        let mut below: Vec<PathBuf> = entries.flatten().map(|it| it.path()).collect();
        below.sort();
        return below
            .iter()
            .try_for_each(|it| digest_below(tree, it, digest));
    }
    if path.is_file() {
        let name = path.strip_prefix(tree).unwrap_or(path).to_string_lossy();
        let content = fs::read(path).map_err(Error::io("read", path))?;
        for part in [name.as_bytes(), &content] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
    }
    Ok(())
}

/// Makes `folder` hold the files of a commit. Files that are the same already are left alone, so that a build knows what has
/// changed since the last commit that was here.
pub(super) fn write_files(repository: &Path, commit: &str, folder: &Path) -> Result<(), Error> {
    private_folder(folder)?;
    let mut command = git(repository);
    command.args(["archive", "--format=tar", commit, "--", "."]);
    command.args(NOT_NEEDED.iter().map(|it| format!(":(exclude){it}")));
    let mut said = tempfile::tempfile().map_err(Error::io("write", folder))?;
    let stderr = said.try_clone().map_err(Error::io("write", folder))?;
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(stderr)
        .spawn()
        .map_err(|_| process::missing("git", "build an engine from a repository"))?;
    let mut kept = BTreeSet::new();
    let written = match child.stdout.take() {
        Some(stdout) => unpack(stdout, folder, &mut kept).map_err(Error::io("write", folder)),
        None => Ok(()),
    };
    let ended = child.wait().map_err(Error::io("read", repository))?;
    if !ended.success() {
        let mut text = String::new();
        let _ = said.rewind().and_then(|()| said.read_to_string(&mut text));
        return Err(Error::Repository {
            repository: repository.to_path_buf(),
            problem: format!("git archive {commit} failed ({ended}): {}", text.trim()),
        });
    }
    written?;
    remove_others(folder, folder, &kept).map_err(Error::io("clean", folder))
}

fn unpack(mut stream: impl Read, folder: &Path, kept: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    let mut archive = tar::Archive::new(&mut stream);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let place = folder.join(&path);
        if entry.header().entry_type() == tar::EntryType::Regular {
            let mut contents = Vec::new();
            entry.read_to_end(&mut contents)?;
            kept.insert(path);
            if fs::read(&place).is_ok_and(|old| old == contents) {
                continue;
            }
            if let Some(parent) = place.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&place, contents)?;
            set_mode(&place, entry.header().mode()?)?;
        } else if entry.header().entry_type() == tar::EntryType::Symlink {
            kept.insert(path);
            let _ = fs::remove_file(&place);
            entry.unpack_in(folder)?;
        }
    }
    // Git fills its last block up behind the end of the archive, and dies of it when nobody reads that.
    io::copy(&mut stream, &mut io::sink()).map(drop)
}

fn set_mode(place: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    File::open(place)?.set_permissions(fs::Permissions::from_mode(mode & 0o755 | 0o600))
}

/// Removes files of an earlier commit that this one does not have.
fn remove_others(root: &Path, folder: &Path, kept: &BTreeSet<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.symlink_metadata()?.is_dir() {
            remove_others(root, &path, kept)?;
        } else if path
            .strip_prefix(root)
            .is_ok_and(|name| !kept.contains(name))
        {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// The first line that git prints; nothing when it fails.
pub(super) fn run(folder: &Path, arguments: &[&str]) -> Result<Option<String>, Error> {
    let output = git(folder)
        .args(arguments)
        .output()
        .map_err(|_| process::missing("git", "read a repository"))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_string();
    Ok(output.status.success().then_some(text))
}

/// Everything that git prints.
pub(super) fn output(folder: &Path, arguments: &[String]) -> Result<Vec<u8>, Error> {
    let output = git(folder)
        .args(arguments)
        .output()
        .map_err(|_| process::missing("git", "read a repository"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(Error::Repository {
            repository: folder.to_path_buf(),
            problem: String::from_utf8_lossy(&output.stderr).trim().to_string(),
        }),
    }
}

/// Git without what somebody's shell says about other repositories, and without taking a lock to refresh an index.
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    command
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .arg("-C")
        .arg(folder);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_the_end_of_an_archive_is_read_too() {
        let folder = tempfile::tempdir().unwrap();
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(3);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, "a", &b"one"[..]).unwrap();
        let mut archive = builder.into_inner().unwrap();
        archive.resize(archive.len() + 8192, 0);
        let mut left = &archive[..];
        let mut kept = BTreeSet::new();
        unpack(&mut left, folder.path(), &mut kept).unwrap();
        assert_eq!(fs::read(folder.path().join("a")).unwrap(), b"one");
        assert!(left.is_empty(), "{} bytes are left", left.len());
    }
}
