//! The cache's formats, validation and store, from the outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod damage;
mod field_map;
mod huge_counts;
mod mutation;
mod record_rules;
mod record_words;
mod round_trip;
mod smoke;
mod store_keeping;
mod store_sharing;
mod store_trust;
mod strategies;
mod version1;
