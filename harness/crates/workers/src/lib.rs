//! The engines on this machine, and processes that run on them.
//!
//! One program runs on every engine: each engine's `libjsc_bridge.so` has the same name and ABI, so the directory that comes
//! first in the library path decides.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod collected;
pub mod counting;
mod descendants;
mod environment;
mod error;
mod installed;
mod parent;
mod settled;
mod spawn;

pub use environment::kept_environment;
pub use error::Error;
pub use installed::{
    InstalledEngine, Loaded, ask, bridges, cache_identities, default, find, load, pinned,
    program_on,
};
pub use jsc_provision::Provenance;
pub use parent::died_with_caller;
pub use settled::settle;
pub use spawn::{Finished, PAD_VARIABLE, TIME_LIMIT, WorkerCall, output};
