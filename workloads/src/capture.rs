//! Capturing: the script in `capture/` makes of a program a workload that runs on a bare engine.

mod earlier;

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::config::RESULTS_NAME;
use crate::error::Error;
use crate::npm;
use crate::root::root;

pub use earlier::{Earlier, earlier};

/// Lists every file of a capture.
pub const MANIFEST: &str = "manifest.json";

/// What to capture.
#[derive(Debug, Serialize)]
pub struct Request<'a> {
    /// Entry files, or packages that can be imported from where the script runs.
    pub entries: &'a [String],
    /// Where the capture goes, absolute; what is there is replaced, but for results of an earlier one.
    pub out: &'a Path,
    /// Conditions that hold in `exports` and `imports` besides `import`, `module-sync` and `default`.
    pub conditions: &'a [String],
    /// Whether a document is defined, too.
    pub dom: bool,
}

/// What the script is told.
#[derive(Serialize)]
struct Call<'a> {
    #[serde(flatten)]
    request: &'a Request<'a>,
    /// The folder of an earlier capture that stays.
    results: &'a str,
}

/// What was captured.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Capture {
    /// How many files it has.
    pub files: u64,
    /// Its workloads by name.
    pub workloads: Vec<String>,
    /// Whether everything that the program cannot do without is there.
    pub is_whole: bool,
}

/// Runs the script in `directory`, from which packages and relative entries are looked for. What it has to say it says on
/// standard error; none if it could not capture, and has said why.
///
/// # Errors
/// Its packages are not installed, or Node.js cannot be started.
pub fn capture(request: &Request<'_>, directory: &Path) -> Result<Option<Capture>, Error> {
    let folder = root().join("capture");
    npm::require(&folder)?;
    let call = Call {
        request,
        results: RESULTS_NAME,
    };
    let node = env::var_os("NODE").unwrap_or_else(|| "node".into());
    let output = Command::new(&node)
        .arg(folder.join("main.mjs"))
        .arg(serde_json::to_string(&call).unwrap_or_default())
        .current_dir(directory)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| Error::Node { node, source })?;
    let captured = serde_json::from_slice(&output.stdout).ok();
    Ok(captured.filter(|_| output.status.success()))
}
