//! Module sources from the file system.

use std::cell::Cell;
use std::collections::HashMap;
use std::fs;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::engine::{FetchRequest, Host, HostError, Source, SourceKind};
use crate::graph::resolve::{ModuleKey, ResolveError, Resolver};

/// Resolves as Node does for ES modules and reads files.
pub struct FileHost {
    resolver: Resolver,
    modules: HashMap<String, Module>,
    /// The module fetched last; the engine copies it before it asks for the next.
    source: Vec<u8>,
    statistics: Rc<FetchStatistics>,
}

/// A module that something has resolved to.
struct Module {
    key: ModuleKey,
    /// Who asked for it first; `None` for the entry.
    importer: Option<String>,
}

/// What fetching has cost so far.
#[derive(Debug, Default)]
pub struct FetchStatistics {
    /// Bytes of source read.
    pub bytes: Cell<u64>,
    /// Time spent opening, reading and checking sources.
    pub time: Cell<Duration>,
    /// Time spent resolving specifiers.
    pub resolve_time: Cell<Duration>,
}

impl FileHost {
    /// A host that knows only the entry.
    pub fn new(entry: &ModuleKey) -> Self {
        let mut modules = HashMap::new();
        modules.insert(
            entry.as_str().to_owned(),
            Module {
                key: entry.clone(),
                importer: None,
            },
        );
        Self {
            resolver: Resolver::new(),
            modules,
            source: Vec::new(),
            statistics: Rc::default(),
        }
    }

    /// The costs, which go on counting while the host works.
    pub fn statistics(&self) -> Rc<FetchStatistics> {
        Rc::clone(&self.statistics)
    }

    fn module(&mut self, key: &str) -> Result<&Module, ResolveError> {
        if !self.modules.contains_key(key) {
            let module = Module {
                key: ModuleKey::from_url(key)?,
                importer: None,
            };
            self.modules.insert(key.to_owned(), module);
        }
        Ok(&self.modules[key])
    }

    fn read(&mut self, request: &FetchRequest<'_>) -> Result<SourceKind, HostError> {
        let module = self.module(request.key).map_err(refusal)?;
        let importer = match &module.importer {
            Some(importer) => format!(" imported from {importer}"),
            None => String::new(),
        };
        let path = module.key.path().to_owned();
        let name = path.display();

        if request.attribute.is_none() && path.extension().is_some_and(|it| it == "json") {
            return Err(HostError {
                type_error: true,
                code: "ERR_IMPORT_ATTRIBUTE_MISSING",
                message: format!(
                    "module {name}{importer} needs the import attribute `with {{ type: \"json\" }}`"
                ),
            });
        }
        self.source.clear();
        read_into(&path, &mut self.source).map_err(|error| HostError {
            type_error: false,
            code: "ERR_MODULE_NOT_READABLE",
            message: format!("cannot read module {name}{importer}: {error}"),
        })?;
        if request.attribute == Some(SourceKind::WebAssembly) || self.source.starts_with(b"\0asm") {
            return Ok(SourceKind::WebAssembly);
        }
        if let Err(error) = std::str::from_utf8(&self.source) {
            return Err(HostError {
                type_error: false,
                code: "ERR_MODULE_NOT_UTF8",
                message: format!(
                    "module {name}{importer} is not UTF-8: invalid byte at offset {}",
                    error.valid_up_to()
                ),
            });
        }
        Ok(request.attribute.unwrap_or(SourceKind::JavaScript))
    }
}

impl Host for FileHost {
    fn resolve(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError> {
        let started = Instant::now();
        let referrer_key = self.module(referrer).map_err(refusal)?.key.clone();
        let key = self
            .resolver
            .resolve(specifier, &referrer_key)
            .map_err(refusal)?;
        let text = key.as_str().to_owned();
        self.modules.entry(text.clone()).or_insert_with(|| Module {
            key,
            importer: Some(referrer.to_owned()),
        });
        add(&self.statistics.resolve_time, started.elapsed());
        Ok(text)
    }

    fn fetch(&mut self, request: &FetchRequest<'_>) -> Result<Source<'_>, HostError> {
        let started = Instant::now();
        let kind = self.read(request)?;
        self.statistics
            .bytes
            .set(self.statistics.bytes.get() + self.source.len() as u64);
        add(&self.statistics.time, started.elapsed());
        let bytes = match kind {
            // A byte order mark is white space to a script, but nothing to JSON (RFC 8259, 8.1).
            SourceKind::Json => self
                .source
                .strip_prefix(b"\xEF\xBB\xBF")
                .unwrap_or(&self.source),
            _ => &self.source,
        };
        Ok(Source { kind, bytes })
    }

    fn file_name(&self, key: &str) -> Option<String> {
        self.modules
            .get(key)?
            .key
            .path()
            .to_str()
            .map(str::to_owned)
    }
}

fn read_into(path: &std::path::Path, buffer: &mut Vec<u8>) -> io::Result<()> {
    let mut file = fs::File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    buffer.reserve(
        usize::try_from(metadata.len())
            .unwrap_or(0)
            .saturating_add(1),
    );
    io::Read::read_to_end(&mut file, buffer).map(drop)
}

fn refusal(error: ResolveError) -> HostError {
    // As in Node, what is wrong with the specifier itself is a TypeError; what is wrong with the files is an Error.
    let type_error = matches!(
        error.code(),
        "ERR_INVALID_MODULE_SPECIFIER"
            | "ERR_PACKAGE_IMPORT_NOT_DEFINED"
            | "ERR_INVALID_FILE_URL_PATH"
    );
    HostError {
        type_error,
        code: error.code(),
        message: error.to_string(),
    }
}

fn add(total: &Cell<Duration>, time: Duration) {
    total.set(total.get() + time);
}
