//! Fakes for the tests: tiny engines and archives, a machine, a log that remembers.

pub(crate) mod webkit;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::engine::{FILE_NAME, Manifest, SCHEMA, Source};
use crate::target::{Architecture, Machine};
use crate::{Engine, Error, Log, Settings, pack, pins};

/// Remembers everything it is told.
#[derive(Default)]
pub(crate) struct Recorder {
    pub(crate) steps: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

impl Log for Recorder {
    fn step(&mut self, text: &str) {
        self.steps.push(text.to_string());
    }

    fn warn(&mut self, text: &str) {
        self.warnings.push(text.to_string());
    }
}

/// A store and a place for engines and archives, gone at the end of a test.
pub(crate) struct Bench {
    folder: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Bench {
        Bench {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Settings that touch nothing but this bench: no network, no build, a made-up machine.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            offline: true,
            no_build: true,
            machine: Some(machine()),
            ..Settings::new(self.path("store"))
        }
    }

    /// A fake engine's folder, changed by `change` before it is written.
    pub(crate) fn engine(&self, version: &str, change: impl FnOnce(&mut Manifest)) -> PathBuf {
        let mut manifest = manifest(version);
        change(&mut manifest);
        let directory = self.path("engines").join(machine().engine_name(version));
        write_engine(&directory, &manifest);
        directory
    }

    /// A fake engine's archive in a folder of its own.
    pub(crate) fn archive(&self, version: &str, change: impl FnOnce(&mut Manifest)) -> PathBuf {
        let directory = self.engine(version, change);
        let manifest =
            Manifest::parse(&fs::read(directory.join(FILE_NAME)).unwrap(), &directory).unwrap();
        let engine = Engine {
            name: machine().engine_name(version),
            directory,
            manifest,
            provenance: None,
        };
        let out = self.path("archives");
        fs::create_dir_all(&out).unwrap();
        pack::pack_engine(&engine, &out).unwrap()
    }

    /// Text with this bench's folder replaced, for comparing messages.
    pub(crate) fn redact(&self, text: impl ToString) -> String {
        text.to_string()
            .replace(&self.folder.path().display().to_string(), "BENCH")
    }

    pub(crate) fn message<T>(&self, result: Result<T, Error>) -> String {
        match result {
            Ok(_) => "it worked".to_string(),
            Err(error) => self.redact(error),
        }
    }
}

pub(crate) fn machine() -> Machine {
    Machine {
        architecture: Architecture::X86_64,
        distribution: "debian".into(),
        codename: "bookworm".into(),
        icu: Some("72.1".into()),
    }
}

pub(crate) fn manifest(version: &str) -> Manifest {
    Manifest {
        schema: SCHEMA,
        version: version.into(),
        target: "x86_64-unknown-linux-gnu".into(),
        distribution: "debian-bookworm".into(),
        source: Source {
            tarball: "source.tar.xz".into(),
            sha256: Some(pins::pinned(version).map_or("none".into(), |pin| pin.sha256.clone())),
        },
        provenance: None,
        compiler: "a compiler".into(),
        linker: "a linker".into(),
        icu: "72.1".into(),
        cmake_args: vec![],
        features: [("ENABLE_JIT".to_string(), "ON".to_string())].into(),
        defines: vec!["NDEBUG".into()],
        cxx_flags: vec!["-O0".into()],
        include_dirs: vec![
            "include/build".into(),
            "include/Source/JavaScriptCore".into(),
        ],
        static_libs: vec!["JavaScriptCore".into(), "WTF".into()],
        system_libs: vec!["dl".into()],
    }
}

/// Writes a whole fake engine, with a forwarded header that is a link.
pub(crate) fn write_engine(directory: &Path, manifest: &Manifest) {
    let write = |name: &str, text: &str| {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(FILE_NAME, &manifest.to_text());
    for name in &manifest.static_libs {
        write(&format!("lib/lib{name}.a"), "library");
    }
    write("bin/jsc", "shell");
    write("include/Source/JavaScriptCore/VM.h", "vm");
    write(
        "include/build/JavaScriptCore/DerivedSources/NumberConstructor.lut.h",
        &format!(
            "// generated from /x/webkitgtk-{}/Source/NumberConstructor.cpp\n",
            manifest.version
        ),
    );
    let link = directory.join("include/build/VM.h");
    let _ = fs::remove_file(&link);
    symlink("../Source/JavaScriptCore/VM.h", link).unwrap();
}
