//! What a user sees of `jsc-harness run` and `jsc-harness engine`: output, error texts, exit codes.
//!
//! Every program runs in the real binary and on every installed engine. One test binary, so that all of it is linked once
//! and runs side by side.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bisect;
mod capture;
mod config;
mod console;
mod engines;
mod entries;
mod errors;
mod event_loop;
mod host;
mod hostile;
mod library;
mod named_engines;
mod no_effect;
mod npm;
mod programs;
mod rejections;
mod resolution;
mod stats;
mod usage;
mod user;
mod wasm;
