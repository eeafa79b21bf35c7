//! The ESM cache: the format of a file, its validation, and the store that keeps files. No JSC in here, and nowhere else
//! the bytes of a cache file.
//!
//! ```text
//! write:  EntryParts --write()--> VerifiedEntry --Store::save()--> file
//! read:   file --Store::load(&Expected)--> VerifiedEntry, or a Miss with its reason
//! ```
//!
//! A [`VerifiedEntry`] can be made by validation only; it is what the engine takes. Everything in it was checked against
//! the rules of [`format::layout`] and of `jsc-sys/bridge/image.h`, except the bytecode, which only its checksum
//! protects: **a cache file is code**. Whoever may write into the store may run code as the user who loads from it. The
//! store therefore takes files of that user only, from a directory of that user only.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod digest;
pub mod format;
mod front;
mod identity;
mod memory;
mod miss;
pub mod pack;
pub mod record;
pub mod store;
mod validate;

pub use digest::{Digest, SourceHash};
pub use format::{EntryParts, WriteError, write};
pub use identity::{Identity, Target};
pub use memory::EntryBytes;
pub use miss::{Miss, MissReason};
pub use store::Store;
use validate::SharedImages;
pub use validate::{Entry, Expected, VerifiedEntry, validate, validate_image, validate_standalone};
