//! The graph pack: a whole static closure in one file. What is in it and why is told in [`layout`].

mod assembled;
mod exports;
mod graph_image;
pub mod layout;
mod link;
mod modules;
mod records;
mod root;
mod share;
mod standalone;
mod texts;
mod validate;
mod verified;
mod write;

pub use assembled::{Assembled, AssembledGraph, ModuleToAssemble};
pub use graph_image::keys;
pub use layout::Payload;
pub use link::{ModuleToLink, Unlinkable, link, misresolved};
pub use root::Root;
pub use standalone::{Pack, Resolved, is_pack, validate_standalone};
pub use texts::encode_texts;
pub use validate::validate;
pub use verified::{FileStatus, PackSource, VerifiedPack};
pub use write::{PackModule, PackParts, write};
