//! Running the compiler and the linker.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::LIBRARY;
use super::libraries;
use super::sources::{PREFIX, Sources, VERSION_SCRIPT};
use crate::toolchain::Toolchain;
use crate::{Engine, Error, process};

/// Flags of every compilation, beyond what `engine.json` lists.
const COMPILE_FLAGS: &[&str] = &["-fPIC", "-Wall", "-Wextra", "-Qunused-arguments"];

/// Flags of the link.
///
/// The C interface of JavaScriptCore is kept by linking its archive whole; what nothing refers to is dropped after
/// that. The build-id is what JavaScriptCore tells engines apart by.
const LINK_FLAGS: &[&str] = &[
    "-shared",
    "-Wl,--gc-sections",
    "-Wl,--build-id=sha1",
    "-Wl,--no-undefined",
    "-Wl,--enable-new-dtags",
    "-Wl,-rpath,$ORIGIN",
    // Every process pays for what the dynamic linker does: relative relocations as a bitmap, the C++ library linked in.
    "-Wl,-z,pack-relative-relocs",
    "-Wl,-Bsymbolic",
    "-static-libstdc++",
    "-static-libgcc",
    // ICU's archives do not reach libc's time zone from within a library (`time_zone.cpp`).
    "-Wl,--wrap=tzname",
    "-Wl,--wrap=__timezone",
    "-Wl,--wrap=tzset",
    // The bridge hands JSC zeroed memory, and much of it at once, while it encodes bytecode (`encoder_memory.cpp`).
    "-Wl,--wrap=_ZN3WTF10fastMallocEm",
    "-Wl,--wrap=_ZN3WTF8pageSizeEv",
];

/// The release that the engine's manifest states, as a string. For people only: the C++ finds out from JavaScriptCore's
/// headers what differs between engines.
const RELEASE_MACRO: &str = "JSB_ENGINE_RELEASE";

/// The header that refuses engines, each with an `#error` that says why.
const SUPPORTED: &str = "supported.h";

/// The flags that this program adds, for the key of the result.
pub(super) fn fixed_flags() -> impl Iterator<Item = &'static str> {
    COMPILE_FLAGS.iter().chain(LINK_FLAGS).copied()
}

/// Compiles all files and links the library. Everything the tools print goes to `log`.
pub(super) fn build(
    engine: &Engine,
    sources: &Sources,
    toolchain: &Toolchain,
    work: &Path,
    library: &Path,
    log: &Path,
) -> Result<(), Error> {
    process::create_log(log)?;
    let job = Job {
        engine,
        sources,
        toolchain,
        work,
        log,
    };
    let prefix = job.compile_prefix()?;
    let objects = job.compile_units(&prefix)?;
    job.link(&objects, library)
}

struct Job<'a> {
    engine: &'a Engine,
    sources: &'a Sources,
    toolchain: &'a Toolchain,
    work: &'a Path,
    log: &'a Path,
}

impl Job<'_> {
    fn compile_prefix(&self) -> Result<PathBuf, Error> {
        let output = self.work.join("prefix.pch");
        let mut command = self.compiler();
        command
            .args(["-x", "c++-header", PREFIX, "-o"])
            .arg(&output);
        let compiled = self.run(command, "compiling prefix.h");
        compiled.map_err(|error| self.refusal().unwrap_or(error))?;
        Ok(output)
    }

    fn compile_units(&self, prefix: &Path) -> Result<Vec<PathBuf>, Error> {
        let units = &self.sources.units;
        let next = AtomicUsize::new(0);
        let failure = Mutex::new(None);
        let jobs = thread::available_parallelism()
            .map_or(1, |count| count.get())
            .min(units.len());
        thread::scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|| {
                    while let Some(unit) = units.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if let Err(error) = self.compile_unit(unit, prefix) {
                            // The first failure is the one to show; nobody needs the rest compiled.
                            next.store(units.len(), Ordering::Relaxed);
                            failure
                                .lock()
                                .unwrap_or_else(|poisoned| poisoned.into_inner())
                                .get_or_insert(error);
                        }
                    }
                });
            }
        });
        match failure
            .into_inner()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
        {
            Some(error) => Err(error),
            None => Ok(units.iter().map(|unit| self.object(unit)).collect()),
        }
    }

    fn compile_unit(&self, unit: &str, prefix: &Path) -> Result<(), Error> {
        let mut command = self.compiler();
        command
            .arg("-include-pch")
            .arg(prefix)
            .args(["-c", unit, "-o"])
            .arg(self.object(unit));
        // Each file has a log of its own while it is compiled, so that two outputs do not run into each other.
        let own_log = self.work.join(format!("{}.log", file_name(unit)));
        let task = format!("compiling the bridge's {unit}");
        let result = process::run_logged(&mut command, &task, "compile the bridge", &own_log);
        self.keep_output(&own_log, &task)?;
        result.map_err(|error| match error {
            Error::CommandFailed {
                task,
                status,
                excerpt,
                ..
            } => Error::CommandFailed {
                task,
                status,
                excerpt,
                log: self.log.to_path_buf(),
            },
            other => other,
        })
    }

    fn link(&self, objects: &[PathBuf], library: &Path) -> Result<(), Error> {
        let mut command = Command::new(&self.toolchain.cxx);
        command
            .current_dir(&self.sources.directory)
            .arg(format!("-fuse-ld={}", self.toolchain.linker))
            .args(LINK_FLAGS)
            .arg(format!("-Wl,-soname,{LIBRARY}"))
            .arg(format!("-Wl,--version-script={VERSION_SCRIPT}"))
            .args(objects);
        let libraries = self.engine.static_libraries();
        if let Some((engine, others)) = libraries.split_first() {
            command
                .arg("-Wl,--whole-archive")
                .arg(engine)
                .arg("-Wl,--no-whole-archive")
                .args(others);
        }
        command
            .args(libraries::arguments(self.engine, self.toolchain))
            .arg("-o")
            .arg(library);
        self.run(command, "linking the bridge")
    }

    /// A compiler with all flags, in the sources' folder. Paths of this machine are replaced in what it makes.
    fn compiler(&self) -> Command {
        let manifest = &self.engine.manifest;
        let mut command = Command::new(&self.toolchain.cxx);
        command
            .current_dir(&self.sources.directory)
            .args(COMPILE_FLAGS)
            .args(&manifest.cxx_flags)
            .args(manifest.defines.iter().map(|define| format!("-D{define}")))
            .arg(format!("-D{RELEASE_MACRO}=\"{}\"", manifest.version))
            .arg(format!(
                "-ffile-prefix-map={}=engine",
                self.engine.directory.display()
            ))
            .arg(format!(
                "-ffile-prefix-map={}=bridge",
                self.sources.directory.display()
            ))
            .arg("-I.");
        for folder in self.engine.include_directories() {
            command.arg("-I").arg(folder);
        }
        command
    }

    fn run(&self, mut command: Command, task: &str) -> Result<(), Error> {
        process::run_logged(&mut command, task, "compile the bridge", self.log)
    }

    /// What `supported.h` says of the engine, if that is why it did not compile.
    fn refusal(&self) -> Option<Error> {
        let output = fs::read(self.log).ok()?;
        let output = String::from_utf8_lossy(&output);
        let said = output.lines().find_map(|line| {
            let (place, said) = line.split_once(": error: ")?;
            place.contains(SUPPORTED).then_some(said)
        })?;
        Some(Error::UnsupportedEngine {
            engine: self.engine.name.clone(),
            reason: said.trim_matches('"').to_string(),
        })
    }

    fn keep_output(&self, own_log: &Path, task: &str) -> Result<(), Error> {
        let output = fs::read(own_log).map_err(Error::io("read", own_log))?;
        if output.is_empty() {
            return Ok(());
        }
        let mut log = process::append_log(self.log)?;
        let text = [format!("== {task}\n").as_bytes(), &output].concat();
        std::io::Write::write_all(&mut log, &text).map_err(Error::io("write", self.log))
    }

    fn object(&self, unit: &str) -> PathBuf {
        self.work.join(format!("{}.o", file_name(unit)))
    }
}

/// The name for what is made of a unit, which may lie in a folder of the sources.
fn file_name(unit: &str) -> String {
    unit.replace('/', "-")
}
