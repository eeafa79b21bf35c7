//! Building an engine from source.

mod assemble;
mod configure;
mod flags;
mod ninja;
mod requirements;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::archive::{self, Compression};
use crate::engine::{Manifest, unverified_name};
use crate::pins::{self, Pin};
use crate::source::{Source, provide_source};
use crate::store::{self, Lock, Store};
use crate::target::Machine;
use crate::toolchain::Toolchain;
use crate::{Engine, Error, Log, Settings};

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
        pin,
        machine: &machine,
        toolchain: &toolchain,
        store: &store,
        name: &name,
    };
    job.run(&source, &lock, log)
}

/// The engine in a folder of the store, if it is usable and was built on this machine, not unpacked from an archive.
fn built_before(place: &Path, machine: &Machine) -> Option<Engine> {
    let unpacked = crate::archive_origin::read(place).is_some();
    (!unpacked)
        .then(|| Engine::open(place, machine).ok())
        .flatten()
}

struct Job<'a> {
    pin: &'a Pin,
    machine: &'a Machine,
    toolchain: &'a Toolchain,
    store: &'a Store,
    name: &'a str,
}

impl Job<'_> {
    fn run(&self, source: &Source, lock: &Lock, log: &mut dyn Log) -> Result<Engine, Error> {
        let work = store::private_folder(&self.store.build(self.name))?;
        // The build's files name their places without links; so must what compares paths with them.
        let work = work.canonicalize().map_err(Error::io("find", &work))?;
        if work.to_string_lossy().contains(char::is_whitespace) {
            let problem =
                "WebKit's build does not work below a folder whose name has a space in it"
                    .to_string();
            return Err(Error::BuildTree {
                tree: work,
                problem,
            });
        }
        let tree = work.join("tree");
        let output = self.store.logs().join(format!("build-{}.log", self.name));
        log.step(&format!(
            "building {} in {}; its whole output goes to {}",
            self.name,
            work.display(),
            output.display()
        ));
        let root = self.source_root(source, &work, log)?;
        let arguments = configure::arguments(self.toolchain);
        configure::run(&root, &tree, &arguments, &output, log)?;
        ninja::run(
            &tree,
            &format!("building {}", self.name),
            &output,
            lock,
            log,
        )?;

        log.step("  collecting libraries and headers");
        let staging = self.store.staging()?;
        let finished = staging.path().join(self.name);
        store::private_folder(&finished)?;
        let flags = flags::read(&tree, &root)?;
        assemble::copy(&tree, &root, &finished)?;
        self.write_manifest(source, &tree, flags, arguments, &finished)?;
        let engine = Engine::open(&finished, self.machine)?;
        check_shell(&engine)?;
        let place = self.store.engine(self.name);
        store::install(&finished, &place, &staging)?;
        if matches!(source, Source::Tarball(_)) {
            // Two gigabytes that nothing needs any more. A tree that somebody works on keeps its build.
            let _ = fs::remove_dir_all(&work);
        }
        log.step(&format!("built {}", place.display()));
        Engine::open(&place, self.machine)
    }

    /// The source's root folder: unpacked once for each build, or the tree that was named.
    fn source_root(
        &self,
        source: &Source,
        work: &Path,
        log: &mut dyn Log,
    ) -> Result<PathBuf, Error> {
        let tarball = match source {
            Source::Tree(tree) => return tree.canonicalize().map_err(Error::io("find", tree)),
            Source::Tarball(tarball) => tarball,
        };
        // Its name is what the generated headers will say about their version.
        let root = work.join(format!("source/webkitgtk-{}", self.pin.version));
        if !root.exists() {
            log.step(&format!("  unpacking {}", tarball.display()));
            let staging = self.store.staging()?;
            let unpacked = archive::unpack(tarball, Compression::Xz, staging.path())?;
            store::install(&unpacked, &root, &staging)?;
        }
        Ok(root)
    }

    fn write_manifest(
        &self,
        source: &Source,
        tree: &Path,
        flags: flags::Flags,
        arguments: Vec<String>,
        finished: &Path,
    ) -> Result<(), Error> {
        let source = match source {
            Source::Tarball(_) => crate::engine::Source {
                tarball: self.pin.debian.tarball.clone(),
                sha256: Some(self.pin.sha256.clone()),
            },
            Source::Tree(_) => crate::engine::Source {
                tarball: "unverified tree".to_string(),
                sha256: None,
            },
        };
        let include_dirs = flags
            .include_dirs
            .into_iter()
            .filter(|path| finished.join(path).is_dir())
            .collect();
        let manifest = Manifest {
            schema: crate::engine::SCHEMA,
            version: self.pin.version.clone(),
            target: self.machine.architecture.triple(),
            distribution: self.machine.release(),
            source,
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

/// Runs one line of JavaScript: an engine that cannot do this is not kept.
fn check_shell(engine: &Engine) -> Result<(), Error> {
    let shell = engine.shell();
    let output = Command::new(&shell)
        .args(["-e", "print(6 * 7)"])
        .output()
        .map_err(Error::io("run", &shell))?;
    match output.status.success() && output.stdout == b"42\n" {
        true => Ok(()),
        false => {
            let problem = format!("bin/jsc does not compute 6 * 7 ({})", output.status);
            Err(Error::Incomplete {
                directory: engine.directory.clone(),
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
