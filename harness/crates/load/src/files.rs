//! Module sources from the file system.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::cache::RunCache;
use crate::gather::ReadModule;
use crate::source_file::{decoded, read_source};
use engine::{FetchRequest, Host, HostError, Rejection, Source, SourceKind};
use resolve::{ModuleKey, ResolveError, Resolver};

/// Resolves as Node does for ES modules and reads files.
pub struct FileHost {
    resolver: Resolver,
    /// Key of the entry, which nobody imports.
    entry: String,
    modules: HashMap<String, ModuleKey>,
    importers: Rc<RefCell<Importers>>,
    cache: Option<RunCache>,
    statistics: Rc<FetchStatistics>,
}

/// Who asked for each module first, by key; the entry has nobody.
pub type Importers = HashMap<String, String>;

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
    /// A host that knows only the entry, and takes nothing from a cache.
    pub fn new(entry: &ModuleKey) -> Self {
        Self {
            resolver: Resolver::new(),
            entry: entry.as_str().to_owned(),
            modules: HashMap::from([(entry.as_str().to_owned(), entry.clone())]),
            importers: Rc::default(),
            cache: None,
            statistics: Rc::default(),
        }
    }

    /// Takes cache entries from here on.
    pub fn set_cache(&mut self, cache: RunCache) {
        self.cache = Some(cache);
    }

    /// Makes `key` the module that `specifier` means in `referrer`, as the engine has taken it from elsewhere.
    pub fn remember(&mut self, specifier: &str, referrer: &ModuleKey, key: &ModuleKey) {
        self.resolver.remember(specifier, referrer, key);
    }

    /// Notes who asks for a module of a graph that the engine has taken from elsewhere, unless somebody has asked here.
    pub fn asked(&mut self, key: &str, importer: &str) {
        let mut importers = self.importers.borrow_mut();
        if key != self.entry && !importers.contains_key(key) {
            importers.insert(key.to_owned(), importer.to_owned());
        }
    }

    /// The costs, which go on counting while the host works.
    pub fn statistics(&self) -> Rc<FetchStatistics> {
        Rc::clone(&self.statistics)
    }

    /// Who imports what, which goes on filling while the host works.
    pub fn importers(&self) -> Rc<RefCell<Importers>> {
        Rc::clone(&self.importers)
    }

    fn module(&mut self, key: &str) -> Result<ModuleKey, ResolveError> {
        if let Some(module) = self.modules.get(key) {
            return Ok(module.clone());
        }
        let module = ModuleKey::from_url(key)?;
        self.modules.insert(key.to_owned(), module.clone());
        Ok(module)
    }

    /// The same answer each time, whoever has found it first: this thread, or the one that reads ahead.
    fn key_of(&mut self, specifier: &str, referrer: &str) -> Result<ModuleKey, ResolveError> {
        if referrer.is_empty() {
            return self.resolver.resolve_url(specifier);
        }
        let referrer = &self.module(referrer)?;
        if let Some(key) = self.resolver.recall(specifier, referrer) {
            return Ok(key);
        }
        let ahead = self.cache.as_mut();
        match ahead.and_then(|cache| cache.resolved(specifier, referrer)) {
            Some(key) => {
                self.resolver.remember(specifier, referrer, &key);
                Ok(key)
            }
            None => self.resolver.resolve(specifier, referrer),
        }
    }

    fn read(&mut self, request: &FetchRequest<'_>) -> Result<Source, HostError> {
        let module = self.module(request.key).map_err(refusal)?;
        let importer = || match self.importers.borrow().get(request.key) {
            Some(importer) => format!(" imported from {importer}"),
            None => String::new(),
        };
        let path = module.path();
        let name = path.display();

        if request.attribute.is_none() && path.extension().is_some_and(|it| it == "json") {
            let message = match self.importers.borrow().contains_key(request.key) {
                true => format!(
                    "module {name}{} needs the import attribute `with {{ type: \"json\" }}`",
                    importer()
                ),
                false => format!(
                    "entry {name} is a JSON module, which a program can import and cannot start with: an entry is JavaScript or WebAssembly"
                ),
            };
            return Err(HostError {
                type_error: true,
                code: "ERR_IMPORT_ATTRIBUTE_MISSING",
                message,
            });
        }
        let ahead = match (&mut self.cache, request.attribute) {
            (Some(cache), None) => cache.read_ahead(&module),
            _ => None,
        };
        let read = || {
            read_source(path).map_err(|error| HostError {
                type_error: false,
                code: "ERR_MODULE_NOT_READABLE",
                message: format!("cannot read module {name}{}: {error}", importer()),
            })
        };
        let (mut bytes, mut ahead) = match ahead {
            Some(mut module) => (std::mem::take(&mut module.source), Some(module)),
            None => (read()?, None),
        };
        self.statistics
            .bytes
            .set(self.statistics.bytes.get() + bytes.len() as u64);

        let kind = match request.attribute {
            None if bytes.starts_with(b"\0asm") => SourceKind::WebAssembly,
            attribute => attribute.unwrap_or(SourceKind::JavaScript),
        };
        if kind == SourceKind::WebAssembly {
            return Ok(Source {
                kind,
                bytes,
                cached: None,
            });
        }
        if kind == SourceKind::JavaScript
            && let Some(cache) = &mut self.cache
        {
            let mut found = match ahead.take() {
                Some(module) => ReadModule {
                    source: bytes,
                    ..module
                },
                None => cache.look_up(&module, bytes),
            };
            let cached = cache.serve(&module, &mut found);
            bytes = found.source;
            if cached.is_some() {
                // The entry was made of these very bytes, so they are UTF-8.
                return Ok(Source {
                    kind,
                    bytes,
                    cached,
                });
            }
        }
        if let Some(text) = decoded(&bytes) {
            bytes = text;
        }
        if kind == SourceKind::Json && bytes.starts_with(BYTE_ORDER_MARK) {
            // White space to a script, but nothing to JSON (RFC 8259, 8.1).
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(Source {
            kind,
            bytes,
            cached: None,
        })
    }
}

impl Host for FileHost {
    fn resolve(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError> {
        let started = Instant::now();
        let key = self.key_of(specifier, referrer).map_err(|error| {
            self.idle();
            refusal(error)
        })?;
        let text = key.as_str().to_owned();
        // Not whether the module is known: JSON of a graph that was not taken is, before anybody asks for it here.
        if !self.importers.borrow().contains_key(&text) && text != self.entry {
            self.modules.entry(text.clone()).or_insert(key);
            let importer = match referrer {
                "" => "code of no module",
                referrer => referrer,
            };
            let mut importers = self.importers.borrow_mut();
            importers.insert(text.clone(), importer.to_owned());
        }
        add(&self.statistics.resolve_time, started.elapsed());
        Ok(text)
    }

    fn locate(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError> {
        if let Ok(key) = self.key_of(specifier, referrer) {
            return Ok(key.as_str().to_owned());
        }
        let referrer = self.module(referrer).map_err(refusal)?;
        self.resolver.locate(specifier, &referrer).map_err(refusal)
    }

    fn fetch(&mut self, request: &FetchRequest<'_>) -> Result<Source, HostError> {
        let started = Instant::now();
        let source = self.read(request);
        if source.is_err() {
            self.idle();
        }
        add(&self.statistics.time, started.elapsed());
        source
    }

    // Also after a failure: what was to come of the load that failed may come much later, or never.
    fn idle(&mut self) {
        if let Some(cache) = &mut self.cache {
            cache.idle();
        }
    }

    fn rejected(&mut self, key: &str, why: Rejection) {
        if let Some(cache) = &mut self.cache {
            cache.rejected(key, why);
        }
    }

    fn compare(&mut self, key: &str, parsed: Option<&[u8]>, rebuilt: Option<&[u8]>) {
        if let Some(cache) = &mut self.cache {
            cache.compare(key, parsed, rebuilt);
        }
    }

    fn file_name(&self, key: &str) -> Option<String> {
        let path = |module: &ModuleKey| module.path().to_str().map(str::to_owned);
        match self.modules.get(key) {
            Some(module) => path(module),
            // Nobody has resolved or fetched a module that came from a pack.
            None => path(&ModuleKey::from_url(key).ok()?),
        }
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

fn refusal(error: ResolveError) -> HostError {
    HostError {
        type_error: error.is_type_error(),
        code: error.code(),
        message: error.to_string(),
    }
}

fn add(total: &Cell<Duration>, time: Duration) {
    total.set(total.get() + time);
}
