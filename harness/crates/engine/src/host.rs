//! What a realm asks of this program: resolving specifiers and fetching sources.

use std::ffi::c_void;
use std::fmt;
use std::sync::Arc;

use jsc_sys::bridge::{self, jsb_bytes, jsb_reply, jsb_string};

use super::text;

/// Answers the module loader (ECMA-262's HostLoadImportedModule, split as JSC splits it).
pub trait Host {
    /// The module key (an ASCII URL) that `specifier` names when imported from the module `referrer`.
    /// `referrer` is empty for code that belongs to no module.
    fn resolve(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError>;

    /// The URL (ASCII) that `import.meta.resolve` gives for `specifier` in the module `referrer`, whether it can be
    /// imported or not.
    fn locate(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError>;

    /// The source of the module `key`, with its cache entry if there is a valid one.
    fn fetch(&mut self, request: &FetchRequest<'_>) -> Result<Source, HostError>;

    /// Where the texts of a pack's modules are. Only a realm that loads from a pack asks, and once.
    fn texts(&self) -> Option<Arc<dyn ModuleTexts>> {
        None
    }

    /// The file system path of the module `key`, for `import.meta`; `None` when it is not UTF-8.
    fn file_name(&self, key: &str) -> Option<String>;

    /// The entry of the cached module `key` is not used after all: the module is parsed instead.
    fn rejected(&mut self, key: &str, why: Rejection) {
        let _ = (key, why);
    }

    /// The loader has nothing more to do for now: what comes next comes from a timer, or from outside.
    fn idle(&mut self) {}

    /// Validate mode: the image of the record parsed from the source of the cached module `key` (`None`: it cannot be
    /// parsed or captured), and the image of the record rebuilt from its entry.
    fn compare(&mut self, key: &str, parsed: Option<&[u8]>, rebuilt: Option<&[u8]>) {
        let _ = (key, parsed, rebuilt);
    }
}

/// The texts of a pack's modules.
pub trait ModuleTexts: Send + Sync {
    /// The bytes (valid UTF-8) that the JavaScript module `key` of the pack was made from; `None` when they cannot be had:
    /// then its text is empty. JSC's compiler threads ask, too, when they say what they compile.
    fn find(&self, key: &str) -> Option<Vec<u8>>;
}

/// Why the engine does not use an entry that is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// It does not take its bytecode.
    Engine,
    /// It generates code for a profiler or a debugger, which entries do not hold.
    Options,
}

/// A module that the loader wants.
#[derive(Debug, Clone, Copy)]
pub struct FetchRequest<'a> {
    pub key: &'a str,
    /// The import attribute `type` of the request.
    pub attribute: Option<SourceKind>,
}

/// The source of a module.
pub struct Source {
    /// What the bytes are.
    pub kind: SourceKind,
    /// JavaScript and JSON: valid UTF-8.
    pub bytes: Vec<u8>,
    /// For JavaScript: what is cached of it.
    pub cached: Option<Cached>,
}

/// How much of a cache entry is used.
pub struct Cached {
    pub entry: Box<dyn VerifiedModule>,
    /// Whether the record is rebuilt from it, too; otherwise only the bytecode is used and the record is parsed.
    pub record: bool,
}

/// What is known of a JavaScript source without decoding it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceFacts {
    /// Length of the decoded text in UTF-16 code units.
    pub units: u32,
    /// JSC's hash of the decoded text (`StringImpl::hash`).
    pub text_hash: u32,
    /// Whether JSC holds the decoded text as Latin-1.
    pub is_latin1: bool,
}

/// A cache entry that may reach JSC, whose decoders check nothing.
///
/// # Safety
/// The image must be valid in every respect that `jsc-sys/bridge/image.h` demands, the bytecode the unchanged output of
/// [`super::Realm::generate`] by this very engine for the source that it is served with, 16-byte aligned, and all bytes
/// must stay where they are, unchanged, for the life of the value.
pub unsafe trait VerifiedModule {
    /// Facts about the source.
    fn source_facts(&self) -> SourceFacts;
    /// The record image.
    fn image(&self) -> &[u8];
    /// The bytecode.
    fn bytecode(&self) -> &[u8];
}

/// The kinds of module that JSC loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A source text module.
    JavaScript,
    /// A JSON module (`with { type: "json" }`).
    Json,
    /// A WebAssembly module.
    WebAssembly,
}

/// A refusal, which the program sees as a thrown `Error` or `TypeError`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostError {
    /// Whether it is a `TypeError`.
    pub type_error: bool,
    /// The error's `code` property, named as Node names it.
    pub code: &'static str,
    /// The error's message.
    pub message: String,
}

impl fmt::Display for HostError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// A host and the answers that the bridge still reads; its address is what the bridge calls back with.
pub struct HostState {
    host: Box<dyn Host>,
    answers: [Vec<u8>; 2],
    texts: Option<Arc<dyn ModuleTexts>>,
    /// The source fetched last; the bridge copies it before it asks for the next.
    source: Vec<u8>,
    /// Sources and entries of cached modules: JSC reads them as long as the realm lives.
    cached: Vec<CachedModule>,
}

struct CachedModule {
    source: Vec<u8>,
    cached: Cached,
    /// What the bridge reads during the fetch.
    raw: bridge::jsb_cached_module,
}

impl HostState {
    /// A state whose address stays the same.
    pub fn new(host: Box<dyn Host>) -> Box<Self> {
        Box::new(Self {
            texts: host.texts(),
            host,
            answers: [Vec::new(), Vec::new()],
            source: Vec::new(),
            cached: Vec::new(),
        })
    }

    /// See [`Host::idle`].
    pub fn idle(&mut self) {
        self.host.idle();
    }

    /// The callbacks for the bridge; `validate` asks it to build the record of each cached module both ways.
    pub fn table(self: &mut Box<Self>, validate: bool) -> bridge::jsb_host {
        bridge::jsb_host {
            context: (&raw mut **self).cast(),
            resolve: Some(resolve),
            locate: Some(locate),
            fetch: Some(fetch),
            text_context: (&raw const self.texts).cast_mut().cast(),
            text: Some(module_text),
            file_name: Some(file_name),
            rejected: Some(rejected),
            compare: if validate { Some(compare) } else { None },
        }
    }

    /// Shows a source to the bridge and keeps it as long as the bridge may read it.
    fn lend_source(&mut self, source: Source, reply: &mut jsb_reply) {
        let Some(cached) = source.cached else {
            self.source = source.bytes;
            reply.data = lend(&self.source);
            return;
        };
        let facts = cached.entry.source_facts();
        let image: &[u8] = if cached.record {
            cached.entry.image()
        } else {
            &[]
        };
        let raw = bridge::jsb_cached_module {
            source: bridge::jsb_source_facts {
                units: facts.units,
                text_hash: facts.text_hash,
                is_latin1: u32::from(facts.is_latin1),
            },
            image: lend(image),
            bytecode: lend(cached.entry.bytecode()),
        };
        self.cached.push(CachedModule {
            source: source.bytes,
            cached,
            raw,
        });
        if let Some(module) = self.cached.last() {
            reply.data = lend(&module.source);
            reply.cached = &raw const module.raw;
            debug_assert!(module.cached.entry.bytecode().as_ptr() == module.raw.bytecode.data);
        }
    }

    /// Keeps `answer` alive until the next call and shows it to the bridge.
    fn keep(&mut self, slot: usize, answer: Vec<u8>) -> jsb_bytes {
        self.answers[slot] = answer;
        lend(&self.answers[slot])
    }

    /// Answers a question about a specifier; each text is an error when it is not well-formed.
    fn answer(
        &mut self,
        specifier: Result<String, String>,
        referrer: Result<String, String>,
        reply: &mut jsb_reply,
        question: Question,
    ) {
        let referrer = referrer.unwrap_or_else(|lossy| lossy);
        let answer = match specifier {
            Ok(specifier) => question(&mut *self.host, &specifier, &referrer),
            Err(lossy) => Err(HostError {
                type_error: true,
                code: "ERR_INVALID_MODULE_SPECIFIER",
                message: format!(
                    "invalid module specifier '{lossy}' imported from {referrer}: it has a lone surrogate"
                ),
            }),
        };
        match answer {
            Ok(url) => reply.data = self.keep(0, url.into_bytes()),
            Err(error) => self.refuse(error, reply),
        }
    }

    fn refuse(&mut self, error: HostError, reply: &mut jsb_reply) {
        reply.status = if error.type_error {
            bridge::JSB_REPLY_TYPE_ERROR
        } else {
            bridge::JSB_REPLY_ERROR
        };
        reply.code = lend(error.code.as_bytes());
        reply.data = self.keep(0, error.message.into_bytes());
    }
}

/// A question about a specifier and its referrer: [`Host::resolve`] or [`Host::locate`].
type Question = fn(&mut (dyn Host + 'static), &str, &str) -> Result<String, HostError>;

fn lend(bytes: &[u8]) -> jsb_bytes {
    jsb_bytes {
        data: bytes.as_ptr(),
        length: bytes.len(),
    }
}

/// # Safety
/// Called by the bridge with the context of [`HostState::table`], on the realm's thread, never nested.
unsafe extern "C" fn resolve(
    context: *mut c_void,
    specifier: jsb_string,
    referrer: jsb_string,
    reply: *mut jsb_reply,
) {
    // SAFETY: see above.
    unsafe {
        ask(context, specifier, referrer, reply, <dyn Host>::resolve);
    }
}

/// # Safety
/// As [`resolve`].
unsafe extern "C" fn locate(
    context: *mut c_void,
    specifier: jsb_string,
    referrer: jsb_string,
    reply: *mut jsb_reply,
) {
    // SAFETY: see `resolve`.
    unsafe {
        ask(context, specifier, referrer, reply, <dyn Host>::locate);
    }
}

/// # Safety
/// As [`resolve`].
unsafe fn ask(
    context: *mut c_void,
    specifier: jsb_string,
    referrer: jsb_string,
    reply: *mut jsb_reply,
    question: Question,
) {
    // SAFETY: see `resolve`; the strings and the reply live for this call.
    let (state, reply, specifier, referrer) = unsafe {
        (
            &mut *context.cast::<HostState>(),
            &mut *reply,
            text::from_bridge(specifier),
            text::from_bridge(referrer),
        )
    };
    state.answer(specifier, referrer, reply, question);
}

/// # Safety
/// As [`resolve`].
unsafe extern "C" fn fetch(
    context: *mut c_void,
    key: jsb_string,
    kind: u32,
    reply: *mut jsb_reply,
) {
    // SAFETY: see `resolve`.
    let (state, reply, key) = unsafe {
        (
            &mut *context.cast::<HostState>(),
            &mut *reply,
            text::from_bridge(key).unwrap_or_else(|lossy| lossy),
        )
    };
    let attribute = match kind {
        bridge::JSB_TYPE_JSON => Some(SourceKind::Json),
        bridge::JSB_TYPE_WEBASSEMBLY => Some(SourceKind::WebAssembly),
        _ => None,
    };
    match state.host.fetch(&FetchRequest {
        key: &key,
        attribute,
    }) {
        Ok(source) => {
            reply.kind = match source.kind {
                SourceKind::JavaScript => bridge::JSB_SOURCE_JAVASCRIPT,
                SourceKind::Json => bridge::JSB_SOURCE_JSON,
                SourceKind::WebAssembly => bridge::JSB_SOURCE_WEBASSEMBLY,
            };
            state.lend_source(source, reply);
        }
        Err(error) => state.refuse(error, reply),
    }
}

/// # Safety
/// Called by the bridge with the text context of [`HostState::table`], on any thread.
unsafe extern "C" fn module_text(
    context: *mut c_void,
    key: jsb_string,
    take: bridge::jsb_take_text,
    taker: *mut c_void,
) {
    // SAFETY: nothing changes the texts of a state that the bridge has, and they can be shared among threads.
    let (texts, key) = unsafe {
        (
            &*context.cast::<Option<Arc<dyn ModuleTexts>>>(),
            text::from_bridge(key).unwrap_or_else(|lossy| lossy),
        )
    };
    let found = texts.as_ref().and_then(|it| it.find(&key));
    if let (Some(found), Some(take)) = (found, take) {
        // SAFETY: the bridge copies the bytes before it returns.
        unsafe { take(taker, lend(&found)) };
    }
}

/// # Safety
/// As [`resolve`].
unsafe extern "C" fn file_name(
    context: *mut c_void,
    key: jsb_string,
    filename: *mut jsb_reply,
    dirname: *mut jsb_reply,
) {
    // SAFETY: see `resolve`; the two replies are distinct.
    let (state, filename, dirname, key) = unsafe {
        let key = text::from_bridge(key).unwrap_or_else(|lossy| lossy);
        (
            &mut *context.cast::<HostState>(),
            &mut *filename,
            &mut *dirname,
            key,
        )
    };
    let path = state.host.file_name(&key);
    let parent = path
        .as_deref()
        .map(std::path::Path::new)
        .and_then(std::path::Path::parent)
        .and_then(|it| it.to_str());
    match (&path, parent) {
        (Some(path), Some(parent)) => {
            let parent = parent.as_bytes().to_vec();
            filename.data = state.keep(0, path.as_bytes().to_vec());
            dirname.data = state.keep(1, parent);
        }
        _ => {
            filename.status = bridge::JSB_REPLY_ERROR;
            dirname.status = bridge::JSB_REPLY_ERROR;
        }
    }
}

/// # Safety
/// As [`resolve`].
unsafe extern "C" fn rejected(context: *mut c_void, key: jsb_string, why: u32) {
    // SAFETY: see `resolve`.
    let (state, key) = unsafe {
        (
            &mut *context.cast::<HostState>(),
            text::from_bridge(key).unwrap_or_else(|lossy| lossy),
        )
    };
    let why = if why == bridge::JSB_REJECTED_FOR_OPTIONS {
        Rejection::Options
    } else {
        Rejection::Engine
    };
    state.host.rejected(&key, why);
}

/// # Safety
/// As [`resolve`]; the images live for this call.
unsafe extern "C" fn compare(
    context: *mut c_void,
    key: jsb_string,
    parsed: jsb_bytes,
    rebuilt: jsb_bytes,
) {
    // SAFETY: see above.
    let (state, key, parsed, rebuilt) = unsafe {
        let key = text::from_bridge(key).unwrap_or_else(|lossy| lossy);
        (
            &mut *context.cast::<HostState>(),
            key,
            text::bytes(parsed),
            text::bytes(rebuilt),
        )
    };
    let present = |image: &[u8]| !image.is_empty();
    state.host.compare(
        &key,
        Some(parsed).filter(|it| present(it)),
        Some(rebuilt).filter(|it| present(it)),
    );
}
