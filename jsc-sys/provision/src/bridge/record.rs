//! `bridge.json`: what a bridge is, so that a program can choose one without loading it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use object::{Object, ObjectSection};
use serde::{Deserialize, Serialize};

use super::LIBRARY;
use super::sources::Sources;
use crate::digest::{blake3_file, hex};
use crate::{Engine, Error, Provenance};

pub(super) const FILE_NAME: &str = "bridge.json";
const SCHEMA: u32 = 1;

/// The section of a library that has the words of `jsb_capabilities`.
const CAPABILITIES: &str = ".jsb_capabilities";

/// A bridge in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bridge {
    /// Layout of the record.
    pub schema: u32,
    /// Version of the bridge's C interface (`JSB_ABI_VERSION` in `bridge.h`).
    pub abi: u32,
    /// BLAKE3 over the bridge's sources.
    pub sources_digest: String,
    /// BLAKE3 over everything that the library was made of.
    pub key: String,
    /// The engine in it.
    pub engine: BridgeEngine,
    /// What distinguishes the engine's interfaces from other engines' (`capabilities.cpp` of the bridge).
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// The library's GNU build-id, as hexadecimal digits.
    pub build_id: String,
    /// BLAKE3 of the library.
    pub blake3: String,
    /// Size of the library in bytes.
    pub size: u64,
    /// The folder that holds the library: where the record was read from.
    #[serde(skip)]
    pub directory: PathBuf,
}

/// The engine in a bridge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BridgeEngine {
    /// Its name in the store.
    pub name: String,
    /// The release, such as `2.52.6`.
    pub version: String,
    /// Target triple.
    pub target: String,
    /// Distribution and code name of the machine that built it.
    pub distribution: String,
    /// Version of the ICU that it was built against.
    pub icu: String,
    /// First line of the compiler's version.
    pub compiler: String,
    /// Arguments that CMake was given, without folders.
    #[serde(default)]
    pub cmake_args: Vec<String>,
    /// Build options.
    pub features: BTreeMap<String, String>,
    /// SHA-256 of the release tarball; absent for an engine built from a tree that could not be verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_sha256: Option<String>,
    /// Where it comes from, if it is not one of `engines.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
    /// The engine's folder when the bridge was made.
    pub directory: PathBuf,
}

impl Bridge {
    /// Reads the record in a bridge's folder and checks that its library is there with the recorded size.
    ///
    /// The library's content is not read; [`Bridge::blake3`] is there for whoever wants to compare it.
    pub fn read(directory: &Path) -> Result<Bridge, Error> {
        let path = directory.join(FILE_NAME);
        let text = fs::read(&path).map_err(Error::io("read", &path))?;
        let wrong = |problem: String| Error::Manifest {
            path: path.clone(),
            problem,
        };
        let mut bridge: Bridge = serde_json::from_slice(&text)
            .map_err(|error| wrong(format!("not a bridge's record: {error}")))?;
        if bridge.schema != SCHEMA {
            return Err(wrong(format!(
                "schema {} is not known; this program reads {SCHEMA}",
                bridge.schema
            )));
        }
        bridge.directory = directory.to_path_buf();
        let library = bridge.library();
        let size = fs::metadata(&library)
            .map_err(Error::io("read", &library))?
            .len();
        match size == bridge.size {
            true => Ok(bridge),
            false => {
                let problem = format!("it has {size} bytes, and its record says {}", bridge.size);
                Err(Error::BridgeLibrary {
                    path: library,
                    problem,
                })
            }
        }
    }

    /// The shared library.
    pub fn library(&self) -> PathBuf {
        self.directory.join(LIBRARY)
    }

    /// Describes the library that was just linked in a folder.
    pub(super) fn describe(
        engine: &Engine,
        sources: &Sources,
        key: &str,
        directory: &Path,
    ) -> Result<Bridge, Error> {
        let library = directory.join(LIBRARY);
        let bytes = fs::read(&library).map_err(Error::io("read", &library))?;
        let wrong = |problem: String| Error::BridgeLibrary {
            path: library.clone(),
            problem,
        };
        let file = object::File::parse(bytes.as_slice())
            .map_err(|error| wrong(format!("not an ELF file: {error}")))?;
        let manifest = &engine.manifest;
        Ok(Bridge {
            schema: SCHEMA,
            abi: sources.abi,
            sources_digest: sources.digest.clone(),
            key: key.to_string(),
            engine: BridgeEngine {
                name: engine.name.clone(),
                version: manifest.version.clone(),
                target: manifest.target.clone(),
                distribution: manifest.distribution.clone(),
                icu: manifest.icu.clone(),
                compiler: manifest.compiler.clone(),
                cmake_args: manifest.cmake_args.clone(),
                features: manifest.features.clone(),
                source_sha256: manifest.source.sha256.clone(),
                provenance: engine.provenance.clone(),
                directory: engine.directory.clone(),
            },
            capabilities: capabilities(&file).map_err(wrong)?,
            build_id: build_id(&file).map_err(wrong)?,
            blake3: blake3_file(&library)?,
            size: bytes.len() as u64,
            directory: directory.to_path_buf(),
        })
    }

    /// Writes the record beside the library.
    pub(super) fn write(&self) -> Result<(), Error> {
        let path = self.directory.join(FILE_NAME);
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        fs::write(&path, text).map_err(Error::io("write", &path))
    }
}

/// The words of the library's section of capabilities; a library without one has none.
fn capabilities(file: &object::File<'_>) -> Result<Vec<String>, String> {
    let Some(section) = file.section_by_name(CAPABILITIES) else {
        return Ok(Vec::new());
    };
    let words = section
        .data()
        .map_err(|error| format!("its capabilities cannot be read: {error}"))?;
    let words = String::from_utf8_lossy(words);
    Ok(words.lines().map(str::to_string).collect())
}

fn build_id(file: &object::File<'_>) -> Result<String, String> {
    let id = file
        .build_id()
        .map_err(|error| format!("its notes cannot be read: {error}"))?;
    // Without a build-id JavaScriptCore accepts the bytecode of any other build.
    id.map(hex).ok_or_else(|| "it has no build-id".to_string())
}
