//! The cache's formats, validation and store, from the outside.

mod samples;
mod smoke;
