//! The release's tarball over HTTPS.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::checked;
use crate::pins::Pin;
use crate::store::{Store, private_folder};
use crate::{Error, Log, process};

/// curl's exit status when a server cannot go on from where the last try ended.
const CANNOT_RESUME: i32 = 33;

/// Downloads the tarball with curl. An interrupted download is continued by the next try.
pub(super) fn download(pin: &Pin, store: &Store, log: &mut dyn Log) -> Result<PathBuf, Error> {
    let part = private_folder(&store.sources())?.join(format!("webkitgtk-{}.part", pin.version));
    let log_path = store.logs().join(format!("download-{}.log", pin.version));
    log.step(&format!("  downloading {}", pin.upstream));
    let first = curl(pin, &part, &log_path);
    let result = match first {
        Err(Error::CommandFailed { ref status, .. })
            if *status == format!("exit status: {CANNOT_RESUME}") =>
        {
            fs::remove_file(&part).map_err(Error::io("remove", &part))?;
            curl(pin, &part, &log_path)
        }
        other => other,
    };
    result?;
    checked::keep(pin, store, &part, log)
}

fn curl(pin: &Pin, part: &Path, log_path: &Path) -> Result<(), Error> {
    let mut command = Command::new("curl");
    command
        .args([
            "--fail",
            "--silent",
            "--show-error",
            "--location",
            "--proto",
            "=https",
            "--proto-redir",
            "=https",
        ])
        // A host that does not answer, or stops answering, must not hold up the next way for minutes.
        .args([
            "--connect-timeout",
            "15",
            "--speed-limit",
            "1024",
            "--speed-time",
            "60",
        ])
        .args(["--continue-at", "-", "--output"])
        .arg(part)
        .arg(&pin.upstream);
    process::run_logged(
        &mut command,
        "the download",
        "download the source",
        log_path,
    )
}
