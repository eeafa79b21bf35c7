//! `capture`: a program with everything that it needs, as a workload that runs on a bare engine.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use workloads::capture::{Earlier, MANIFEST, Request, capture, earlier};

use super::ExitStatus;
use crate::{Error, print};

/// Arguments of `capture`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct CaptureArgs {
    /// What to capture: entry files, packages' directories (./app), or packages that can be imported from here (ramda,
    /// svelte/compiler)
    #[arg(required = true, value_name = "ENTRY|PACKAGE")]
    entries: Vec<String>,
    /// Where the capture goes; an older capture there is replaced, unless somebody has changed it
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

/// Runs `capture`.
pub fn run(arguments: &CaptureArgs) -> Result<ExitStatus, Error> {
    let out = std::path::absolute(&arguments.out).map_err(|source| Error::Read {
        path: arguments.out.clone(),
        source,
    })?;
    check_replaceable(arguments, &out)?;
    let request = Request {
        entries: &entries(arguments)?,
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

/// An earlier capture is replaced only as it was made: nothing that somebody has put there or changed is lost.
fn check_replaceable(arguments: &CaptureArgs, out: &Path) -> Result<(), Error> {
    let wrong = |source| Error::Write {
        flag: "--out",
        path: arguments.out.clone(),
        source,
    };
    let parent = out.parent().unwrap_or(out);
    std::fs::create_dir_all(parent)
        .and_then(|()| record::temporary_in(parent).map(drop))
        .map_err(wrong)?;
    let what = match earlier(out)? {
        Earlier::Nothing | Earlier::Untouched => return Ok(()),
        Earlier::Other(what) => what.to_owned(),
        Earlier::Touched(path) => format!(
            "{} is not of the capture that is there, or was changed since; move it away, or name another directory",
            path.display()
        ),
    };
    let out = arguments.out.display();
    Err(Error::Usage(format!("--out {out}: {what}")))
}

/// The entries, with files in the place of packages' directories.
fn entries(arguments: &CaptureArgs) -> Result<Vec<String>, Error> {
    let mut entries = Vec::new();
    for entry in &arguments.entries {
        let path = Path::new(entry);
        // A directory without a dot before it may be called like a package.
        if path.is_file() || (entry.starts_with(['.', '/']) && path.is_dir()) {
            let found = workloads::entries(&[path.to_owned()], &Default::default())?;
            entries.extend(found.into_iter().map(|it| it.name));
        } else {
            entries.push(entry.clone());
        }
    }
    Ok(entries)
}
