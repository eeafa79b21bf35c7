//! From a source tree or a build tree to a finished engine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{assemble, ccache, configure, flags, ninja};
use crate::engine::Manifest;
use crate::store::{self, Lock, Staging, Store};
use crate::target::Machine;
use crate::toolchain::Toolchain;
use crate::{Error, Log, Provenance};

/// What to build of a source that somebody named.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    /// The engine's name.
    pub(crate) name: String,
    /// The release that the source states.
    pub(crate) version: String,
    /// The source tree.
    pub(crate) root: PathBuf,
    /// Where the source comes from.
    pub(crate) provenance: Provenance,
    /// Whether the build is kept, to be brought up to date later.
    pub(crate) keep: bool,
    /// The folder to build in, if it is not the engine's own.
    pub(crate) work: Option<PathBuf>,
}

/// What an engine is built of, and what it is going to be.
pub(super) struct Job<'a> {
    pub(super) machine: &'a Machine,
    pub(super) toolchain: &'a Toolchain,
    pub(super) store: &'a Store,
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    pub(super) source: crate::engine::Source,
    pub(super) provenance: Option<&'a Provenance>,
}

/// An engine's folder that is finished and not yet in its place.
pub(super) struct Finished {
    staging: Staging,
    folder: PathBuf,
}

impl<'a> Job<'a> {
    /// The job of a recipe.
    pub(super) fn named(
        recipe: &'a Recipe,
        machine: &'a Machine,
        toolchain: &'a Toolchain,
        store: &'a Store,
    ) -> Self {
        Self {
            machine,
            toolchain,
            store,
            name: &recipe.name,
            version: &recipe.version,
            source: unverified(),
            provenance: Some(&recipe.provenance),
        }
    }

    /// The folder of the build, which is created.
    pub(super) fn work(&self, folder: &Path) -> Result<PathBuf, Error> {
        let work = store::private_folder(folder)?;
        // The build's files name their places without links; so must what compares paths with them.
        let work = work.canonicalize().map_err(Error::io("find", &work))?;
        check_spaces(&work)?;
        Ok(work)
    }

    /// Configures and builds, or goes on with what was begun.
    pub(super) fn build(
        &self,
        root: &Path,
        work: &Path,
        lock: &Lock,
        log: &mut dyn Log,
    ) -> Result<Finished, Error> {
        check_spaces(root)?;
        let tree = work.join("tree");
        let output = self.store.logs().join(format!("build-{}.log", self.name));
        log.step(&format!(
            "building {} in {}; its whole output goes to {}",
            self.name,
            work.display(),
            output.display()
        ));
        let mut arguments = configure::arguments(self.toolchain);
        // The last definition of a name is the one that counts.
        arguments.extend(self.provenance.iter().flat_map(|it| it.cmake.clone()));
        let is_fork = self.provenance.is_some();
        configure::run(root, &tree, &arguments, is_fork, &output, log)?;
        let build = ninja::Job {
            tree: &tree,
            target: target(&tree)?,
            environment: ccache::environment(self.store, |name| env::var_os(name)),
            output: &output,
        };
        ninja::run(build, &format!("building {}", self.name), lock, log)?;
        self.assemble(root, &tree, arguments, log)
    }

    /// Takes an engine out of a build tree.
    pub(super) fn assemble(
        &self,
        root: &Path,
        tree: &Path,
        arguments: Vec<String>,
        log: &mut dyn Log,
    ) -> Result<Finished, Error> {
        log.step("  collecting libraries and headers");
        let staging = self.store.staging()?;
        let folder = staging.path().join(self.name);
        store::private_folder(&folder)?;
        let flags = flags::read(tree, root)?;
        assemble::copy(tree, root, &folder)?;
        self.write_manifest(tree, flags, arguments, &folder)?;
        check_shell(&folder)?;
        Ok(Finished { staging, folder })
    }

    /// Puts a finished engine into its place in the store.
    pub(super) fn install(&self, finished: &Finished, log: &mut dyn Log) -> Result<PathBuf, Error> {
        let place = self.store.engine(self.name);
        store::install(&finished.folder, &place, &finished.staging)?;
        log.step(&format!("built {}", place.display()));
        Ok(place)
    }

    fn write_manifest(
        &self,
        tree: &Path,
        flags: flags::Flags,
        arguments: Vec<String>,
        finished: &Path,
    ) -> Result<(), Error> {
        let include_dirs = flags
            .include_dirs
            .into_iter()
            .filter(|path| finished.join(path).is_dir())
            .collect();
        let manifest = Manifest {
            schema: crate::engine::SCHEMA,
            version: self.version.to_string(),
            target: self.machine.architecture.triple(),
            distribution: self.machine.release(),
            source: self.source.clone(),
            provenance: self.provenance.cloned(),
            compiler: self.toolchain.cxx_version.clone(),
            linker: self.toolchain.linker_version.clone(),
            icu: self.machine.icu.clone().unwrap_or_default(),
            cmake_args: arguments,
            features: configure::features(tree)?,
            defines: flags.defines,
            cxx_flags: flags.cxx_flags,
            include_dirs,
            static_libs: assemble::STATIC_LIBRARIES
                .iter()
                .map(|name| name.to_string())
                .collect(),
            system_libs: flags.system_libs,
        };
        let path = finished.join(crate::engine::FILE_NAME);
        fs::write(&path, manifest.to_text()).map_err(Error::io("write", &path))
    }
}

fn check_spaces(folder: &Path) -> Result<(), Error> {
    if !folder.to_string_lossy().contains(char::is_whitespace) {
        return Ok(());
    }
    let problem = "WebKit's build does not work below a folder whose name has a space in it";
    Err(Error::BuildTree {
        tree: folder.to_path_buf(),
        problem: problem.to_string(),
    })
}

/// What ninja has to make. A fork may lack the shell; the library is enough then.
fn target(tree: &Path) -> Result<&'static str, Error> {
    let path = tree.join("build.ninja");
    let text = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
    Ok(match text.contains("\nbuild bin/jsc:") {
        true => "jsc",
        false => "JavaScriptCore",
    })
}

/// Runs one line of JavaScript: an engine that cannot do this is not kept. One without a shell is checked when its bridge
/// is there.
pub(super) fn check_shell(engine: &Path) -> Result<(), Error> {
    let shell = engine.join("bin/jsc");
    if !shell.exists() {
        return Ok(());
    }
    let output = Command::new(&shell)
        .args(["-e", "print(6 * 7)"])
        .output()
        .map_err(Error::io("run", &shell))?;
    match output.status.success() && output.stdout == b"42\n" {
        true => Ok(()),
        false => {
            let problem = format!("bin/jsc does not compute 6 * 7 ({})", output.status);
            Err(Error::Incomplete {
                directory: engine.to_path_buf(),
                problem,
            })
        }
    }
}

/// What a manifest says of a source that nothing can verify.
pub(super) fn unverified() -> crate::engine::Source {
    crate::engine::Source {
        tarball: "unverified tree".to_string(),
        sha256: None,
    }
}
