//! Module graphs: which files a program consists of, found before or while the engine loads it.

pub mod resolve;
