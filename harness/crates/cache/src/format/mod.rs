//! The file formats: version 2, which the `full` path loads, and version 1, which came before.

mod image;
pub mod layout;
pub mod v1;
mod write;

pub use image::constants;
pub use image::{
    ImageExport, ImageHeader, ImageImport, ImageRequest, ImageString, ImageVariable,
    attributes_digest, requests_digest,
};
pub(crate) use image::{ImageView, StringTable, array};
pub use write::{EntryParts, WriteError, write};
