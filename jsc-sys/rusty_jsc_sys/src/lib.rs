//! Stands in for the crates.io crate of this name: the same public C API of JavaScriptCore, served from the engine that
//! `jsc-sys` pins instead of from whatever the system has. `rusty_jsc` binds to it through `[patch.crates-io]`.

pub use jsc_sys::c_api::*;
