//! Building an engine from source.

mod assemble;
mod ccache;
mod configure;
mod flags;
mod ninja;
mod requirements;

pub(crate) use assemble::STATIC_LIBRARIES;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::archive::{self, Compression};
use crate::engine::{Manifest, unverified_name};
use crate::named::cmake;
use crate::pins::{self, Pin};
use crate::source::{Source, provide_source};
use crate::store::{self, Lock, Staging, Store};
use crate::target::Machine;
use crate::toolchain::Toolchain;
use crate::{Engine, Error, Log, Provenance, Settings};

/// Builds an engine from source and puts it into the store; about 21 minutes on 2 cores.
///
/// A build that was interrupted is continued. While another process builds the same engine, this one waits and then
/// uses the result. `JSCSYS_NO_BUILD` is not looked at: whoever calls this wants the build.
pub fn build_engine(
    version: &str,
    settings: &Settings,
    log: &mut dyn Log,
) -> Result<Engine, Error> {
    let pin = pins::pinned(version)?;
    let machine = settings.machine()?;
    let toolchain = requirements::check(&settings.cxx, &machine)?;
    let store = Store::new(settings);
    let source = provide_source(pin, settings, log)?;
    let name = match &source {
        Source::Tarball(_) => machine.engine_name(version),
        Source::Tree(_) => unverified_name(&machine.engine_name(version)),
    };

    let lock = store.lock(&name, log)?;
    if let (Source::Tarball(_), Some(engine)) =
        (&source, built_before(&store.engine(&name), &machine))
    {
        log.step(&format!(
            "{name} is built already; remove {} to build it again",
            engine.directory.display()
        ));
        return Ok(engine);
    }
    let job = Job {
        machine: &machine,
        toolchain: &toolchain,
        store: &store,
        name: &name,
        version: &pin.version,
        provenance: None,
        source: match &source {
            Source::Tarball(_) => crate::engine::Source {
                tarball: pin.debian.tarball.clone(),
                sha256: Some(pin.sha256.clone()),
            },
            Source::Tree(_) => unverified(),
        },
    };
    let work = job.work(&store.build(&name))?;
    let root = source_root(pin, &source, &store, &work, log)?;
    let finished = job.build(&root, &work, &lock, log)?;
    let place = job.install(&finished, log)?;
    if matches!(source, Source::Tarball(_)) {
        // Two gigabytes that nothing needs any more. A tree that somebody works on keeps its build.
        let _ = fs::remove_dir_all(&work);
    }
    Engine::open(&place, &machine)
}

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

/// Builds an engine that somebody named, or brings its build up to date.
pub(crate) fn build_recipe(
    recipe: &Recipe,
    settings: &Settings,
    log: &mut dyn Log,
) -> Result<Engine, Error> {
    let machine = settings.machine()?;
    let toolchain = requirements::check(&settings.cxx, &machine)?;
    let store = Store::new(settings);
    let lock = store.lock(&recipe.name, log)?;
    let job = Job::named(recipe, &machine, &toolchain, &store);
    let own = store.build(&recipe.name);
    let work = job.work(recipe.work.as_deref().unwrap_or(&own))?;
    let finished = job.build(&recipe.root, &work, &lock, log)?;
    let place = job.install(&finished, log)?;
    if !recipe.keep {
        let _ = fs::remove_dir_all(&work);
    }
    Engine::open_named(&place, &recipe.name, recipe.provenance.clone(), &machine)
}

/// Takes an engine out of a build folder that somebody else made; builds nothing.
pub(crate) fn assemble_build(
    recipe: &Recipe,
    tree: &Path,
    build: &cmake::Build,
    settings: &Settings,
    log: &mut dyn Log,
) -> Result<Engine, Error> {
    let machine = settings.machine()?;
    let mut toolchain = Toolchain::find(&settings.cxx, "make the bridge")?;
    toolchain.cxx_version =
        crate::process::version_line(&build.compiler, "know what the engine was built with")?;
    let store = Store::new(settings);
    let _lock = store.lock(&recipe.name, log)?;
    let job = Job::named(recipe, &machine, &toolchain, &store);
    let tree = tree.canonicalize().map_err(Error::io("find", tree))?;
    let finished = job.assemble(&recipe.root, &tree, build.arguments.clone(), log)?;
    let place = job.install(&finished, log)?;
    Engine::open_named(&place, &recipe.name, recipe.provenance.clone(), &machine)
}

/// The engine in a folder of the store, if it is usable and was built on this machine, not unpacked from an archive.
fn built_before(place: &Path, machine: &Machine) -> Option<Engine> {
    let unpacked = crate::archive_origin::read(place).is_some();
    (!unpacked)
        .then(|| Engine::open(place, machine).ok())
        .flatten()
}

/// The engine that was made of exactly this source before.
pub(crate) fn built_from(
    provenance: &Provenance,
    name: &str,
    store: &Store,
    machine: &Machine,
) -> Option<Engine> {
    let engine = Engine::open_named(&store.engine(name), name, provenance.clone(), machine).ok()?;
    (engine.manifest.provenance.as_ref() == Some(provenance)).then_some(engine)
}

/// The source's root folder: unpacked once for each build, or the tree that was named.
fn source_root(
    pin: &Pin,
    source: &Source,
    store: &Store,
    work: &Path,
    log: &mut dyn Log,
) -> Result<PathBuf, Error> {
    let tarball = match source {
        Source::Tree(tree) => return tree.canonicalize().map_err(Error::io("find", tree)),
        Source::Tarball(tarball) => tarball,
    };
    // Its name is what the generated headers will say about their version.
    let root = work.join(format!("source/webkitgtk-{}", pin.version));
    if !root.exists() {
        log.step(&format!("  unpacking {}", tarball.display()));
        let staging = store.staging()?;
        let unpacked = archive::unpack(tarball, Compression::Xz, staging.path())?;
        store::install(&unpacked, &root, &staging)?;
    }
    Ok(root)
}

fn unverified() -> crate::engine::Source {
    crate::engine::Source {
        tarball: "unverified tree".to_string(),
        sha256: None,
    }
}

struct Job<'a> {
    machine: &'a Machine,
    toolchain: &'a Toolchain,
    store: &'a Store,
    name: &'a str,
    version: &'a str,
    source: crate::engine::Source,
    provenance: Option<&'a Provenance>,
}

/// An engine's folder that is finished and not yet in its place.
struct Finished {
    staging: Staging,
    folder: PathBuf,
}

impl<'a> Job<'a> {
    fn named(
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
    fn work(&self, folder: &Path) -> Result<PathBuf, Error> {
        let work = store::private_folder(folder)?;
        // The build's files name their places without links; so must what compares paths with them.
        let work = work.canonicalize().map_err(Error::io("find", &work))?;
        check_spaces(&work)?;
        Ok(work)
    }

    fn build(
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
        let arguments = configure::arguments(self.toolchain);
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

    fn assemble(
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

    fn install(&self, finished: &Finished, log: &mut dyn Log) -> Result<PathBuf, Error> {
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
fn check_shell(engine: &Path) -> Result<(), Error> {
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

/// How long a build takes, as a phrase, for messages that come before one.
pub fn expected_duration() -> String {
    let cores = std::thread::available_parallelism().map_or(1, |count| count.get());
    let minutes = (42_usize.div_ceil(cores)).max(3);
    format!("about {minutes} minutes on {cores} cores")
}

#[cfg(test)]
mod tests;
