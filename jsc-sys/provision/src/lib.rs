//! Finds, unpacks or builds a JavaScriptCore engine, and builds the bridge library that goes with it.
//!
//! An *engine* is one build of JavaScriptCore: static libraries, headers, and `engine.json`, which says what it is.
//! A *bridge* is the shared library that holds our C++ and that engine, and exports one C interface.
//!
//! ```no_run
//! # fn main() -> Result<(), jsc_provision::Error> {
//! use jsc_provision::{Settings, StderrLog, pins, provide_bridge, provide_engine};
//!
//! let settings = Settings::from_env()?;
//! let mut log = StderrLog::new();
//! let engine = provide_engine(pins::default_version(), &settings, &mut log)?;
//! let bridge = provide_bridge(&engine, "jsc-sys/bridge".as_ref(), &settings, &mut log)?;
//! println!("{}", bridge.library().display());
//! # Ok(()) }
//! ```
//!
//! The policy — where an engine comes from, in which order — is one function: [`provide_engine`].

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod bridge;
pub mod build;
pub mod engine;
pub mod env;
pub mod log;
pub mod named;
mod needed;
pub mod pack;
pub mod packages;
pub mod pins;
pub mod source;
pub mod store;
pub mod target;

mod archive;
mod archive_origin;
mod digest;
mod discover;
mod download;
mod error;
mod prebuilt;
mod process;
mod provenance;
mod toolchain;

#[cfg(test)]
mod testing;

pub use bridge::{Bridge, bridges_of, installed_bridges, provide_bridge, sources_digest};
pub use digest::sha256_file as sha256;
pub use discover::{find_engine, provide_engine};
pub use engine::Engine;
pub use env::Settings;
pub use error::Error;
pub use log::{CargoLog, Log, Progress, StderrLog};
pub use provenance::Provenance;
