//! What all tests here need: a run on a path, what it printed, what `--stats` says, and what lies in a cache.

mod cache;
mod every_path;

pub use cache::Cache;
pub use every_path::{Subject, every_path};
pub use test_programs::load::{Load, Loaded, parse};

/// Wanted and found, where they differ.
pub fn difference<T: PartialEq + std::fmt::Debug>(
    what: &str,
    found: &T,
    wanted: &T,
) -> Option<String> {
    (found != wanted).then(|| format!("{what}:\n   found {found:?}\n  wanted {wanted:?}"))
}

/// Fails with everything that is wrong, not just with the first.
#[track_caller]
pub fn nothing_wrong(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
