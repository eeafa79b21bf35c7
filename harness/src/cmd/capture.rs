//! `capture`: a program with everything that it needs, as a workload that runs on a bare engine.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use workloads::capture::{MANIFEST, Request, capture};

use super::ExitStatus;
use crate::{Error, print};

/// Arguments of `capture`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct CaptureArgs {
    /// What to capture: entry files, or packages that can be imported from here (ramda, svelte/compiler)
    #[arg(required = true, value_name = "ENTRY|PACKAGE")]
    entries: Vec<String>,
    /// Where the capture goes; an older capture there is replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Conditions that hold in "exports" and "imports" besides import, module-sync and default
    #[arg(short = 'C', long, value_name = "NAME", value_delimiter = ',')]
    conditions: Vec<String>,
    /// Define a document, too (linkedom), for programs that need one to load
    #[arg(long)]
    dom: bool,
}

const AFTER_HELP: &str = "\
A bare engine has no CommonJS, no built-in modules of Node and few globals. The capture of a program has
  modules/          its ES modules as they are, each package in a directory of its own
  commonjs/         its CommonJS files as ES modules, bundled once by esbuild, with the exports of Node or bundlers
  import-map.json   what specifiers mean; built-in modules of Node are those of unenv
  prelude.mjs       the globals that it mentions and the engine lacks (unenv, core-js and others)
  licenses/         the licences of all packages
  manifest.json     every file with its digest and its origin, what was replaced and why, what could not be captured
  jsc-harness.toml  the workloads: `cd DIR; jsc-harness verify`, `jsc-harness measure`
The same files give the same capture, byte for byte. A PACKAGE's entry reads each of its exports once.

A bare engine is neither `node` nor `browser`: by default the condition `node` holds only where a package does not load
without it, `browser` nowhere. --conditions adds them; with `browser` the field of that name in package.json counts, too.

It needs Node.js 20 or later; `cargo xtask setup` installs the rest.

Exit codes:
  0   captured
  1   captured, but for something that the program cannot do without
  4   could not capture; nothing is written
  64  usage";

/// How the definitions of a capture begin: by them an older one is known. Anything else is not removed.
const MARK: &[u8] = b"# Made by jsc-harness capture.";

/// Runs `capture`.
pub fn run(arguments: &CaptureArgs) -> Result<ExitStatus, Error> {
    let out = std::path::absolute(&arguments.out).map_err(|source| Error::Read {
        path: arguments.out.clone(),
        source,
    })?;
    check_replaceable(&out)?;
    let request = Request {
        entries: &arguments.entries,
        out: &out,
        conditions: &arguments.conditions,
        dom: arguments.dom,
    };
    let Some(captured) = capture(&request, ".".as_ref())? else {
        // It has said why.
        return Ok(ExitStatus::CouldNotRun);
    };
    print::line(&format!(
        "{} has {} of {}; next: cd {0} && jsc-harness verify",
        arguments.out.display(),
        sample::plural(captured.files, "file", "files"),
        captured.workloads.join(", "),
    ));
    if captured.is_whole {
        return Ok(ExitStatus::Success);
    }
    let _ = writeln!(
        io::stderr(),
        "capture: something that the program needs could not be captured; {MANIFEST} lists it"
    );
    Ok(ExitStatus::Finding)
}

/// A directory is replaced only if it is an older capture, or empty.
fn check_replaceable(out: &Path) -> Result<(), Error> {
    let wrong = |what: &str| Err(Error::Usage(format!("--out {}: {what}", out.display())));
    if !out.exists() {
        return Ok(());
    }
    if !out.is_dir() {
        return wrong("it is not a directory");
    }
    let is_empty = fs::read_dir(out).is_ok_and(|mut it| it.next().is_none());
    let definitions = fs::read(out.join(workloads::FILE_NAME)).unwrap_or_default();
    if !is_empty && !definitions.starts_with(MARK) {
        return wrong(
            "it has files, and is no earlier capture; name another directory, or empty it",
        );
    }
    Ok(())
}
