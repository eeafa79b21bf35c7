//! Downloads with curl.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Error, process};

/// curl's exit status when a server cannot go on from where the last try ended.
const CANNOT_RESUME: i32 = 33;

/// Downloads `url` to `part`. An interrupted download is continued by the next try. `protocols` are those that the
/// address, and every address that it leads to, may have.
pub(crate) fn download(
    url: &str,
    protocols: &str,
    part: &Path,
    what: &'static str,
    log_path: &Path,
) -> Result<(), Error> {
    match curl(url, protocols, part, what, log_path) {
        Err(Error::CommandFailed { ref status, .. })
            if *status == format!("exit status: {CANNOT_RESUME}") =>
        {
            fs::remove_file(part).map_err(Error::io("remove", part))?;
            curl(url, protocols, part, what, log_path)
        }
        other => other,
    }
}

fn curl(
    url: &str,
    protocols: &str,
    part: &Path,
    what: &'static str,
    log_path: &Path,
) -> Result<(), Error> {
    let mut command = Command::new("curl");
    command
        .args(["--fail", "--silent", "--show-error", "--location"])
        .args(["--proto", protocols, "--proto-redir", protocols])
        // A host that does not answer, or stops answering, must not hold up the next way for minutes.
        .args(["--connect-timeout", "15"])
        .args(["--speed-limit", "1024", "--speed-time", "60"])
        .args(["--continue-at", "-", "--output"])
        .arg(part)
        .arg(url);
    process::run_logged(&mut command, "the download", what, log_path)
}
