//! Which engine this process runs on.

use std::cell::OnceCell;
use std::ffi::{CStr, OsStr, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::slice;

use jsc_sys::bridge;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Options that JSC sizes to the machine (cores). They change neither bytecode nor behaviour, and a cache must survive
/// a change of the machine's size, so they stay out of the fingerprint.
const MACHINE_SIZED_OPTIONS: [&str; 7] = [
    "maxNumberOfWorklistThreads",
    "minNumberOfWorklistThreads",
    "numberOfBaselineCompilerThreads",
    "numberOfDFGCompilerThreads",
    "numberOfFTLCompilerThreads",
    "numberOfGCMarkers",
    "numberOfWasmCompilerThreads",
];

/// The one engine of this process: JSC, initialized, on the thread that made this value.
#[derive(Debug)]
pub struct Engine {
    /// Writing all options out takes as long as loading a small module.
    build: OnceCell<EngineBuild>,
    /// Not `Send`: JSC's main thread is the one that initialized it.
    _main_thread: std::marker::PhantomData<*const ()>,
}

impl Engine {
    /// Sets JSC up. Fails when the bridge that the loader found speaks another ABI than this program.
    pub fn new() -> Result<Self, Error> {
        // SAFETY: takes no arguments, may be called before anything else (bridge.h).
        let found = unsafe { bridge::jsb_abi_version() };
        if found != bridge::JSB_ABI_VERSION {
            return Err(Error::BridgeAbi {
                library: library_path(),
                found,
                expected: bridge::JSB_ABI_VERSION,
            });
        }
        // SAFETY: the ABI matches; the call is idempotent.
        unsafe { bridge::jsb_initialize() };
        Ok(Self {
            build: OnceCell::new(),
            _main_thread: std::marker::PhantomData,
        })
    }

    /// The file and the build-id (hex) of the loaded library: the cheap half of [`Engine::build`].
    pub fn library(&self) -> (PathBuf, String) {
        (library_path(), hex(&build_id()))
    }

    /// What the loaded library says about itself.
    pub fn build(&self) -> &EngineBuild {
        self.build.get_or_init(EngineBuild::read)
    }
}

/// An engine, read from the library that is mapped into the process, never from a file beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineBuild {
    /// The release that the engine's build files state, e.g. `2.52.6`. For people: nothing depends on it.
    pub version: String,
    /// 128-bit digest (hex) of the library's full build-id, the bridge's ABI, the target and the engine's options in
    /// force. Part of every cache key and every result. JSC itself keeps only 32 bits of the build-id
    /// (`JSCBytecodeCacheVersion.cpp`).
    pub fingerprint: String,
    /// GNU build-id (hex) of `libjsc_bridge.so`, which holds all of JSC.
    pub build_id: String,
    /// 128-bit digest (hex) of the library's full build-id and the bridge's ABI.
    pub code: String,
    /// 128-bit digest (hex) of the options in force, without those that JSC sizes to the machine.
    pub options: String,
    /// What distinguishes the engine's interfaces from other engines', found out when the bridge was compiled
    /// (`jsc-sys/bridge/capabilities.cpp`).
    pub capabilities: Vec<String>,
    /// Where the library was loaded from.
    pub library: PathBuf,
}

impl EngineBuild {
    /// What a cache entry must have been made by to be of use on this engine.
    pub fn identity(&self) -> jsc_module_cache::Identity {
        let parse = |digest: &str| {
            jsc_module_cache::Digest::from_hex(digest)
                .unwrap_or_else(|| jsc_module_cache::Digest::of(digest.as_bytes()))
        };
        jsc_module_cache::Identity {
            engine: parse(&self.code),
            options: parse(&self.options),
            target: jsc_module_cache::Target::host(),
        }
    }

    /// Whether the engine's loader tells modules of one file and different types apart (capability `registry-by-type`).
    pub fn tells_types_apart(&self) -> bool {
        self.capabilities.iter().any(|it| it == "registry-by-type")
    }

    fn read() -> Self {
        let build_id = build_id();
        let options = options();
        let mut semantic = String::with_capacity(options.len());
        for option in options.split(' ') {
            let name = option.split('=').next().unwrap_or_default();
            if !MACHINE_SIZED_OPTIONS.contains(&name) {
                semantic.push_str(if semantic.is_empty() { "" } else { " " });
                semantic.push_str(option);
            }
        }
        let options_digest = digest("jsc-harness engine options 1", &[semantic.as_bytes()]);
        let abi = bridge::JSB_ABI_VERSION.to_le_bytes();
        let fingerprint = digest(
            "jsc-harness engine fingerprint 1",
            &[
                &build_id,
                &abi,
                std::env::consts::ARCH.as_bytes(),
                options_digest.as_bytes(),
            ],
        );
        let code = digest("jsc-harness engine code 1", &[&build_id, &abi]);
        Self {
            version: release(),
            capabilities: capabilities(),
            fingerprint,
            build_id: hex(&build_id),
            code,
            options: options_digest,
            library: library_path(),
        }
    }
}

fn release() -> String {
    // SAFETY: a NUL-terminated constant of the library.
    let release = unsafe { CStr::from_ptr(bridge::jsb_engine_release().cast()) };
    release.to_string_lossy().into_owned()
}

fn capabilities() -> Vec<String> {
    // SAFETY: a constant of the library.
    let words = unsafe { copied(bridge::jsb_capabilities()) };
    let words = String::from_utf8_lossy(&words);
    words.lines().map(str::to_owned).collect()
}

fn build_id() -> Vec<u8> {
    // SAFETY: the bytes are the loaded image's note, mapped as long as the library is.
    unsafe { copied(bridge::jsb_build_id()) }
}

/// # Safety
/// The bytes must be there while this is called.
unsafe fn copied(bytes: bridge::jsb_bytes) -> Vec<u8> {
    if bytes.data.is_null() {
        return Vec::new();
    }
    // SAFETY: see above.
    unsafe { slice::from_raw_parts(bytes.data, bytes.length).to_vec() }
}

fn options() -> String {
    unsafe extern "C" fn take(context: *mut c_void, text: bridge::jsb_bytes) {
        // SAFETY: `context` is the String below; the text lives for this call (bridge.h).
        unsafe {
            let bytes = slice::from_raw_parts(text.data, text.length);
            (*context.cast::<String>()).push_str(&String::from_utf8_lossy(bytes));
        }
    }
    let mut options = String::new();
    // SAFETY: the callback is called before the call returns, with the pointer to `options`.
    unsafe { bridge::jsb_options(Some(take), (&raw mut options).cast()) };
    options
}

fn library_path() -> PathBuf {
    // SAFETY: a NUL-terminated path that the dynamic loader owns, or null.
    let path = unsafe {
        let path = bridge::jsb_library_path();
        if path.is_null() {
            return PathBuf::new();
        }
        CStr::from_ptr(path.cast())
    };
    PathBuf::from(OsStr::from_bytes(path.to_bytes()))
}

/// Keyed by purpose, each part preceded by its length so that no two lists of parts look the same.
fn digest(purpose: &str, parts: &[&[u8]]) -> String {
    let mut hasher = blake3::Hasher::new_derive_key(purpose);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hex(&hasher.finalize().as_bytes()[..16])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
