//! Module sources from the file system.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::fs::{FileType, Mode, OFlags, fstat, open};
use rustix::io::Errno;

use crate::engine::{Cached, FetchRequest, Host, HostError, Rejection, Source, SourceKind};
use crate::graph::resolve::{ModuleKey, ResolveError, Resolver};

/// Resolves as Node does for ES modules and reads files.
pub struct FileHost {
    resolver: Resolver,
    modules: HashMap<String, ModuleKey>,
    importers: Rc<RefCell<Importers>>,
    entries: Option<Box<dyn Entries>>,
    statistics: Rc<FetchStatistics>,
}

/// Where cache entries come from.
pub trait Entries {
    /// The entry of the JavaScript module `key` whose source is `source`, if there is a valid one.
    fn find(&mut self, key: &str, source: &mut [u8]) -> Option<Cached>;
    /// See [`Host::rejected`].
    fn rejected(&mut self, key: &str, why: Rejection);
    /// See [`Host::compare`].
    fn compare(&mut self, key: &str, parsed: Option<&[u8]>, rebuilt: Option<&[u8]>);
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
            modules: HashMap::from([(entry.as_str().to_owned(), entry.clone())]),
            importers: Rc::default(),
            entries: None,
            statistics: Rc::default(),
        }
    }

    /// Takes cache entries from here on.
    pub fn set_entries(&mut self, entries: Box<dyn Entries>) {
        self.entries = Some(entries);
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

    fn read(&mut self, request: &FetchRequest<'_>) -> Result<Source, HostError> {
        let module = self.module(request.key).map_err(refusal)?;
        let importer = || match self.importers.borrow().get(request.key) {
            Some(importer) => format!(" imported from {importer}"),
            None => String::new(),
        };
        let path = module.path();
        let name = path.display();

        if request.attribute.is_none() && path.extension().is_some_and(|it| it == "json") {
            return Err(HostError {
                type_error: true,
                code: "ERR_IMPORT_ATTRIBUTE_MISSING",
                message: format!(
                    "module {name}{} needs the import attribute `with {{ type: \"json\" }}`",
                    importer()
                ),
            });
        }
        let mut bytes = read(path).map_err(|error| HostError {
            type_error: false,
            code: "ERR_MODULE_NOT_READABLE",
            message: format!("cannot read module {name}{}: {error}", importer()),
        })?;
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
            && let Some(cached) = self
                .entries
                .as_mut()
                .and_then(|entries| entries.find(request.key, &mut bytes))
        {
            // The entry was made of these very bytes, so they are UTF-8.
            return Ok(Source {
                kind,
                bytes,
                cached: Some(cached),
            });
        }
        if let Err(error) = std::str::from_utf8(&bytes) {
            return Err(HostError {
                type_error: false,
                code: "ERR_MODULE_NOT_UTF8",
                message: format!(
                    "module {name}{} is not UTF-8: invalid byte at offset {}",
                    importer(),
                    error.valid_up_to()
                ),
            });
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
        let referrer_key = self.module(referrer).map_err(refusal)?;
        let key = self
            .resolver
            .resolve(specifier, &referrer_key)
            .map_err(refusal)?;
        let text = key.as_str().to_owned();
        if let Entry::Vacant(vacant) = self.modules.entry(text.clone()) {
            vacant.insert(key);
            self.importers
                .borrow_mut()
                .insert(text.clone(), referrer.to_owned());
        }
        add(&self.statistics.resolve_time, started.elapsed());
        Ok(text)
    }

    fn fetch(&mut self, request: &FetchRequest<'_>) -> Result<Source, HostError> {
        let started = Instant::now();
        let source = self.read(request);
        add(&self.statistics.time, started.elapsed());
        source
    }

    fn rejected(&mut self, key: &str, why: Rejection) {
        if let Some(entries) = &mut self.entries {
            entries.rejected(key, why);
        }
    }

    fn compare(&mut self, key: &str, parsed: Option<&[u8]>, rebuilt: Option<&[u8]>) {
        if let Some(entries) = &mut self.entries {
            entries.compare(key, parsed, rebuilt);
        }
    }

    fn file_name(&self, key: &str) -> Option<String> {
        self.modules.get(key)?.path().to_str().map(str::to_owned)
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The most bytes of a source: what fits a string of JSC, which gives up the process over a longer one.
const LONGEST: u64 = i32::MAX as u64;

/// Reads a file in as few system calls as it takes: open, status, read, close.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    // Not blocking, because opening a FIFO would wait for a writer.
    let file = open(
        path,
        OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    let status = fstat(&file)?;
    if FileType::from_raw_mode(status.st_mode) != FileType::RegularFile {
        return Err(io::Error::other("not a regular file"));
    }
    let length = u64::try_from(status.st_size).unwrap_or(u64::MAX);
    if length > LONGEST {
        return Err(io::Error::other(format!(
            "its {length} bytes are more than the {LONGEST} that JavaScriptCore can hold in a string"
        )));
    }
    // One more than there should be: a read that comes back short of it has seen the end.
    let mut bytes = Vec::with_capacity(length as usize + 1);
    loop {
        let free = bytes.capacity() - bytes.len();
        match rustix::io::read(&file, spare_capacity(&mut bytes)) {
            Ok(read) if read < free => return Ok(bytes),
            Ok(_) => bytes.reserve(bytes.len()),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
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
