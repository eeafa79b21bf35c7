//! What a realm asks of this program: resolving specifiers and fetching sources.

use std::ffi::c_void;
use std::fmt;

use jsc_sys::bridge::{self, jsb_bytes, jsb_reply, jsb_string};

use super::text;

/// Answers the module loader (ECMA-262's HostLoadImportedModule, split as JSC splits it).
pub trait Host {
    /// The module key (an ASCII URL) that `specifier` names when imported from the module `referrer`.
    fn resolve(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError>;

    /// The source of the module `key`. The bytes must live until the next call.
    fn fetch(&mut self, request: &FetchRequest<'_>) -> Result<Source<'_>, HostError>;

    /// The file system path of the module `key`, for `import.meta`; `None` when it is not UTF-8.
    fn file_name(&self, key: &str) -> Option<String>;
}

/// A module that the loader wants.
#[derive(Debug, Clone, Copy)]
pub struct FetchRequest<'a> {
    /// Its key.
    pub key: &'a str,
    /// The import attribute `type` of the request.
    pub attribute: Option<SourceKind>,
}

/// The bytes of a module.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// What they are.
    pub kind: SourceKind,
    /// JavaScript and JSON: valid UTF-8.
    pub bytes: &'a [u8],
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
}

impl HostState {
    /// A state whose address stays the same.
    pub fn new(host: Box<dyn Host>) -> Box<Self> {
        Box::new(Self {
            host,
            answers: [Vec::new(), Vec::new()],
        })
    }

    /// The callbacks for the bridge.
    pub fn table(self: &mut Box<Self>) -> bridge::jsb_host {
        bridge::jsb_host {
            context: (&raw mut **self).cast(),
            resolve: Some(resolve),
            fetch: Some(fetch),
            file_name: Some(file_name),
        }
    }

    /// Keeps `answer` alive until the next call and shows it to the bridge.
    fn keep(&mut self, slot: usize, answer: Vec<u8>) -> jsb_bytes {
        self.answers[slot] = answer;
        lend(&self.answers[slot])
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
    // SAFETY: see above; the strings and the reply live for this call.
    let (state, reply, specifier, referrer) = unsafe {
        (
            &mut *context.cast::<HostState>(),
            &mut *reply,
            text::from_bridge(specifier),
            text::from_bridge(referrer),
        )
    };
    let referrer = referrer.unwrap_or_else(|lossy| lossy);
    let answer = match specifier {
        Ok(specifier) => state.host.resolve(&specifier, &referrer),
        Err(lossy) => Err(HostError {
            type_error: true,
            code: "ERR_INVALID_MODULE_SPECIFIER",
            message: format!(
                "Invalid module specifier '{lossy}' imported from {referrer}: it has a lone surrogate"
            ),
        }),
    };
    match answer {
        Ok(key) => reply.data = state.keep(0, key.into_bytes()),
        Err(error) => state.refuse(error, reply),
    }
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
            reply.data = lend(source.bytes);
        }
        Err(error) => state.refuse(error, reply),
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
