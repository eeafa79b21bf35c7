//! The pinned JavaScriptCore as raw FFI: its public C API and the bridge's C ABI, generated from the engine's own
//! headers by the build script, which also finds, unpacks or builds the engine (see `jsc-provision`).
//!
//! The rules for calling the bridge stand in `bridge/bridge.h`. The safe side is `jsc_harness::engine`.

/// JavaScriptCore's public C API, served from the pinned engine.
#[allow(
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals
)]
#[allow(clippy::all, clippy::undocumented_unsafe_blocks)]
pub mod c_api {
    /// `char` is signed here on every target, as `rusty_jsc` expects.
    pub mod ctypes {
        pub use std::ffi::{
            c_double, c_int, c_long, c_longlong, c_short, c_uchar, c_uint, c_ulong, c_ulonglong,
            c_ushort, c_void,
        };
        pub type c_char = i8;
        pub type c_schar = i8;
    }
    pub type size_t = usize;
    include!(concat!(env!("OUT_DIR"), "/c_api.rs"));
}

/// The bridge's C ABI (`bridge/bridge.h`).
#[allow(
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals
)]
#[allow(clippy::all, clippy::undocumented_unsafe_blocks)]
pub mod bridge {
    use super::c_api::*;
    include!(concat!(env!("OUT_DIR"), "/bridge.rs"));
}

/// Digest of the bridge's sources that this crate was built with: a bridge built from others may not be loaded.
pub const BRIDGE_SOURCES_DIGEST: &str = env!("JSC_SYS_BRIDGE_SOURCES");

/// The bridge's sources in the checkout that this crate was built from.
pub const BRIDGE_SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/bridge");

/// Directory of the `libjsc_bridge.so` that binaries are linked to unless the library path says otherwise.
pub const DEFAULT_BRIDGE_DIRECTORY: &str = env!("JSC_SYS_BRIDGE_DIRECTORY");
