//! Building an engine from source.

mod assemble;
mod ccache;
mod configure;
mod flags;
pub(crate) mod folder;
mod job;
mod ninja;
mod requirements;

pub(crate) use assemble::STATIC_LIBRARIES;
pub(crate) use job::Recipe;

use std::fs;
use std::path::{Path, PathBuf};

use job::{Job, unverified};

use crate::archive::{self, Compression};
use crate::engine::unverified_name;
use crate::pins::{self, Pin};
use crate::source::{Source, provide_source};
use crate::store::{self, Store};
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
    build: &folder::Build,
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

/// How long a build takes, as a phrase, for messages that come before one.
pub fn expected_duration() -> String {
    let cores = std::thread::available_parallelism().map_or(1, |count| count.get());
    let minutes = (42_usize.div_ceil(cores)).max(3);
    format!("about {minutes} minutes on {cores} cores")
}

#[cfg(test)]
mod tests;
