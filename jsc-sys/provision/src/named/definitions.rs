//! The file of definitions: `engines.toml` of the user, or `jsc-harness.toml` of a project.

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use super::{Definition, Origin, check_cmake, check_name};
use crate::Error;

/// A project's own file, looked for in the working directory.
const PROJECT: &str = "jsc-harness.toml";

/// The definitions of one file.
#[derive(Debug)]
pub struct Definitions {
    file: PathBuf,
    document: DocumentMut,
    engines: Vec<Definition>,
}

/// The file that definitions are read from when none is named: `jsc-harness.toml` in the working directory if it is
/// there, or `$XDG_CONFIG_HOME/jsc-harness/engines.toml`.
pub fn default_file() -> Result<PathBuf, Error> {
    let here = env::current_dir().map_err(Error::io("find", Path::new(".")))?;
    let project = here.join(PROJECT);
    if project.exists() {
        return Ok(project);
    }
    let absolute = |name: &str| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|it| it.is_absolute())
    };
    absolute("XDG_CONFIG_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".config")))
        .map(|folder| folder.join("jsc-harness/engines.toml"))
        .ok_or(Error::NoConfiguration)
}

/// An entry as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    tarball: Option<PathBuf>,
    sha256: Option<String>,
    tree: Option<PathBuf>,
    git: Option<PathBuf>,
    rev: Option<String>,
    build: Option<PathBuf>,
    archive: Option<PathBuf>,
    dir: Option<PathBuf>,
    #[serde(default)]
    cmake: Vec<String>,
}

/// The part of the file that this crate reads.
#[derive(Debug, Default, Deserialize)]
struct File {
    #[serde(default)]
    engine: Vec<Written>,
}

impl Definitions {
    /// Reads a file; one that is not there has no definitions.
    pub fn read(file: &Path) -> Result<Definitions, Error> {
        // Relative paths in the file begin at its folder, wherever it is read from.
        let file = &std::path::absolute(file).map_err(Error::io("find", file))?;
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Error::io("read", file)(error)),
        };
        let wrong = |problem: String| Error::Definitions {
            file: file.to_path_buf(),
            problem,
        };
        let document: DocumentMut = text
            .parse()
            .map_err(|error: toml_edit::TomlError| wrong(error.to_string()))?;
        let written: File = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let folder = file.parent().unwrap_or(Path::new("/"));
        let mut engines: Vec<Definition> = Vec::new();
        for entry in written.engine {
            check_name(&entry.name).map_err(|error| wrong(error.to_string()))?;
            if engines.iter().any(|known| known.name == entry.name) {
                return Err(wrong(format!("the engine {} is defined twice", entry.name)));
            }
            let name = entry.name.clone();
            let cmake = entry.cmake.clone();
            let origin = entry
                .origin(folder)
                .and_then(|origin| check_cmake(&cmake, &origin).map(|()| origin))
                .map_err(|problem| wrong(format!("the engine {name}: {problem}")))?;
            engines.push(Definition {
                name,
                origin,
                cmake,
            });
        }
        Ok(Definitions {
            file: file.to_path_buf(),
            document,
            engines,
        })
    }

    /// Where they are.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// All of them, in the order of the file.
    pub fn all(&self) -> &[Definition] {
        &self.engines
    }

    /// The one with this name.
    pub fn find(&self, name: &str) -> Result<&Definition, Error> {
        let found = self.engines.iter().find(|it| it.name == name);
        found.ok_or_else(|| Error::NoDefinition {
            name: name.to_string(),
            file: self.file.clone(),
            known: self.engines.iter().map(|it| it.name.clone()).collect(),
        })
    }

    /// Adds one and writes the file; what else is in it stays as it is, comments included.
    pub fn add(&mut self, definition: Definition) -> Result<(), Error> {
        check_name(&definition.name)?;
        if self.engines.iter().any(|it| it.name == definition.name) {
            return Err(Error::EngineName {
                name: definition.name,
                problem: format!("{} defines it already", self.file.display()),
            });
        }
        let mut table = Table::new();
        table["name"] = value(&definition.name);
        let path = |path: &Path| value(path.to_string_lossy().into_owned());
        match &definition.origin {
            Origin::Tarball { file, sha256 } => {
                table["tarball"] = path(file);
                table["sha256"] = value(sha256);
            }
            Origin::Git {
                repository,
                revision,
            } => {
                table["git"] = path(repository);
                table["rev"] = value(revision);
            }
            other => table[other.kind()] = path(other.location()),
        }
        if !definition.cmake.is_empty() {
            table["cmake"] = value(Array::from_iter(&definition.cmake));
        }
        // A comment at the end of the file stays before what is added.
        let end = self.document.trailing().as_str().unwrap_or_default();
        if !end.is_empty() {
            table.decor_mut().set_prefix(format!("{end}\n"));
            self.document.set_trailing("");
        }
        let engines = self
            .document
            .entry("engine")
            .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
        let Some(engines) = engines.as_array_of_tables_mut() else {
            return Err(Error::Definitions {
                file: self.file.clone(),
                problem: "`engine` is not an array of tables".to_string(),
            });
        };
        engines.push(table);
        self.engines.push(definition);
        self.write()
    }

    /// Removes one and writes the file.
    pub fn remove(&mut self, name: &str) -> Result<Definition, Error> {
        self.find(name)?;
        let place = self
            .engines
            .iter()
            .position(|it| it.name == name)
            .unwrap_or_default();
        if let Some(engines) = self.document["engine"].as_array_of_tables_mut() {
            engines.remove(place);
        }
        let removed = self.engines.remove(place);
        self.write()?;
        Ok(removed)
    }

    fn write(&self) -> Result<(), Error> {
        // A link stays one: people keep their configuration elsewhere.
        let file = self.file.canonicalize().unwrap_or(self.file.clone());
        let folder = file.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let write = || -> std::io::Result<()> {
            let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
            temporary.write_all(self.document.to_string().as_bytes())?;
            temporary.persist(&file).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(Error::io("write", &file))
    }
}

impl Written {
    /// Exactly one origin, with what belongs to it. Relative paths begin at the file's folder.
    fn origin(self, folder: &Path) -> Result<Origin, String> {
        let absolute = |path: PathBuf| folder.join(path);
        let named = [
            ("tarball", self.tarball.is_some()),
            ("tree", self.tree.is_some()),
            ("git", self.git.is_some()),
            ("build", self.build.is_some()),
            ("archive", self.archive.is_some()),
            ("dir", self.dir.is_some()),
        ];
        let named: Vec<&str> = named
            .iter()
            .filter(|(_, is)| *is)
            .map(|(name, _)| *name)
            .collect();
        let [kind] = named[..] else {
            return Err(match named.is_empty() {
                true => "it has none of tarball, tree, git, build, archive, dir".to_string(),
                false => format!("it has {}; one of them is enough", named.join(" and ")),
            });
        };
        if self.rev.is_some() && kind != "git" {
            return Err("rev belongs to git".to_string());
        }
        if self.sha256.is_some() && kind != "tarball" {
            return Err("sha256 belongs to tarball".to_string());
        }
        match self {
            Self {
                tarball: Some(file),
                sha256: Some(sha256),
                ..
            } => Ok(Origin::Tarball {
                file: absolute(file),
                sha256,
            }),
            Self {
                tarball: Some(_), ..
            } => Err("a tarball needs its sha256".to_string()),
            Self {
                git: Some(repository),
                rev: Some(revision),
                ..
            } => Ok(Origin::Git {
                repository: absolute(repository),
                revision,
            }),
            Self { git: Some(_), .. } => Err("git needs a rev".to_string()),
            Self {
                tree: Some(path), ..
            } => Ok(Origin::Tree(absolute(path))),
            Self {
                build: Some(path), ..
            } => Ok(Origin::Build(absolute(path))),
            Self {
                archive: Some(path),
                ..
            } => Ok(Origin::Archive(absolute(path))),
            Self { dir, .. } => Ok(Origin::Dir(absolute(dir.unwrap_or_default()))),
        }
    }
}
