//! The graph pack: a whole static closure in one file. What is in it and why is told in [`layout`].

mod graph;
pub mod layout;
mod names;
mod share;
mod standalone;
mod texts;
mod validate;
mod write;

pub use graph::keys;
pub use layout::Payload;
pub use standalone::{Pack, is_pack, validate_standalone};
pub use texts::encode_texts;
pub use validate::{FileStatus, PackSource, VerifiedPack, validate};
pub use write::{PackModule, PackParts, write};
