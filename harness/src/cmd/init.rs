//! `init`: a first `jsc-harness.toml` for a project.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::slice;

use clap::Args;
use serde_json::Value;
use workloads::{Catalog, FILE_NAME, RESULTS_NAME, WorkloadDef};

use super::ExitStatus;
use super::host_arg::HostArgs;
use crate::{Error, print};

/// Arguments of `init`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct InitArgs {
    /// The project's programs: entry files, packages' directories, or directories of entry files [default: what lies here]
    #[arg(value_name = "ENTRY")]
    entries: Vec<PathBuf>,
    #[command(flatten)]
    host: HostArgs,
}

const AFTER_HELP: &str = "\
The file is written into the working directory. Commands look for it there and above. An older one is left alone.

Exit codes:
  0   written
  4   could not write it
  64  usage: there is a file already, or nothing that could be an entry";

/// Where programs usually begin.
const USUAL: [&str; 8] = [
    "main.mjs",
    "index.mjs",
    "src/main.mjs",
    "src/index.mjs",
    "main.js",
    "index.js",
    "src/main.js",
    "src/index.js",
];

/// Runs `init`.
pub fn run(arguments: &InitArgs) -> Result<ExitStatus, Error> {
    let here = env::current_dir().map_err(|source| Error::Read {
        path: PathBuf::from("."),
        source,
    })?;
    let file = here.join(FILE_NAME);
    if file.symlink_metadata().is_ok() {
        return Err(Error::Usage(format!(
            "there is a {FILE_NAME} here already; edit it, or remove it first"
        )));
    }
    let found = workloads::entries(&given(&arguments.entries)?, &arguments.host.checked()?)?;
    let text = text(&found, &here);
    let failed = |source| Error::Write {
        flag: "init",
        path: file.clone(),
        source,
    };
    let written = OpenOptions::new().write(true).create_new(true).open(&file);
    written
        .and_then(|mut it| it.write_all(text.as_bytes()))
        .map_err(failed)?;
    // What was written must be what every command takes.
    Catalog::read(&file)?;
    print::line(&format!(
        "{FILE_NAME} has {}; next: jsc-harness verify, jsc-harness measure --blocks 10",
        sample::plural(found.len() as u64, "workload", "workloads")
    ));
    Ok(ExitStatus::Success)
}

/// The entries that were named, or what looks like one.
fn given(entries: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    if !entries.is_empty() {
        return Ok(entries.to_vec());
    }
    let mut said = Vec::new();
    if let Some(manifest) = manifest()? {
        match workloads::entries(&[PathBuf::from(".")], &Default::default()) {
            Ok(found) => return Ok(found.iter().map(|it| PathBuf::from(&it.name)).collect()),
            Err(error) => said.push(error.to_string()),
        }
        let (installed, absent) = dependencies(&manifest);
        let usual = USUAL.iter().find(|it| Path::new(it).is_file());
        match (usual, installed.is_empty()) {
            (Some(usual), _) => {
                note(&format!("{}; took {usual}", said.join("; ")));
                return Ok(vec![PathBuf::from(usual)]);
            }
            (None, false) => {
                absent.iter().for_each(|it| note(it));
                return Ok(installed);
            }
            (None, true) => said.extend(absent),
        }
    } else if let Some(usual) = USUAL.iter().find(|it| Path::new(it).is_file()) {
        return Ok(vec![PathBuf::from(usual)]);
    }
    let why = said.iter().map(|it| format!("\n  {it}"));
    Err(Error::Usage(format!(
        "nothing here looks like an entry (a package.json that names one, {}, an installed package); name it: jsc-harness \
         init ENTRY{}",
        USUAL.join(", "),
        why.collect::<String>()
    )))
}

/// The manifest of the package that lies here.
fn manifest() -> Result<Option<Value>, Error> {
    let path = Path::new("package.json");
    if !path.is_file() {
        return Ok(None);
    }
    let text = fs::read(path).map_err(|source| Error::Read {
        path: path.to_owned(),
        source,
    })?;
    let manifest = serde_json::from_slice(&text);
    manifest.map(Some).map_err(|error| {
        Error::Usage(format!(
            "package.json is no JSON: {error}; mend it, or name the entry: jsc-harness init ENTRY"
        ))
    })
}

/// The packages that the project depends on that are installed and name an entry; and why the others are left out.
fn dependencies(manifest: &Value) -> (Vec<PathBuf>, Vec<String>) {
    let names = manifest["dependencies"].as_object().into_iter().flatten();
    let (mut found, mut absent) = (Vec::new(), Vec::new());
    for (name, _) in names {
        let package = Path::new("node_modules").join(name);
        if !package.is_dir() {
            absent.push(format!(
                "the package {name} is not installed; hint: npm install"
            ));
            continue;
        }
        match workloads::entries(slice::from_ref(&package), &Default::default()) {
            Ok(_) => found.push(package),
            Err(error) => absent.push(error.to_string()),
        }
    }
    (found, absent)
}

fn note(text: &str) {
    let _ = writeln!(io::stderr(), "init: {text}");
}

fn text(workloads: &[WorkloadDef], here: &Path) -> String {
    let mut text = String::from(
        "# What jsc-harness loads, verifies and measures here. Paths are relative to this file.\n\n\
         # The engines of verify and measure: names or versions from `jsc-harness engine list` [default: the pinned default]\n\
         # engines = [\"2.52.6\"]\n\n\
         # Where results and gates are kept\n",
    );
    text += &format!("results = {RESULTS_NAME:?}\n");
    let string = |value: &str| toml::Value::String(value.to_owned()).to_string();
    let path = |path: &Path| {
        string(
            &path
                .strip_prefix(here)
                .unwrap_or(path)
                .display()
                .to_string(),
        )
    };
    for workload in workloads {
        let host = &workload.host;
        text += &format!(
            "\n[[workload]]\nname = {}\nentry = {}\nwhy = \"The program as its users start it.\"\nsuites = [\"smoke\"]\n",
            string(&workload.name),
            path(Path::new(&workload.name)),
        );
        for (key, list) in host.lists() {
            let list: Vec<String> = list.iter().map(|it| string(it)).collect();
            text += &format!("{key} = [{}]\n", list.join(", "));
        }
        for (key, file) in host.files() {
            text += &format!("{key} = {}\n", path(file));
        }
    }
    text += "\n# More that a workload can say:\n\
             # modules = 12                       # how many JavaScript modules a whole run loads\n\
             # expected.stdout = [\"ready\"]        # what it must print\n\
             # conditions = [\"browser\"]           # in the place of node, in \"exports\" and \"imports\"\n\
             # main-fields = [\"module\", \"main\"]   # what names the entry of a package without \"exports\"\n\
             # extensions = [\".ts\", \".js\"]        # what is appended where no file is\n\
             # import-map = \"import-map.json\"     # an import map (HTML)\n\
             # prelude = \"prelude.mjs\"            # a module that runs first, and may define globals\n\
             # time-limit = 60                    # seconds for one load\n\n\
             # [[suite]]\n\
             # name = \"smoke\"\n\
             # why = \"A few seconds.\"\n\
             # workloads = [\"a name\"]\n\n\
             # peers = true                       # at the top: measure peers without --peers\n\
             # [[peer]]                           # another program to measure beside, on the same entries\n\
             # name = \"qjs\"\n\
             # command = [\"qjs\", \"-m\", \"{cache}/bundle.mjs\"]\n\
             # prepare = [[\"esbuild\", \"{entry}\", \"--bundle\", \"--format=esm\", \"--outfile={cache}/bundle.mjs\"]]\n\
             # environment = { NAME = \"value\" }\n\
             # version = [\"qjs\", \"--version\"]\n\
             # prints = [\"ready\"]                 # its lines [default: what jsc-harness prints by parse]\n\n\
             # [gate]\n\
             # budget = 10                        # minutes\n\
             # margin-high = 3                    # a slowdown of so many percent must not pass\n\
             # path = [\"parse\", \"full\", \"graph\"]\n";
    text
}
