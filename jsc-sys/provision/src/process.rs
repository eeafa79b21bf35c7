//! Running commands: their output goes to files, never into memory.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::{Error, env};

/// How much of the end of a log is looked at for an excerpt.
const EXCERPT_WINDOW: u64 = 256 << 10;
/// How many lines an excerpt has at most, so that an error fits on a screen.
const EXCERPT_LINES: usize = 12;

/// Where a command is, looked up as a shell would.
pub(crate) fn find_command(name: &str) -> Option<PathBuf> {
    let executable = |path: &PathBuf| {
        fs::metadata(path)
            .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
    };
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(executable);
    }
    env::command_folders()
        .into_iter()
        .map(|folder| folder.join(name))
        .find(executable)
}

/// The first line of `<command> --version`.
pub(crate) fn version_line(command: &str, purpose: &'static str) -> Result<String, Error> {
    let output = Command::new(command)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(|_| missing(command, purpose))?;
    let text = String::from_utf8_lossy(&output.stdout);
    match text.lines().next().map(str::trim) {
        Some(line) if output.status.success() && !line.is_empty() => Ok(line.to_string()),
        _ => Err(missing(command, purpose)),
    }
}

/// The error for a command that is not there, with the package that has it.
pub(crate) fn missing(command: &str, purpose: &'static str) -> Error {
    Error::MissingCommand {
        command: command.to_string(),
        purpose,
        package: crate::needed::package_of(command),
    }
}

/// Opens a log file for writing from its start.
pub(crate) fn create_log(path: &Path) -> Result<File, Error> {
    if let Some(folder) = path.parent() {
        crate::store::private_folder(folder)?;
    }
    File::create(path).map_err(Error::io("create", path))
}

/// Opens a log file for writing at its end.
pub(crate) fn append_log(path: &Path) -> Result<File, Error> {
    if let Some(folder) = path.parent() {
        crate::store::private_folder(folder)?;
    }
    OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .map_err(Error::io("open", path))
}

/// Makes a command write everything to a log.
pub(crate) fn log_to<'a>(
    command: &'a mut Command,
    log: &File,
    path: &Path,
) -> Result<&'a mut Command, Error> {
    let stdout = log.try_clone().map_err(Error::io("open", path))?;
    let stderr = log.try_clone().map_err(Error::io("open", path))?;
    Ok(command.stdin(Stdio::null()).stdout(stdout).stderr(stderr))
}

/// Runs a command whose output goes to the end of a log; ending badly is an error with the lines that matter.
pub(crate) fn run_logged(
    command: &mut Command,
    task: &str,
    purpose: &'static str,
    path: &Path,
) -> Result<(), Error> {
    let name = command.get_program().to_string_lossy().into_owned();
    let log = append_log(path)?;
    let start = log.metadata().map_or(0, |data| data.len());
    let status = log_to(command, &log, path)?
        .status()
        .map_err(|_| missing(&name, purpose))?;
    match status.success() {
        true => Ok(()),
        false => Err(failed(task, status, path, start)),
    }
}

/// The error for a command that ended badly, with an excerpt of its log from `start` on.
pub(crate) fn failed(task: &str, status: ExitStatus, log: &Path, start: u64) -> Error {
    Error::CommandFailed {
        task: task.to_string(),
        status: status.to_string(),
        excerpt: excerpt(&log_end(log, start)),
        log: log.to_path_buf(),
    }
}

fn log_end(path: &Path, start: u64) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(
            start.max(length.saturating_sub(EXCERPT_WINDOW)),
        ))?;
        let mut bytes = Vec::new();
        file.take(EXCERPT_WINDOW).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}

/// The first lines from the first error on, or else the last lines.
fn excerpt(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    let is_error = |line: &&str| {
        line.contains("error:")
            || line.contains("Error:")
            || line.contains("CMake Error")
            || line.starts_with("E: ")
    };
    let first = lines
        .iter()
        .position(is_error)
        .unwrap_or(lines.len().saturating_sub(EXCERPT_LINES));
    lines[first..]
        .iter()
        .take(EXCERPT_LINES)
        .map(|line| format!("  {line}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_starts_at_the_first_error() {
        let output = "one\na.cpp:1: error: bad\nnote\n";
        assert_eq!(excerpt(output), "  a.cpp:1: error: bad\n  note\n");
        let long: String = (0..100).map(|line| format!("{line}\n")).collect();
        assert_eq!(excerpt(&long).lines().count(), EXCERPT_LINES);
        assert!(excerpt(&long).ends_with("  99\n"));
        assert_eq!(excerpt(""), "");
    }

    #[test]
    fn a_missing_command_names_its_package() {
        let error = version_line("clang++-19-that-is-not-there", "compile the bridge").unwrap_err();
        assert_eq!(
            error.to_string(),
            "clang++-19-that-is-not-there is needed to compile the bridge and was not found\n\
             hint: install Debian's package clang-19, or let `cargo xtask setup` install everything that is missing"
        );
    }

    #[test]
    fn a_failing_command_shows_its_own_output_only() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        fs::write(&log, "error: of another day\n").unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo error: today >&2; exit 3"]);
        let error = run_logged(&mut command, "the test", "test", &log).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the test failed (exit status: 3)\n  error: today\nhint: the whole output is in {}",
                log.display()
            )
        );
    }
}
