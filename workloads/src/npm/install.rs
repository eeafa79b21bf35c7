//! Installing the pinned packages.
//!
//! A stamp inside `node_modules` holds the digest of the lock file that the packages were installed from. It is written
//! last, so an interrupted installation has none and is done again; `npm ci` starts from an empty folder each time.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;

use rustix::fs::{FlockOperation, flock};

use crate::error::Error;
use crate::file;
use crate::root::root;

/// The file that pins every package.
pub(crate) const LOCK_FILE: &str = "package-lock.json";

/// The file whose text is the digest of the lock file in force.
const STAMP: &str = "node_modules/.harness-stamp";

/// How many lines of npm's output an error repeats.
const TAIL: usize = 20;

/// The folder with `package.json` and the lock file.
pub fn folder() -> PathBuf {
    root().join("npm")
}

/// Installs the packages by the lock file, unless that has been done. Two callers at once install once.
///
/// `log` gets one line a step, and npm's own output as it comes.
pub fn install(log: &mut dyn FnMut(&str)) -> Result<(), Error> {
    install_in(&folder(), OsStr::new("npm"), log)
}

/// The same for another npm project: a folder with `package.json` and a lock file.
pub fn install_project(folder: &Path, log: &mut dyn FnMut(&str)) -> Result<(), Error> {
    install_in(folder, OsStr::new("npm"), log)
}

/// Fails with the next step if the packages in `folder` are not those of its lock file.
pub fn require(folder: &Path) -> Result<(), Error> {
    if folder.starts_with(root()) {
        return require_as_locked(folder);
    }
    // Whose packages these are installs them, with whatever that takes.
    match folder.join("node_modules").is_dir() {
        true => Ok(()),
        false => Err(Error::NotInstalled {
            folder: folder.to_path_buf(),
            state: "not installed",
            next: "npm ci in that folder",
        }),
    }
}

/// That the set-up has installed what the lock file says.
fn require_as_locked(folder: &Path) -> Result<(), Error> {
    let state = match state(folder)? {
        State::Installed => return Ok(()),
        State::Absent => "not installed",
        State::Stale => "those of another lock file",
    };
    Err(Error::NotInstalled {
        folder: folder.to_path_buf(),
        state,
        next: "cargo xtask setup",
    })
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Installed,
    Absent,
    Stale,
}

fn install_in(folder: &Path, npm: &OsStr, log: &mut dyn FnMut(&str)) -> Result<(), Error> {
    if state(folder)? == State::Installed {
        return Ok(());
    }
    let _lock = lock(folder, "npm packages", log)?;
    // Whoever held the lock may have installed meanwhile.
    match state(folder)? {
        State::Installed => return Ok(()),
        State::Absent => log("npm packages: not installed yet; running npm ci"),
        State::Stale => log("npm packages: the lock file has changed; running npm ci"),
    }
    let digest = digest(folder)?;
    file::remove(&folder.join(STAMP))?;
    run(folder, npm, log)?;
    let stamp = folder.join(STAMP);
    fs::write(&stamp, digest).map_err(|source| Error::io("write", &stamp, source))?;
    log("npm packages: installed");
    Ok(())
}

fn state(folder: &Path) -> Result<State, Error> {
    match fs::read_to_string(folder.join(STAMP)) {
        Ok(stamp) if stamp == digest(folder)? => Ok(State::Installed),
        Ok(_) => Ok(State::Stale),
        Err(_) => Ok(State::Absent),
    }
}

fn digest(folder: &Path) -> Result<String, Error> {
    let lock = folder.join(LOCK_FILE);
    let text = fs::read(&lock).map_err(|source| Error::io("read", &lock, source))?;
    Ok(blake3::hash(&text).to_hex().to_string())
}

/// Waits until nobody else makes `what` in `folder`. Locks `package.json` itself: it is always there, and nothing ever
/// replaces it.
pub(crate) fn lock(folder: &Path, what: &str, log: &mut dyn FnMut(&str)) -> Result<File, Error> {
    let path = folder.join("package.json");
    let file = File::open(&path).map_err(|source| Error::io("open", &path, source))?;
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        log(&format!(
            "{what}: another process is at them; waiting for it"
        ));
        flock(&file, FlockOperation::LockExclusive)
            .map_err(|source| Error::io("lock", &path, source.into()))?;
    }
    Ok(file)
}

fn run(folder: &Path, npm: &OsStr, log: &mut dyn FnMut(&str)) -> Result<(), Error> {
    let mut child = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| Error::NpmMissing {
            folder: folder.to_path_buf(),
            source,
        })?;

    let (lines, received) = mpsc::channel();
    let readers = [
        child.stdout.take().map(|out| forward(out, lines.clone())),
        child.stderr.take().map(|err| forward(err, lines)),
    ];
    let mut tail = VecDeque::new();
    for line in received {
        log(&line);
        if tail.len() == TAIL {
            tail.pop_front();
        }
        tail.push_back(line);
    }
    for reader in readers.into_iter().flatten() {
        // A reader ends with its pipe and has nothing to report.
        let _ = reader.join();
    }

    let status = child.wait().map_err(|source| Error::NpmMissing {
        folder: folder.to_path_buf(),
        source,
    })?;
    if status.success() {
        return Ok(());
    }
    Err(Error::NpmFailed {
        folder: folder.to_path_buf(),
        status: status.to_string(),
        tail: Vec::from(tail).join("\n"),
    })
}

fn forward(from: impl Read + Send + 'static, to: Sender<String>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(from);
        let mut line = Vec::new();
        while reader
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            // The receiver lives as long as the child; if it is gone, so is all interest in the line.
            let _ = to.send(String::from_utf8_lossy(&line).trim_end().to_string());
            line.clear();
        }
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};
    use std::thread;

    use tempfile::TempDir;

    use super::{State, install_in, require, require_as_locked, state};
    use crate::error::Error;

    /// A folder with a lock file, and a stand-in for npm that counts its calls and does what `script` says.
    fn project(script: &str) -> (TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("package.json"), "{}").unwrap();
        fs::write(dir.path().join("package-lock.json"), "{}").unwrap();
        let npm = dir.path().join("npm");
        fs::write(&npm, format!("#!/bin/sh\necho \"$@\" >> calls\n{script}\n")).unwrap();
        fs::set_permissions(&npm, fs::Permissions::from_mode(0o755)).unwrap();
        (dir, npm)
    }

    fn calls(dir: &Path) -> usize {
        fs::read_to_string(dir.join("calls"))
            .map(|text| text.lines().count())
            .unwrap_or(0)
    }

    #[test]
    fn installs_once_and_again_for_another_lock_file() {
        let (dir, npm) = project("mkdir -p node_modules; echo from npm");
        let mut lines = Vec::new();
        for _ in 0..2 {
            install_in(dir.path(), npm.as_os_str(), &mut |line| {
                lines.push(line.to_string())
            })
            .unwrap();
        }
        assert_eq!(calls(dir.path()), 1);
        assert!(lines.contains(&"from npm".to_string()), "{lines:?}");
        require_as_locked(dir.path()).unwrap();

        fs::write(dir.path().join("package-lock.json"), "{ }").unwrap();
        let error = require_as_locked(dir.path()).unwrap_err().to_string();
        assert!(
            error.contains("another lock file") && error.ends_with("hint: cargo xtask setup"),
            "{error}"
        );
        install_in(dir.path(), npm.as_os_str(), &mut |_| {}).unwrap();
        assert_eq!(calls(dir.path()), 2);
    }

    #[test]
    fn two_at_once_install_once() {
        let (dir, npm) = project("sleep 0.3; mkdir -p node_modules");
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| install_in(dir.path(), npm.as_os_str(), &mut |_| {}).unwrap());
            }
        });
        assert_eq!(calls(dir.path()), 1);
    }

    #[test]
    fn a_failure_tells_what_npm_said_and_leaves_no_stamp() {
        let (dir, npm) = project("mkdir -p node_modules; echo the registry is away >&2; exit 7");
        let error = install_in(dir.path(), npm.as_os_str(), &mut |_| {}).unwrap_err();
        assert!(matches!(error, Error::NpmFailed { .. }), "{error}");
        let text = error.to_string();
        for part in [
            "npm ci",
            "the registry is away",
            "cargo xtask setup",
            &dir.path().display().to_string(),
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(state(dir.path()).unwrap(), State::Absent);
    }

    #[test]
    fn a_missing_npm_is_told() {
        let (dir, _) = project("");
        let error =
            install_in(dir.path(), "there-is-no-such-npm".as_ref(), &mut |_| {}).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, Error::NpmMissing { .. }), "{text}");
        assert!(
            text.contains("Node.js") && text.contains("cargo xtask setup"),
            "{text}"
        );
        let text = require(dir.path()).unwrap_err().to_string();
        assert!(
            text.contains("not installed") && text.contains("npm ci in that folder"),
            "{text}"
        );
    }
}
