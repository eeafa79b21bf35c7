//! Why the tests could not be run. What a test does is not an error: it is its result.

use std::io;
use std::path::PathBuf;

/// Why the tests could not be run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A directory is no Test262 checkout.
    #[error(
        "{} is not a Test262 checkout: it lacks {missing}; hint: git clone --depth 1 https://github.com/tc39/test262",
        .directory.display()
    )]
    NotTest262 {
        directory: PathBuf,
        /// What a checkout has and it has not.
        missing: String,
    },
    /// A test does not say how it is to be run.
    #[error("cannot run {}: {reason}", .test.display())]
    Test262Metadata {
        test: PathBuf,
        /// What is wrong with its metadata.
        reason: String,
    },
    /// No test is left to run.
    #[error("no module test of {} is selected; the filter is a regular expression over paths below test/, e.g. import/import-attributes", .directory.display())]
    NoTest262Tests {
        /// The checkout.
        directory: PathBuf,
    },
    /// A file of the checkout cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    /// This program could not start itself.
    #[error("cannot run {}: {source}", .program.display())]
    Spawn { program: PathBuf, source: io::Error },
    /// A worker process did not do its part.
    #[error("a worker process failed: {reason}")]
    Worker { reason: String },
    /// A temporary directory cannot be made.
    #[error("cannot make a temporary directory in {}: {source}", .parent.display())]
    TemporaryDirectory {
        /// Where it was to be.
        parent: PathBuf,
        source: io::Error,
    },
}
