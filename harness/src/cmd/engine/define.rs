//! `engine add`, `engine build` and `engine remove`.

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use jsc_provision::named::{
    Definition, Definitions, Origin, check, check_name, provide_named, root,
};
use jsc_provision::pins::{self, Pin};
use jsc_provision::store::Store;
use jsc_provision::{
    Log, Settings, StderrLog, bridges_of, provide_bridge, provide_engine, sha256, sources_digest,
};

use crate::cmd::ExitStatus;
use crate::{Error, print};

/// The end of the help of `engine add`.
pub const AFTER_ADD: &str = "\
The definition is checked and written down; `engine build NAME` then builds what has to be built. After that the name works
wherever an engine is asked for.

  --tarball  a source tarball (.tar.xz); its SHA-256 is noted, and another file is refused
  --tree     a source tree. It is built elsewhere and not written to; building again takes what has changed
  --git      a revision of a repository. Neither its work tree nor its index is touched; revisions share what is built
  --build    a build folder of the JSCOnly port with static libraries. Nothing is built in it
  --archive  a packed engine (`cargo xtask engine pack`)
  --dir      an unpacked engine, used where it is

A source is configured as a release build of the JSCOnly port. A fork may need more, such as --cmake-arg -DENABLE_WEBASSEMBLY=OFF;
--cmake-arg -DCMAKE_BUILD_TYPE=Debug makes a build with assertions.

Exit codes: 0 when it was defined, 4 when it cannot be, 64 usage.";

/// Arguments of `engine add`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("origin").required(true).args(["tarball", "tree", "git", "build", "archive", "dir"])))]
pub struct AddArgs {
    /// The engine's name: letters, digits, dots, hyphens and underscores
    name: String,
    /// A source tarball
    #[arg(long, value_name = "FILE")]
    tarball: Option<PathBuf>,
    /// A source tree
    #[arg(long, value_name = "DIR")]
    tree: Option<PathBuf>,
    /// A git repository, with --rev
    #[arg(long, value_name = "DIR", requires = "rev")]
    git: Option<PathBuf>,
    /// The revision: any name that git has for a commit. It is looked up each time the engine is built
    #[arg(long, requires = "git")]
    rev: Option<String>,
    /// A build folder of WebKit
    #[arg(long, value_name = "DIR")]
    build: Option<PathBuf>,
    /// A packed engine
    #[arg(long, value_name = "FILE")]
    archive: Option<PathBuf>,
    /// An unpacked engine
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// A definition for CMake, beyond this program's own, for a source that needs it; can be given several times
    #[arg(
        long = "cmake-arg",
        value_name = "-DNAME=VALUE",
        allow_hyphen_values = true
    )]
    cmake: Vec<String>,
}

/// Defines an engine, unless it is clear already that it can never be built.
pub fn add(arguments: &AddArgs, mut definitions: Definitions) -> Result<ExitStatus, Error> {
    check_name(&arguments.name)?;
    let definition = Definition {
        name: arguments.name.clone(),
        origin: arguments.origin()?,
        cmake: arguments.cmake.clone(),
    };
    // What is wrong with it is said now, not after it was written down.
    check(&definition)?;
    definitions.add(definition)?;
    print::line(&format!(
        "{} is defined in {}\nhint: jsc-harness engine build {}",
        arguments.name,
        definitions.file().display(),
        arguments.name
    ));
    Ok(ExitStatus::Success)
}

/// Builds an engine by name, pinned or defined, and its bridge.
pub fn build(name: &str, definitions: &Definitions) -> Result<ExitStatus, Error> {
    let settings = Settings::from_env()?;
    let sources = Path::new(jsc_sys::BRIDGE_SOURCES);
    check_sources(sources)?;
    let log: &mut dyn Log = &mut StderrLog::new();
    let machine = settings.machine()?;
    let is_it = |pin: &&Pin| name == pin.version || name == machine.engine_name(&pin.version);
    let engine = match pins::all().iter().find(is_it) {
        Some(pin) => provide_engine(&pin.version, &settings, log)?,
        None => {
            let engine = provide_named(definitions.find(name)?, &settings, log)?;
            super::gc::note_definition(&Store::new(&settings), name, definitions.file())?;
            engine
        }
    };
    provide_bridge(&engine, sources, &settings, log)?;
    let installed = workers::find(&engine.name)?;
    print::line(&format!(
        "{} is ready: fingerprint {}",
        installed.name, installed.fingerprint
    ));
    if installed.has_assertions() {
        print::line(
            "It has JSC's assertions compiled in. Its times are those of the assertions too; the gate refuses it.",
        );
    }
    Ok(ExitStatus::Success)
}

/// A bridge of other sources than this program's could not be found by it.
pub fn check_sources(sources: &Path) -> Result<(), Error> {
    match sources_digest(sources)? == jsc_sys::BRIDGE_SOURCES_DIGEST {
        true => Ok(()),
        false => Err(Error::BridgeSources {
            folder: sources.to_owned(),
        }),
    }
}

/// Removes a definition and everything that the store has of its engine.
pub fn remove(name: &str, mut definitions: Definitions) -> Result<ExitStatus, Error> {
    if pins::all().iter().any(|pin| name == pin.version) {
        return Err(Error::BuiltIn {
            version: name.to_owned(),
        });
    }
    let removed = definitions.remove(name)?;
    let store = Store::new(&Settings::from_env()?);
    let mut folders = vec![store.build(name)];
    if !matches!(removed.origin, Origin::Dir(_)) {
        folders.push(store.engine(name));
    }
    folders.extend(bridges_of(&store, name));
    for folder in folders.iter().filter(|it| it.exists()) {
        super::remove_folder(folder)?;
    }
    print::line(&format!(
        "{name} is removed; {} stays as it is",
        removed.origin.location().display()
    ));
    Ok(ExitStatus::Success)
}

impl AddArgs {
    fn origin(&self) -> Result<Origin, Error> {
        let real = |path: &Path| {
            path.canonicalize().map_err(|source| Error::Read {
                path: path.to_owned(),
                source,
            })
        };
        Ok(match self {
            Self {
                tarball: Some(file),
                ..
            } => {
                let file = real(file)?;
                Origin::Tarball {
                    sha256: sha256(&file)?,
                    file,
                }
            }
            Self {
                tree: Some(folder), ..
            } => Origin::Tree(real(folder)?),
            Self {
                git: Some(repository),
                rev,
                ..
            } => Origin::Git {
                repository: root(&real(repository)?)?,
                revision: rev.clone().unwrap_or_default(),
            },
            Self {
                build: Some(folder),
                ..
            } => Origin::Build(real(folder)?),
            Self {
                archive: Some(file),
                ..
            } => Origin::Archive(real(file)?),
            Self { dir, .. } => Origin::Dir(real(dir.as_deref().unwrap_or(Path::new("")))?),
        })
    }
}
