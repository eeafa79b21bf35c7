//! Why a verification could not go on. What differs is not an error: it is a finding.

use std::io;
use std::path::PathBuf;

use jsc_module_cache::Miss;
use sample::WorkerFailure;

/// Why a verification could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The workloads or suites cannot be had.
    #[error(transparent)]
    Workloads(#[from] workloads::Error),
    /// A program cannot be loaded.
    #[error(transparent)]
    Load(#[from] load::Error),
    /// A pack that is to be stale cannot be read.
    #[error("cannot use cache directory {}: {miss}", .directory.display())]
    CacheDirectory {
        /// The store's directory.
        directory: PathBuf,
        miss: Miss,
    },
    /// Files of random graphs cannot be written or read.
    #[error("cannot use {}: {source}", .path.display())]
    Scratch { path: PathBuf, source: io::Error },
    /// A graph that was found cannot be written.
    #[error("cannot write {}: {source}", .path.display())]
    Fixture { path: PathBuf, source: io::Error },
    /// The modules with which the loader is told from programs were not loaded.
    #[error("a worker that loads modules which do nothing {0}")]
    Loader(WorkerFailure),
    /// They ended with an error.
    #[error("modules that do nothing end with {error}")]
    LoaderThrew { error: String },
    /// An engine does not say what it compiles, so that nothing could be compared.
    #[error(
        "{engine} says nothing of what it compiles: it has no JIT, or JSC_useJIT or JSC_reportCompileTimes is 0"
    )]
    NothingCompiled { engine: String },
    /// A worker ended before it had begun with a graph.
    #[error("a worker of random graphs {0}")]
    Worker(WorkerFailure),
}
